import { cpus, totalmem } from 'node:os';

/** What of the machine explains a number: cores, memory, Node. No name and no path. */
export function machine(): string[] {
  const cores = cpus();
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  return [
    `- Machine: ${String(cores.length)} cores (${cores[0]?.model.trim() ?? 'unknown'}), ${memory} GiB of memory, ${process.platform} ${process.arch}; subgraphs, database, gateway and load share it`,
    `- Node ${process.versions.node}`,
  ];
}
