/** Reports read often, after their sums were compared with those of the ledger. */
import { clinicIdText } from '@practice-graph/kit/identity';
import { asOwner, headersFor, post, type Ground } from './ground';
import type { LoadAnswer } from './load-program';
import { percentile, sortedNumbers } from './numbers';

/** How often a report of each clinic is read: the clinics take turns, of so many reads or so many seconds. */
interface Turns {
  readonly rounds: number;
  readonly reads: number;
  /** A turn ends well before the signature of who asks does. */
  readonly seconds: number;
}
const TURNS: Turns = { rounds: 6, reads: 50, seconds: 4 };
/** Others may take seconds for one answer. */
const TURNS_OF_OTHERS: Turns = { rounds: 2, reads: 20, seconds: 4 };
/** Most reads that a number in the results stands for. */
export const READS = TURNS.rounds * TURNS.reads;
export const READS_OF_OTHERS = TURNS_OF_OTHERS.rounds * TURNS_OF_OTHERS.reads;

/** A program that answers the same question from the same tables. */
export interface OtherReader {
  readonly url: string;
  readonly headers: (clinicId: string) => Readonly<Record<string, string>>;
}

/** How it is asked for the clinic `$clinic`. */
export interface OtherQuestion {
  readonly name: string;
  readonly query: string;
  readonly amounts: (data: Readonly<Record<string, unknown>>) => readonly string[];
}

export interface Report {
  /** Asks for the clinic `$id`. */
  readonly query: string;
  /** The same sums from the ledger: SQL with the clinic as its parameter, one column `amount`. */
  readonly sums: string;
  /** Amounts in the answer, row by row. */
  readonly amounts: (data: Readonly<Record<string, unknown>>) => readonly string[];
  readonly others?: readonly OtherQuestion[];
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
  /** Milliseconds of others, by the name of the question. */
  readonly others: Readonly<Record<string, number>>;
}

type Clinics = readonly { readonly clinicId: string; readonly entries: number }[];

/** One report of clinics of different size: its sums first compared, then read in turn, a few dozen at a time. */
export async function readReports(
  ground: Ground,
  clinics: Clinics,
  name: string,
  report: Report,
  other?: OtherReader,
): Promise<ReportMeasured[]> {
  const ledgers: { milliseconds: number; amounts: readonly string[] }[] = [];
  for (const { clinicId } of clinics) ledgers.push(await sumsOfLedger(ground, clinicId, report));
  const wanted = ledgers.map(({ amounts }) => amounts);
  // Who asks is signed for a short time only, so each turn signs anew.
  const own = { url: ground.url, headers: (clinicId: string) => headersFor(ground, [clinicId]) };
  const ours = await readInTurns(ground, clinics, own, { ...report, name }, wanted, TURNS);
  const theirs = new Map<string, readonly (readonly number[])[]>();
  for (const question of (other && report.others) ?? [])
    theirs.set(
      question.name,
      await readInTurns(ground, clinics, other as OtherReader, question, wanted, TURNS_OF_OTHERS),
    );
  const p = (latencies: readonly number[] | undefined, share: number) => percentile(latencies ?? [], share) / 1_000;
  return clinics.map(({ entries }, index) => ({
    ...{ entries, report: name, ledger: ledgers[index]?.milliseconds ?? 0 },
    ...{ p50: p(ours[index], 0.5), p99: p(ours[index], 0.99) },
    others: Object.fromEntries([...theirs].map(([question, latencies]) => [question, p(latencies[index], 0.5)])),
  }));
}

/** Latencies by clinic, sorted. */
async function readInTurns(
  ground: Ground,
  clinics: Clinics,
  reader: OtherReader,
  question: OtherQuestion,
  wanted: readonly (readonly string[])[],
  { rounds, reads, seconds }: Turns,
): Promise<number[][]> {
  const { url } = reader;
  const orders = clinics.map(({ clinicId }) => () => ({
    ...{ url, connections: 1, seconds, requestsMax: reads, first: 0, isEven: false },
    bodies: [JSON.stringify({ query: question.query, variables: { id: clinicIdText(clinicId), clinic: clinicId } })],
    headers: [reader.headers(clinicId)],
  }));
  for (const [index, order] of orders.entries()) {
    const { bodies, headers } = order();
    requireEqual(question, await post(url, bodies[0] ?? '', headers[0] ?? {}), wanted[index] ?? []);
  }
  const latencies = clinics.map((): number[] => []);
  // The first round warms up and does not count.
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, order] of orders.entries()) {
      const read = await ground.load.ask<LoadAnswer>('run', order());
      if (read.failures > 0)
        throw new Error(`${question.name}: ${String(read.failures)} reads failed: ${read.failure ?? ''}`);
      if (round > 0) latencies[index]?.push(...read.latencies);
    }
  return latencies.map(sortedNumbers);
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
function requireEqual({ name, amounts }: OtherQuestion, text: string, wanted: readonly string[]): void {
  const { data } = JSON.parse(text) as { readonly data?: Record<string, unknown> | null };
  const isFilled = (amount: string) => amount !== '0.00';
  const found = data && amounts(data).filter(isFilled);
  if (JSON.stringify(found?.toSorted()) !== JSON.stringify(wanted.filter(isFilled).toSorted()))
    throw new Error(`${name}: the sums differ from those of the ledger: ${text.slice(0, 400)}`);
}
