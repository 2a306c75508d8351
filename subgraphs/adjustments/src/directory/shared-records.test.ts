import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, CASE, ENTRY, idOf, NORTH, openLedger, patient } from '../testing';
import { INVOICE, takeSomeEntries } from '../testing/entries';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
  await takeSomeEntries(graph);
});
afterAll(() => graph.stop());

const ENTITIES = (selection: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${selection} } }`;
const entities = (r: unknown[], selection: string, as = accountant) => graph.get(as, ENTITIES(selection), { r });

test('production entries and invoices show the adjustments that name them, with one statement for N of them', async () => {
  const r = [
    { __typename: 'ProductionEntry', id: idOf(ENTRY) },
    { __typename: 'ProductionEntry', id: idOf(NORTH) },
    { __typename: 'Invoice', id: idOf(INVOICE) },
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

test('a reader of aggregates gets no adjustments of an entry', async () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const answer = await graph.ask(analyst, ENTITIES('... on ProductionEntry { adjustmentEntries { id } }'), {
    r: [{ __typename: 'ProductionEntry', id: idOf(ENTRY) }],
  });
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
