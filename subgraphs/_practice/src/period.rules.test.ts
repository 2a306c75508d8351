import { addDays, addMonths, buckets, dayCount, endOfMonth, startOfMonth } from './calendar.rules';
import { BadPeriod, PERIOD_PRESETS, resolveComparison, resolvePeriod, type PeriodPresetName } from './period.rules';
import { postingDayProblem } from './posting-day.rules';

const leapYear = Array.from({ length: 366 }, (_, i) => addDays('2024-01-01', i));
const preset = (name: PeriodPresetName, today: string, startMonth = 1) =>
  resolvePeriod({ preset: name }, today, startMonth);
const shown = ({ from, to, label }: { from: string; to: string; label: string }) => [from, to, label];

test.each<[PeriodPresetName, string, string, string]>([
  ['TODAY', '2026-05-13', '2026-05-13', '2026-05-13'],
  ['YESTERDAY', '2026-05-12', '2026-05-12', '2026-05-12'],
  ['CURRENT_WEEK', '2026-05-11', '2026-05-13', 'W20 2026 to date'],
  ['PREVIOUS_WEEK', '2026-05-04', '2026-05-10', 'W19 2026'],
  ['CURRENT_MONTH', '2026-05-01', '2026-05-13', '2026-05 to date'],
  ['PREVIOUS_MONTH', '2026-04-01', '2026-04-30', '2026-04'],
  ['CURRENT_QUARTER', '2026-04-01', '2026-05-13', 'Q2 2026 to date'],
  ['PREVIOUS_QUARTER', '2026-01-01', '2026-03-31', 'Q1 2026'],
  ['CURRENT_YEAR', '2026-01-01', '2026-05-13', '2026 to date'],
  ['PREVIOUS_YEAR', '2025-01-01', '2025-12-31', '2025'],
  ['CURRENT_FISCAL_YEAR', '2025-07-01', '2026-05-13', 'FY 2025/26 to date'],
  ['LAST_30_DAYS', '2026-04-14', '2026-05-13', 'Last 30 days'],
  ['LAST_3_MONTHS', '2026-03-01', '2026-05-13', 'Last 3 months'],
  ['LAST_6_MONTHS', '2025-12-01', '2026-05-13', 'Last 6 months'],
  ['LAST_12_MONTHS', '2025-06-01', '2026-05-13', 'Last 12 months'],
  ['LAST_3_FULL_MONTHS', '2026-02-01', '2026-04-30', 'Last 3 full months'],
  ['LAST_6_FULL_MONTHS', '2025-11-01', '2026-04-30', 'Last 6 full months'],
  ['LAST_12_FULL_MONTHS', '2025-05-01', '2026-04-30', 'Last 12 full months'],
])('on Wednesday 13 May 2026, with a fiscal year from July, %s is %s to %s', (name, from, to, label) => {
  expect(shown(preset(name, '2026-05-13', 7))).toEqual([from, to, label]);
});

test('on every day of a year each preset is a range that ends today or before', () => {
  for (const today of leapYear)
    for (const name of PERIOD_PRESETS) {
      const { from, to } = preset(name, today, 4);
      expect(from <= to && to <= today).toBe(true);
    }
});

test('the last n months are n different months in a row on every day of the year (POINT-166)', () => {
  for (const today of leapYear)
    for (const n of [3, 6, 12] as const) {
      const current = preset(`LAST_${n}_MONTHS`, today);
      const months = buckets(current.from, current.to, 'MONTH').map((bucket) => bucket.label);
      expect(months).toEqual(
        Array.from({ length: n }, (_, i) => addMonths(startOfMonth(today), i + 1 - n).slice(0, 7)),
      );
      const full = preset(`LAST_${n}_FULL_MONTHS`, today);
      expect(buckets(full.from, full.to, 'MONTH')).toHaveLength(n);
      expect(full.to).toBe(addDays(startOfMonth(today), -1));
    }
});

test('the trend of 31 March has a February', () => {
  const { from, to } = preset('LAST_6_MONTHS', '2025-03-31');
  expect(buckets(from, to, 'MONTH').map((b) => b.label)).toEqual([
    '2024-10',
    '2024-11',
    '2024-12',
    '2025-01',
    '2025-02',
    '2025-03',
  ]);
});

test('a month and a range are taken as they are', () => {
  expect(shown(resolvePeriod({ month: '2024-02' }, '2026-05-13', 1))).toEqual(['2024-02-01', '2024-02-29', '2024-02']);
  const range = { from: '2026-02-10', to: '2026-03-05' };
  expect(shown(resolvePeriod({ range, preset: null }, '2026-05-13', 1))).toEqual([
    '2026-02-10',
    '2026-03-05',
    '2026-02-10 to 2026-03-05',
  ]);
  const quarter = { from: '2026-01-01', to: '2026-03-31' };
  expect(resolvePeriod({ range: quarter }, '2026-05-13', 1).label).toBe('Q1 2026');
  const fiveYears = { from: '2021-01-01', to: '2025-12-31' };
  expect(dayCount(resolvePeriod({ range: fiveYears }, '2026-05-13', 1))).toBe(1826);
});

test.each([
  ['no member', {}, 'INVALID'],
  ['two members', { month: '2026-01', preset: 'TODAY' as const }, 'INVALID'],
  ['a month that does not exist', { month: '2026-13' }, 'INVALID'],
  ['a day that does not exist', { range: { from: '2026-02-30', to: '2026-03-01' } }, 'INVALID'],
  ['an end before the begin', { range: { from: '2026-03-02', to: '2026-03-01' } }, 'BAD_RANGE'],
  ['more than five years', { range: { from: '2021-01-01', to: '2026-01-01' } }, 'BAD_RANGE'],
])('a period with %s is refused', (_, choice, code) => {
  expect(() => resolvePeriod(choice, '2026-05-13', 1)).toThrow(BadPeriod);
  expect(() => resolvePeriod(choice, '2026-05-13', 1)).toThrow(expect.objectContaining({ code }) as Error);
});

test.each([
  ['a month to date with the same days of the month before', 'CURRENT_MONTH', '2026-05-13', '2026-04-01', '2026-04-13'],
  ['31 days of March with all of February', 'CURRENT_MONTH', '2026-03-31', '2026-02-01', '2026-02-28'],
  ['a whole month with the whole month before', 'PREVIOUS_MONTH', '2026-03-31', '2026-01-01', '2026-01-31'],
  [
    'a quarter to date with the same days of the one before',
    'CURRENT_QUARTER',
    '2026-05-13',
    '2026-01-01',
    '2026-02-13',
  ],
  ['a whole quarter with the one before', 'PREVIOUS_QUARTER', '2026-05-13', '2025-10-01', '2025-12-31'],
  ['a year to date with the prior year to date', 'CURRENT_YEAR', '2024-02-29', '2023-01-01', '2023-02-28'],
  ['a whole year with the one before', 'PREVIOUS_YEAR', '2026-05-13', '2024-01-01', '2024-12-31'],
  ['a week to date with the same days of the week before', 'CURRENT_WEEK', '2026-05-13', '2026-05-04', '2026-05-06'],
  ['30 days with the 30 days before', 'LAST_30_DAYS', '2026-05-13', '2026-03-15', '2026-04-13'],
  ['3 months so far with the 3 months before', 'LAST_3_MONTHS', '2026-05-13', '2025-12-01', '2026-02-13'],
  ['3 full months with the 3 before', 'LAST_3_FULL_MONTHS', '2026-05-13', '2025-11-01', '2026-01-31'],
] as const)('%s is compared', (_, name, today, from, to) => {
  const compared = resolveComparison({ to: 'PREVIOUS_PERIOD' }, preset(name, today), today, 1);
  expect([compared.from, compared.to]).toEqual([from, to]);
});

test('n days of any range are compared with the n days before', () => {
  const range = resolvePeriod({ range: { from: '2026-03-10', to: '2026-03-16' } }, '2026-05-13', 1);
  expect(shown(resolveComparison({ to: 'PREVIOUS_PERIOD' }, range, '2026-05-13', 1))).toEqual([
    '2026-03-03',
    '2026-03-09',
    '2026-03-03 to 2026-03-09',
  ]);
});

test('a year before is the same days, 29 February becoming 28 February', () => {
  const february = resolvePeriod({ month: '2024-02' }, '2026-05-13', 1);
  expect(shown(resolveComparison({ to: 'YEAR_BEFORE' }, february, '2026-05-13', 1))).toEqual([
    '2023-02-01',
    '2023-02-28',
    '2023-02',
  ]);
});

test('any other period can be compared, and exactly one must be', () => {
  const may = resolvePeriod({ month: '2026-05' }, '2026-05-13', 1);
  expect(resolveComparison({ period: { month: '2025-11' } }, may, '2026-05-13', 1).label).toBe('2025-11');
  expect(() => resolveComparison({}, may, '2026-05-13', 1)).toThrow(BadPeriod);
  expect(() => resolveComparison({ to: 'YEAR_BEFORE', period: { month: '2025-11' } }, may, '2026-05-13', 1)).toThrow(
    BadPeriod,
  );
});

test('the period just before a whole month always ends with that month', () => {
  for (const today of leapYear) {
    const compared = resolveComparison({ to: 'PREVIOUS_PERIOD' }, preset('PREVIOUS_MONTH', today), today, 1);
    expect(compared.to).toBe(endOfMonth(compared.from));
  }
});

test.each([
  ['today', '2026-05-13', false, null],
  ['tomorrow', '2026-05-14', true, 'FUTURE_DATE'],
  ['30 days back', '2026-04-13', false, null],
  ['31 days back', '2026-04-12', false, 'BACKDATED_TOO_FAR'],
  ['31 days back by one who may backdate', '2026-04-12', true, null],
])('a fact may be dated on %s: %s', (_, day, mayBackdate, problem) => {
  expect(postingDayProblem({ day, today: '2026-05-13', mayBackdate })).toBe(problem);
});
