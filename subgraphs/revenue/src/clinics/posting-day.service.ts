import type { Tx } from '@practice-graph/kit';
import {
  businessDay,
  monthStates,
  periodClosed,
  postingDayProblem,
  startOfMonth,
  type Day,
  type MonthState,
} from '@practice-graph/practice';
import { refuse } from '../refusals';
import type { Location } from './location.entity';

/** States of months of the books, by their first day. */
export type Months = ReadonlyMap<Day, MonthState>;

/** States of the months in which things happened at places; they stay so until the transaction ends. */
export async function monthsAt(
  tx: Tx,
  clinicId: string,
  happened: readonly { readonly location: Location | undefined; readonly at: Date }[],
): Promise<Months> {
  const days = happened.flatMap(({ location, at }) => (location ? [businessDay(at, location.timeZone)] : []));
  return new Map((await monthStates(tx, clinicId, days)).map((state) => [state.month, state]));
}

/** FUTURE_DATE or BACKDATED_TOO_FAR for a day at a location on which nothing may be dated (G-10). */
export function requirePostingDay(tx: Tx, location: Location, day: Day, path: readonly string[]): void {
  const today = businessDay(tx.session.at, location.timeZone);
  const mayBackdate = tx.session.viewer.scopes.includes('records:backdate');
  const problem = postingDayProblem({ day, today, mayBackdate });
  if (problem === 'FUTURE_DATE')
    throw refuse(problem, `${day} lies in the future: it is ${today} at the location.`, path);
  if (problem) throw refuse(problem, `${day} lies too far before ${today}; records:backdate lifts the limit.`, path);
}

/**
 * Business day at a location on which something that happened at an instant counts; refused in the future, too far back
 * without records:backdate, and in a month that is not open. `path` names the instant.
 */
export function postingDay(tx: Tx, location: Location, instant: Date, months: Months, path: readonly string[]): Day {
  const day = businessDay(instant, location.timeZone);
  requirePostingDay(tx, location, day, path);
  const month = months.get(startOfMonth(day));
  if (month && month.status !== 'OPEN') throw periodClosed(month, path);
  return day;
}
