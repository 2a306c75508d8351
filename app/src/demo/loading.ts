/** What the loaders of the four databases share: one writer per clinic, rows in batches, decimals from whole numbers. */
import {
  applyOnce,
  Decimal,
  systemViewer,
  transact,
  type Database,
  type GraphEvent,
  type SubgraphDefinition,
  type Tx,
} from '@practice-graph/kit';
import type { LoadProgress } from './progress';
import type { ClinicRows } from './rows.types';

/** Rows of one transaction: enough to spare round trips, few enough to keep a lock for a moment only. */
const BATCH = 2_000;

/** Who the demonstration says recorded its rows, and who approved the larger ones. */
export const RECORDED_BY = 'demo-import';
export const APPROVED_BY = 'demo-supervisor';

export interface Target {
  readonly database: Database;
  readonly rows: ClinicRows;
  readonly progress: LoadProgress;
}

/** Runs one use case of the clinic, as the service itself. */
export const write = <T>({ database, rows }: Target, work: (tx: Tx) => Promise<T>, subject = RECORDED_BY): Promise<T> =>
  transact(database, systemViewer(rows.clinic.id, subject), rows.clinic.id, work);

/** Applies events as their receiver would, so that the deliveries that follow find them done. */
export async function tell(target: Target, receiver: SubgraphDefinition, events: readonly GraphEvent[]): Promise<void> {
  await write(target, async (tx) => {
    for (const event of events) {
      const apply = receiver.handlers[event.type];
      if (apply) await applyOnce(tx, event, apply);
    }
  });
}

/** Gives a list to a use case in batches, in order; answers what each batch answered. */
export async function inBatches<R, A>(
  target: Target,
  what: string,
  list: readonly R[],
  work: (tx: Tx, batch: readonly R[]) => Promise<A>,
  size = BATCH,
): Promise<A[]> {
  const answers: A[] = [];
  for (let from = 0; from < list.length; from += size) {
    const batch = list.slice(from, from + size);
    answers.push(await write(target, (tx) => work(tx, batch)));
    target.progress.add(batch.length, what);
  }
  return answers;
}

export const cents = (whole: number): Decimal => new Decimal(whole).div(100);
export const micros = (whole: number): Decimal => new Decimal(whole).div(1_000_000);
export const milli = (whole: number): Decimal => new Decimal(whole).div(1_000);
