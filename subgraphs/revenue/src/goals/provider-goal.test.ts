import { fixedClock, newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, aPractice, record, rowCounts, SCOPES, type Practice } from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
const manager = () => ({ ...of.owner, scopes: [...SCOPES, 'finance:manage_expenses'] });
beforeEach(async () => {
  of = await aPractice(graph);
});

const SET = `mutation ($id: ID!, $input: ProviderGoalSetInput!) { providerGoalSet(providerId: $id, input: $input) {
  providerGoal { id month metric currency target version setBy provider { name } history { target setBy } annual { year target isComplete months { month target } } }
  userErrors { code path } } }`;
const set = async (input: Record<string, unknown>, provider = of.id(of.providers[0]), as = manager(), on = graph) =>
  (await on.get(as, SET, { id: provider, input: { idempotencyKey: aKey(), ...input } })).providerGoalSet;
const PROGRESS = `target actual variance rate { value status } expectedToDate dailyNeeded elapsedWorkingDays totalWorkingDays pace`;
const goal = async (args: string, fields: string, as = of.owner) =>
  (
    await graph.get(as, `query ($id: ID!) { provider(id: $id) { goal(${args}) { ${fields} } } }`, {
      id: of.id(of.providers[0]),
    })
  ).provider.goal;

test('a goal is set for a month; a new value keeps the old one in the history, newest first (REV-16, REV-79)', async () => {
  const first = await set({ month: '2026-06', target: '42000' });
  await set({ month: '2026-06', target: '40000.50', expectedVersion: 1 });
  const third = await set({ month: '2026-06', target: '45000' });

  expect(first.providerGoal).toMatchObject({
    month: '2026-06',
    metric: 'NET',
    currency: 'USD',
    target: '42000',
    version: 1,
    history: [],
  });
  expect(third.providerGoal).toMatchObject({
    id: first.providerGoal.id,
    target: '45000',
    version: 3,
    setBy: 'test-user',
    provider: { name: 'DR-01' },
    history: [
      { target: '40000.5', setBy: 'test-user' },
      { target: '42000', setBy: 'test-user' },
    ],
    annual: { year: 2026, target: null, isComplete: false, months: [{ month: '2026-06', target: '45000' }] },
  });
  const trail = await graph.sql(
    "SELECT from_state, to_state FROM audit_event WHERE clinic_id = $1 AND action = 'providerGoal.set' ORDER BY id",
    [of.clinicId],
  );
  expect(trail).toEqual([
    { from_state: null, to_state: '42000' },
    { from_state: '42000', to_state: '40000.5' },
    { from_state: '40000.5', to_state: '45000' },
  ]);
});

test('a goal of a year is spread over its months to the cent, starts to whole ones; the year is their sum (C-R10)', async () => {
  const { providerGoal } = await set({ year: 2026, target: '100000' });
  const starts = await set({ year: 2026, metric: 'STARTS', target: '250' });

  expect(providerGoal.month).toBe('2026-01');
  expect(providerGoal.annual).toMatchObject({ year: 2026, target: '100000', isComplete: true });
  expect(providerGoal.annual.months.map((m: any) => m.target)).toEqual([
    ...Array.from({ length: 4 }, () => '8333.34'),
    ...Array.from({ length: 8 }, () => '8333.33'),
  ]);
  expect(starts.providerGoal.annual.months.map((m: any) => m.target)).toEqual([
    ...Array.from({ length: 10 }, () => '21'),
    ...Array.from({ length: 2 }, () => '20'),
  ]);
});

test('progress of the month by its working days, up to today', async () => {
  await set({ month: '2026-06', target: '2100' });
  await set({ month: '2026-06', metric: 'STARTS', target: '2' });
  await set({ month: '2026-07', target: '500' });
  await record(graph, of, {
    ...{
      gross: '1582.00',
      category: 'TREATMENT_START',
      treatmentPlanId: of.id(of.plans[0] ?? ''),
      occurredAt: '2026-06-03T15:00:00Z',
    },
  });

  expect(await goal('month: "2026-06"', `progress { ${PROGRESS} }`)).toEqual({
    progress: {
      ...{ target: '2100', actual: '1582', variance: '-518', rate: { value: '0.753333', status: 'COMPUTED' } },
      ...{ expectedToDate: '2100', dailyNeeded: null, elapsedWorkingDays: 21, totalWorkingDays: 21, pace: 'BEHIND' },
    },
  });
  expect(await goal('month: "2026-06", metric: STARTS', 'progress { actual rate { value } }')).toEqual({
    progress: { actual: '1', rate: { value: '0.5' } },
  });
  expect(
    await goal('month: "2026-07"', 'progress { actual expectedToDate dailyNeeded elapsedWorkingDays pace }'),
  ).toEqual({
    progress: { actual: '0', expectedToDate: '0', dailyNeeded: '21.74', elapsedWorkingDays: 0, pace: 'ON_PACE' },
  });
  expect(await goal('month: "2026-05"', 'target')).toBeNull();
});

test('a goal is scaled to the days between joining and leaving only where that is asked for (REV-56)', async () => {
  await set({ month: '2026-06', target: '2100' });
  await record(graph, of, { gross: '50.00', occurredAt: '2026-06-15T15:00:00Z' });

  const { whole, part } = await goal(
    'month: "2026-06"',
    'whole: progress { target totalWorkingDays } part: progress(prorate: true) { target totalWorkingDays }',
  );

  // From the 15th on, 11 of the 21 working days.
  expect(whole).toEqual({ target: '2100', totalWorkingDays: 21 });
  expect(part).toEqual({ target: '1100', totalWorkingDays: 11 });

  await graph.sql('UPDATE provider SET active = false WHERE clinic_id = $1 AND id = $2', [
    of.clinicId,
    of.providers[0],
  ]);
  expect(await goal('month: "2026-06"', 'progress(prorate: true) { target totalWorkingDays }')).toEqual({
    progress: { target: '100', totalWorkingDays: 1 },
  });
});

test('goals of a year, also as they stood on a day; months without a goal are missing, not zero (REV-55, REV-79)', async () => {
  const earlier = await testSubgraph(revenue, { clock: fixedClock('2026-05-20T16:00:00Z'), database: graph.database });
  await set({ month: '2026-04', target: '1000' }, of.id(of.providers[0]), manager(), earlier);
  await earlier.stop();
  await set({ month: '2026-04', target: '1200' });
  await set({ month: '2026-06', target: '2000' }, of.id(of.providers[1]));

  const years = async (args: string) =>
    (
      await graph.get(
        of.owner,
        `query ($id: ID!) { providerGoals(clinicId: $id, year: 2026${args}) { provider { name } metric year currency target isComplete
          progress { target } months { month target history { target } } } }`,
        { id: of.clinic },
      )
    ).providerGoals;

  const rest = { metric: 'NET', year: 2026, currency: 'USD', target: null, isComplete: false };
  expect(await years('')).toEqual([
    {
      ...{ provider: { name: 'DR-01' }, ...rest, progress: { target: '1200' } },
      months: [{ month: '2026-04', target: '1200', history: [{ target: '1000' }] }],
    },
    {
      ...{ provider: { name: 'DR-02' }, ...rest, progress: { target: '2000' } },
      months: [{ month: '2026-06', target: '2000', history: [] }],
    },
  ]);
  expect(await years(', asOf: "2026-05-20"')).toEqual([
    {
      ...{ provider: { name: 'DR-01' }, ...rest, progress: { target: '1000' } },
      months: [{ month: '2026-04', target: '1000', history: [] }],
    },
  ]);
  expect(await years(', asOf: "2026-05-19"')).toEqual([]);
  expect(await years(', metric: STARTS')).toEqual([]);
  expect((await years(`, providerIds: ["${of.id(of.providers[1])}"]`)).map((row: any) => row.provider.name)).toEqual([
    'DR-02',
  ]);
});

test('a report shows the goals of its providers: whole months as they are, other days by working days', async () => {
  await set({ month: '2026-06', target: '2100' });
  await set({ month: '2026-06', target: '4200' }, of.id(of.providers[1]));
  await record(graph, of, { gross: '1000.00', occurredAt: '2026-06-03T15:00:00Z' });
  const report = async (period: unknown, filter: unknown = null) =>
    (
      await graph.get(
        of.owner,
        `query ($id: ID!, $period: PeriodInput!, $filter: ProductionFilter) { productionReport(clinicId: $id, period: $period, filter: $filter) {
          goal { target actual pace } breakdown(by: [PROVIDER]) { label goal { target actual } } category: breakdown(by: [CATEGORY], limit: 1) { goal { target } } } }`,
        { id: of.clinic, period, filter },
      )
    ).productionReport;

  expect(await report({ preset: 'CURRENT_MONTH' })).toEqual({
    goal: { target: '6300', actual: '1000', pace: 'BEHIND' },
    breakdown: [
      { label: 'DR-01', goal: { target: '2100', actual: '1000' } },
      { label: 'DR-02', goal: { target: '4200', actual: '0' } },
    ],
    category: [{ goal: null }],
  });
  // Today is one of 21 working days.
  expect((await report({ preset: 'TODAY' })).goal).toEqual({ target: '300', actual: '0', pace: 'BEHIND' });
  expect((await report({ preset: 'CURRENT_MONTH' }, { providerIds: [of.id(of.providers[1])] })).goal).toMatchObject({
    target: '4200',
  });
  expect((await report({ preset: 'CURRENT_MONTH' }, { categories: ['DEBOND'] })).goal).toBeNull();
  expect((await report({ month: '2026-05' })).goal).toBeNull();
});

test('progress of many goals is read with a bounded number of statements', async () => {
  await set({ year: 2026, target: '120000' });
  await set({ year: 2026, target: '60000' }, of.id(of.providers[1]));
  await record(graph, of, { gross: '1000.00', occurredAt: '2026-06-03T15:00:00Z' });
  const statements = await graph.statements(() =>
    graph.get(
      of.owner,
      `query ($id: ID!) { providerGoals(clinicId: $id, year: 2026) { provider { name } progress { actual }
        months { target progress(prorate: true) { actual } history { target } annual { target } } } }`,
      { id: of.clinic },
    ),
  );
  expect(statements.length).toBeLessThanOrEqual(12);
});

describe('refusals write nothing', () => {
  const cases: [string, Record<string, unknown>, string, string[]][] = [
    ['a goal below zero', { month: '2026-06', target: '-1' }, 'BAD_AMOUNT', ['input', 'target']],
    ['more digits than the currency has', { month: '2026-06', target: '1.005' }, 'BAD_AMOUNT', ['input', 'target']],
    ['half a start', { month: '2026-06', metric: 'STARTS', target: '1.5' }, 'BAD_AMOUNT', ['input', 'target']],
    ['neither month nor year', { target: '1' }, 'INVALID', ['input']],
    ['both', { month: '2026-06', year: 2026, target: '1' }, 'INVALID', ['input']],
    ['a month that is none', { month: '2026-13', target: '1' }, 'INVALID', ['input', 'month']],
    ['a year that is none', { year: 26, target: '1' }, 'INVALID', ['input', 'year']],
    [
      'a version that nobody saw',
      { month: '2026-06', target: '1', expectedVersion: 2 },
      'STALE_VERSION',
      ['input', 'expectedVersion'],
    ],
  ];
  test.each(cases)('%s', async (_, input, code, path) => {
    const before = await rowCounts(graph, of.clinicId);
    expect(await set(input)).toEqual({ providerGoal: null, userErrors: [{ code, path }] });
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
    expect(await graph.sql('SELECT 1 FROM provider_goal WHERE clinic_id = $1', [of.clinicId])).toEqual([]);
  });

  test('an unknown provider, one of another clinic, one outside what the viewer is narrowed to', async () => {
    const narrowed = { ...manager(), restrictions: { providers: [of.providers[1]] } };
    const notFound = { providerGoal: null, userErrors: [{ code: 'NOT_FOUND', path: ['providerId'] }] };
    expect(await set({ month: '2026-06', target: '1' }, of.id(newId()))).toEqual(notFound);
    expect(await set({ month: '2026-06', target: '1' }, 'unassigned')).toEqual(notFound);
    expect(await set({ month: '2026-06', target: '1' }, of.id(of.providers[0]), narrowed)).toEqual(notFound);
    expect(await graph.sql('SELECT 1 FROM provider_goal WHERE clinic_id = $1', [of.clinicId])).toEqual([]);
  });

  test('only finance:manage_expenses may set goals (REV-16)', async () => {
    const { errors } = await graph.ask(of.owner, SET, {
      id: of.id(of.providers[0]),
      input: { idempotencyKey: aKey(), month: '2026-06', target: '1' },
    });
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

test('a viewer of one provider sees the goals of that provider only; another clinic answers null', async () => {
  await set({ month: '2026-06', target: '1' });
  await set({ month: '2026-06', target: '2' }, of.id(of.providers[1]));
  const GOALS = 'query ($id: ID!) { providerGoals(clinicId: $id, year: 2026) { provider { name } } }';
  const doctor = viewer({
    clinicIds: [of.clinicId],
    scopes: ['finance:view_revenue'],
    restrictions: { providers: [of.providers[1]] },
  });
  const stranger = viewer({ clinicIds: [newId()], scopes: ['finance:view_revenue'] });

  expect((await graph.get(doctor, GOALS, { id: of.clinic })).providerGoals).toEqual([{ provider: { name: 'DR-02' } }]);
  expect((await graph.get(stranger, GOALS, { id: of.clinic })).providerGoals).toBeNull();
});
