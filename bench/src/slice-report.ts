import { BATCH } from './ledger';
import { machine } from './machine';
import { table } from './numbers';
import type { ReportMeasured } from './report-reading';
import type { SliceOptions, SliceResults } from './slices';

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

/** The results as a page in Markdown. */
export function sliceReport({ reports, bulk, single, adjustments }: SliceResults, options: SliceOptions): string {
  return `${[
    '# Reports over a growing ledger',
    '',
    `Written by \`${options.command}\`. One clinic grows, nine others hold 10,000 entries each; all entries lie in one year.`,
    '',
    ...machine(),
    '- Reports are read over HTTP from their subgraph by one client, 300 times; before that their sums are compared with those of the ledger, cent by cent. The last columns read the same sums from the ledger itself.',
    '',
    '## The clinic-year',
    '',
    ...growthTable(reports),
    '',
    '## The clinic-year of adjustments',
    '',
    'Eleven categories, 25 reasons, five payers or none, one campaign. Reason and location together have no slices and are read from the ledger through its covering index.',
    '',
    ...growthTable(adjustments.reports),
    '',
    '## Writing',
    '',
    'Through the use cases, with audit trail, slices and outbox, every commit forced to disk.',
    '',
    ...table(
      ['What', 'entries/s', 'p50 ms'],
      [
        ...single.map(({ what, perSecond, p50 }) => [`one by one, 8 clients, ${what}`, count(perSecond), ms(p50)]),
        ...bulk.map(({ entries, perSecond }) => [
          `${count(BATCH)} a transaction, one client, up to ${count(entries)} entries`,
          count(perSecond),
          '-',
        ]),
        ...adjustments.bulk.map(({ entries, perSecond }) => [
          `adjustments, ${count(BATCH)} a transaction, each with its history, up to ${count(entries)} entries`,
          count(perSecond),
          '-',
        ]),
      ],
    ),
  ].join('\n')}\n`;
}
