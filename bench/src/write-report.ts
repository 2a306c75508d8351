import { machine } from './machine';
import { table } from './numbers';
import type { WriteOptions, WriteResults } from './writes';

const ms = (value: number): string => value.toFixed(1);
const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** The results as a page in Markdown. */
export function writeReport(
  { measured, deadlocks, differences, compared }: WriteResults,
  options: WriteOptions,
): string {
  return `${[
    '# Recording production',
    '',
    `Written by \`${options.command}\`. ${String(options.clinics)} clinics that hold ${count(options.entries)} entries each before.`,
    '',
    ...machine(),
    '- Through the use cases of the mutations, in one process: idempotency key, gates of month and day sheet, ledger, visits, slices of eight dimensions by day and month, audit trail, event for the ledger of adjustments. Every commit is forced to disk; what callers send is made beforehand.',
    '- What one caller sends at once for one clinic goes into one transaction; ten clinics share four connections.',
    `- After the run ${count(compared)} sums, visits, sheets and states were compared with the ledgers: ${count(differences)} differ. Deadlocks: ${count(deadlocks)}.`,
    '',
    ...table(
      ['What', 'callers at once', 'entries/s', 'p50 of a call, ms', 'p99 ms', 'CPU ms/entry, program', 'database'],
      measured.map(({ what, writers, perSecond, p50, p99, cpu, databaseCpu }) => [
        what,
        String(writers),
        count(perSecond),
        ms(p50),
        ms(p99),
        cpu.toFixed(3),
        databaseCpu?.toFixed(3) ?? '-',
      ]),
    ),
  ].join('\n')}\n`;
}
