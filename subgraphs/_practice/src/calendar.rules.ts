import { DateTime } from 'luxon';

/** A business day, YYYY-MM-DD. Days are compared as text, which orders them rightly. */
export type Day = string;

/** Days from the first to the last, both counted. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

/** Days of the week, Monday first. */
export const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type WeekdayName = (typeof WEEKDAYS)[number];

export type GranularityName = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** A stretch of time of a breakdown: its days inside the reported range, and the name of the whole stretch. */
export interface Bucket extends DayRange {
  readonly label: string;
}

/** Answers of a rule that are kept: a report asks the same few days over and over, once per row and domain. */
const KEPT = 10_000;

/** The same rule with its answers kept by what it was asked. */
function remembering<A extends readonly (string | number)[], R>(rule: (...asked: A) => R): (...asked: A) => R {
  const known = new Map<string, R>();
  return (...asked) => {
    const key = asked.join(' ');
    let answer = known.get(key);
    if (answer === undefined) {
      answer = rule(...asked);
      if (known.size >= KEPT) known.clear();
      known.set(key, answer);
    }
    return answer;
  };
}

const exists = remembering((text: string) => DateTime.fromISO(text, { zone: 'utc' }).isValid);

/** True for an existing calendar day written YYYY-MM-DD. */
export const isCalendarDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && exists(text);

// Days are reckoned in UTC, where each has 24 hours; zones only matter when an instant becomes a day.
const at = (day: Day): DateTime<true> => {
  const time = DateTime.fromISO(day, { zone: 'utc' });
  if (!time.isValid || day.length !== 10) throw new RangeError(`"${day}" is not a day`);
  return time;
};
const text = (time: DateTime<true>): Day => time.toFormat('yyyy-MM-dd');

const dayAt = (milliseconds: number, timeZone: string): Day => {
  const local = DateTime.fromMillis(milliseconds, { zone: timeZone });
  if (!local.isValid) throw new RangeError(`no business day: ${local.invalidExplanation ?? local.invalidReason}`);
  return text(local);
};

const MINUTE_MS = 60_000;
const dayOfMinute = remembering((minute: number, timeZone: string): Day => dayAt(minute * MINUTE_MS, timeZone));

// Since then clocks differ from UTC by whole minutes everywhere and change at whole minutes, so that a minute lies in one
// day; before, some places kept seconds.
const WHOLE_MINUTES_MS = Date.UTC(1973, 0, 1);

/** Business day on which an instant falls in a zone (G-05). Every instant has exactly one. */
export function businessDay(instant: Date, timeZone: string): Day {
  const milliseconds = instant.getTime();
  return milliseconds >= WHOLE_MINUTES_MS
    ? dayOfMinute(Math.floor(milliseconds / MINUTE_MS), timeZone)
    : dayAt(milliseconds, timeZone);
}

/** First instant of a business day in a zone, also where clocks change at midnight. */
export function startOfBusinessDay(day: Day, timeZone: string): Date {
  const { year, month, day: dayOfMonth } = at(day);
  const midnight = DateTime.fromObject({ year, month, day: dayOfMonth }, { zone: timeZone });
  if (!midnight.isValid) throw new RangeError(`no zone "${timeZone}"`);
  // Where the hour after midnight comes twice, the day begins with the earlier of the two.
  const earlier = [120, 60, 30].map((minutes) => midnight.minus({ minutes }).toJSDate());
  return earlier.find((start) => businessDay(start, timeZone) === day) ?? midnight.toJSDate();
}

/** Instant at which a business day has ended in a zone: the first instant of the next one. */
export const endOfBusinessDay = (day: Day, timeZone: string): Date => startOfBusinessDay(addDays(day, 1), timeZone);

/** Length of a business day in hours: 24, or 23, 25, 23.5 or 24.5 when clocks change (G-06). */
export const businessDayHours = (day: Day, timeZone: string): number =>
  (endOfBusinessDay(day, timeZone).getTime() - startOfBusinessDay(day, timeZone).getTime()) / 3_600_000;

/** The day that many days later, or earlier when negative. */
export const addDays = (day: Day, days: number): Day => text(at(day).plus({ days }));

/** The same day of the month that many months later; a day that month lacks becomes its last one. */
export const addMonths = remembering((day: Day, months: number): Day => text(at(day).plus({ months })));

/** Days from one day to another: 0 for the same day, negative when the second is earlier. */
export const daysBetween = remembering((from: Day, to: Day): number => at(to).diff(at(from), 'days').days);

/** Number of days of a range, both ends counted. */
export const dayCount = (range: DayRange): number => daysBetween(range.from, range.to) + 1;

export const startOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`;
export const endOfMonth = (day: Day): Day => text(at(day).endOf('month'));
export const startOfWeek = (day: Day): Day => text(at(day).startOf('week'));
export const startOfQuarter = (day: Day): Day => text(at(day).startOf('quarter'));
export const startOfYear = (day: Day): Day => `${day.slice(0, 4)}-01-01`;

/** Day of the week of a day. */
export const weekdayOf = (day: Day): WeekdayName => WEEKDAYS[at(day).weekday - 1] as WeekdayName;

/**
 * Name of a fiscal year: FY 2026/27, or FY 2026 where it is the calendar year. Some name it by its begin and some by its end, and
 * arguments of the API by its begin; both years together cannot be misread.
 */
export const fiscalYearName = (first: Day, last: Day): string =>
  first.slice(0, 4) === last.slice(0, 4) ? `FY ${first.slice(0, 4)}` : `FY ${first.slice(0, 4)}/${last.slice(2, 4)}`;

/** Fiscal year in which a day lies, for years that begin with the given month (1 to 12). */
export function fiscalYear(day: Day, startMonth: number): Bucket {
  const { year, month } = at(day);
  const first = `${String(month < startMonth ? year - 1 : year)}-${String(startMonth).padStart(2, '0')}-01`;
  const last = addDays(addMonths(first, 12), -1);
  return { from: first, to: last, label: fiscalYearName(first, last) };
}

const UNIT = { DAY: 'day', WEEK: 'week', MONTH: 'month', QUARTER: 'quarter', YEAR: 'year' } as const;
const NAME = { DAY: 'yyyy-MM-dd', WEEK: "'W'WW kkkk", MONTH: 'yyyy-MM', QUARTER: "'Q'q yyyy", YEAR: 'yyyy' } as const;

/** The whole day, week, month, quarter or year around a day, with its name: 2026-03-05, W10 2026, 2026-03, Q1 2026, 2026. */
export const bucketAround = remembering((day: Day, granularity: GranularityName): Bucket => {
  const first = at(day).startOf(UNIT[granularity]);
  return { from: text(first), to: text(first.endOf(UNIT[granularity])), label: first.toFormat(NAME[granularity]) };
});

/** Buckets that together are the range. The first and the last are cut to it and keep the name of the whole one. */
export function buckets(from: Day, to: Day, granularity: GranularityName): Bucket[] {
  const all: Bucket[] = [];
  for (let day = from; day <= to;) {
    const whole = bucketAround(day, granularity);
    all.push({ from: day, to: whole.to < to ? whole.to : to, label: whole.label });
    day = addDays(whole.to, 1);
  }
  return all;
}

/** How a range is read from slices that may not be taken away: whole months from month slices, the rest from day slices. */
export interface MonthsAndDays {
  /** First days of the first and the last whole month; null when the range holds none. */
  readonly months: DayRange | null;
  /** At most two ranges of days outside those months. */
  readonly days: readonly DayRange[];
}

/** Splits a range into whole months and edge days, so that a year is 12 rows and not 365. */
export const monthsAndEdgeDays = remembering((from: Day, to: Day): MonthsAndDays => {
  if (to < from) return { months: null, days: [] };
  const first = from === startOfMonth(from) ? from : startOfMonth(addMonths(from, 1));
  const last = to === endOfMonth(to) ? startOfMonth(to) : startOfMonth(addMonths(startOfMonth(to), -1));
  if (last < first) return { months: null, days: [{ from, to }] };
  const days: DayRange[] = [];
  if (from < first) days.push({ from, to: addDays(first, -1) });
  if (endOfMonth(last) < to) days.push({ from: addDays(endOfMonth(last), 1), to });
  return { months: { from: first, to: last }, days };
});

/** Slices that are added to a sum over a range, or taken away from it where a month that was added reaches beyond it. */
export interface SliceReading {
  readonly grain: 'D' | 'M';
  /** First and last day, or the first days of the first and the last month. */
  readonly from: Day;
  readonly to: Day;
  readonly sign: 1 | -1;
  /** True where everything behind these slices lies in the range. */
  readonly isInside: boolean;
}

/**
 * How sums over a range are read from slices: whole months from month slices, and of a month of which only a part is
 * wanted either those days or the month without the others, whichever are fewer rows. Only what adds up may be read so.
 */
export const sliceReadings = remembering((from: Day, to: Day): readonly SliceReading[] => {
  const { months, days } = monthsAndEdgeDays(from, to);
  return [
    ...(months ? [{ grain: 'M' as const, ...months, sign: 1 as const, isInside: true }] : []),
    ...days.flatMap(partsByMonth).flatMap(partialMonth),
  ];
});

/** Days without a whole month among them, cut where a month ends: at most two parts. */
function partsByMonth(range: DayRange): DayRange[] {
  const end = endOfMonth(range.from);
  if (range.to <= end) return [range];
  return [
    { from: range.from, to: end },
    { from: addDays(end, 1), to: range.to },
  ];
}

/** A part of one month. */
function partialMonth(range: DayRange): SliceReading[] {
  const [first, last] = [startOfMonth(range.from), endOfMonth(range.to)];
  const others: DayRange[] = [];
  if (first < range.from) others.push({ from: first, to: addDays(range.from, -1) });
  if (range.to < last) others.push({ from: addDays(range.to, 1), to: last });
  const rowsByMonth = others.reduce((rest, other) => rest + dayCount(other), 1);
  if (rowsByMonth >= dayCount(range)) return [{ grain: 'D', ...range, sign: 1, isInside: true }];
  return [
    { grain: 'M', from: first, to: first, sign: 1, isInside: false },
    ...others.map((other) => ({ grain: 'D' as const, ...other, sign: -1 as const, isInside: false })),
  ];
}
