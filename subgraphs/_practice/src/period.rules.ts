import {
  addDays,
  addMonths,
  bucketAround,
  dayCount,
  endOfMonth,
  fiscalYear,
  isCalendarDay,
  startOfMonth,
  startOfQuarter,
  startOfWeek,
  startOfYear,
  type Day,
  type DayRange,
} from './calendar.rules';

/** Named periods, in the order of the contract. */
export const PERIOD_PRESETS = [
  'TODAY',
  'YESTERDAY',
  'CURRENT_WEEK',
  'PREVIOUS_WEEK',
  'CURRENT_MONTH',
  'PREVIOUS_MONTH',
  'CURRENT_QUARTER',
  'PREVIOUS_QUARTER',
  'CURRENT_YEAR',
  'PREVIOUS_YEAR',
  'CURRENT_FISCAL_YEAR',
  'LAST_30_DAYS',
  'LAST_3_MONTHS',
  'LAST_6_MONTHS',
  'LAST_12_MONTHS',
  'LAST_3_FULL_MONTHS',
  'LAST_6_FULL_MONTHS',
  'LAST_12_FULL_MONTHS',
] as const;
export type PeriodPresetName = (typeof PERIOD_PRESETS)[number];

/** A period as a caller asks for it: exactly one member. */
export interface PeriodChoice {
  readonly preset?: PeriodPresetName | null | undefined;
  readonly month?: string | null | undefined;
  readonly range?: DayRange | null | undefined;
}

export type CompareToName = 'PREVIOUS_PERIOD' | 'YEAR_BEFORE';

/** What a report is compared with: exactly one member. */
export interface CompareChoice {
  readonly to?: CompareToName | null | undefined;
  readonly period?: PeriodChoice | null | undefined;
}

/** How far back the period just before lies, and whether its end is the end of a month. */
export type PeriodStep =
  | { readonly unit: 'DAYS'; readonly count: number }
  | { readonly unit: 'MONTHS'; readonly count: number; readonly isWhole: boolean };

/** A period as resolved; both days are counted. */
export interface ResolvedPeriod extends DayRange {
  readonly label: string;
  readonly step: PeriodStep;
}

/** A period that cannot be reported on. BAD_RANGE: the days are wrong; INVALID: the form is. */
export class BadPeriod extends Error {
  constructor(
    readonly code: 'BAD_RANGE' | 'INVALID',
    message: string,
    readonly path: readonly string[],
  ) {
    super(message);
    this.name = 'BadPeriod';
  }
}

const YEARS_MAX = 5;

/** Name of a range for people: a day, week, month, quarter or year where it is a whole one, else both of its days. */
export function rangeLabel({ from, to }: DayRange): string {
  for (const granularity of ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const) {
    const whole = bucketAround(from, granularity);
    if (whole.from === from && whole.to === to) return whole.label;
  }
  return `${from} to ${to}`;
}

const days = (from: Day, to: Day, label?: string): ResolvedPeriod => ({
  from,
  to,
  label: label ?? rangeLabel({ from, to }),
  step: { unit: 'DAYS', count: dayCount({ from, to }) },
});

/** From the first of a month to the end of the month `count` months later. */
const wholeMonths = (from: Day, count: number, label?: string): ResolvedPeriod => {
  const to = endOfMonth(addMonths(from, count - 1));
  return { from, to, label: label ?? rangeLabel({ from, to }), step: { unit: 'MONTHS', count, isWhole: true } };
};

/** A month, quarter, year or several months so far. */
const soFar = (from: Day, to: Day, label: string, months: number): ResolvedPeriod => ({
  from,
  to,
  label,
  step: { unit: 'MONTHS', count: months, isWhole: false },
});

const lastMonths = (today: Day, count: number): ResolvedPeriod =>
  soFar(addMonths(startOfMonth(today), 1 - count), today, `Last ${String(count)} months`, count);

const lastFullMonths = (today: Day, count: number): ResolvedPeriod =>
  wholeMonths(addMonths(startOfMonth(today), -count), count, `Last ${String(count)} full months`);

const toDate = (today: Day, granularity: 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR') =>
  `${bucketAround(today, granularity).label} to date`;

const PRESETS: Record<PeriodPresetName, (today: Day, fiscalYearStartMonth: number) => ResolvedPeriod> = {
  TODAY: (today) => days(today, today),
  YESTERDAY: (today) => days(addDays(today, -1), addDays(today, -1)),
  CURRENT_WEEK: (today) => ({
    ...days(startOfWeek(today), today, toDate(today, 'WEEK')),
    step: { unit: 'DAYS', count: 7 },
  }),
  PREVIOUS_WEEK: (today) => days(addDays(startOfWeek(today), -7), addDays(startOfWeek(today), -1)),
  CURRENT_MONTH: (today) => soFar(startOfMonth(today), today, toDate(today, 'MONTH'), 1),
  PREVIOUS_MONTH: (today) => wholeMonths(addMonths(startOfMonth(today), -1), 1),
  CURRENT_QUARTER: (today) => soFar(startOfQuarter(today), today, toDate(today, 'QUARTER'), 3),
  PREVIOUS_QUARTER: (today) => wholeMonths(addMonths(startOfQuarter(today), -3), 3),
  CURRENT_YEAR: (today) => soFar(startOfYear(today), today, toDate(today, 'YEAR'), 12),
  PREVIOUS_YEAR: (today) => wholeMonths(addMonths(startOfYear(today), -12), 12),
  CURRENT_FISCAL_YEAR: (today, startMonth) => {
    const year = fiscalYear(today, startMonth);
    return soFar(year.from, today, `${year.label} to date`, 12);
  },
  LAST_30_DAYS: (today) => days(addDays(today, -29), today, 'Last 30 days'),
  LAST_3_MONTHS: (today) => lastMonths(today, 3),
  LAST_6_MONTHS: (today) => lastMonths(today, 6),
  LAST_12_MONTHS: (today) => lastMonths(today, 12),
  LAST_3_FULL_MONTHS: (today) => lastFullMonths(today, 3),
  LAST_6_FULL_MONTHS: (today) => lastFullMonths(today, 6),
  LAST_12_FULL_MONTHS: (today) => lastFullMonths(today, 12),
};

const given = (choice: object): string[] =>
  Object.entries(choice).flatMap(([name, value]) => (value === null || value === undefined ? [] : [name]));

function resolveRange({ from, to }: DayRange, path: readonly string[]): ResolvedPeriod {
  if (!isCalendarDay(from) || !isCalendarDay(to))
    throw new BadPeriod('INVALID', 'A range needs two days written YYYY-MM-DD.', [...path, 'range']);
  if (to < from)
    throw new BadPeriod('BAD_RANGE', `The range ends (${to}) before it begins (${from}).`, [...path, 'range']);
  if (to >= addMonths(from, 12 * YEARS_MAX))
    throw new BadPeriod('BAD_RANGE', `A range may not be longer than ${String(YEARS_MAX)} years.`, [...path, 'range']);
  return days(from, to);
}

/**
 * The days of a period. `today` is the current business day of the clinic or location (E-13); the fiscal year begins
 * with `fiscalYearStartMonth`, 1 to 12. Throws BadPeriod when not exactly one member is given, when a range ends before
 * it begins or is longer than five years. `path` names the argument in errors.
 */
export function resolvePeriod(
  choice: PeriodChoice,
  today: Day,
  fiscalYearStartMonth: number,
  path: readonly string[] = ['period'],
): ResolvedPeriod {
  const { preset, month, range } = choice;
  if (given({ preset, month, range }).length !== 1)
    throw new BadPeriod('INVALID', 'Give exactly one of preset, month and range.', path);
  if (preset) return PRESETS[preset](today, fiscalYearStartMonth);
  if (range) return resolveRange(range, path);
  if (typeof month !== 'string' || !/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/.test(month))
    throw new BadPeriod('INVALID', 'A month is written YYYY-MM, for example 2026-03.', [...path, 'month']);
  return wholeMonths(`${month}-01`, 1);
}

/**
 * The period just before: n days with the n days before; a whole month, quarter or year with the whole one before; one
 * to date with the same days of the one before, so that 1 to 31 March stands against 1 to 28 February.
 */
function periodBefore({ from, to, step }: ResolvedPeriod): DayRange {
  if (step.unit === 'DAYS') return { from: addDays(from, -step.count), to: addDays(to, -step.count) };
  const end = addMonths(to, -step.count);
  return { from: addMonths(from, -step.count), to: step.isWhole ? endOfMonth(end) : end };
}

/**
 * The period that a report is compared with. YEAR_BEFORE is the same days one year earlier, 29 February becoming
 * 28 February. Throws BadPeriod when not exactly one member is given.
 */
export function resolveComparison(
  choice: CompareChoice,
  period: ResolvedPeriod,
  today: Day,
  fiscalYearStartMonth: number,
  path: readonly string[] = ['compareTo'],
): ResolvedPeriod {
  const { to, period: other } = choice;
  if (given({ to, other }).length !== 1) throw new BadPeriod('INVALID', 'Give exactly one of to and period.', path);
  if (other) return resolvePeriod(other, today, fiscalYearStartMonth, [...path, 'period']);
  const range =
    to === 'YEAR_BEFORE' ? { from: addMonths(period.from, -12), to: addMonths(period.to, -12) } : periodBefore(period);
  return { ...range, label: rangeLabel(range), step: period.step };
}
