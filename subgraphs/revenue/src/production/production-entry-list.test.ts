import { newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aPractice, record, reverse, SCOPES, type Practice } from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
  of = await aPractice(graph);
  const place = of.locations.map(of.id);
  const people = of.patients.map(of.id);
  await record(graph, of, { gross: '10', procedureId: 'P-1' });
  await record(graph, of, {
    gross: '40',
    occurredAt: '2026-06-03T15:00:00Z',
    locationId: place[1],
    category: 'RECORDS',
    procedureCode: 'D0330',
  });
  await record(graph, of, {
    gross: '30',
    occurredAt: '2026-06-10T15:00:00Z',
    patientId: people[1],
    category: 'TREATMENT_START',
    treatmentPlanId: of.id(of.plans[1] ?? ''),
  });
  const { productionEntry } = await record(graph, of, {
    gross: '20',
    procedureId: 'P-2',
    occurredAt: '2026-06-10T15:00:00Z',
    providerId: of.id(of.providers[1]),
  });
  await reverse(graph, of, productionEntry.id);
});
afterAll(() => graph.stop());

const LIST = `query ($id: ID!, $period: PeriodInput, $filter: ProductionFilter, $orderBy: ProductionOrder, $first: Int, $after: String) {
  productionEntries(clinicId: $id, period: $period, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id gross productionDate currency status clinic { name } location { name } provider { name } patient { reference } treatmentPlan { applianceSystem } hasUnresolvedReference phase reverses { gross } reversedBy { gross } } } }`;
const list = async (variables: object = {}, as = of.owner) =>
  (await graph.get(as, LIST, { id: of.clinic, ...variables })).productionEntries;
const gross = async (variables: object = {}, as = of.owner): Promise<string[]> =>
  (await list(variables, as)).nodes.map((n: any) => n.gross);

test('entries come newest day first, or in the order that is asked for, page by page without gap or repeat', async () => {
  expect((await gross()).slice(0, 2).sort()).toEqual(['-20.00', '10.00']);
  expect(await gross({ orderBy: { field: 'GROSS' } })).toEqual(['40.00', '30.00', '20.00', '10.00', '-20.00']);
  expect(await gross({ orderBy: { field: 'NET', direction: 'ASC' } })).toEqual([
    '-20.00',
    '10.00',
    '20.00',
    '30.00',
    '40.00',
  ]);
  const walked: string[] = [];
  for (let after: string | null = null; ;) {
    const page: any = await list({ first: 2, after, orderBy: { field: 'OUTSTANDING', direction: 'ASC' } });
    expect(page.totalCount).toBe(5);
    walked.push(...page.nodes.map((n: any) => n.gross));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(walked).toEqual(['-20.00', '10.00', '20.00', '30.00', '40.00']);
});

test('entries of one day come by instant, whichever was recorded first, across pages too (REV-71)', async () => {
  const other = await aPractice(graph);
  for (const [gross, at] of [
    ['2.00', '14:30'],
    ['1.00', '13:30'],
    ['3.00', '15:30'],
  ])
    await record(graph, other, { gross, occurredAt: `2026-06-10T${at ?? ''}:00Z` });

  const page = async (after: string | null) =>
    (
      await graph.get(
        other.owner,
        `query ($id: ID!, $after: String) { productionEntries(clinicId: $id, first: 2, after: $after, orderBy: { field: PRODUCTION_DATE, direction: ASC }) {
          nodes { gross } pageInfo { endCursor } } }`,
        { id: other.clinic, after },
      )
    ).productionEntries;
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);
  expect([...first.nodes, ...second.nodes].map((node: any) => node.gross)).toEqual(['1.00', '2.00', '3.00']);
});

test.each<[string, () => object, string[]]>([
  ['categories', () => ({ filter: { categories: ['RECORDS', 'TREATMENT_START'] } }), ['30.00', '40.00']],
  ['codes', () => ({ filter: { procedureCodes: ['D0330'] } }), ['40.00']],
  ['places', () => ({ filter: { locationIds: [of.id(of.locations[1])] } }), ['40.00']],
  ['providers', () => ({ filter: { providerIds: [of.id(of.providers[1])] } }), ['-20.00', '20.00']],
  ['states', () => ({ filter: { statuses: ['REVERSED'] } }), ['-20.00', '20.00']],
  ['states, without what was undone', () => ({ filter: { statuses: ['POSTED'] } }), ['10.00', '30.00', '40.00']],
  ['a phase', () => ({ filter: { phases: ['COMPREHENSIVE'] } }), ['30.00']],
  ['a system', () => ({ filter: { applianceSystems: ['METAL_BRACKETS'] } }), ['30.00']],
  ['a patient', () => ({ filter: { patientId: of.id(of.patients[1] ?? '') } }), ['30.00']],
  ['a case', () => ({ filter: { treatmentPlanId: of.id(of.plans[1] ?? '') } }), ['30.00']],
  ['a procedure', () => ({ filter: { procedureId: 'P-1' } }), ['10.00']],
  ['a procedure that was undone', () => ({ filter: { procedureId: 'P-2' } }), ['-20.00', '20.00']],
  ['a period', () => ({ period: { range: { from: '2026-06-01', to: '2026-06-09' } } }), ['40.00']],
  [
    'two members at once',
    () => ({
      period: { month: '2026-06' },
      filter: { categories: ['RECORDS'], locationIds: [of.id(of.locations[0])] },
    }),
    [],
  ],
  ['an empty list', () => ({ filter: { categories: [] } }), []],
  ['a place of another clinic', () => ({ filter: { locationIds: [recordIdText(newId(), of.locations[0])] } }), []],
])('entries are narrowed to %s', async (_, variables, expected) => {
  expect((await gross(variables())).sort()).toEqual([...expected].sort());
});

test('what waits is listed unless states are named without it', async () => {
  const other = await aPractice(graph);
  await record(graph, other, { gross: '1.00' });
  await record(graph, other, { gross: '2.00', post: false });
  const listed = async (filter: object) =>
    (
      await graph.get(
        other.owner,
        `query ($id: ID!, $filter: ProductionFilter) { productionEntries(clinicId: $id, filter: $filter, orderBy: { field: GROSS, direction: ASC }) { nodes { gross } } }`,
        { id: other.clinic, filter },
      )
    ).productionEntries.nodes.map((node: any) => node.gross);

  expect(await listed({})).toEqual(['1.00', '2.00']);
  expect(await listed({ statuses: ['POSTED'] })).toEqual(['1.00']);
  expect(await listed({ statuses: ['POSTED'], includePending: true })).toEqual(['1.00', '2.00']);
});

test('a viewer who is narrowed sees its own place or provider only', async () => {
  const head = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, restrictions: { locations: [of.locations[1]] } });
  const doctor = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, restrictions: { providers: [of.providers[1]] } });

  expect(await gross({}, head)).toEqual(['40.00']);
  expect((await gross({}, doctor)).sort()).toEqual(['-20.00', '20.00']);
  const other = (await list({ filter: { procedureId: 'P-1' } })).nodes[0].id;
  expect(await graph.get(doctor, `query ($id: ID!) { productionEntry(id: $id) { id } }`, { id: other })).toEqual({
    productionEntry: null,
  });
});

test('a page with everything it names takes a bounded number of statements, and the read is on the audit trail', async () => {
  const statements = await graph.statements(async () => {
    const page = await list();
    expect(page.nodes.find((n: any) => n.gross === '20.00')).toMatchObject({
      status: 'REVERSED',
      reversedBy: { gross: '-20.00' },
      provider: { name: 'DR-02' },
      patient: { reference: 'PT-000001' },
    });
    expect(page.nodes.find((n: any) => n.gross === '30.00')).toMatchObject({
      treatmentPlan: { applianceSystem: 'METAL_BRACKETS' },
      hasUnresolvedReference: false,
      phase: 'COMPREHENSIVE',
    });
  });
  expect(statements.length).toBeLessThanOrEqual(11);
  const [read] = await graph.sql<{ row_count: number; subjects: number }>(
    `SELECT row_count, (SELECT count(*)::int FROM audit_subject s WHERE s.clinic_id = e.clinic_id AND s.event_id = e.id) AS subjects
     FROM audit_event e WHERE clinic_id = $1 AND action = 'productionEntry.read' ORDER BY id DESC LIMIT 1`,
    [of.clinicId],
  );
  expect(read).toMatchObject({ subjects: expect.any(Number) });
});
