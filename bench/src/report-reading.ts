/** Reports read often, after their sums were compared with those of the ledger. */
import { clinicIdText } from '@practice-graph/kit/identity';
import { asOwner, headersFor, post, type Ground } from './ground';
import type { LoadAnswer } from './load-program';
import { percentile, sortedNumbers } from './numbers';

/** Reads of one clinic before the next one has its turn, and turns of each. */
const READS = 50;
const ROUNDS = 6;

export interface Report {
  /** Asks for the clinic `$id`. */
  readonly query: string;
  /** The same sums from the ledger: SQL with the clinic as its parameter, one column `amount`. */
  readonly sums: string;
  /** Amounts in the answer, row by row. */
  readonly amounts: (data: Readonly<Record<string, unknown>>) => readonly string[];
}

/** One report at one size of the ledger. */
export interface ReportMeasured {
  readonly entries: number;
  readonly report: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the same sums read from the ledger itself, without slices. */
  readonly ledger: number;
}

/** One report of clinics of different size: its sums first compared, then read in turn, a few dozen at a time. */
export async function readReports(
  ground: Ground,
  clinics: readonly { readonly clinicId: string; readonly entries: number }[],
  name: string,
  report: Report,
): Promise<ReportMeasured[]> {
  const orders = clinics.map(({ clinicId }) => () => ({
    ...{ url: ground.url, connections: 1, seconds: 60, requestsMax: READS, first: 0, isEven: false },
    bodies: [JSON.stringify({ query: report.query, variables: { id: clinicIdText(clinicId) } })],
    // Who asks is signed for a minute only, so each turn signs anew.
    headers: [headersFor(ground, [clinicId])],
  }));
  const ledgers: number[] = [];
  for (const [index, { clinicId }] of clinics.entries()) {
    const { milliseconds, amounts } = await sumsOfLedger(ground, clinicId, report);
    ledgers.push(milliseconds);
    const order = orders[index]?.();
    requireEqual(name, report, await post(ground.url, order?.bodies[0] ?? '', order?.headers[0] ?? {}), amounts);
  }
  const latencies = clinics.map((): number[] => []);
  // The first round warms up and does not count.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, order] of orders.entries()) {
      const read = await ground.load.ask<LoadAnswer>('run', order());
      if (read.failures > 0) throw new Error(`${name}: ${String(read.failures)} reads failed: ${read.failure ?? ''}`);
      if (round > 0) latencies[index]?.push(...read.latencies);
    }
  return clinics.map(({ entries }, index) => {
    const sorted = sortedNumbers(latencies[index] ?? []);
    return {
      ...{ entries, report: name, ledger: ledgers[index] ?? 0 },
      ...{ p50: percentile(sorted, 0.5) / 1_000, p99: percentile(sorted, 0.99) / 1_000 },
    };
  });
}

/** The same sums from the ledger, and the milliseconds that they take. */
const sumsOfLedger = (ground: Ground, clinicId: string, report: Report) =>
  asOwner(ground, async (owner) => {
    const times: number[] = [];
    let found: { amount: string }[] = [];
    for (let n = 0; n < 3; n += 1) {
      const began = performance.now();
      found = (await owner.query<{ amount: string }>(report.sums, [clinicId])).rows;
      times.push(performance.now() - began);
    }
    return { milliseconds: percentile(sortedNumbers(times), 0.5), amounts: found.map((row) => row.amount) };
  });

/** A quick report that is wrong would be worth nothing: its rows must hold exactly the sums of the ledger. */
function requireEqual(name: string, report: Report, text: string, wanted: readonly string[]): void {
  const { data } = JSON.parse(text) as { readonly data?: Record<string, unknown> | null };
  const isFilled = (amount: string) => amount !== '0.00';
  const found = data && report.amounts(data).filter(isFilled);
  if (JSON.stringify(found?.toSorted()) !== JSON.stringify(wanted.filter(isFilled).toSorted()))
    throw new Error(`${name}: the sums differ from those of the ledger: ${text.slice(0, 400)}`);
}
