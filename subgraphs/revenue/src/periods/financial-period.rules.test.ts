import {
  monthsMoved,
  monthsOfPeriod,
  neededDomains,
  periodFrom,
  periodLabel,
  periodOfRowId,
  periodRowId,
  periodsOfYear,
  periodState,
  type PeriodStep,
} from './financial-period.rules';

test('a fiscal year has twelve months, four quarters and itself', () => {
  const calendar = periodsOfYear(2026, 1, null);
  expect(calendar).toHaveLength(17);
  expect(calendar[0]).toEqual({ type: 'MONTH', from: '2026-01-01', to: '2026-01-31' });
  expect(calendar[12]).toEqual({ type: 'QUARTER', from: '2026-01-01', to: '2026-03-31' });
  expect(calendar[16]).toEqual({ type: 'YEAR', from: '2026-01-01', to: '2026-12-31' });
  expect(calendar.map((span) => periodLabel(span, 1)).slice(10)).toEqual([
    ...['2026-11', '2026-12', 'Q1 2026', 'Q2 2026', 'Q3 2026', 'Q4 2026', '2026'],
  ]);
});

test('a fiscal year that begins in July is named by its start when asked for and by both of its years for people', () => {
  const quarters = periodsOfYear(2026, 7, 'QUARTER');
  expect(quarters.map((span) => [span.from, span.to, periodLabel(span, 7)])).toEqual([
    ['2026-07-01', '2026-09-30', 'Q1 FY 2026/27'],
    ['2026-10-01', '2026-12-31', 'Q2 FY 2026/27'],
    ['2027-01-01', '2027-03-31', 'Q3 FY 2026/27'],
    ['2027-04-01', '2027-06-30', 'Q4 FY 2026/27'],
  ]);
  expect(periodsOfYear(2026, 7, 'YEAR').map((span) => [span.to, periodLabel(span, 7)])).toEqual([
    ['2027-06-30', 'FY 2026/27'],
  ]);
});

test('the id of a period says which it is, and only periods of the fiscal year have one', () => {
  for (const start of [1, 4, 7])
    for (const span of periodsOfYear(2026, start, null)) expect(periodOfRowId(periodRowId(span), start)).toEqual(span);

  expect(periodOfRowId('20260201-0002-8000-8000-000000000000', 1)).toBeNull();
  expect(periodOfRowId('20260201-0002-8000-8000-000000000000', 2)).toMatchObject({ type: 'QUARTER', to: '2026-04-30' });
  expect(periodOfRowId('20261301-0001-8000-8000-000000000000', 1)).toBeNull();
  expect(periodOfRowId('20260102-0001-8000-8000-000000000000', 1)).toBeNull();
  expect(periodOfRowId('01890000-0000-7000-8000-0000000000c1', 1)).toBeNull();
  expect(periodFrom('MONTH', '2026-02-02', 1)).toBeNull();
  expect(monthsOfPeriod({ type: 'QUARTER', from: '2026-11-01', to: '2027-01-31' })).toEqual([
    ...['2026-11-01', '2026-12-01', '2027-01-01'],
  ]);
});

test('a period is open while one of its months is, and locked when all are', () => {
  expect(periodState(['CLOSED', 'OPEN', 'LOCKED'])).toBe('OPEN');
  expect(periodState(['CLOSED', 'CLOSING', 'LOCKED'])).toBe('CLOSING');
  expect(periodState(['CLOSED', 'LOCKED', 'LOCKED'])).toBe('CLOSED');
  expect(periodState(['LOCKED', 'LOCKED', 'LOCKED'])).toBe('LOCKED');
});

test('each state allows its steps and no other', () => {
  const steps: PeriodStep[] = ['startClosing', 'close', 'lock', 'reopen'];
  const allowed = (...months: ('OPEN' | 'CLOSING' | 'CLOSED' | 'LOCKED')[]) =>
    steps.filter((step) => monthsMoved(step, months) !== null);
  expect(allowed('OPEN')).toEqual(['startClosing']);
  expect(allowed('CLOSING')).toEqual(['close', 'reopen']);
  expect(allowed('CLOSED')).toEqual(['lock', 'reopen']);
  expect(allowed('LOCKED')).toEqual([]);
  expect(allowed('CLOSED', 'CLOSED', 'LOCKED')).toEqual(['lock']);
  expect(allowed('CLOSED', 'OPEN', 'CLOSED')).toEqual(['startClosing']);
  expect(monthsMoved('startClosing', ['CLOSED', 'OPEN', 'OPEN'])).toEqual([false, true, true]);
  expect(monthsMoved('close', ['CLOSED', 'CLOSING', 'LOCKED'])).toEqual([false, true, false]);
});

test('a closing needs the domains that are switched on', () => {
  expect(neededDomains(['PRODUCTION', 'REVENUE_POINTS'])).toEqual([]);
  expect(neededDomains(['PRODUCTION', 'SPA_INVENTORY', 'ADJUSTMENTS'])).toEqual(['adjustments', 'spa-inventory']);
});
