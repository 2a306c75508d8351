import { fixedClock, newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { aKey, aPractice, asService, differences, record, SCOPES, type Practice } from '../../test/practice';
import { importChairHours, revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const block = (from: string, to: string, day = '2026-06-30') => ({
  startsAt: `${day}T${from}:00Z`,
  endsAt: `${day}T${to}:00Z`,
});
const chair = (changed: Record<string, unknown> = {}) => ({
  ...{ idempotencyKey: aKey(), locationId: of.id(of.locations[0]), chairId: 'A', businessDate: '2026-06-30' },
  ...{ availableBlocks: [block('13:00', '17:00')], usedBlocks: [block('13:30', '14:30'), block('14:00', '15:30')] },
  ...changed,
});
const RECORD = `mutation ($input: ChairHoursRecordInput!) { chairHoursRecord(input: $input) {
  chairHours { id chairId businessDate availableMinutes usedMinutes location { name } provider { name isStub } createdBy } userErrors { code path } } }`;
const save = async (changed: Record<string, unknown> = {}, as = of.owner, on = graph) =>
  (await on.get(as, RECORD, { input: chair(changed) })).chairHoursRecord;
const CHAIRS = `usedChairHours availableChairHours perUsedChairHour { numerator denominator value status } perAvailableChairHour { value } chairUtilization { value status }`;
const report = async (fields: string, filter: unknown = null, as = of.owner) =>
  (
    await graph.get(
      as,
      `query ($id: ID!, $filter: ProductionFilter) { productionReport(clinicId: $id, period: { month: "2026-06" }, filter: $filter) { ${fields} } }`,
      { id: of.clinic, filter },
    )
  ).productionReport;

test('blocks that overlap are merged; recording a day again replaces it, also in what is summed (REV-77)', async () => {
  const first = await save({ providerId: of.id(of.providers[0]) });
  const second = await save({ providerId: of.id(of.providers[1]), usedBlocks: [block('13:00', '14:00')] });

  expect(first.chairHours).toMatchObject({
    ...{ chairId: 'A', businessDate: '2026-06-30', availableMinutes: 240, usedMinutes: 120 },
    ...{ location: { name: 'Place 1' }, provider: { name: 'DR-01' }, createdBy: 'test-user' },
  });
  expect(second.chairHours).toMatchObject({ id: first.chairHours.id, usedMinutes: 60, provider: { name: 'DR-02' } });
  const { breakdown } = await report(
    'breakdown(by: [PROVIDER]) { label measures { usedChairHours availableChairHours } }',
  );
  expect(breakdown).toEqual([
    { label: 'DR-01', measures: { usedChairHours: '0', availableChairHours: '0' } },
    { label: 'DR-02', measures: { usedChairHours: '1', availableChairHours: '4' } },
  ]);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('production per used and per available chair hour, with utilisation (REV-07)', async () => {
  await save();
  await save({ chairId: 'B', usedBlocks: [] });
  await save({ locationId: of.id(of.locations[1]), usedBlocks: [block('13:00', '17:00')], availableBlocks: [] });
  await record(graph, of, { gross: '900.00', occurredAt: '2026-06-17T15:00:00Z' });
  await record(graph, of, { gross: '60.00', occurredAt: '2026-06-17T12:00:00Z', locationId: of.id(of.locations[1]) });

  const { measures, breakdown } = await report(
    `measures { ${CHAIRS} } breakdown(by: [LOCATION]) { label measures { perUsedChairHour { value } chairUtilization { value status } } }`,
  );

  expect(measures).toEqual({
    ...{ usedChairHours: '6', availableChairHours: '8' },
    perUsedChairHour: { numerator: '960', denominator: '6', value: '160', status: 'COMPUTED' },
    perAvailableChairHour: { value: '120' },
    chairUtilization: { value: '0.75', status: 'COMPUTED' },
  });
  // Consolidated, sums are divided by sums: 160 is not the mean of 450 and 15 (C-R11).
  expect(breakdown).toEqual([
    {
      label: 'Place 1',
      measures: { perUsedChairHour: { value: '450' }, chairUtilization: { value: '0.25', status: 'COMPUTED' } },
    },
    {
      label: 'Place 2',
      measures: { perUsedChairHour: { value: '15' }, chairUtilization: { value: null, status: 'ZERO_DENOMINATOR' } },
    },
  ]);
});

test('chair time has no meaning for a category, code, phase, system, case or patient', async () => {
  await save();
  await record(graph, of, { gross: '900.00' });

  const { measures } = await report(`measures { ${CHAIRS} }`, { categories: ['ADJUSTMENT'] });
  const none = { value: null, status: 'UNAVAILABLE' };
  expect(measures).toEqual({
    ...{ usedChairHours: null, availableChairHours: null, perAvailableChairHour: { value: null } },
    ...{ perUsedChairHour: { numerator: null, denominator: null, ...none }, chairUtilization: none },
  });
  for (const by of ['CATEGORY', 'PROCEDURE_CODE', 'PHASE', 'APPLIANCE_SYSTEM'])
    expect((await report(`breakdown(by: [${by}], limit: 1) { measures { usedChairHours } }`)).breakdown).toEqual([
      { measures: { usedChairHours: null } },
    ]);
  const { patient } = await graph.get(
    of.owner,
    'query ($id: ID!) { patient(id: $id) { production { usedChairHours } } }',
    {
      id: of.id(of.patients[0] ?? ''),
    },
  );
  expect(patient.production.usedChairHours).toBeNull();
});

test('the scorecard and the directory show chair time; it costs one more statement, and only when it is asked for', async () => {
  await save({ providerId: of.id(of.providers[0]) });
  const rowsOf = (fields: string) =>
    graph.get(
      of.owner,
      `query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }, groupBy: [LOCATION, PROVIDER]) {
        rows { location { name } provider { name } production { net ${fields} } } total { production { net ${fields} } } } }`,
      { id: of.clinic },
    );
  let answer: any;
  const without = await graph.statements(() => rowsOf(''));
  const statements = await graph.statements(async () => {
    answer = (await rowsOf('usedChairHours')).performanceReport;
  });

  expect(statements.length).toBe(without.length + 1);
  expect(answer.total.production.usedChairHours).toBe('2');
  expect(
    answer.rows
      .filter((row: any) => row.production.usedChairHours !== '0')
      .map((row: any) => [row.location.name, row.provider?.name]),
  ).toEqual([['Place 1', 'DR-01']]);
});

test('the list shows the newest day first, page by page, behind its filters', async () => {
  for (const [n, day] of ['2026-06-28', '2026-06-29', '2026-06-30'].entries())
    await save({
      ...{ businessDate: day, availableBlocks: [block('13:00', '14:00', day)], usedBlocks: [] },
      providerId: n === 1 ? of.id(of.providers[0]) : null,
    });
  const list = async (args: string) =>
    (
      await graph.get(
        of.owner,
        `query ($id: ID!) { chairHours(clinicId: $id, period: { month: "2026-06" }${args}) { nodes { businessDate } pageInfo { hasNextPage endCursor } totalCount } }`,
        { id: of.clinic },
      )
    ).chairHours;
  const days = (page: any) => page.nodes.map((row: any) => row.businessDate);

  const first = await list(', first: 2');
  expect([days(first), first.pageInfo.hasNextPage, first.totalCount]).toEqual([['2026-06-30', '2026-06-29'], true, 3]);
  expect(days(await list(`, first: 2, after: "${first.pageInfo.endCursor}"`))).toEqual(['2026-06-28']);
  expect(days(await list(`, providerIds: ["${of.id(of.providers[0])}"]`))).toEqual(['2026-06-29']);
  expect(days(await list(', providerIds: ["unassigned"]'))).toEqual(['2026-06-30', '2026-06-28']);
  expect(days(await list(`, locationIds: ["${of.id(of.locations[1])}"]`))).toEqual([]);
  const read = (first: number) =>
    graph.statements(() =>
      graph.get(
        of.owner,
        'query ($id: ID!, $first: Int) { chairHours(clinicId: $id, period: { month: "2026-06" }, first: $first) { nodes { location { name } provider { name } } } }',
        { id: of.clinic, first },
      ),
    );
  expect((await read(3)).length).toBe((await read(2)).length);
});

test('a provider who works at two places on a day has the hours of each by its own blocks (REV-76)', async () => {
  const providerId = of.id(of.providers[0]);
  await save({ providerId, usedBlocks: [block('13:00', '15:00')] });
  await save({ providerId, locationId: of.id(of.locations[1]), usedBlocks: [block('16:00', '17:00')] });

  const { breakdown } = await report('breakdown(by: [PROVIDER, LOCATION]) { label measures { net usedChairHours } }');
  expect(breakdown).toEqual([
    { label: 'DR-01, Place 1', measures: { net: '0.00', usedChairHours: '2' } },
    { label: 'DR-01, Place 2', measures: { net: '0.00', usedChairHours: '1' } },
  ]);
  const { rows } = (
    await graph.get(
      of.owner,
      'query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }, groupBy: [PROVIDER]) { rows { provider { name } production { usedChairHours } } } }',
      { id: of.clinic },
    )
  ).performanceReport;
  expect(rows[0]).toEqual({ provider: { name: 'DR-01' }, production: { usedChairHours: '3' } });
});

test('on the day on which clocks change the hours are those that passed (G-06)', async () => {
  const november = await testSubgraph(revenue, { clock: fixedClock('2026-11-02T18:00:00Z'), database: graph.database });
  const { chairHours } = await save(
    {
      businessDate: '2026-11-01',
      availableBlocks: [{ startsAt: '2026-11-01T00:00:00-04:00', endsAt: '2026-11-01T04:00:00-05:00' }],
      usedBlocks: [{ startsAt: '2026-11-01T01:30:00-04:00', endsAt: '2026-11-01T01:30:00-05:00' }],
    },
    of.owner,
    november,
  );
  await november.stop();
  expect(chairHours).toMatchObject({ availableMinutes: 300, usedMinutes: 60 });
});

describe('refusals write nothing', () => {
  const cases: [string, () => Record<string, unknown>, string, string[]][] = [
    [
      'a block that ends before it begins',
      () => ({ usedBlocks: [block('15:00', '14:00')] }),
      'BAD_RANGE',
      ['input', 'usedBlocks', '0', 'endsAt'],
    ],
    [
      'a block of more than a day',
      () => ({ usedBlocks: [{ startsAt: '2026-06-30T10:00:00Z', endsAt: '2026-07-01T12:00:00Z' }] }),
      'INVALID',
      ['input', 'usedBlocks', '0', 'endsAt'],
    ],
    [
      'a block that begins on another day at the place',
      () => ({ availableBlocks: [block('03:00', '05:00')] }),
      'INVALID',
      ['input', 'availableBlocks', '0', 'startsAt'],
    ],
    ['a day in the future', () => ({ businessDate: '2026-07-01' }), 'FUTURE_DATE', ['input', 'businessDate']],
    ['a day too far back', () => ({ businessDate: '2026-05-01' }), 'BACKDATED_TOO_FAR', ['input', 'businessDate']],
    ['a chair without a name', () => ({ chairId: ' ' }), 'INVALID', ['input', 'chairId']],
    ['an unknown place', () => ({ locationId: of.id(newId()) }), 'NOT_FOUND', ['input', 'locationId']],
  ];
  test.each(cases)('%s', async (_, input, code, path) => {
    expect(await save(input())).toEqual({ chairHours: null, userErrors: [{ code, path }] });
    expect(await graph.sql('SELECT 1 FROM chair_hours WHERE clinic_id = $1', [of.clinicId])).toEqual([]);
    expect(await graph.sql('SELECT 1 FROM chair_slice WHERE clinic_id = $1', [of.clinicId])).toEqual([]);
  });

  test('who may not record, and who is narrowed to another place', async () => {
    const reader = { ...of.owner, scopes: ['finance:view_revenue'] };
    const narrowed = { ...of.owner, scopes: SCOPES, restrictions: { locations: [of.locations[1]] } };
    expect((await graph.ask(reader, RECORD, { input: chair() })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await save({}, narrowed)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['input', 'locationId'] }]);
    // What another provider recorded is not replaced by one who sees only the own.
    const own = { ...of.owner, scopes: SCOPES, restrictions: { providers: [of.providers[1]] } };
    await save({ providerId: of.id(of.providers[0]) });
    expect((await save({ providerId: of.id(of.providers[1]) }, own)).userErrors).toEqual([
      { code: 'NOT_FOUND', path: ['input', 'chairId'] },
    ]);
    expect((await save({ chairId: 'B', providerId: of.id(of.providers[1]) }, own)).userErrors).toEqual([]);
    const stranger = viewer({ clinicIds: [newId()], scopes: SCOPES });
    expect((await save({}, stranger)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['input', 'locationId'] }]);
  });
});

test('whatever is recorded in whatever order, slices hold the records, and parts add up to the whole', async () => {
  const days = fc.array(
    fc.record({
      chair: fc.nat({ max: 2 }),
      day: fc.nat({ max: 40 }),
      place: fc.nat({ max: 1 }),
      provider: fc.option(fc.nat({ max: 1 })),
      available: fc.nat({ max: 600 }),
      used: fc.nat({ max: 600 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(days, async (all) => {
      of = await aPractice(graph, 1);
      const last = new Map<string, (typeof all)[number]>();
      for (const each of all) {
        await asService(graph, of.clinicId, (tx) =>
          importChairHours(tx, of.clinicId, [
            {
              ...{ id: newId(), locationId: of.locations[each.place] ?? '', chairId: `C${String(each.chair)}` },
              businessDate: new Date(Date.UTC(2026, 4, 15 + each.day)).toISOString().slice(0, 10),
              providerId: each.provider === null ? null : (of.providers[each.provider] ?? ''),
              ...{ availableMinutes: each.available, usedMinutes: each.used },
            },
          ]),
        );
        last.set([each.place, each.chair, each.day].join(), each);
      }
      expect(await differences(graph, of.clinicId)).toEqual([]);
      const { productionReport } = await graph.get(
        of.owner,
        `query ($id: ID!) { productionReport(clinicId: $id, period: { range: { from: "2026-05-10", to: "2026-06-28" } }) { measures { usedChairHours }
          breakdown(by: [LOCATION], granularity: WEEK) { measures { usedChairHours } } } }`,
        { id: of.clinic },
      );
      const used = [...last.values()].reduce((sum, each) => sum + each.used, 0);
      const minutes = (hours: string) => Math.round(Number(hours) * 60);
      expect(minutes(productionReport.measures.usedChairHours)).toBe(used);
      expect(
        productionReport.breakdown.reduce((sum: number, row: any) => sum + minutes(row.measures.usedChairHours), 0),
      ).toBe(used);
    }),
    { numRuns: 8 },
  );
});
