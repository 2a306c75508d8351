import {
  addMonths,
  dayCount,
  endOfMonth,
  ratio,
  type Day,
  type DayRange,
  type RatioValue,
} from '@practice-graph/practice';
import { Decimal } from 'decimal.js';

const ZERO = new Decimal(0);
const MONTHS_OF_YEAR = 12;

/** One goal, or the part of one that a range of days takes: what was reached of it, and its working days. */
export interface GoalPart {
  readonly target: Decimal;
  readonly actual: Decimal;
  /** Working days of the part, in order. */
  readonly days: readonly Day[];
  /** Last day of the part. */
  readonly to: Day;
}

export interface GoalProgressValue {
  readonly target: Decimal;
  readonly actual: Decimal;
  readonly variance: Decimal;
  readonly rate: RatioValue;
  readonly expectedToDate: Decimal;
  readonly dailyNeeded: Decimal | null;
  readonly elapsedWorkingDays: number;
  readonly totalWorkingDays: number;
  readonly pace: 'REACHED' | 'ON_PACE' | 'BEHIND';
}

const cents = (amount: Decimal): Decimal => amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

/** What is expected of a part by today: its target by the working days that have passed; all of it without any day. */
function expectedOf({ target, days, to }: GoalPart, today: Day): Decimal {
  if (days.length === 0) return to <= today ? target : ZERO;
  return target.times(days.filter((day) => day <= today).length).div(days.length);
}

/**
 * Progress over several goals together (REV-56, REV-57): targets, what was reached and what was expected add up; a day
 * on which several people work is one working day.
 */
export function goalProgress(parts: readonly GoalPart[], today: Day): GoalProgressValue {
  const sum = (of: (part: GoalPart) => Decimal) => parts.reduce((all, part) => all.plus(of(part)), ZERO);
  const target = cents(sum((part) => part.target));
  const actual = sum((part) => part.actual);
  const expectedToDate = cents(sum((part) => expectedOf(part, today)));
  const days = new Set(parts.flatMap((part) => part.days));
  const elapsed = [...days].filter((day) => day <= today).length;
  const remaining = days.size - elapsed;
  const isReached = actual.gte(target);
  const needed = isReached ? ZERO : cents(target.minus(actual).div(Math.max(1, remaining)));
  return {
    target,
    actual,
    variance: actual.minus(target),
    rate: ratio(actual, target),
    expectedToDate,
    dailyNeeded: remaining === 0 ? null : needed,
    elapsedWorkingDays: elapsed,
    totalWorkingDays: days.size,
    pace: isReached ? 'REACHED' : actual.gte(expectedToDate) ? 'ON_PACE' : 'BEHIND',
  };
}

/** The goal of a year is the sum of its months, and not known while one of them has none (REV-55, C-R10). */
export const yearTarget = (months: readonly Decimal[]): Decimal | null =>
  months.length === MONTHS_OF_YEAR ? months.reduce((all, target) => all.plus(target), ZERO) : null;

/** Part of a target that some of its days take: by working days, or by calendar days where none is worked. */
export function proratedTarget(
  target: Decimal,
  part: { readonly days: readonly Day[]; readonly range: DayRange },
  whole: { readonly days: readonly Day[]; readonly range: DayRange },
): Decimal {
  const [above, below] =
    whole.days.length > 0 ? [part.days.length, whole.days.length] : [dayCount(part.range), dayCount(whole.range)];
  return target.times(above).div(below);
}

/** Months of a fiscal year that starts in the given month of the year, YYYY-MM, the first one first. */
export const monthsOfYear = (year: number, startMonth: number): string[] => {
  const first = `${String(year)}-${String(startMonth).padStart(2, '0')}-01`;
  return Array.from({ length: MONTHS_OF_YEAR }, (_, n) => addMonths(first, n).slice(0, 7));
};

/** Fiscal year that a month is part of, named by the calendar year in which it starts. */
export const fiscalYearOf = (month: string, startMonth: number): number =>
  Number(month.slice(0, 4)) - (Number(month.slice(5, 7)) < startMonth ? 1 : 0);

/** Days of a month, YYYY-MM. */
export const daysOfMonth = (month: string): DayRange => ({ from: `${month}-01`, to: endOfMonth(`${month}-01`) });

/** What two ranges have in common; null for nothing. */
export function commonDays(a: DayRange, b: DayRange): DayRange | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? { from, to } : null;
}

/** Months that a range touches, YYYY-MM. */
export function touchedMonths({ from, to }: DayRange): string[] {
  const months: string[] = [];
  for (let day = `${from.slice(0, 7)}-01`; day <= to; day = addMonths(day, 1)) months.push(day.slice(0, 7));
  return months;
}
