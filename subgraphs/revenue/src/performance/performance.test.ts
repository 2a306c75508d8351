import { Decimal, newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { anAdjustment, aPractice, asService, record, SCOPES, type Practice } from '../../test/practice';
import { importAdjustments, importProduction, revenue, type ImportedEntry } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const REPORT = `query ($id: ID!, $period: PeriodInput!, $groupBy: [PerformanceDimension!], $granularity: Granularity, $filter: PerformanceFilter) {
  performanceReport(clinicId: $id, period: $period, groupBy: $groupBy, granularity: $granularity, filter: $filter) {
    period { from to label } currency asOf isRestricted
    rows { clinicId locationId providerId from to period { label } currency location { name } provider { name } production { gross net starts visitCount perStart { value status } } }
    total { locationId providerId from to production { gross net starts visitCount perStart { value } } } } }`;
const report = async (variables: object, as = of.owner) =>
  (await graph.get(as, REPORT, { id: of.clinic, period: { month: '2026-06' }, ...variables })).performanceReport;

/** Entries of known amounts: 100 at the first place, 20 at the second, by different providers, and a start. */
const fill = async () => {
  await record(graph, of, { gross: '100' });
  await record(graph, of, {
    gross: '20',
    locationId: of.id(of.locations[1]),
    providerId: of.id(of.providers[1]),
    patientId: of.id(of.patients[1] ?? ''),
    occurredAt: '2026-06-08T12:00:00Z',
  });
  await record(graph, of, {
    gross: '1500',
    category: 'TREATMENT_START',
    treatmentPlanId: of.id(of.plans[0] ?? ''),
    occurredAt: '2026-06-02T12:00:00Z',
  });
};

test('one row per location, dense, unassigned last, and a total computed from the sums', async () => {
  await fill();

  const answer = await report({ groupBy: ['LOCATION'] });

  expect(answer).toMatchObject({
    period: { from: '2026-06-01', to: '2026-06-30', label: '2026-06' },
    currency: 'USD',
    asOf: '2026-06-30T16:00:00.000Z',
    isRestricted: false,
  });
  expect(
    answer.rows.map((r: any) => [
      r.locationId,
      r.location?.name ?? null,
      r.production.net,
      r.production.perStart.value,
    ]),
  ).toEqual([
    [of.id(of.locations[0]), 'Place 1', '1600.00', '1600'],
    [of.id(of.locations[1]), 'Place 2', '20.00', null],
    ['unassigned', null, '0.00', null],
  ]);
  expect(answer.total).toEqual({
    locationId: null,
    providerId: null,
    from: '2026-06-01',
    to: '2026-06-30',
    production: { gross: '1620.00', net: '1620.00', starts: 1, visitCount: 3, perStart: { value: '1620' } },
  });
});

test('months, weeks and days are buckets with labels, present without production too', async () => {
  await fill();

  const months = await report({
    groupBy: [],
    granularity: 'MONTH',
    period: { range: { from: '2026-04-15', to: '2026-06-10' } },
  });
  expect(months.rows.map((r: any) => [r.from, r.to, r.period.label, r.production.net])).toEqual([
    ['2026-04-15', '2026-04-30', '2026-04', '0.00'],
    ['2026-05-01', '2026-05-31', '2026-05', '0.00'],
    ['2026-06-01', '2026-06-10', '2026-06', '1520.00'],
  ]);
  const days = await report({
    groupBy: ['PROVIDER'],
    granularity: 'DAY',
    period: { range: { from: '2026-06-01', to: '2026-06-02' } },
  });
  expect(days.rows.map((r: any) => [r.provider?.name ?? r.providerId, r.from, r.production.net])).toEqual([
    ['DR-01', '2026-06-01', '0.00'],
    ['DR-01', '2026-06-02', '1500.00'],
    ['DR-02', '2026-06-01', '0.00'],
    ['DR-02', '2026-06-02', '0.00'],
    ['unassigned', '2026-06-01', '0.00'],
    ['unassigned', '2026-06-02', '0.00'],
  ]);
});

test('under a filter the total is that of the rows, also for several locations', async () => {
  await fill();
  const [a, b] = of.locations.map(of.id);

  const one = await report({ groupBy: ['PROVIDER'], filter: { locationIds: [b] } });
  expect(one.rows.map((r: any) => [r.provider?.name ?? r.providerId, r.production.net])).toEqual([
    ['DR-01', '0.00'],
    ['DR-02', '20.00'],
    ['unassigned', '0.00'],
  ]);
  expect(one.total.production.net).toBe('20.00');
  const two = await report({
    groupBy: ['LOCATION'],
    filter: { locationIds: [a, b], providerIds: [of.id(of.providers[0]), 'unassigned'] },
  });
  expect(two.rows.map((r: any) => r.production.net)).toEqual(['1600.00', '0.00']);
  expect(two.total.production.net).toBe('1600.00');
  const none = await report({ groupBy: ['LOCATION'], filter: { locationIds: [] } });
  expect(none.rows).toEqual([]);
  expect(none.total.production.net).toBe('0.00');
  const foreign = await report({
    groupBy: ['LOCATION'],
    filter: { locationIds: [recordIdText(newId(), of.locations[0])] },
  });
  expect(foreign.rows).toEqual([]);
});

test('a narrowed viewer sees its place only, totals included, and the report says so', async () => {
  await fill();
  const head = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, restrictions: { locations: [of.locations[1]] } });

  const answer = await report({ groupBy: ['LOCATION', 'PROVIDER'] }, head);

  expect(answer.isRestricted).toBe(true);
  expect(new Set(answer.rows.map((r: any) => r.location.name))).toEqual(new Set(['Place 2']));
  expect(answer.total.production.net).toBe('20.00');
  const clinic = await graph.get(
    head,
    `query ($id: ID!, $other: ID!) { clinic(id: $id) { production(period: { month: "2026-06" }) { net } } location(id: $other) { id } }`,
    { id: of.clinic, other: of.id(of.locations[0]) },
  );
  expect(clinic).toEqual({ clinic: { production: { net: '20.00' } }, location: null });
});

const imported = (n: number, changed: Partial<ImportedEntry> = {}): ImportedEntry => ({
  id: newId(),
  locationId: of.locations[n % 2] ?? '',
  providerId: of.providers[n % 2] ?? '',
  patientId: of.patients[n % 20] ?? '',
  treatmentPlanId: null,
  appointmentId: null,
  procedureId: null,
  productionDate: `2026-06-${String((n % 28) + 1).padStart(2, '0')}`,
  occurredAt: new Date(`2026-06-${String((n % 28) + 1).padStart(2, '0')}T15:00:00Z`),
  procedureCode: 'D8670',
  category: 'ADJUSTMENT',
  description: 'Visit',
  gross: new Decimal(10 + n),
  insurancePortion: new Decimal(0),
  reversesId: null,
  ...changed,
});

test('readers of aggregates get no measures of rows of fewer than eleven patients, nor of the one that would tell them', async () => {
  of = await aPractice(graph, 24);
  const entry = (patient: number, place: number) =>
    imported(patient, {
      patientId: of.patients[patient] ?? '',
      locationId: of.locations[place as 0 | 1],
      gross: new Decimal(10),
    });
  await asService(graph, of.clinicId, (tx) =>
    importProduction(tx, of.clinicId, [
      ...Array.from({ length: 15 }, (_, n) => entry(n, 0)),
      ...Array.from({ length: 4 }, (_, n) => entry(15 + n, 1)),
    ]),
  );
  const analyst = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, aggregateOnly: true });

  const answer = await report({ groupBy: ['LOCATION'] }, analyst);

  expect(answer.isRestricted).toBe(true);
  expect(answer.rows.map((r: any) => r.production?.net ?? null)).toEqual([null, null, '0.00']);
  expect(answer.total.production.net).toBe('190.00');
  const whole = (await report({ groupBy: ['LOCATION'] })).rows.map((r: any) => r.production.net);
  expect(whole).toEqual(['150.00', '40.00', '0.00']);
  // Asked for alone the larger place stays withheld too, since another request tells the total.
  for (const place of of.locations) {
    const few = await graph.get(
      analyst,
      `query ($id: ID!) { location(id: $id) { production(period: { month: "2026-06" }) { net } } }`,
      { id: of.id(place) },
    );
    expect(few.location.production).toBeNull();
  }
  const pairs = await report({ groupBy: ['LOCATION', 'PROVIDER'] }, analyst);
  expect(pairs.rows.filter((r: any) => Number(r.production?.net) > 0)).toEqual([]);

  // Nor of a month of few patients, which the sum of all months would tell with the others.
  await asService(graph, of.clinicId, (tx) =>
    importProduction(
      tx,
      of.clinicId,
      [19, 20, 21, 22].map((patient) => ({ ...entry(patient, 0), productionDate: '2026-05-20' })),
    ),
  );
  const range = { range: { from: '2026-05-01', to: '2026-06-30' } };
  const trend = await report({ groupBy: [], granularity: 'MONTH', period: range }, analyst);
  expect(trend.rows.map((r: any) => r.production)).toEqual([null, null]);
  expect(trend.total.production.net).toBe('230.00');

  await asService(graph, of.clinicId, (tx) =>
    importAdjustments(tx, of.clinicId, [anAdjustment(of, { locationId: null, amount: new Decimal('3') })]),
  );
  expect((await report({ groupBy: ['LOCATION'] }, analyst)).rows.map((r: any) => r.production)).toEqual([
    expect.objectContaining({ net: '150.00' }),
    null,
    null,
  ]);
});

test('rows of every grouping add up to the total, whatever the ledger holds (C-R1, C-R2, C-R3, E-12)', async () => {
  await asService(graph, of.clinicId, async (tx) => {
    await importProduction(
      tx,
      of.clinicId,
      Array.from({ length: 120 }, (_, n) =>
        imported(n, {
          category: n % 9 === 0 ? 'TREATMENT_START' : 'ADJUSTMENT',
          providerId: of.providers[(n * 7) % 3 === 0 ? 0 : 1],
        }),
      ),
    );
    await importAdjustments(
      tx,
      of.clinicId,
      Array.from({ length: 30 }, (_, n) => ({
        id: newId(),
        category: 'PROMOTIONAL' as const,
        amount: new Decimal(n - 8),
        affectsNetProduction: n % 5 !== 0,
        adjustmentDate: `2026-06-${String((n % 28) + 1).padStart(2, '0')}`,
        originalDate: null,
        locationId: n % 4 === 0 ? null : (of.locations[n % 2] ?? null),
        providerId: n % 3 === 0 ? null : (of.providers[n % 2] ?? null),
        patientId: null,
        treatmentPlanId: null,
        productionEntryId: null,
        invoiceId: null,
        reversesId: null,
        version: 1,
      })),
    );
  });
  const cents = (rows: any[], of: (r: any) => string) =>
    rows.reduce((sum, r) => sum.plus(of(r)), new Decimal(0)).toFixed(2);

  for (const groupBy of [[], ['LOCATION'], ['PROVIDER'], ['LOCATION', 'PROVIDER']])
    for (const granularity of [null, 'DAY', 'WEEK', 'MONTH']) {
      const answer = await report({ groupBy, granularity });
      expect([
        groupBy,
        granularity,
        cents(answer.rows, (r) => r.production.gross),
        cents(answer.rows, (r) => r.production.net),
        cents(answer.rows, (r) => String(r.production.starts)),
      ]).toEqual([
        groupBy,
        granularity,
        answer.total.production.gross,
        answer.total.production.net,
        new Decimal(answer.total.production.starts).toFixed(2),
      ]);
    }
});

test('a scorecard of 2,000 rows is answered by six statements, a larger one is refused', async () => {
  await fill();
  const statements = await graph.statements(async () => {
    const { rows } = await report({
      groupBy: ['LOCATION', 'PROVIDER'],
      granularity: 'DAY',
      period: { range: { from: '2025-07-01', to: '2026-06-30' } },
    });
    expect(rows).toHaveLength(365 * 5);
  });
  expect(statements).toHaveLength(6);

  const large = await graph.ask(of.owner, REPORT, {
    id: of.clinic,
    groupBy: ['LOCATION'],
    granularity: 'DAY',
    period: { range: { from: '2024-06-01', to: '2026-06-30' } },
  });
  expect(large.data.performanceReport).toBeNull();
  expect(large.errors?.[0]?.extensions['code']).toBe('TOO_MANY_ROWS');
  const backwards = await graph.ask(of.owner, REPORT, {
    id: of.clinic,
    period: { range: { from: '2026-06-02', to: '2026-06-01' } },
  });
  expect(backwards.errors?.[0]?.extensions['code']).toBe('BAD_RANGE');
});
