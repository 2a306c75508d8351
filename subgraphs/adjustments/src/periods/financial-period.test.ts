import type { TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, anImport, clinicId, key, NORTH, openLedger, outsider, SOUTH, take } from '../testing';
import { supervisor } from '../testing/approvals';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
  const waiting = (adjustmentDate: string, locationId: string) =>
    anImport({
      ...{ category: 'COURTESY_DISCOUNT', amount: '300', adjustmentDate, locationId, isPending: true, decision: null },
    });
  await take(graph, [
    waiting('2026-04-30', NORTH),
    waiting('2026-05-01', NORTH),
    waiting('2026-05-31', SOUTH),
    anImport({ category: 'COURTESY_DISCOUNT', amount: '10', adjustmentDate: '2026-05-15', locationId: NORTH }),
  ]);
  for (const month of ['2026-04', '2026-05'])
    await graph.get(
      supervisor,
      `mutation ($c: ID!, $m: String!, $k: String!) { adjustmentReviewComplete(clinicId: $c, month: $m, input: { idempotencyKey: $k }) { userErrors { code } } }`,
      { c: clinicId, m: month, k: key() },
    );
});
afterAll(() => graph.stop());

const period = (type: string, from: string, to: string) => ({
  __typename: 'FinancialPeriod',
  clinicId,
  type,
  from,
  to,
});
const PERIODS = [
  period('MONTH', '2026-04-01', '2026-04-30'),
  period('MONTH', '2026-05-01', '2026-05-31'),
  period('MONTH', '2026-06-01', '2026-06-30'),
  period('QUARTER', '2026-04-01', '2026-06-30'),
  period('QUARTER', '2026-01-01', '2026-03-31'),
  period('YEAR', '2026-01-01', '2026-12-31'),
];
const open = async (representations: unknown[] = PERIODS, as = accountant): Promise<any[]> =>
  (
    await graph.get(
      as,
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on FinancialPeriod { pendingAdjustmentCount missingReviewCount } } }',
      { r: representations },
    )
  )._entities;

test('a period tells what still waits in it and which ended months were not reviewed (ADJ-93)', async () => {
  expect((await open()).map((of) => [of.pendingAdjustmentCount, of.missingReviewCount])).toEqual([
    [1, 0],
    [2, 0],
    [0, 0],
    [3, 0],
    [0, 3],
    [3, 3],
  ]);
});

test('many periods take the same number of statements as one', async () => {
  const one = await graph.statements(() => open(PERIODS.slice(0, 1)));
  const all = await graph.statements(() => open());

  expect(all.length).toBe(one.length);
  expect(all.length).toBeLessThanOrEqual(3);
});

test('a reader of one place counts there, and another clinic counts nothing', async () => {
  const north = { ...accountant, restrictions: { locations: [NORTH] } };

  expect((await open(PERIODS.slice(1, 2), north))[0].pendingAdjustmentCount).toBe(1);
  expect(await open(PERIODS.slice(0, 1), outsider)).toEqual([null]);
});
