import fc from 'fast-check';
import {
  addDays,
  addMonths,
  buckets,
  businessDay,
  businessDayHours,
  dayCount,
  daysBetween,
  endOfMonth,
  fiscalYear,
  monthsAndEdgeDays,
  sliceReadings,
  startOfBusinessDay,
  startOfMonth,
  weekdayOf,
  type Day,
  type SliceReading,
} from './calendar.rules';

const anyDay = fc.integer({ min: 0, max: 3650 }).map((n) => addDays('2020-01-01', n));
const anyRange = fc
  .tuple(anyDay, fc.integer({ min: 0, max: 800 }))
  .map(([from, length]) => ({ from, to: addDays(from, length) }));
const daysOf = (from: Day, to: Day) => Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i));

test.each([
  ['Africa/Lagos', '2026-01-31T23:30:00Z', '2026-02-01'],
  ['America/New_York', '2026-02-01T04:59:59Z', '2026-01-31'],
  ['America/New_York', '2026-02-01T05:00:00Z', '2026-02-01'],
  ['America/Phoenix', '2026-07-01T06:59:00Z', '2026-06-30'],
  ['Australia/Lord_Howe', '2026-04-04T12:59:00Z', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05'],
])('an instant counts on the business day of its location (G-05): %s %s', (zone, instant, day) => {
  expect(businessDay(new Date(instant), zone)).toBe(day);
});

test.each([
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['America/New_York', '2025-03-09', 23],
  ['America/New_York', '2025-11-02', 25],
  ['America/Phoenix', '2026-03-08', 24],
  ['Africa/Lagos', '2026-03-08', 24],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['America/Havana', '2026-03-08', 23],
  ['America/Havana', '2026-11-01', 25],
])('a day on which clocks change is one business day of its own length (G-06): %s %s', (zone, day, hours) => {
  expect(businessDayHours(day, zone)).toBe(hours);
});

test('every instant has one business day, and days never go backwards (C-R14)', () => {
  const zones = ['America/New_York', 'Africa/Lagos', 'Australia/Lord_Howe', 'America/Havana', 'Pacific/Apia'];
  const minutes = fc.integer({ min: 0, max: 2 * 366 * 24 * 60 });
  fc.assert(
    fc.property(fc.constantFrom(...zones), minutes, minutes, (zone, a, b) => {
      const instant = (n: number) => new Date(Date.UTC(2025, 0, 1) + n * 60_000);
      const [first, second] = a <= b ? [instant(a), instant(b)] : [instant(b), instant(a)];
      const day = businessDay(first, zone);
      expect(day <= businessDay(second, zone)).toBe(true);
      expect(startOfBusinessDay(day, zone) <= first && first < startOfBusinessDay(addDays(day, 1), zone)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('a month later is the same day, or the last day of a shorter month', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
  expect(addMonths('2026-03-15', -3)).toBe('2025-12-15');
  expect(weekdayOf('2026-03-08')).toBe('SUNDAY');
});

test('a fiscal year is named by the year in which it ends', () => {
  expect(fiscalYear('2026-06-30', 7)).toEqual({ from: '2025-07-01', to: '2026-06-30', label: 'FY 2025/26' });
  expect(fiscalYear('2026-07-01', 7)).toEqual({ from: '2026-07-01', to: '2027-06-30', label: 'FY 2026/27' });
  expect(fiscalYear('2026-07-01', 1)).toEqual({ from: '2026-01-01', to: '2026-12-31', label: 'FY 2026' });
});

test('buckets are cut to the range and keep the name of the whole stretch', () => {
  expect(buckets('2026-02-27', '2026-03-09', 'WEEK')).toEqual([
    { from: '2026-02-27', to: '2026-03-01', label: 'W09 2026' },
    { from: '2026-03-02', to: '2026-03-08', label: 'W10 2026' },
    { from: '2026-03-09', to: '2026-03-09', label: 'W11 2026' },
  ]);
  expect(buckets('2025-12-31', '2026-04-01', 'MONTH').map((b) => b.label)).toEqual([
    '2025-12',
    '2026-01',
    '2026-02',
    '2026-03',
    '2026-04',
  ]);
  expect(buckets('2025-12-31', '2026-04-01', 'QUARTER').map((b) => b.label)).toEqual(['Q4 2025', 'Q1 2026', 'Q2 2026']);
  expect(buckets('2025-12-31', '2026-04-01', 'YEAR').map((b) => b.label)).toEqual(['2025', '2026']);
  expect(buckets('2026-12-31', '2027-01-01', 'WEEK').map((b) => b.label)).toEqual(['W53 2026']);
  expect(buckets('2026-03-05', '2026-03-05', 'DAY')).toEqual([
    { from: '2026-03-05', to: '2026-03-05', label: '2026-03-05' },
  ]);
});

test('buckets part the range: no day is missing and none comes twice', () => {
  fc.assert(
    fc.property(anyRange, fc.constantFrom('DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'), ({ from, to }, granularity) => {
      const all = buckets(from, to, granularity);
      expect(all[0]?.from).toBe(from);
      expect(all.at(-1)?.to).toBe(to);
      for (const [i, bucket] of all.entries()) {
        expect(bucket.from <= bucket.to).toBe(true);
        if (i > 0) expect(bucket.from).toBe(addDays(all[i - 1]?.to ?? '', 1));
      }
      expect(new Set(all.map((bucket) => bucket.label)).size).toBe(all.length);
    }),
    { numRuns: 60 },
  );
});

test('whole months and edge days together are exactly the range', () => {
  fc.assert(
    fc.property(anyRange, ({ from, to }) => {
      const { months, days } = monthsAndEdgeDays(from, to);
      const covered = days.flatMap((range) => daysOf(range.from, range.to));
      for (let month = months?.from; month !== undefined && month <= (months?.to ?? ''); month = addMonths(month, 1))
        covered.push(...daysOf(month, endOfMonth(month)));
      expect(covered.sort()).toEqual(daysOf(from, to));
      expect(days.length).toBeLessThanOrEqual(2);
      // No whole month is left among the edge days.
      for (const range of days) expect(dayCount(range)).toBeLessThanOrEqual(60);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['2026-01-01', '2026-12-31', { months: { from: '2026-01-01', to: '2026-12-01' }, days: [] }],
  ['2026-01-02', '2026-02-27', { months: null, days: [{ from: '2026-01-02', to: '2026-02-27' }] }],
  [
    '2026-01-15',
    '2026-03-31',
    { months: { from: '2026-02-01', to: '2026-03-01' }, days: [{ from: '2026-01-15', to: '2026-01-31' }] },
  ],
  [
    '2026-01-31',
    '2026-03-01',
    {
      months: { from: '2026-02-01', to: '2026-02-01' },
      days: [
        { from: '2026-01-31', to: '2026-01-31' },
        { from: '2026-03-01', to: '2026-03-01' },
      ],
    },
  ],
])('%s to %s is read from these slices', (from, to, reading) => {
  expect(monthsAndEdgeDays(from, to)).toEqual(reading);
  expect(startOfMonth(from) <= from).toBe(true);
});

test('months and days that are added and taken away hold each day of a range once, with at most sixteen days at an edge', () => {
  fc.assert(
    fc.property(anyDay, fc.nat(150), (from, length) => {
      const to = addDays(from, length);
      const counted = new Map<Day, number>();
      const within = new Map<Day, boolean>();
      for (const { grain, sign, isInside, ...range } of sliceReadings(from, to)) {
        for (const day of daysOf(range.from, grain === 'M' ? endOfMonth(range.to) : range.to)) {
          counted.set(day, (counted.get(day) ?? 0) + sign);
          if (isInside) within.set(day, from <= day && day <= to);
        }
        if (grain === 'D') expect(dayCount(range)).toBeLessThanOrEqual(16);
      }
      expect([...counted].flatMap(([day, n]) => (n === 1 ? [day] : [])).sort()).toEqual(daysOf(from, to));
      expect([...counted.values()].filter((n) => n !== 0 && n !== 1)).toEqual([]);
      expect([...within.values()]).not.toContain(false);
    }),
    { numRuns: 100 },
  );
});

const reading = (grain: 'D' | 'M', from: Day, to: Day, sign: 1 | -1, isInside: boolean) => ({
  ...{ grain, from, to, sign, isInside },
});

test.each<readonly [string, Day, Day, readonly SliceReading[]]>([
  [
    'a year less five days',
    '2025-07-03',
    '2026-06-28',
    [
      reading('M', '2025-08-01', '2026-05-01', 1, true),
      ...[reading('M', '2025-07-01', '2025-07-01', 1, false), reading('D', '2025-07-01', '2025-07-02', -1, false)],
      ...[reading('M', '2026-06-01', '2026-06-01', 1, false), reading('D', '2026-06-29', '2026-06-30', -1, false)],
    ],
  ],
  [
    'a leap February but for both its ends',
    '2028-02-02',
    '2028-02-27',
    [
      reading('M', '2028-02-01', '2028-02-01', 1, false),
      ...[reading('D', '2028-02-01', '2028-02-01', -1, false), reading('D', '2028-02-28', '2028-02-29', -1, false)],
    ],
  ],
  ['half of a leap February', '2028-02-15', '2028-02-29', [reading('D', '2028-02-15', '2028-02-29', 1, true)]],
  [
    'a day more',
    '2028-02-14',
    '2028-02-29',
    [reading('M', '2028-02-01', '2028-02-01', 1, false), reading('D', '2028-02-01', '2028-02-13', -1, false)],
  ],
  [
    'a few days around the end of a month',
    '2026-01-30',
    '2026-02-02',
    [reading('D', '2026-01-30', '2026-01-31', 1, true), reading('D', '2026-02-01', '2026-02-02', 1, true)],
  ],
])('%s is read from the fewest rows', (_, from, to, readings) => {
  expect(sliceReadings(from, to)).toEqual(readings);
});
