import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { INVOICE, row, takeSomeEntries } from '../testing/entries';
import {
  accountant,
  CASE,
  CLINIC,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  SCOPES,
  SOUTH,
} from '../testing';

let graph: TestSubgraph;

beforeAll(async () => {
  graph = await openLedger();
  await takeSomeEntries(graph);
});
afterAll(() => graph.stop());

const LIST = `query ($clinicId: ID!, $period: PeriodInput, $filter: AdjustmentFilter, $orderBy: AdjustmentOrder, $first: Int, $after: String) {
  adjustmentEntries(clinicId: $clinicId, period: $period, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount nodes { id amount category adjustmentDate } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
interface Listed {
  totalCount: number;
  nodes: { id: string; amount: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
const list = async (of: Record<string, unknown> = {}, as = accountant): Promise<Listed> =>
  (await graph.get(as, LIST, { clinicId, ...of })).adjustmentEntries;
const amounts = async (filter: Record<string, unknown>, as = accountant) =>
  (await list({ filter, period: { month: '2026-06' } }, as)).nodes.map(({ amount }) => Number(amount));

test('adjustments are listed newest first, with all states and reversals', async () => {
  const { nodes, totalCount } = await list();

  expect(nodes.map(({ amount }) => Number(amount))).toEqual([-60, 50, 40, -30, 800, 10, 60]);
  expect(totalCount).toBe(7);
});

test.each([
  [{}, [-60, 50, 40, -30, 800, 10]],
  [{ categories: ['BAD_DEBT', 'PROMOTIONAL'] }, [50, 40]],
  [{ categories: [] }, []],
  [{ groups: ['DISCOUNT'] }, [-60, 40, 10]],
  [{ groups: ['DISCOUNT'], categories: ['PROMOTIONAL'] }, [40]],
  [{ reasonCodes: ['ERR-FEE'] }, [-30]],
  [{ providerIds: [idOf(DR_LEE)] }, [-30, 10]],
  [{ providerIds: ['unassigned'] }, [-60, 40]],
  [{ providerIds: [idOf(DR_RAY), 'unassigned'] }, [-60, 50, 40, 800]],
  [{ providerIds: [idOf(DR_LEE, OTHER_CLINIC)] }, []],
  [{ locationIds: [idOf(SOUTH)] }, [40, -30]],
  [{ locationIds: ['unassigned'] }, [50]],
  [{ patientId: idOf(patient(2)) }, [40, -30]],
  [{ patientId: 'nonsense' }, []],
  [{ treatmentPlanId: idOf(CASE) }, [-30, 10]],
  [{ invoiceId: idOf(INVOICE) }, [40]],
  [{ statuses: ['APPROVED'] }, [800]],
  [{ statuses: ['PENDING'] }, []],
  [{ payers: ['Delta'] }, [800]],
  [{ minAmount: '30', maxAmount: '50' }, [50, 40, -30]],
  [{ includeReversals: false }, [50, 40, -30, 800, 10]],
])('filter %j', async (filter, expected) => {
  expect(await amounts(filter)).toEqual(expected);
});

test('the order can be by amount without sign or by the moment of recording', async () => {
  const by = async (field: string, direction: string) =>
    (await list({ orderBy: { field, direction }, filter: { includeReversals: false } })).nodes.map((n) =>
      Number(n.amount),
    );

  expect(await by('AMOUNT', 'ASC')).toEqual([10, -30, 40, 50, 800]);
  expect((await by('AMOUNT', 'DESC'))[0]).toBe(800);
  expect(await by('CREATED_AT', 'ASC')).toEqual([10, 800, -30, 40, 50]);
});

test('pages follow one another without a gap or a double, whatever the order', async () => {
  for (const orderBy of [null, { field: 'AMOUNT', direction: 'ASC' }, { field: 'CREATED_AT', direction: 'DESC' }]) {
    const whole = (await list({ orderBy })).nodes.map(({ id }) => id);
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: Listed = await list({ orderBy, first: 2, after });
      seen.push(...page.nodes.map(({ id }) => id));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toEqual(whole);
  }
});

test('a wrong page size, cursor or range is an error of the request', async () => {
  for (const wrong of [{ first: 0 }, { first: 201 }, { after: 'nonsense' }])
    expect((await graph.ask(accountant, LIST, { clinicId, ...wrong })).errors?.[0]?.extensions['code']).toBe(
      'BAD_USER_INPUT',
    );
  const period = { range: { from: '2026-06-02', to: '2026-06-01' } };
  expect((await graph.ask(accountant, LIST, { clinicId, period })).errors?.[0]?.extensions['code']).toBe('BAD_RANGE');
});

const WHOLE = `query ($clinicId: ID!) { adjustmentEntries(clinicId: $clinicId) { nodes {
  id currency reasonCode { label } reverses { id } reversedBy { id } possibleDuplicateOf { id } patient { id } location { id } } } }`;

test('a list with all its references takes a bounded number of statements', async () => {
  const statements = await graph.statements(() => graph.get(accountant, WHOLE, { clinicId }));

  // Clinic, page, reasons, linked entries; then the audit event of the read.
  expect(statements).toHaveLength(5);
});

test('rows of patients leave an audit event with as many hashes as patients, and the filter names none of them', async () => {
  await list({ filter: { patientId: idOf(patient(2)) } });

  const [event] = await graph.sql(
    `SELECT action, entity_type, row_count, filter::text AS filter, actor_id,
       (SELECT count(*)::int FROM audit_subject s WHERE s.event_id = e.id) AS subjects
     FROM audit_event e WHERE action = 'patient.read' ORDER BY id DESC LIMIT 1`,
  );
  expect(event).toMatchObject({ entity_type: 'AdjustmentEntry', row_count: 2, subjects: 1, actor_id: 'accountant' });
  expect(String(event?.['filter'])).not.toContain(idOf(patient(2)));
});

const ONE = `query ($id: ID!) { adjustmentEntry(id: $id) { id amount payer procedureDate decidedBy decidedAt approvalReasons } }`;

test('one adjustment is found by its id and its read is audited', async () => {
  const before = await graph.sql(`SELECT count(*)::int AS n FROM audit_event WHERE action = 'patient.read'`);
  expect((await graph.get(accountant, ONE, { id: idOf(row(2)) })).adjustmentEntry).toEqual({
    id: idOf(row(2)),
    amount: '800.00',
    payer: 'Delta',
    procedureDate: '2026-05-30',
    decidedBy: 'supervisor',
    decidedAt: '2026-06-15T15:00:00.000Z',
    approvalReasons: ['AMOUNT_THRESHOLD'],
  });
  const after = await graph.sql(`SELECT count(*)::int AS n FROM audit_event WHERE action = 'patient.read'`);
  expect(after[0]?.['n']).toBe(Number(before[0]?.['n']) + 1);
});

test('an outsider with ids of this clinic gets null everywhere, and no read is recorded', async () => {
  const events = () => graph.sql('SELECT count(*) FROM audit_event WHERE clinic_id = $1', [CLINIC]);
  const before = await events();
  expect((await graph.get(outsider, ONE, { id: idOf(row(1)) })).adjustmentEntry).toBeNull();
  expect(await list({}, outsider)).toBeNull();
  expect((await list({ clinicId: clinicIdText(OTHER_CLINIC) }, outsider)).totalCount).toBe(1);
  const filter = { patientId: idOf(patient(1)), locationIds: [idOf(NORTH)] };
  expect((await list({ clinicId: clinicIdText(OTHER_CLINIC), filter }, outsider)).nodes).toEqual([]);
  const references = [
    { __typename: 'AdjustmentEntry', id: idOf(row(1)) },
    { __typename: 'Clinic', id: clinicId },
    ...['Location', 'Provider', 'Patient', 'TreatmentPlan', 'ProductionEntry', 'Invoice'].map((__typename) => ({
      __typename,
      id: idOf(NORTH),
    })),
  ];
  const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
  expect((await graph.get(outsider, query, { r: references }))._entities).toEqual(references.map(() => null));
  expect(await events()).toEqual(before);
});

test('a viewer who is narrowed sees his locations and providers only', async () => {
  const north = viewer({ ...accountant, restrictions: { locations: [NORTH] } });
  const lee = viewer({ ...accountant, restrictions: { providers: [DR_LEE] } });

  expect((await list({}, north)).totalCount).toBe(4);
  expect((await list({}, lee)).nodes.map(({ amount }) => Number(amount))).toEqual([-30, 10]);
  expect((await graph.get(lee, ONE, { id: idOf(row(2)) })).adjustmentEntry).toBeNull();
});

test('a reader of aggregates gets no list, and no row by its id', async () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });

  expect((await graph.ask(analyst, LIST, { clinicId })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect((await graph.get(analyst, ONE, { id: idOf(row(1)) })).adjustmentEntry).toBeNull();
});

test('a filter by patient needs patient:read, and a list one of its permissions', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:view_reports'] });
  const filter = { patientId: idOf(patient(1)) };
  expect((await graph.ask(clerk, LIST, { clinicId, filter })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  const nobody = viewer({ ...accountant, scopes: SCOPES.filter((scope) => scope !== 'finance:view_reports') });
  expect((await graph.ask(nobody, LIST, { clinicId })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
