/** `npm start`: the whole graph in one process on an embedded PostgreSQL, with demo data. */
import closeWithGrace from 'close-with-grace';
import { told } from './commands';
import { readSettings } from './env';
import { startGraph, type Graph } from './start';

/** Time for requests and jobs that run when the program is asked to stop. */
const DRAIN_MS = 20_000;

async function main(): Promise<void> {
  const opened: { graph?: Graph } = {};
  const abandoned = new AbortController();
  closeWithGrace({ delay: DRAIN_MS }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`${told(err)}\n`);
    abandoned.abort();
    await opened.graph?.stop();
  });
  opened.graph = await startGraph(readSettings(), abandoned.signal);
}

main().catch((error: unknown) => {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
});
