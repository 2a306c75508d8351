import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  fiscalYearOf,
  goalProgress,
  monthsOfYear,
  proratedTarget,
  touchedMonths,
  yearTarget,
  type GoalPart,
} from './goal-progress.rules';
import { workingDays } from './working-days.rules';

const WEEK = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const;
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
/** June 2026 has 22 days from Monday to Friday; one of them is closed. */
const days = workingDays(JUNE, [{ workingWeekdays: WEEK, closedDates: ['2026-06-19'] }]);
const part = (target: number, actual: number, of: Partial<GoalPart> = {}): GoalPart => ({
  ...{ target: new Decimal(target), actual: new Decimal(actual), days, to: '2026-06-30' },
  ...of,
});
const shown = (progress: ReturnType<typeof goalProgress>) => [
  ...[
    progress.variance.toFixed(),
    progress.rate.value?.toFixed() ?? progress.rate.status,
    progress.expectedToDate.toFixed(),
  ],
  ...[progress.dailyNeeded?.toFixed() ?? null, progress.elapsedWorkingDays, progress.totalWorkingDays, progress.pace],
];

test.each<[string, GoalPart[], string, unknown[]]>([
  [
    'behind: less than the days that passed would have brought',
    [part(42_000, 19_999.99)],
    '2026-06-15',
    ['-22000.01', '0.47619', '22000', '2200', 11, 21, 'BEHIND'],
  ],
  [
    'on pace: just what was expected',
    [part(42_000, 22_000)],
    '2026-06-15',
    ['-20000', '0.52381', '22000', '2000', 11, 21, 'ON_PACE'],
  ],
  [
    'reached, with days left: nothing more is needed',
    [part(42_000, 44_100)],
    '2026-06-15',
    ['2100', '1.05', '22000', '0', 11, 21, 'REACHED'],
  ],
  [
    'the last working day is over: nothing can be needed per day',
    [part(42_000, 40_000)],
    '2026-06-30',
    ['-2000', '0.952381', '42000', null, 21, 21, 'BEHIND'],
  ],
  [
    'before the month nothing is expected',
    [part(42_000, 0)],
    '2026-05-31',
    ['-42000', '0', '0', '2000', 0, 21, 'ON_PACE'],
  ],
  [
    'a goal of zero is reached and has no rate',
    [part(0, 10)],
    '2026-06-15',
    ['10', 'ZERO_DENOMINATOR', '0', '0', 11, 21, 'REACHED'],
  ],
  [
    'goals add up; a day on which two work is one day',
    [part(42_000, 10_000), part(21_000, 23_000)],
    '2026-06-15',
    ['-30000', '0.52381', '33000', '3000', 11, 21, 'ON_PACE'],
  ],
  [
    'a month without a working day expects all of it at its end',
    [part(100, 40, { days: [] })],
    '2026-06-30',
    ['-60', '0.4', '100', null, 0, 0, 'BEHIND'],
  ],
])('%s', (_, parts, today, expected) => {
  expect(shown(goalProgress(parts, today))).toEqual(expected);
});

test('the year is the sum of its months, and unknown while one has no goal (REV-55, C-R10)', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 12, maxLength: 12 }), (targets) => {
      const months = targets.map((cents) => new Decimal(cents).div(100));
      expect(yearTarget(months)?.times(100).toNumber()).toBe(targets.reduce((a, b) => a + b, 0));
      expect(yearTarget(months.slice(1))).toBeNull();
    }),
  );
});

test('a fiscal year is named by the year in which it starts', () => {
  expect(monthsOfYear(2026, 1)).toHaveLength(12);
  expect(monthsOfYear(2026, 4).filter((_, n) => n === 0 || n === 11)).toEqual(['2026-04', '2027-03']);
  expect([fiscalYearOf('2027-03', 4), fiscalYearOf('2027-04', 4), fiscalYearOf('2026-01', 1)]).toEqual([
    2026, 2027, 2026,
  ]);
  expect(touchedMonths({ from: '2025-12-31', to: '2026-02-01' })).toEqual(['2025-12', '2026-01', '2026-02']);
});

test('part of a target by working days, or by calendar days where nobody works', () => {
  const half = { from: '2026-06-01', to: '2026-06-15' };
  const target = new Decimal(2_100);
  expect(proratedTarget(target, { days: days.slice(0, 11), range: half }, { days, range: JUNE }).toFixed()).toBe(
    '1100',
  );
  expect(proratedTarget(target, { days: [], range: half }, { days: [], range: JUNE }).toFixed()).toBe('1050');
});
