import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  CASE,
  CLINIC,
  clinicId,
  DR_LEE,
  DR_RAY,
  ENTRY,
  idOf,
  key,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  REVERSE,
  SCOPES,
  SOUTH,
  take,
} from '../testing';

let graph: TestSubgraph;
const invoice = '00000000-0000-7000-8000-0000000000aa';
const row = (n: number) => `00000000-0000-7000-8000-0000000100${String(n).padStart(2, '0')}`;

beforeAll(async () => {
  graph = await openLedger();
  const day = (n: number) => `2026-06-${String(n).padStart(2, '0')}`;
  await take(graph, [
    anImport({
      id: row(1),
      category: 'COURTESY_DISCOUNT',
      amount: '10',
      adjustmentDate: day(1),
      locationId: NORTH,
      providerId: DR_LEE,
      patientId: patient(1),
      productionEntryId: ENTRY,
      treatmentPlanId: CASE,
    }),
    anImport({
      id: row(2),
      category: 'INSURANCE_WRITEOFF',
      amount: '800',
      adjustmentDate: day(2),
      locationId: NORTH,
      providerId: DR_RAY,
      patientId: patient(1),
      productionEntryId: ENTRY,
      payer: 'Delta',
      procedureDate: '2026-05-30',
    }),
    anImport({
      id: row(3),
      category: 'ERROR_CORRECTION',
      amount: '-30',
      adjustmentDate: day(3),
      locationId: SOUTH,
      providerId: DR_LEE,
      patientId: patient(2),
      treatmentPlanId: CASE,
    }),
    anImport({
      id: row(4),
      category: 'PROMOTIONAL',
      amount: '40',
      adjustmentDate: day(3),
      locationId: SOUTH,
      patientId: patient(2),
      invoiceId: invoice,
    }),
    anImport({
      id: row(5),
      category: 'BAD_DEBT',
      amount: '50',
      adjustmentDate: day(4),
      patientId: patient(3),
      providerId: DR_RAY,
    }),
    anImport({
      id: row(6),
      category: 'COURTESY_DISCOUNT',
      amount: '60',
      adjustmentDate: '2026-05-31',
      locationId: NORTH,
      patientId: patient(3),
    }),
  ]);
  await take(graph, [anImport({ clinicId: OTHER_CLINIC, id: row(7), category: 'OTHER', amount: '70' })]);
  await graph.get(accountant, REVERSE, { id: idOf(row(6)), input: { idempotencyKey: key() } });
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
  [{ invoiceId: idOf(invoice) }, [40]],
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
  expect((await entities(references, '', outsider))._entities).toEqual(references.map(() => null));
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
  const answer = await graph.ask(analyst, ENTITIES('... on ProductionEntry { adjustmentEntries { id } }'), {
    r: [{ __typename: 'ProductionEntry', id: idOf(ENTRY) }],
  });
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('a filter by patient needs patient:read, and a list one of its permissions', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:view_reports'] });
  const filter = { patientId: idOf(patient(1)) };
  expect((await graph.ask(clerk, LIST, { clinicId, filter })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  const nobody = viewer({ ...accountant, scopes: SCOPES.filter((scope) => scope !== 'finance:view_reports') });
  expect((await graph.ask(nobody, LIST, { clinicId })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

const ENTITIES = (selection: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${selection} } }`;
const entities = (r: unknown[], selection: string, as = accountant) => graph.get(as, ENTITIES(selection), { r });

test('production entries and invoices show the adjustments that name them, with one statement for N of them', async () => {
  const r = [
    { __typename: 'ProductionEntry', id: idOf(ENTRY) },
    { __typename: 'ProductionEntry', id: idOf(NORTH) },
    { __typename: 'Invoice', id: idOf(invoice) },
  ];
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await entities(
      r,
      '... on ProductionEntry { adjustmentEntries { amount } } ... on Invoice { adjustmentEntries { amount } }',
    );
  });

  expect(answer._entities.map((e: any) => e.adjustmentEntries.map((a: any) => a.amount))).toEqual([
    ['10.00', '800.00'],
    [],
    ['40.00'],
  ]);
  expect(
    statements.filter((sql) => sql.includes('FROM adjustment_entry') || sql.includes('JOIN adjustment_entry')),
  ).toHaveLength(2);
});

test('patients show a page of their adjustments and their write-offs, with a fixed number of statements for N of them', async () => {
  const r = [1, 2, 3, 4].map((n) => ({ __typename: 'Patient', id: idOf(patient(n)) }));
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await entities(
      r,
      '... on Patient { adjustmentEntries(first: 1) { totalCount nodes { amount } pageInfo { hasNextPage } } writeOffs { currency totalAdjustments netBadDebt } }',
    );
  });

  expect(
    answer._entities.map((p: any) => [
      p.adjustmentEntries.nodes.map((n: any) => n.amount),
      p.adjustmentEntries.totalCount,
      p.adjustmentEntries.pageInfo.hasNextPage,
      p.writeOffs.totalAdjustments,
    ]),
  ).toEqual([
    [['800.00'], 2, true, '810.00'],
    [['40.00'], 2, true, '10.00'],
    [['-60.00'], 3, true, '50.00'],
    [[], 0, false, '0.00'],
  ]);
  // Pages, counts, sums, clinic; then one audit event.
  expect(statements).toHaveLength(5);
});

test('the second page of a patient follows the first', async () => {
  const page = async (after: string | null) => {
    const answer = await graph.get(
      accountant,
      `query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Patient {
      adjustmentEntries(first: 2, after: $after) { nodes { amount } pageInfo { endCursor hasNextPage } } } } }`,
      { r: [{ __typename: 'Patient', id: idOf(patient(3)) }], after },
    );
    return answer._entities[0].adjustmentEntries;
  };
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);

  expect([...first.nodes, ...second.nodes].map(({ amount }: any) => amount)).toEqual(['-60.00', '50.00', '60.00']);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test('a case shows what was booked to it over all time, and its patients are noted as read', async () => {
  const answer = await entities(
    [{ __typename: 'TreatmentPlan', id: idOf(CASE) }],
    '... on TreatmentPlan { writeOffs { courtesyDiscounts errorCorrections totalAdjustments adjustmentCount } }',
  );

  expect(answer._entities[0].writeOffs).toEqual({
    courtesyDiscounts: '10.00',
    errorCorrections: '-30.00',
    totalAdjustments: '-20.00',
    adjustmentCount: 2,
  });
  const [event] = await graph.sql(
    `SELECT entity_type, (SELECT count(*)::int FROM audit_subject s WHERE s.event_id = e.id) AS subjects FROM audit_event e ORDER BY id DESC LIMIT 1`,
  );
  expect(event).toEqual({ entity_type: 'TreatmentPlan', subjects: 2 });
});

test('a patient without patient:read shows nothing', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:view_reports'] });
  const answer = await graph.ask(clerk, ENTITIES('... on Patient { writeOffs { netBadDebt } }'), {
    r: [{ __typename: 'Patient', id: idOf(patient(1)) }],
  });

  expect(answer.data._entities[0].writeOffs).toBeNull();
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
