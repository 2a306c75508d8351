import { fixedClock, newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { anAdjustment, aPractice, asService, record, reverse, type Practice } from '../../test/practice';
import { importAdjustments, revenue } from '..';
import { Decimal } from '@practice-graph/kit';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const JUNE = { range: { from: '2026-06-01', to: '2026-06-30' } };
const ask = async (fields: string, args: Record<string, unknown> = {}, as = of.owner) =>
  (
    await graph.get(
      as,
      `query ($id: ID!, $period: PeriodInput!, $filter: ProductionFilter, $compareTo: CompareInput) {
        productionReport(clinicId: $id, period: $period, filter: $filter, compareTo: $compareTo) { ${fields} } }`,
      { id: of.clinic, period: JUNE, ...args },
    )
  ).productionReport;
const codeOf = async (fields: string, args: Record<string, unknown> = {}, as = of.owner) => {
  const { errors } = await graph.ask(
    as,
    `query ($id: ID!, $period: PeriodInput!, $filter: ProductionFilter, $compareTo: CompareInput) {
      productionReport(clinicId: $id, period: $period, filter: $filter, compareTo: $compareTo) { ${fields} } }`,
    { id: of.clinic, period: JUNE, ...args },
  );
  return errors?.map(({ extensions }) => extensions['code']);
};

/** A start of 1,582.00 and a visit of 100.00 with DR-01 at place 1, an emergency of 40.00 with DR-02 at place 2. */
async function fill() {
  const start = await record(graph, of, {
    ...{ gross: '1582.00', category: 'TREATMENT_START', procedureCode: 'D8080', occurredAt: '2026-06-03T15:00:00Z' },
    treatmentPlanId: of.id(of.plans[0] ?? ''),
  });
  await record(graph, of, {
    gross: '100.00',
    occurredAt: '2026-06-17T15:00:00Z',
    treatmentPlanId: of.id(of.plans[0] ?? ''),
  });
  await record(graph, of, {
    ...{ gross: '40.00', category: 'EMERGENCY', procedureCode: 'D0140', occurredAt: '2026-06-17T12:00:00Z' },
    ...{
      locationId: of.id(of.locations[1]),
      providerId: of.id(of.providers[1]),
      patientId: of.id(of.patients[1] ?? ''),
    },
  });
  return start.productionEntry.id as string;
}
const adjust = (changed: Parameters<typeof anAdjustment>[1]) =>
  asService(graph, of.clinicId, (tx) => importAdjustments(tx, of.clinicId, [anAdjustment(of, changed)]));

test('totals of a period: gross, net, per start by both definitions, and growth against the month before', async () => {
  await fill();
  await record(graph, of, { gross: '861.00', occurredAt: '2026-05-31T15:00:00Z' });

  const report = await ask(
    `period { from to label } comparedTo { from to } currency isRestricted measures { gross net starts perStart { numerator denominator value } startNetPerStart { value } }
     previous { net } growth { previous absolute growthRate growthStatus direction }`,
    { period: { preset: 'CURRENT_MONTH' }, compareTo: { to: 'PREVIOUS_PERIOD' } },
  );

  expect(report).toEqual({
    period: { from: '2026-06-01', to: '2026-06-30', label: '2026-06 to date' },
    comparedTo: { from: '2026-05-01', to: '2026-05-30' },
    currency: 'USD',
    isRestricted: false,
    measures: {
      gross: '1722.00',
      net: '1722.00',
      starts: 1,
      perStart: { numerator: '1722', denominator: '1', value: '1722' },
      startNetPerStart: { value: '1582' },
    },
    previous: { net: '0.00' },
    growth: { previous: '0.00', absolute: '1722.00', growthRate: null, growthStatus: 'NEW', direction: 'NEW' },
  });
  expect(
    (await ask('growth { growthRate growthStatus }', { compareTo: { period: { month: '2026-05' } } })).growth,
  ).toEqual({ growthRate: '1', growthStatus: 'COMPUTED' });
});

test('all eight categories are shown, largest first, and what names none stands in a row of its own', async () => {
  await fill();
  await adjust({ amount: new Decimal('22.00') });

  const { breakdown } = await ask(
    'breakdown(by: [CATEGORY]) { key label category share measures { net visitCount usedNothing: starts } }',
  );

  expect(
    breakdown.map((row: any) => [
      row.key,
      row.label,
      row.category,
      row.share,
      row.measures.net,
      row.measures.visitCount,
    ]),
  ).toEqual([
    ['TREATMENT_START', 'Treatment start', 'TREATMENT_START', '0.9306', '1582.00', 1],
    ['ADJUSTMENT', 'Adjustment visit', 'ADJUSTMENT', '0.0588', '100.00', 1],
    ['EMERGENCY', 'Emergency', 'EMERGENCY', '0.0235', '40.00', 1],
    ['CONSULTATION', 'Consultation', 'CONSULTATION', '0', '0.00', 0],
    ['DEBOND', 'Debond', 'DEBOND', '0', '0.00', 0],
    ['OTHER', 'Other', 'OTHER', '0', '0.00', 0],
    ['RECORDS', 'Records', 'RECORDS', '0', '0.00', 0],
    ['RETENTION', 'Retention', 'RETENTION', '0', '0.00', 0],
    ['unassigned', 'Unassigned', null, '-0.0129', '-22.00', 0],
  ]);
});

test('by code, kind of treatment and system of the case; a limit keeps the largest', async () => {
  await fill();

  const report = await ask(`
    code: breakdown(by: [PROCEDURE_CODE], limit: 2) { procedureCode share measures { net } }
    phase: breakdown(by: [PHASE]) { phase measures { net } }
    system: breakdown(by: [APPLIANCE_SYSTEM]) { key applianceSystem measures { gross } }`);

  expect(report.code).toEqual([
    { procedureCode: 'D8080', share: '0.9187', measures: { net: '1582.00' } },
    { procedureCode: 'D8670', share: '0.0581', measures: { net: '100.00' } },
  ]);
  expect(report.phase.map((row: any) => [row.phase, row.measures.net])).toEqual([
    ['COMPREHENSIVE', '1682.00'],
    [null, '40.00'],
    ['LIMITED', '0.00'],
    ['PHASE_1', '0.00'],
    ['PHASE_2', '0.00'],
    ['RETENTION', '0.00'],
  ]);
  expect(report.system).toEqual([
    { key: 'METAL_BRACKETS', applianceSystem: 'METAL_BRACKETS', measures: { gross: '1682.00' } },
    { key: 'unassigned', applianceSystem: null, measures: { gross: '40.00' } },
  ]);
});

test('what has facts on other days of a month alone is not shown, what cancels out on days asked for is', async () => {
  await fill();
  const undone = await record(graph, of, {
    ...{ gross: '50.00', procedureCode: 'D0330', occurredAt: '2026-06-09T15:00:00Z' },
  });
  await reverse(graph, of, undone.productionEntry.id as string);
  const by = async (from: string, to: string) => {
    const { breakdown } = await ask('breakdown(by: [PROCEDURE_CODE]) { key measures { gross } }', {
      period: { range: { from, to } },
    });
    return Object.fromEntries(breakdown.map((row: any) => [row.key, row.measures.gross]));
  };

  expect(await by('2026-06-04', '2026-06-30')).toEqual({ D8670: '100.00', D0140: '40.00', D0330: '0.00' });
  expect(await by('2026-05-02', '2026-06-16')).toEqual({ D8080: '1582.00', D0330: '50.00' });
});

test('a trend by week has a row for every week; by provider and place only pairs that produced', async () => {
  await fill();

  const { trend, pairs } = await ask(`
    trend: breakdown(by: [], granularity: WEEK) { label period { from to label } measures { gross } }
    pairs: breakdown(by: [PROVIDER, LOCATION]) { label provider { name } location { name } providerId measures { gross } }`);

  expect(trend.map((row: any) => [row.period.label, row.period.from, row.measures.gross])).toEqual([
    ['W23 2026', '2026-06-01', '1582.00'],
    ['W24 2026', '2026-06-08', '0.00'],
    ['W25 2026', '2026-06-15', '140.00'],
    ['W26 2026', '2026-06-22', '0.00'],
    ['W27 2026', '2026-06-29', '0.00'],
  ]);
  expect(pairs).toEqual([
    {
      label: 'DR-01, Place 1',
      provider: { name: 'DR-01' },
      location: { name: 'Place 1' },
      providerId: of.id(of.providers[0]),
      measures: { gross: '1682.00' },
    },
    {
      label: 'DR-02, Place 2',
      provider: { name: 'DR-02' },
      location: { name: 'Place 2' },
      providerId: of.id(of.providers[1]),
      measures: { gross: '40.00' },
    },
  ]);
});

test('a report costs the same number of statements whatever its rows; a breakdown by one dimension reads slices only', async () => {
  await fill();
  const statements = await graph.statements(() =>
    ask(`measures { net visitCount } breakdown(by: [CATEGORY], granularity: DAY) { label measures { net } }
      places: breakdown(by: [LOCATION, PROVIDER], granularity: DAY) { label measures { net visitCount } }`),
  );

  expect(statements).toHaveLength(7);
  expect(statements.filter((sql) => sql.includes('production_entry'))).toEqual([]);
});

test('the filter narrows totals and breakdowns alike, also over dimensions that no slice has together', async () => {
  await fill();

  const { measures, breakdown } = await ask(
    'measures { gross entryCount visitCount } breakdown(by: [LOCATION]) { label measures { gross } }',
    {
      filter: {
        categories: ['TREATMENT_START', 'EMERGENCY'],
        phases: ['COMPREHENSIVE'],
        locationIds: [of.id(of.locations[0])],
      },
    },
  );

  expect(measures).toEqual({ gross: '1582.00', entryCount: 1, visitCount: 1 });
  expect(breakdown).toEqual([{ label: 'Place 1', measures: { gross: '1582.00' } }]);
  expect((await ask('measures { gross }', { filter: { providerIds: [] } })).measures.gross).toBe('0.00');
  expect((await ask('measures { gross }', { filter: { locationIds: ['unassigned'] } })).measures.gross).toBe('0.00');
});

test('a reversal goes with its original, whatever the filter says of states or procedures (E-11)', async () => {
  const { productionEntry } = await record(graph, of, {
    gross: '75.00',
    procedureId: 'P-1',
    occurredAt: '2026-06-10T15:00:00Z',
  });
  await record(graph, of, { gross: '60.00', procedureId: 'P-2', occurredAt: '2026-06-10T15:00:00Z' });
  await reverse(graph, of, productionEntry.id as string);

  const grossOf = async (filter: Record<string, unknown>) =>
    (await ask('measures { gross entryCount }', { filter })).measures;
  expect(await grossOf({ statuses: ['POSTED'] })).toEqual({ gross: '60.00', entryCount: 1 });
  expect(await grossOf({ statuses: ['REVERSED'] })).toEqual({ gross: '0.00', entryCount: 0 });
  expect(await grossOf({ procedureId: 'P-1' })).toEqual({ gross: '0.00', entryCount: 0 });
  expect(await grossOf({ procedureId: 'P-2' })).toEqual({ gross: '60.00', entryCount: 1 });
  expect(await grossOf({ treatmentPlanId: of.id(of.plans[5] ?? '') })).toEqual({ gross: '0.00', entryCount: 0 });
});

test('each place has its own local day; consolidated, a day is the union of those of the places (G-05, G-07, REV-70)', async () => {
  const late = await testSubgraph(revenue, { clock: fixedClock('2026-07-02T16:00:00Z') });
  const there = await aPractice(late);
  const instant = '2026-06-30T23:30:00.000Z';
  for (const place of [0, 1] as const)
    await record(late, there, { gross: '10.00', locationId: there.id(there.locations[place]), occurredAt: instant });
  await record(late, there, { gross: '5.00', occurredAt: '2026-07-01T03:59:59.999Z' });

  const { productionReport } = await late.get(
    there.owner,
    `query ($id: ID!) { productionReport(clinicId: $id, period: { range: { from: "2026-06-30", to: "2026-07-01" } }) {
      breakdown(by: [LOCATION], granularity: DAY) { label period { from } measures { gross } } } }`,
    { id: there.clinic },
  );
  await late.stop();

  expect(productionReport.breakdown.map((row: any) => [row.period.from, row.label, row.measures.gross])).toEqual([
    ['2026-06-30', 'Place 1', '15.00'],
    ['2026-06-30', 'Place 2', '0.00'],
    ['2026-07-01', 'Place 1', '0.00'],
    ['2026-07-01', 'Place 2', '10.00'],
  ]);
});

test('a viewer of one provider sees own production only, totals included, and is told so', async () => {
  await fill();
  const doctor = viewer({
    clinicIds: [of.clinicId],
    scopes: ['finance:view_revenue'],
    restrictions: { providers: [of.providers[1]] },
  });

  const report = await ask(
    'isRestricted measures { gross visitCount } breakdown(by: [PROVIDER]) { label measures { gross } } category: breakdown(by: [CATEGORY], limit: 2) { label measures { gross } }',
    {},
    doctor,
  );

  expect(report).toEqual({
    isRestricted: true,
    measures: { gross: '40.00', visitCount: 1 },
    breakdown: [{ label: 'DR-02', measures: { gross: '40.00' } }],
    category: [
      { label: 'Emergency', measures: { gross: '40.00' } },
      { label: 'Adjustment visit', measures: { gross: '0.00' } },
    ],
  });
  expect(
    (await ask('measures { gross }', { filter: { providerIds: [of.id(of.providers[0])] } }, doctor)).measures.gross,
  ).toBe('0.00');
});

test('who is narrowed to points of service has no production, which names none: no total, no row, no entry', async () => {
  await fill();
  const head = viewer({
    clinicIds: [of.clinicId],
    scopes: ['finance:view_revenue'],
    restrictions: { points: ['THEATRE'] },
  });

  expect(await ask('isRestricted measures { gross entryCount } breakdown(by: [PROVIDER]) { key }', {}, head)).toEqual({
    isRestricted: true,
    measures: { gross: '0.00', entryCount: 0 },
    breakdown: [],
  });
  const lists = await graph.get(
    head,
    `query ($id: ID!) { productionEntries(clinicId: $id) { totalCount } clinic(id: $id) { production(period: { month: "2026-06" }) { net } }
      performanceReport(clinicId: $id, period: { month: "2026-06" }) { total { production { net } } } }`,
    { id: of.clinic },
  );
  expect(lists).toEqual({
    productionEntries: { totalCount: 0 },
    clinic: { production: { net: '0.00' } },
    performanceReport: { total: { production: { net: '0.00' } } },
  });
});

describe('a reader of aggregates', () => {
  const analyst = () => viewer({ clinicIds: [of.clinicId], scopes: ['finance:view_revenue'], aggregateOnly: true });
  /** So many patients at each of the places, one visit of 10.00 each. */
  const visits = async (first: number, second: number) => {
    for (let n = 0; n < first + second; n += 1)
      await record(graph, of, {
        ...{ gross: '10.00', occurredAt: '2026-06-10T12:00:00Z', patientId: of.id(of.patients[n] ?? '') },
        locationId: of.id(of.locations[n < first ? 0 : 1]),
      });
  };

  test('sees neither a row of fewer than eleven patients nor one from which it follows', async () => {
    await visits(14, 4);

    const { isRestricted, measures, breakdown } = await ask(
      'isRestricted measures { gross } breakdown(by: [LOCATION]) { label isSuppressed share growth { absolute } measures { gross } }',
      {},
      analyst(),
    );

    expect([isRestricted, measures.gross]).toEqual([true, '180.00']);
    expect(breakdown).toEqual([
      { label: 'Place 1', isSuppressed: true, share: null, growth: null, measures: null },
      { label: 'Place 2', isSuppressed: true, share: null, growth: null, measures: null },
    ]);
  });

  test('gets no report of fewer than eleven patients, and none whose filter leaves so few out', async () => {
    await visits(14, 4);

    const places = of.locations.map(of.id);
    expect(await codeOf('measures { gross }', { filter: { locationIds: [places[1]] } }, analyst())).toEqual([
      'FORBIDDEN',
    ]);
    expect(await codeOf('measures { gross }', { filter: { locationIds: [places[0]] } }, analyst())).toEqual([
      'FORBIDDEN',
    ]);
    expect(await codeOf('measures { gross }', { filter: { locationIds: places } }, analyst())).toBeUndefined();
  });

  test('gets no report of a member that a breakdown withholds so that another does not follow', async () => {
    await visits(14, 0);
    const more = async (category: string, to: number) => {
      for (let n = 0; n < to; n += 1)
        await record(graph, of, {
          ...{ gross: '10.00', occurredAt: '2026-06-10T12:00:00Z', patientId: of.id(of.patients[n] ?? ''), category },
        });
    };
    await more('RECORDS', 12);
    await more('EMERGENCY', 1);
    const { breakdown } = await ask('breakdown(by: [CATEGORY]) { key isSuppressed }', {}, analyst());
    expect(breakdown.flatMap((row: any) => (row.isSuppressed ? [row.key] : [])).sort()).toEqual([
      'EMERGENCY',
      'RECORDS',
    ]);

    const of_ = (...categories: string[]) => codeOf('measures { gross }', { filter: { categories } }, analyst());
    expect(await of_('RECORDS')).toEqual(['FORBIDDEN']);
    expect(await of_('ADJUSTMENT', 'RECORDS')).toEqual(['FORBIDDEN']);
    expect(await of_('ADJUSTMENT')).toBeUndefined();
    expect(await of_('EMERGENCY', 'RECORDS')).toBeUndefined();
  });

  test('gets no comparison with a period of fewer than eleven patients', async () => {
    await visits(14, 0);
    await record(graph, of, { gross: '99.00', occurredAt: '2026-05-31T15:00:00Z' });

    const report = await ask(
      'measures { gross } previous { gross } growth { absolute } breakdown(by: []) { growth { absolute } }',
      { compareTo: { period: { month: '2026-05' } } },
      analyst(),
    );

    expect(report).toEqual({
      measures: { gross: '140.00' },
      previous: null,
      growth: null,
      breakdown: [{ growth: null }],
    });
  });
});

test('refusals: other dimensions than up to three, no limit below one, too many rows, a patient without patient:read', async () => {
  await fill();
  const manager = viewer({ clinicIds: [of.clinicId], scopes: ['finance:view_revenue'] });
  const stranger = viewer({ clinicIds: [newId()], scopes: ['finance:view_revenue'] });
  const patientId = of.id(of.patients[0] ?? '');

  expect(await codeOf('breakdown(by: [PROVIDER, PROVIDER]) { key }')).toEqual(['INVALID']);
  expect(await codeOf('breakdown(by: [PROVIDER, LOCATION, CATEGORY, PHASE]) { key }')).toEqual(['INVALID']);
  expect(await codeOf('breakdown(by: [PROVIDER], limit: 0) { key }')).toEqual(['INVALID']);
  expect(
    await codeOf('breakdown(by: [CATEGORY], granularity: DAY) { key }', {
      period: { range: { from: '2025-07-01', to: '2026-06-30' } },
    }),
  ).toEqual(['TOO_MANY_ROWS']);
  expect(await codeOf('measures { gross }', { period: { range: { from: '2026-06-30', to: '2026-06-01' } } })).toEqual([
    'BAD_RANGE',
  ]);
  expect(await codeOf('measures { gross }', { filter: { patientId } }, manager)).toEqual(['FORBIDDEN']);
  expect(await codeOf('measures { gross }', {}, viewer({ clinicIds: [of.clinicId], scopes: [] }))).toEqual([
    'FORBIDDEN',
  ]);
  expect(await ask('measures { gross }', {}, stranger)).toBeNull();
});

test('a report of one patient is on the audit trail as a read of that patient', async () => {
  await fill();
  await ask('measures { gross }', { filter: { patientId: of.id(of.patients[0] ?? '') } });

  const reads = await graph.sql(
    `SELECT e.action, e.row_count, count(s.*)::int AS subjects FROM audit_event e LEFT JOIN audit_subject s ON s.event_id = e.id
     WHERE e.clinic_id = $1 AND e.entity_type = 'ProductionReport' GROUP BY e.id, e.action, e.row_count`,
    [of.clinicId],
  );
  expect(reads).toEqual([{ action: 'patient.read', row_count: 1, subjects: 1 }]);
});
