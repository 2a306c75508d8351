import { reachable, type Tx } from '@practice-graph/kit';
import {
  isWithin,
  locationOf,
  postingDayProblem,
  requireOpenMonths,
  todayAt,
  type LocationCopy,
} from '@practice-graph/practice';
import { refuse } from '../refusals';

/** The place of a change, within what the viewer is narrowed to. */
export async function placeOf(
  tx: Tx,
  clinicId: string,
  opaque: string,
  path: readonly string[],
): Promise<LocationCopy> {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId || !isWithin(tx.session.viewer, 'locations', key.id))
    throw refuse('NOT_FOUND', 'There is no such location.', path);
  return locationOf(tx, key, path);
}

/** Refuses a business day on which nothing may be posted at a place (G-10). */
export function checkPostingDay(
  tx: Tx,
  place: Pick<LocationCopy, 'timeZone'>,
  day: string,
  path: readonly string[],
): void {
  const today = todayAt(tx, place);
  const mayBackdate = tx.session.viewer.scopes.includes('records:backdate');
  const problem = postingDayProblem({ day, today, mayBackdate });
  if (problem === 'FUTURE_DATE') throw refuse(problem, `${day} lies in the future; today is ${today}.`, path);
  if (problem) throw refuse(problem, `${day} lies further back than the clinic allows.`, path);
}

/** Refuses a business day as `checkPostingDay` does, and PERIOD_CLOSED in a month that is not open. */
export async function requirePostingDay(
  tx: Tx,
  place: Pick<LocationCopy, 'clinicId' | 'timeZone'>,
  day: string,
  path: readonly string[],
): Promise<void> {
  checkPostingDay(tx, place, day, path);
  await requireOpenMonths(tx, place.clinicId, [day], path);
}
