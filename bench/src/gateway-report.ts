import type { GatewayOptions, GatewayResults, Measured } from './gateways';
import { machine } from './machine';
import { percentile, sortedNumbers, sum, table } from './numbers';

interface Row {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
  readonly failures: number;
}

/** What several rounds of the same measurement say together. */
function together(rounds: readonly Measured[]): Row {
  const latencies = sortedNumbers(rounds.flatMap((each) => each.latencies));
  const requests = latencies.length;
  return {
    requests,
    perSecond: requests / sum(rounds.map((each) => each.seconds)),
    p50: percentile(latencies, 0.5) / 1_000,
    p99: percentile(latencies, 0.99) / 1_000,
    cpu: sum(rounds.map((each) => each.cpu)) / requests / 1_000,
    failures: sum(rounds.map((each) => each.failures)),
  };
}

const ms = (value: number): string => value.toFixed(2);
const ratio = (value: number, of: number): string => (of === 0 ? '-' : (value / of).toFixed(2));

/** The results as a page in Markdown. */
export function gatewayReport(results: GatewayResults, options: GatewayOptions): string {
  const { contenders, questions } = results;
  const names = contenders.map(({ name }) => name);
  const reference = names.includes('stock') ? 'stock' : names[0];
  return `${[
    '# Gateways over the same subgraphs',
    '',
    `Written by \`${options.command}\`. What counts are the ratios to the stock gateway: absolute numbers are the machine's.`,
    '',
    ...contenders.map(({ name, version }) => `- ${name}: ${version}`),
    ...machine(),
    `- Data: ${options.size}; ${String(questions.length)} saved queries; ${String(options.rounds)} rounds of ${String(options.seconds)} s per gateway and number of connections, the gateways in turn`,
    '- Every request in flight has another caller, so that merging equal requests helps no gateway. Ours verifies a token, checks permissions, limits, cost and budget, counts metrics; the others do not and are told who asks by a header.',
    '',
    '## Answers',
    '',
    ...answers(results),
    '',
    '## All saved queries in turn',
    '',
    'The subgraphs answer from the database: their work is most of what a client waits for.',
    '',
    ...mix(results.whole, results.rss, names, reference ?? ''),
    '',
    '## The same with kept answers',
    '',
    'The same programs answer equal requests with the first answer again, so that the gateway is what is slow.',
    '',
    ...mix(results.alone, results.rss, names, reference ?? ''),
    '',
    ...each(results, names, reference ?? ''),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function answers({ differences, questions, contenders }: GatewayResults): string[] {
  if (differences.length === 0)
    return [`All ${String(contenders.length)} gateways give equal answers to all ${String(questions.length)} queries.`];
  return differences.map(
    ({ question, contender, at }) => `- ${question}: ${contender} answers differently at \`${at}\``,
  );
}

function mix(
  measured: readonly Measured[],
  rss: GatewayResults['rss'],
  names: readonly string[],
  reference: string,
): string[] {
  const lines: string[][] = [];
  for (const connections of new Set(measured.map((one) => one.connections))) {
    const row = (name: string): Row =>
      together(measured.filter((one) => one.contender === name && one.connections === connections));
    const base = row(reference);
    for (const name of names) {
      const { perSecond, p50, p99, cpu, failures, requests } = row(name);
      lines.push([
        `${name}, ${String(connections)}`,
        perSecond.toFixed(0),
        ms(p50),
        ms(p99),
        ms(cpu),
        ratio(cpu, base.cpu),
        ratio(perSecond, base.perSecond),
        `${((rss[name] ?? 0) / 1024 ** 2).toFixed(0)} MiB`,
        String(requests),
        String(failures),
      ]);
    }
  }
  return table(
    [
      'Gateway, connections',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'gateway CPU ms per request',
      `CPU against ${reference}`,
      `requests/s against ${reference}`,
      'memory at the end',
      'requests',
      'failures',
    ],
    lines,
  );
}

function each({ each: measured, fetches, questions }: GatewayResults, names: readonly string[], reference: string) {
  if (measured.length === 0) return [];
  const cpuOf = (question: string, name: string): number =>
    together(measured.filter((one) => one.contender === name && one.question === question)).cpu;
  const rows = questions.map(({ name: question }) => [
    question,
    ...names.map((name) =>
      String(fetches.find((one) => one.question === question && one.contender === name)?.count ?? '-'),
    ),
    ...names.map((name) => ms(cpuOf(question, name))),
    ...names
      .filter((name) => name !== reference)
      .map((name) => ratio(cpuOf(question, name), cpuOf(question, reference))),
  ]);
  return [
    '## Each query: subgraph requests, and gateway CPU with kept answers (ms per request)',
    '',
    ...table(
      [
        'Query',
        ...names.map((name) => `requests, ${name}`),
        ...names.map((name) => `CPU, ${name}`),
        ...names.filter((name) => name !== reference).map((name) => `${name} against ${reference}`),
      ],
      rows,
    ),
  ];
}
