import type { TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, anAdjustment, idOf, key, openLedger, patient } from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const RECORD_ALL = `mutation ($input: AdjustmentsRecordInput!) { adjustmentsRecord(input: $input) {
  adjustments { id amount approvalStatus isImported } total userErrors { code path } } }`;

let patients = 300;
const line = (of: Record<string, unknown> = {}) => {
  const { idempotencyKey: _, clinicId: __, ...rest } = anAdjustment({ patientId: idOf(patient(++patients)), ...of });
  return rest;
};
const recordAll = async (adjustments: readonly unknown[], of: Record<string, unknown> = {}) => {
  const { clinicId } = anAdjustment();
  const input = { idempotencyKey: key(), clinicId, adjustments, ...of };
  return (await graph.get(accountant, RECORD_ALL, { input })).adjustmentsRecord;
};
const written = async () => [
  await graph.sql('SELECT count(*)::int AS n FROM adjustment_entry'),
  await graph.sql('SELECT sum(amount)::text AS amount FROM adjustment_slice'),
  await graph.sql('SELECT count(*)::int AS n FROM audit_event'),
  await graph.sql('SELECT count(*)::int AS n FROM idempotency'),
  (await graph.events()).length,
];

test('several adjustments are recorded in the order of the call, and a retry changes nothing', async () => {
  const adjustments = [line({ amount: '20.00' }), line({ amount: '30.50' })];
  const of = { idempotencyKey: key() };

  const done = await recordAll(adjustments, of);
  const before = await written();

  expect(done).toMatchObject({
    adjustments: [
      { amount: '20.00', approvalStatus: 'AUTO_APPROVED', isImported: false },
      { amount: '30.50', approvalStatus: 'AUTO_APPROVED', isImported: false },
    ],
    ...{ total: '50.50', userErrors: [] },
  });
  expect(await recordAll(adjustments, of)).toEqual(done);
  expect(await written()).toEqual(before);
});

test('none can be cut into parts below the threshold: each is judged with those before it', async () => {
  const patientId = idOf(patient(++patients));
  const { adjustments } = await recordAll([100, 100, 100].map((amount) => line({ patientId, amount: `${amount}.00` })));

  expect(adjustments.map((entry: { approvalStatus: string }) => entry.approvalStatus)).toEqual([
    'AUTO_APPROVED',
    'AUTO_APPROVED',
    'PENDING',
  ]);
});

test("calls at once with many days never stand in each other's way", async () => {
  const days = ['2026-06-30', '2026-06-12', '2026-06-21', '2026-06-03', '2026-06-17', '2026-06-08'];
  const shifted = (n: number) =>
    [...days.slice(n), ...days.slice(0, n)].map((adjustmentDate) => line({ adjustmentDate }));

  const calls = await Promise.all(Array.from({ length: 12 }, (_, n) => recordAll(shifted(n % days.length))));

  expect(calls.map((call) => [call.adjustments.length, call.userErrors])).toEqual(calls.map(() => [days.length, []]));
});

test('what is brought in from an older system says so', async () => {
  const { adjustments } = await recordAll([line(), line()], { isImported: true });

  expect(adjustments.map((entry: { isImported: boolean }) => entry.isImported)).toEqual([true, true]);
});

test('when one is wrong none is written, and everything that is wrong is named by its position', async () => {
  const before = await written();

  const { adjustments, userErrors } = await recordAll([
    line(),
    line({ amount: '-1.00' }),
    line({ reasonCode: 'NO-SUCH' }),
    line({ adjustmentDate: '2026-07-02' }),
  ]);

  expect(adjustments).toEqual([]);
  expect(userErrors).toEqual([
    { code: 'BAD_AMOUNT', path: ['input', 'adjustments', '1', 'amount'] },
    { code: 'BAD_REASON', path: ['input', 'adjustments', '2', 'reasonCode'] },
    { code: 'FUTURE_DATE', path: ['input', 'adjustments', '3', 'adjustmentDate'] },
  ]);
  expect(await written()).toEqual(before);
});
