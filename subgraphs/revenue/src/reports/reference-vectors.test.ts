/** The reference vectors of production, asked through the graph. */
import { clinicIdText, Decimal, fixedClock, newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, aPractice, asService, directory, record, SCOPES, type Practice } from '../../test/practice';
import { importChairHours, importDirectory, importProduction, revenue, type ImportedEntry } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const REPORT = (fields: string) =>
  `query ($id: ID!, $period: PeriodInput!, $compareTo: CompareInput) { productionReport(clinicId: $id, period: $period, compareTo: $compareTo) { ${fields} } }`;
const ask = async (fields: string, args: Record<string, unknown> = {}, on = graph) =>
  (await on.get(of.owner, REPORT(fields), { id: of.clinic, period: { month: '2026-06' }, ...args })).productionReport;

/** An entry of the first patient at the first place at noon of a day. */
const entry = (productionDate: string, category: string, gross: string, changed: Partial<ImportedEntry> = {}) =>
  ({
    ...{ id: newId(), locationId: of.locations[0], providerId: of.providers[0], patientId: of.patients[0] },
    ...{ treatmentPlanId: null, appointmentId: null, procedureId: null, reversesId: null, procedureCode: 'D8670' },
    ...{ productionDate, occurredAt: new Date(`${productionDate}T16:00:00Z`), description: 'Made up', category },
    ...{ gross: new Decimal(gross), insurancePortion: new Decimal(0), ...changed },
  }) as ImportedEntry;
const write = (...entries: ImportedEntry[]) =>
  asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, entries));
/** An entry of an earlier month that is undone on a day: what the day holds is below zero. */
const undone = (day: string, category: string, gross: string): ImportedEntry[] => {
  const original = entry('2026-01-05', category, gross);
  return [original, entry(day, category, `-${gross}`, { reversesId: original.id })];
};

test('an instant counts on the day of its place, also where clocks change (G-06, REV-70, REV-71)', async () => {
  const later = await testSubgraph(revenue, { clock: fixedClock('2026-11-03T16:00:00Z'), database: graph.database });
  const clinicId = newId();
  const zones = ['Africa/Lagos', 'America/New_York', 'America/Phoenix', 'Australia/Lord_Howe'];
  const { locations, ...rest } = directory(clinicId, 1);
  const places = zones.map((timeZone) => ({ ...(locations[0] as (typeof locations)[number]), id: newId(), timeZone }));
  const plans = rest.treatmentPlans.map((plan) => ({ ...plan, locationId: null }));
  await asService(later, clinicId, (tx) => importDirectory(tx, { ...rest, treatmentPlans: plans, locations: places }));
  const owner = viewer({ clinicIds: [clinicId], scopes: [...SCOPES, 'records:backdate'] });
  const id = (row: string | undefined) => recordIdText(clinicId, row ?? '');
  const there = {
    ...{ ...of, clinicId, clinic: clinicIdText(clinicId), id, owner },
    ...{ providers: rest.providers.map((each) => each.id), patients: rest.patients.map((each) => each.id) },
  } as unknown as Practice;

  const dayOf = async (zone: string, occurredAt: string) => {
    const locationId = id(places[zones.indexOf(zone)]?.id);
    const changed = { occurredAt, locationId, gross: '1.00' };
    const input = { ...changed, providerId: id(there.providers[0]), patientId: id(there.patients[0]) };
    const { productionEntry } = await record(later, there, input, owner);
    return productionEntry.productionDate as string;
  };
  const vectors: readonly (readonly [string, string, string])[] = [
    ['Africa/Lagos', '2026-01-31T23:30:00Z', '2026-02-01'],
    ['America/New_York', '2026-02-01T04:59:59Z', '2026-01-31'],
    ['America/New_York', '2026-02-01T05:00:00Z', '2026-02-01'],
    ['America/Phoenix', '2026-07-01T06:59:00Z', '2026-06-30'],
    ['Australia/Lord_Howe', '2026-04-04T12:59:00Z', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05'],
    // 23 hours on 8 March, 25 on 1 November: each instant of them is of that one day.
    ['America/New_York', '2026-03-08T04:59:59.999Z', '2026-03-07'],
    ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T03:59:59.999Z', '2026-03-08'],
    ['America/New_York', '2026-03-09T04:00:00Z', '2026-03-09'],
    ['America/New_York', '2026-11-01T04:00:00Z', '2026-11-01'],
    // Half past one comes twice.
    ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01'],
    ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01'],
    ['America/New_York', '2026-11-02T04:59:59.999Z', '2026-11-01'],
    ['America/New_York', '2026-11-02T05:00:00Z', '2026-11-02'],
  ];
  for (const [zone, instant, day] of vectors)
    expect([zone, instant, await dayOf(zone, instant)]).toEqual([zone, instant, day]);

  const { productionReport } = await later.get(
    owner,
    `query ($id: ID!) { productionReport(clinicId: $id, period: { range: { from: "2026-03-01", to: "2026-11-30" } }) {
      breakdown(by: [], granularity: DAY) { period { from } measures { gross entryCount } } } }`,
    { id: there.clinic },
  );
  await later.stop();
  const counted = (productionReport.breakdown as any[]).filter((row) => row.measures.entryCount > 0);
  expect(counted.map((row) => [row.period.from, row.measures.gross])).toEqual([
    ['2026-03-07', '1.00'],
    ['2026-03-08', '2.00'],
    ['2026-03-09', '1.00'],
    ['2026-04-04', '1.00'],
    ['2026-04-05', '1.00'],
    ['2026-06-30', '1.00'],
    ['2026-11-01', '4.00'],
    ['2026-11-02', '1.00'],
  ]);
});

test('growth: 100 to 150, 100 to 0, 0 to 50, 0 to 0, -20 to 10', async () => {
  await write(
    entry('2026-05-10', 'CONSULTATION', '100'),
    entry('2026-06-10', 'CONSULTATION', '150'),
    entry('2026-05-10', 'RECORDS', '100'),
    entry('2026-06-10', 'RETENTION', '50'),
    ...undone('2026-05-10', 'OTHER', '20'),
    entry('2026-06-10', 'OTHER', '10'),
  );

  const { breakdown } = await ask(
    'breakdown(by: [CATEGORY]) { category growth { absolute growthRate growthStatus } }',
    {
      compareTo: { to: 'PREVIOUS_PERIOD' },
    },
  );

  const of_ = (category: string) => breakdown.find((row: any) => row.category === category).growth;
  expect(of_('CONSULTATION')).toEqual({ absolute: '50.00', growthRate: '0.5', growthStatus: 'COMPUTED' });
  expect(of_('RECORDS')).toEqual({ absolute: '-100.00', growthRate: '-1', growthStatus: 'COMPUTED' });
  expect(of_('RETENTION')).toEqual({ absolute: '50.00', growthRate: null, growthStatus: 'NEW' });
  expect(of_('EMERGENCY')).toEqual({ absolute: '0.00', growthRate: null, growthStatus: 'FLAT_ZERO' });
  expect(of_('OTHER')).toEqual({ absolute: '30.00', growthRate: null, growthStatus: 'NEGATIVE_BASE' });
});

test('shares of 1:1:1:3 add up to the whole, and those beside a refund do as well', async () => {
  await write(
    entry('2026-06-10', 'CONSULTATION', '100'),
    entry('2026-06-10', 'RECORDS', '100'),
    entry('2026-06-10', 'RETENTION', '100'),
    entry('2026-06-10', 'ADJUSTMENT', '300'),
    entry('2026-05-10', 'RECORDS', '120'),
    ...undone('2026-05-10', 'OTHER', '20'),
  );

  const sharesOf = async (month: string) =>
    (await ask('breakdown(by: [CATEGORY]) { share measures { net } }', { period: { month } })).breakdown
      .filter((row: any) => row.measures.net !== '0.00')
      .map((row: any) => row.share);
  expect(await sharesOf('2026-06')).toEqual(['0.5', '0.1667', '0.1667', '0.1666']);
  expect(await sharesOf('2026-05')).toEqual(['1.2', '-0.2']);
});

test('a fee of 5,650.00 recognised by 28 % at the start, 62 % over 22 months and 10 % at the debond', async () => {
  const boss = { ...of.owner, scopes: [...of.owner.scopes, 'finance:manage_policy'] };
  const policy = { effectiveFrom: '2026-01-01', method: 'SPLIT', months: 22 };
  await graph.get(
    boss,
    'mutation ($id: ID!, $input: RecognitionPolicyInput!) { recognitionPolicySet(clinicId: $id, input: $input) { userErrors { code } } }',
    {
      id: of.clinic,
      input: { idempotencyKey: aKey(), ...policy, initialShare: '0.28', monthlyShare: '0.62', debondShare: '0.10' },
    },
  );

  const { treatmentPlanStart } = await graph.get(
    boss,
    `mutation ($id: ID!, $input: TreatmentPlanStepInput!) { treatmentPlanStart(id: $id, input: $input) {
      treatmentPlan { recognition { recognized unrecognized parts { kind amount } } } userErrors { code } } }`,
    { id: of.id(of.plans[0] ?? ''), input: { idempotencyKey: aKey(), on: '2026-06-10' } },
  );

  const { parts, ...sums } = treatmentPlanStart.treatmentPlan.recognition;
  const amounts = (kind: string): string[] =>
    parts.filter((part: any) => part.kind === kind).map((part: any) => part.amount);
  expect(sums).toEqual({ recognized: '1582.00', unrecognized: '4068.00' });
  expect(amounts('START')).toEqual(['1582.00']);
  expect(amounts('MONTH')).toHaveLength(22);
  expect(new Set(amounts('MONTH'))).toEqual(new Set(['159.23', '159.22']));
  expect(Decimal.sum(...amounts('MONTH')).toFixed(2)).toBe('3503.00');
  expect(amounts('DEBOND')).toEqual(['565.00']);
});

test('what is expected of a goal by now is rounded half up: 2.675 is 2.68, 1.005 is 1.01', async () => {
  const midMonth = await testSubgraph(revenue, { clock: fixedClock('2026-02-13T17:00:00Z'), database: graph.database });
  const manager = { ...of.owner, scopes: [...of.owner.scopes, 'finance:manage_expenses'] };
  const expected: string[] = [];
  for (const target of ['5.35', '2.01']) {
    const { providerGoalSet } = await midMonth.get(
      manager,
      `mutation ($id: ID!, $input: ProviderGoalSetInput!) { providerGoalSet(providerId: $id, input: $input) {
        providerGoal { progress { expectedToDate elapsedWorkingDays totalWorkingDays } } userErrors { code } } }`,
      { id: of.id(of.providers[0]), input: { idempotencyKey: aKey(), month: '2026-02', target } },
    );
    expect(providerGoalSet.providerGoal.progress).toMatchObject({ elapsedWorkingDays: 10, totalWorkingDays: 20 });
    expected.push(providerGoalSet.providerGoal.progress.expectedToDate as string);
  }
  await midMonth.stop();

  expect(expected).toEqual(['2.68', '1.01']);
});

test('the last six months from the first of March have a February, each month once', async () => {
  const march = await testSubgraph(revenue, { clock: fixedClock('2025-03-01T17:00:00Z'), database: graph.database });

  const { breakdown } = await ask(
    'breakdown(by: [], granularity: MONTH) { period { from } }',
    { period: { preset: 'LAST_6_MONTHS' } },
    march,
  );
  await march.stop();

  expect(breakdown.map((row: any) => row.period.from.slice(0, 7)).toReversed()).toEqual([
    ...['2025-03', '2025-02', '2025-01', '2024-12', '2024-11', '2024-10'],
  ]);
});

test('a ratio over two places is the sum over the sum: 240 of 4,000 and 90 of 600 is 0.0717, not 0.1050 (C-R11)', async () => {
  const day = (place: 0 | 1, n: number, used: number, available: number) => ({
    ...{ id: newId(), locationId: of.locations[place], chairId: `C${String(n)}`, providerId: null },
    ...{ businessDate: '2026-06-10', availableMinutes: available, usedMinutes: used },
  });
  await asService(graph, of.clinicId, (tx) =>
    importChairHours(tx, of.clinicId, [...[1, 2, 3, 4].map((n) => day(0, n, 60, 1_000)), day(1, 1, 90, 600)]),
  );

  const { performanceReport } = await graph.get(
    of.owner,
    `query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }, groupBy: [LOCATION]) {
      rows { ...U } total { ...U } } } fragment U on PerformanceRow { production { chairUtilization { value } } }`,
    { id: of.clinic },
  );

  const value = (row: any) => row.production.chairUtilization.value;
  expect(performanceReport.rows.map(value)).toEqual(['0.06', '0.15', null]);
  expect(new Decimal(value(performanceReport.total)).toFixed(4)).toBe('0.0717');
});

test('the production of a case month by month: high at the start, low and steady on visits, then the debond (REV-52, REV-53)', async () => {
  const treatmentPlanId = of.plans[0] as string;
  await write(
    entry('2026-03-10', 'TREATMENT_START', '1582.00', { treatmentPlanId }),
    entry('2026-04-20', 'ADJUSTMENT', '159.23', { treatmentPlanId }),
    entry('2026-06-08', 'ADJUSTMENT', '159.22', { treatmentPlanId }),
    entry('2026-06-22', 'DEBOND', '565.00', { treatmentPlanId }),
    entry('2026-05-04', 'EMERGENCY', '45.00'),
  );

  const { productionReport } = await graph.get(
    of.owner,
    `query ($id: ID!, $plan: ID!) { productionReport(clinicId: $id, period: { range: { from: "2026-03-01", to: "2026-06-30" } }, filter: { treatmentPlanId: $plan }) {
      measures { net starts startNet debonds debondNet } breakdown(by: [], granularity: MONTH) { period { from } measures { net debondNet } } } }`,
    { id: of.clinic, plan: of.id(treatmentPlanId) },
  );

  const { measures, breakdown } = productionReport;
  expect(measures).toEqual({ net: '2465.45', starts: 1, startNet: '1582.00', debonds: 1, debondNet: '565.00' });
  expect(breakdown.map((row: any) => [row.period.from.slice(0, 7), row.measures.net, row.measures.debondNet])).toEqual([
    ['2026-03', '1582.00', '0.00'],
    ['2026-04', '159.23', '0.00'],
    ['2026-05', '0.00', '0.00'],
    ['2026-06', '724.22', '565.00'],
  ]);
});
