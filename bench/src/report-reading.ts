/** One report of one clinic, read often, after its sums were compared with those of the ledger. */
import { clinicIdText } from '@practice-graph/kit/identity';
import { asOwner, headersFor, post, type Ground } from './ground';
import type { LoadAnswer, LoadOrder } from './load-program';
import { percentile, sortedNumbers } from './numbers';

const READS = 300;

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

export async function readReport(
  ground: Ground,
  clinicId: string,
  entries: number,
  name: string,
  report: Report,
): Promise<ReportMeasured> {
  const headers = headersFor(ground, [clinicId]);
  const body = JSON.stringify({ query: report.query, variables: { id: clinicIdText(clinicId) } });
  const { ledger, wanted } = await asOwner(ground, async (owner) => {
    const times: number[] = [];
    let found: { amount: string }[] = [];
    for (let n = 0; n < 5; n += 1) {
      const began = performance.now();
      found = (await owner.query<{ amount: string }>(report.sums, [clinicId])).rows;
      times.push(performance.now() - began);
    }
    return { ledger: percentile(sortedNumbers(times), 0.5), wanted: found.map((row) => row.amount) };
  });
  requireEqual(name, report, await post(ground.url, body, headers), wanted);
  const order: LoadOrder = {
    ...{ url: ground.url, connections: 1, seconds: 20, requestsMax: READS, first: 0, isEven: false },
    ...{ bodies: [body], headers: [headers] },
  };
  await ground.load.ask<LoadAnswer>('run', { ...order, requestsMax: 50 });
  const { latencies, failures } = await ground.load.ask<LoadAnswer>('run', order);
  if (failures > 0) throw new Error(`${name}: ${String(failures)} of ${String(latencies.length)} reads failed`);
  const sorted = sortedNumbers(latencies);
  return { entries, report: name, ledger, p50: percentile(sorted, 0.5) / 1_000, p99: percentile(sorted, 0.99) / 1_000 };
}

/** A quick report that is wrong would be worth nothing: its rows must hold exactly the sums of the ledger. */
function requireEqual(name: string, report: Report, text: string, wanted: readonly string[]): void {
  const { data } = JSON.parse(text) as { readonly data?: Record<string, unknown> | null };
  const isFilled = (amount: string) => amount !== '0.00';
  const found = data && report.amounts(data).filter(isFilled);
  if (JSON.stringify(found?.toSorted()) !== JSON.stringify(wanted.filter(isFilled).toSorted()))
    throw new Error(`${name}: the sums differ from those of the ledger: ${text.slice(0, 400)}`);
}
