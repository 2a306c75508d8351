import { Refused } from '@practice-graph/kit';
import { addDays, businessDay, type Day } from './calendar.rules';
import {
  BadPeriod,
  resolveComparison,
  resolvePeriod,
  type CompareChoice,
  type PeriodChoice,
  type ResolvedPeriod,
} from './period.rules';

/** Where the days of a period are cut, and where the fiscal year begins. */
export interface CalendarOfClinic {
  /** Current business day of the clinic, or of the location for a location's own fields (E-13). */
  readonly today: Day;
  readonly fiscalYearStartMonth: number;
}

/** Calendar of a clinic at an instant; with a location, its own day is today. */
export const calendarAt = (
  now: Date,
  clinic: { readonly timeZone: string; readonly fiscalYearStartMonth: number },
  location?: { readonly timeZone: string } | null,
): CalendarOfClinic => ({
  today: businessDay(now, (location ?? clinic).timeZone),
  fiscalYearStartMonth: clinic.fiscalYearStartMonth,
});

const refused = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadPeriod)) throw error;
    throw new Refused({ code: error.code, message: error.message, path: error.path });
  }
};

/** The days of a period argument; BAD_RANGE or INVALID as a refusal, which a query shows as an error with that code. */
export const periodOf = (choice: PeriodChoice, calendar: CalendarOfClinic, path?: readonly string[]): ResolvedPeriod =>
  refused(() => resolvePeriod(choice, calendar.today, calendar.fiscalYearStartMonth, path));

/** The days of a comparison argument, null when the caller wants none; refusals as in `periodOf`. */
export const comparisonOf = (
  choice: CompareChoice | null | undefined,
  period: ResolvedPeriod,
  calendar: CalendarOfClinic,
  path?: readonly string[],
): ResolvedPeriod | null =>
  choice ? refused(() => resolveComparison(choice, period, calendar.today, calendar.fiscalYearStartMonth, path)) : null;

/** Far enough for any goods, and inside what a date can hold. */
const EXPIRY_WINDOW_MAX = 36_500;

/** Last day of "expires within so many days", counted from today; INVALID when the number is not one of days ahead. */
export function expiringUntil(today: Day, days: number): Day {
  if (days >= 0 && days <= EXPIRY_WINDOW_MAX) return addDays(today, days);
  throw new Refused({
    code: 'INVALID',
    message: `A number of days ahead is from 0 to ${String(EXPIRY_WINDOW_MAX)}.`,
    path: ['filter', 'expiringWithinDays'],
  });
}
