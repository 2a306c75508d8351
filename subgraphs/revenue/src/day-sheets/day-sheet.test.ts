import { Decimal } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aKey,
  anAdjustment,
  aPractice,
  asService,
  differences,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
let boss: Practice['owner'];
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
  boss = { ...of.owner, scopes: [...of.owner.scopes, 'finance:close_periods', 'audit:read'] };
});
const patient = (n: number) => of.id(of.patients[n] ?? '');
const SHEET = `id businessDate status version closedAt closedBy location { id } measures { gross net entryCount visitCount collected }`;
const SHEETS = `query ($id: ID!, $locationIds: [ID!], $statuses: [DaySheetStatus!], $first: Int, $after: String) {
  daySheets(clinicId: $id, period: { range: { from: "2026-06-01", to: "2026-06-30" } }, locationIds: $locationIds, statuses: $statuses, first: $first, after: $after) {
    nodes { ${SHEET} entries { nodes { gross daySheet { id } } } } pageInfo { hasNextPage endCursor } totalCount } }`;
const sheets = async (variables: Record<string, unknown> = {}, as = boss): Promise<any> =>
  (await graph.get(as, SHEETS, { id: of.clinic, ...variables })).daySheets;
const step = async (name: 'Close' | 'Reopen', id: string, changed: Record<string, unknown> = {}): Promise<any> =>
  (
    await graph.get(
      boss,
      `mutation ($id: ID!, $input: WorkflowStepInput!) { daySheet${name}(id: $id, input: $input) { daySheet { ${SHEET} auditTrail { action note } } userErrors { code path } } }`,
      { id, input: { idempotencyKey: aKey(), ...changed } },
    )
  )[`daySheet${name}`];
const at = (day: number) => ({ occurredAt: `2026-06-${String(day).padStart(2, '0')}T15:00:00Z` });

test('each place and day with entries has its sheet, newest day first, with its entries and totals', async () => {
  await record(graph, of, { ...at(10), gross: '10.00' });
  await record(graph, of, { ...at(10), gross: '15.00', patientId: patient(1) });
  await record(graph, of, { ...at(10), gross: '20.00', locationId: of.id(of.locations[1]) });
  await record(graph, of, { ...at(12), gross: '30.00' });
  const waiting = (await record(graph, of, { ...at(13), post: false })).productionEntry.id as string;

  const { nodes, totalCount } = await sheets();
  const first = await sheets({ first: 1 });
  const second = await sheets({ first: 1, after: first.pageInfo.endCursor });

  expect(nodes.map((s: any) => [s.businessDate, s.status, s.measures.gross, s.measures.entryCount])).toEqual([
    ['2026-06-12', 'OPEN', '30.00', 1],
    ...(nodes[1].location.id === of.id(of.locations[0])
      ? [
          ['2026-06-10', 'OPEN', '25.00', 2],
          ['2026-06-10', 'OPEN', '20.00', 1],
        ]
      : [
          ['2026-06-10', 'OPEN', '20.00', 1],
          ['2026-06-10', 'OPEN', '25.00', 2],
        ]),
  ]);
  for (const sheet of nodes) for (const entry of sheet.entries.nodes) expect(entry.daySheet.id).toBe(sheet.id);
  expect(totalCount).toBe(3);
  expect([first.nodes[0].id, second.nodes[0].id]).toEqual([nodes[0].id, nodes[1].id]);
  expect((await sheets({ locationIds: [of.id(of.locations[1])] })).totalCount).toBe(1);
  expect((await sheets({ statuses: ['CLOSED'] })).totalCount).toBe(0);
  const { productionEntry } = await graph.get(
    of.owner,
    'query ($id: ID!) { productionEntry(id: $id) { daySheet { id } } }',
    {
      id: waiting,
    },
  );
  expect(productionEntry.daySheet).toBeNull();
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('many sheets with their entries take a bounded number of statements', async () => {
  for (const day of [3, 4, 5]) await record(graph, of, at(day));
  const few = await graph.statements(() => sheets());
  for (const day of [8, 9, 10, 11]) await record(graph, of, at(day));
  const many = await graph.statements(() => sheets());

  expect(many.length).toBe(few.length);
});

test('a closed sheet takes no entry and keeps its totals, while adjustments go on', async () => {
  const { productionEntry } = await record(graph, of, { ...at(10), gross: '100.00' });
  const waiting = (await record(graph, of, { ...at(10), post: false })).productionEntry.id as string;
  const [sheet] = (await sheets()).nodes;

  const { daySheet } = await step('Close', sheet.id, { expectedVersion: 1 });
  expect(daySheet).toMatchObject({
    status: 'CLOSED',
    version: 2,
    closedBy: 'test-user',
    measures: { gross: '100.00' },
  });
  const before = await rowCounts(graph, of.clinicId);

  expect((await record(graph, of, at(10))).userErrors).toMatchObject([
    { code: 'DAY_SHEET_CLOSED', path: ['input', 'occurredAt'] },
  ]);
  expect((await reverse(graph, of, productionEntry.id, { dateBasis: 'ORIGINAL_DATE' })).userErrors).toMatchObject([
    { code: 'DAY_SHEET_CLOSED', path: ['input', 'dateBasis'] },
  ]);
  const { productionEntryPost } = await graph.get(
    of.owner,
    'mutation ($id: ID!, $input: WorkflowStepInput!) { productionEntryPost(id: $id, input: $input) { userErrors { code path } } }',
    { id: waiting, input: { idempotencyKey: aKey() } },
  );
  expect(productionEntryPost.userErrors).toEqual([{ code: 'DAY_SHEET_CLOSED', path: ['id'] }]);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);

  await asService(graph, of.clinicId, (tx) =>
    importAdjustments(tx, of.clinicId, [
      anAdjustment(of, { amount: new Decimal('30.00'), adjustmentDate: '2026-06-10' }),
    ]),
  );
  const [closed] = (await sheets()).nodes;
  expect(closed.measures).toMatchObject({ gross: '100.00', net: '100.00', entryCount: 1 });
  expect((await record(graph, of, { ...at(10), locationId: of.id(of.locations[1]) })).userErrors).toEqual([]);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a sheet is reopened with a reason, takes entries again and shows the totals of now', async () => {
  await record(graph, of, { ...at(10), gross: '100.00' });
  const [{ id }] = (await sheets()).nodes;
  await step('Close', id);

  expect((await step('Close', id)).userErrors).toEqual([{ code: 'ILLEGAL_STATE_CHANGE', path: ['id'] }]);
  expect((await step('Reopen', id)).userErrors).toEqual([{ code: 'REASON_REQUIRED', path: ['input', 'reason'] }]);
  expect((await step('Reopen', id, { reason: 'x', expectedVersion: 1 })).userErrors).toMatchObject([
    { code: 'STALE_VERSION' },
  ]);
  const { daySheet } = await step('Reopen', id, { reason: 'A visit was forgotten' });
  expect(daySheet).toMatchObject({ status: 'OPEN', closedAt: null, closedBy: null });
  expect(daySheet.auditTrail).toEqual([
    { action: 'daySheet.close', note: null },
    { action: 'daySheet.reopen', note: 'A visit was forgotten' },
  ]);

  expect((await record(graph, of, { ...at(10), gross: '5.00', patientId: patient(2) })).userErrors).toEqual([]);
  expect((await sheets()).nodes[0].measures).toMatchObject({ gross: '105.00', entryCount: 2 });
  expect((await step('Reopen', id, { reason: 'x' })).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE_CHANGE' }]);
});

test('entries recorded while a sheet is being closed are on it or refused, never beside it', async () => {
  await record(graph, of, at(10));
  const [{ id }] = (await sheets()).nodes;

  const [, ...answers] = await Promise.all([
    step('Close', id),
    ...Array.from({ length: 12 }, (_, n) => record(graph, of, { ...at(10), patientId: patient(n) })),
  ]);

  const [closed] = (await sheets()).nodes;
  const taken = answers.filter((answer) => answer.userErrors.length === 0).length;
  expect(closed.measures.entryCount).toBe(1 + taken);
  for (const { userErrors } of answers)
    if (userErrors.length > 0) expect(userErrors).toMatchObject([{ code: 'DAY_SHEET_CLOSED' }]);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('readers of aggregates get no sheets, and a provider sees the totals of his own', async () => {
  await record(graph, of, { ...at(10), gross: '100.00' });
  await record(graph, of, { ...at(10), gross: '40.00', providerId: of.id(of.providers[1]) });
  const [{ id }] = (await sheets()).nodes;
  await step('Close', id);

  const own = await sheets({}, { ...boss, restrictions: { providers: [of.providers[1]] } });
  const answer = await graph.ask({ ...boss, aggregateOnly: true }, SHEETS, { id: of.clinic });

  expect(own.nodes[0].measures.gross).toBe('40.00');
  expect(own.nodes[0].entries.nodes.map((e: any) => e.gross)).toEqual(['40.00']);
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(answer.data?.['daySheets']).toBeNull();
});
