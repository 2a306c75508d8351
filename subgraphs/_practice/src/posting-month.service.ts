import { prepared, Refused, type Tx } from '@practice-graph/kit';
import { addMonths, startOfMonth, type Day } from './calendar.rules';
import { type PERIOD_CODES } from './codes';
import type { PeriodState } from './events';

// Whoever posts into a month holds its lock together with the others who do; whoever moves the month to another state
// holds it alone. So after a move nothing is on its way into the month any more. The lock and the look are two
// statements, because a statement sees what was committed before it began, not before it got its lock; they travel
// together. Months are locked in their order, so that two postings never wait for each other crosswise.
const lockOf = (how: 'pg_advisory_xact_lock' | 'pg_advisory_xact_lock_shared') =>
  `SELECT ${how}(hashtextextended('month:' || $1::uuid::text || ':' || m, 0)) FROM unnest($2::text[]) AS m`;
const LOCK_SHARED = lockOf('pg_advisory_xact_lock_shared');
const LOCK_ALONE = lockOf('pg_advisory_xact_lock');
const LOOK = `SELECT month, status, version FROM posting_month WHERE clinic_id = $1::uuid AND month = ANY ($2::date[])`;

/** Where a month of the books stands. */
export interface MonthState {
  readonly month: Day;
  readonly status: PeriodState;
  /** 1 for a month that was never moved. */
  readonly version: number;
}

const monthsOf = (days: readonly Day[]): Day[] => [...new Set(days.map(startOfMonth))].sort();

/** Locks the months of these days and answers their states, in order of time. */
async function lockMonths(tx: Tx, clinicId: string, days: readonly Day[], lock: string): Promise<MonthState[]> {
  const months = monthsOf(days);
  if (months.length === 0) return [];
  const [, found] = await Promise.all([
    prepared(tx, lock, [clinicId, months]),
    prepared<MonthState>(tx, LOOK, [clinicId, months]),
  ]);
  return months.map((month) => found.find((row) => row.month === month) ?? { month, status: 'OPEN', version: 1 });
}

/** Locks months alone, to move them: waits for the postings under way, and later ones see what becomes of the month. */
export const lockMonthsAlone = (tx: Tx, clinicId: string, days: readonly Day[]): Promise<MonthState[]> =>
  lockMonths(tx, clinicId, days, LOCK_ALONE);

// A state that was seen under the lock stays true until the transaction ends, so one look per month is enough.
const seen = new WeakMap<object, Map<string, MonthState>>();

/**
 * States of the months of these days, in order of time, which stay as they are until the transaction ends. Once per
 * month and transaction it costs two statements in one round trip.
 */
export async function monthStates(tx: Tx, clinicId: string, days: readonly Day[]): Promise<MonthState[]> {
  const known = seen.get(tx.session) ?? new Map<string, MonthState>();
  seen.set(tx.session, known);
  const months = monthsOf(days);
  const fresh = await lockMonths(
    tx,
    clinicId,
    months.filter((month) => !known.has(clinicId + month)),
    LOCK_SHARED,
  );
  for (const state of fresh) known.set(clinicId + state.month, state);
  return months.map((month) => known.get(clinicId + month) as MonthState);
}

/** `PERIOD_CLOSED`, with the month in words. */
export const periodClosed = ({ month, status }: MonthState, path: readonly string[] | null): Refused =>
  new Refused({
    code: 'PERIOD_CLOSED' satisfies keyof typeof PERIOD_CODES,
    message: `${month.slice(0, 7)} is ${status.toLowerCase()}: nothing is posted into it.`,
    path,
  });

/**
 * The gate of every ledger: to be passed before facts are written that count on these days. Refuses PERIOD_CLOSED unless
 * all of their months are open, and keeps them open until the transaction ends. `path` names the argument that chose
 * the day. A writer of a ledger asks it itself; a use case may ask before, to refuse early and with a path.
 */
export async function requireOpenMonths(
  tx: Tx,
  clinicId: string,
  days: readonly Day[],
  path: readonly string[] | null = null,
): Promise<void> {
  const shut = (await monthStates(tx, clinicId, days)).find((state) => state.status !== 'OPEN');
  if (shut) throw periodClosed(shut, path);
}

/** Months ahead in which an open one is looked for. */
const MONTHS_AHEAD_MAX = 24;

/**
 * The day on which a correction counts that is made on a day: that day, or, when its month is not open, the first day of
 * the next open month (E-17).
 */
export async function firstOpenDay(tx: Tx, clinicId: string, day: Day): Promise<Day> {
  for (let ahead = 0; ahead <= MONTHS_AHEAD_MAX; ahead++) {
    const at = ahead === 0 ? day : addMonths(startOfMonth(day), ahead);
    const [state] = await monthStates(tx, clinicId, [at]);
    if (state?.status === 'OPEN') return at;
  }
  throw periodClosed({ month: startOfMonth(day), status: 'CLOSED', version: 1 }, null);
}

/** The day itself while its month is open, else the first open day at or after another one, usually today. */
export async function openDayOr(tx: Tx, clinicId: string, day: Day, otherwise: Day): Promise<Day> {
  const [state] = await monthStates(tx, clinicId, [day]);
  return state?.status === 'OPEN' ? day : firstOpenDay(tx, clinicId, otherwise);
}
