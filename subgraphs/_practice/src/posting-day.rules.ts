import { daysBetween, type Day } from './calendar.rules';

/** How far back a fact may be dated without the permission records:backdate, unless the clinic set another limit (E-18). */
export const BACKDATE_DAYS_MAX = 30;

export interface PostingDay {
  /** Day on which the fact is to count. */
  readonly day: Day;
  /** Current business day of the location. */
  readonly today: Day;
  /** True for callers with the permission records:backdate. */
  readonly mayBackdate: boolean;
  readonly maxBackdateDays?: number;
}

/** Why a fact may not be dated on a day, or null when it may (G-10). Today itself and the last allowed day are fine. */
export function postingDayProblem(posting: PostingDay): 'FUTURE_DATE' | 'BACKDATED_TOO_FAR' | null {
  const { day, today, mayBackdate, maxBackdateDays = BACKDATE_DAYS_MAX } = posting;
  if (day > today) return 'FUTURE_DATE';
  return !mayBackdate && daysBetween(day, today) > maxBackdateDays ? 'BACKDATED_TOO_FAR' : null;
}
