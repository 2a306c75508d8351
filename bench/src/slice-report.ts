import type { Growth } from './growth';
import { machine } from './machine';
import { table } from './numbers';
import { READS, READS_OF_OTHERS, type ReportMeasured } from './report-reading';
import type { SliceOptions } from './slices';
import { BATCH, FILLERS } from './year';

const ms = (value: number): string => value.toFixed(2);
const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** What each report costs at each size, and against the smallest. */
function growthTable(reports: readonly ReportMeasured[]): string[] {
  const first = (report: string) => reports.find((each) => each.report === report);
  return table(
    ['Report, entries', 'p50 ms', 'p99 ms', 'p50 against the smallest', 'ledger itself ms', 'against the smallest'],
    reports.map(({ report, entries, p50, p99, ledger }) => [
      `${report}, ${count(entries)}`,
      ms(p50),
      ms(p99),
      (p50 / (first(report)?.p50 ?? p50)).toFixed(2),
      ms(ledger),
      (ledger / (first(report)?.ledger ?? ledger)).toFixed(1),
    ]),
  );
}

/** The same sums by PostGraphile over the same tables, from the ledger and from our slices. */
function peerTable({ peer, reports }: Growth): string[] {
  if (peer === null) return [];
  const cell = (value: number | undefined) => (value === undefined ? '-' : ms(value));
  const compared = reports.filter(({ others }) => Object.keys(others).length > 0);
  return [
    '',
    '### Side by side with PostGraphile',
    '',
    `The same tables in the same run, one client: ${peer}. It runs as the role of the service behind the same row-level security and gives gross, adjustments and counts as it finds them: no names, no rows without production, no ratios, and no suppression. Its sums are compared with the ledger as ours are, and it is asked up to ${String(READS_OF_OTHERS)} times. It cannot group the ledger by month.`,
    '',
    ...table(
      ['Report, entries', 'ours p50 ms', 'PostGraphile over the ledger', 'PostGraphile over our slices'],
      compared.map(({ report, entries, p50, others }) => [
        `${report}, ${count(entries)}`,
        ...[ms(p50), cell(others['ledger']), cell(others['slices'])],
      ]),
    ),
  ];
}

/** The results as a page in Markdown. */
export function sliceReport(growth: Growth, { command }: SliceOptions): string {
  return `${[
    '# Reports over a growing ledger',
    '',
    `Written by \`${command}\`. One clinic of each size stands beside nine with 10,000 entries; all entries lie in one year. Clinics above a million are copies of the largest one filled: its entries so many times, its sums so many times as large.`,
    '',
    ...machine(),
    `- Reports are read over HTTP from their subgraph by one client, up to ${String(READS)} times, the sizes in turn; before that their sums are compared with those of the ledger, cent by cent. The last columns read the same sums from the ledger itself.`,
    ...['', `## ${growth.title}`, '', growth.about, '', ...growthTable(growth.reports)],
    ...peerTable(growth),
    '',
    '## Filling',
    '',
    `By the bulk use cases with audit trail, history, slices and outbox, ${count(BATCH)} a transaction, ${String(FILLERS)} clients, every commit forced to disk.`,
    '',
    ...table(
      ['entries', 'entries/s'],
      growth.bulk.map(({ entries, perSecond }) => [count(entries), count(perSecond)]),
    ),
  ].join('\n')}\n`;
}
