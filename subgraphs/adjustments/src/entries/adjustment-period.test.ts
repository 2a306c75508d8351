import type { TestSubgraph } from '@practice-graph/kit/testing';
import { tellPeriod } from '@practice-graph/practice/testing';
import { systemViewer, transact } from '@practice-graph/kit';
import { adjustments } from '..';
import {
  accountant,
  anAdjustment,
  anImport,
  CLINIC,
  clinicId,
  idOf,
  key,
  openLedger,
  patient,
  RECORD,
  REVERSE,
  SOUTH,
  take,
} from '../testing';
import { APPROVE, POLICY_SET, REJECT, supervisor } from '../testing/approvals';

// One story, in order: June stays open, May closes in the course of it.
let graph: TestSubgraph;
const backdater = { ...accountant, scopes: [...accountant.scopes, 'records:backdate'] };
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 700;
const record = async (of: Record<string, unknown>) =>
  (await graph.get(backdater, RECORD, { input: anAdjustment({ patientId: idOf(patient(++patients)), ...of }) }))
    .adjustmentRecord;
const reverse = async (id: string) =>
  (await graph.get(accountant, REVERSE, { id, input: { idempotencyKey: key(), reason: 'wrong account' } }))
    .adjustmentReverse;
const approve = async (ids: string[]) =>
  (await graph.get(supervisor, APPROVE, { ids, input: { idempotencyKey: key() } })).adjustmentApprove;
const month = async (text: string): Promise<unknown> =>
  (
    await graph.get(
      accountant,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Clinic { writeOffs(period: { month: "${text}" }) {
         courtesyDiscounts insuranceWriteOffs adjustmentCount pending pendingCount } } } }`,
      { r: [{ __typename: 'Clinic', id: clinicId }] },
    )
  )._entities[0].writeOffs;
const stored = async (opaque: string) =>
  (
    await graph.get(
      accountant,
      'query ($id: ID!) { adjustmentEntry(id: $id) { adjustmentDate originalAdjustmentDate approvalStatus } }',
      { id: opaque },
    )
  ).adjustmentEntry;
const told = async (type: string): Promise<Record<string, unknown>[]> =>
  (await graph.events()).filter((job) => job.event.type === type).map(({ event }) => event.data as never);
const wrong = () =>
  transact(graph.running.database, systemViewer(CLINIC), CLINIC, async (tx) =>
    (await Promise.all(adjustments.verifiers.map((verify) => verify(tx, CLINIC))))
      .flat()
      .flatMap((of) => of.differences),
  );

let counted: string;
let early: string;
let late: string;
let southern: string;
let refusedLater: string;

test('while May is open, adjustments are dated in it, and some wait', async () => {
  const of = async (more: Record<string, unknown>) => {
    const { adjustment, userErrors } = await record({ adjustmentDate: '2026-05-20', ...more });
    expect(userErrors).toEqual([]);
    return adjustment.id as string;
  };
  counted = await of({});
  early = await of({ amount: '300.00' });
  late = await of({ amount: '400.00' });
  southern = await of({ amount: '500.00', locationId: idOf(SOUTH) });
  refusedLater = await of({ amount: '600.00' });
  await approve([early]);

  expect(await stored(early)).toEqual({
    adjustmentDate: '2026-05-20',
    originalAdjustmentDate: null,
    approvalStatus: 'APPROVED',
  });
  expect(await month('2026-05')).toEqual({
    courtesyDiscounts: '320.00',
    insuranceWriteOffs: '0.00',
    adjustmentCount: 2,
    pending: '1500.00',
    pendingCount: 3,
  });
});

test('once May closes, nothing more is recorded, swept, recovered or imported into it', async () => {
  await tellPeriod(graph, CLINIC, '2026-05', 'CLOSING', 2);
  const rows = () => graph.sql('SELECT count(*) FROM adjustment_entry');
  const before = await rows();

  expect((await record({ adjustmentDate: '2026-05-20' })).userErrors).toEqual([
    {
      code: 'PERIOD_CLOSED',
      message: '2026-05 is closing: nothing is posted into it.',
      path: ['input', 'adjustmentDate'],
    },
  ]);
  const recovery = await graph.get(
    backdater,
    `mutation ($input: RecoveryRecordInput!) { adjustmentRecoveryRecord(input: $input) { userErrors { code path } } }`,
    {
      input: {
        ...{ idempotencyKey: key(), clinicId, patientId: idOf(patient(1)), amount: '5.00' },
        ...{ recoveredOn: '2026-05-31', reasonCode: 'REC-PATIENT' },
      },
    },
  );
  expect(recovery.adjustmentRecoveryRecord.userErrors).toEqual([
    { code: 'PERIOD_CLOSED', path: ['input', 'recoveredOn'] },
  ]);
  await expect(
    take(graph, [anImport({ category: 'COURTESY_DISCOUNT', amount: '1.00', adjustmentDate: '2026-05-01' })]),
  ).rejects.toMatchObject({ refusals: [{ code: 'PERIOD_CLOSED' }] });
  expect(await rows()).toEqual(before);
});

test('rules do not begin in a month that takes no postings', async () => {
  const set = async (effectiveFrom: string) =>
    (
      await graph.get(accountant, POLICY_SET, {
        clinicId,
        input: { idempotencyKey: key(), effectiveFrom, watchMargin: '0.3' },
      })
    ).adjustmentPolicySet.userErrors;

  expect(await set('2026-05-31')).toEqual([{ code: 'PERIOD_CLOSED', path: ['input', 'effectiveFrom'] }]);
  expect(await set('2026-06-01')).toEqual([]);
});

test('the confirmation follows what the domain told of the month', async () => {
  expect(await told('period.confirmed')).toEqual([{ month: '2026-05-01', domain: 'adjustments', version: 2 }]);
});

test('what waited when its month closed counts on the day of the decision and keeps the day it was meant for (ADJ-64)', async () => {
  const { adjustments, userErrors } = await approve([late, southern]);

  expect(userErrors).toEqual([]);
  expect(adjustments).toHaveLength(2);
  expect(await stored(late)).toEqual({
    adjustmentDate: '2026-06-30',
    originalAdjustmentDate: '2026-05-20',
    approvalStatus: 'APPROVED',
  });
  expect((await told('adjustment.posted')).filter((fact) => fact['amount'] === '400')).toMatchObject([
    { adjustmentDate: '2026-06-30', originalDate: '2026-05-20' },
  ]);
  expect(await month('2026-05')).toMatchObject({ courtesyDiscounts: '320.00', adjustmentCount: 2, pendingCount: 1 });
  expect(await month('2026-06')).toMatchObject({ courtesyDiscounts: '900.00', adjustmentCount: 2, pendingCount: 0 });
  expect(await wrong()).toEqual([]);
});

test('a waiting adjustment of a closed month is rejected in it and counts nowhere', async () => {
  const { adjustmentReject } = await graph.get(supervisor, REJECT, {
    id: refusedLater,
    input: { idempotencyKey: key(), reason: 'no' },
  });

  expect(adjustmentReject.userErrors).toEqual([]);
  expect(await month('2026-05')).toMatchObject({ courtesyDiscounts: '320.00', pending: '0.00', pendingCount: 0 });
  expect(await wrong()).toEqual([]);
});

test('a reversal of a closed month counts today, keeps the original day and leaves the closed month as it was (G-11)', async () => {
  await tellPeriod(graph, CLINIC, '2026-05', 'CLOSED', 3);

  const { adjustment, userErrors } = await reverse(counted);

  expect(userErrors).toEqual([]);
  expect(adjustment.adjustmentDate).toBe('2026-06-30');
  expect(await stored(adjustment.id)).toMatchObject({ originalAdjustmentDate: '2026-05-20' });
  expect(await month('2026-05')).toMatchObject({ courtesyDiscounts: '320.00', adjustmentCount: 2 });
  expect(await month('2026-06')).toMatchObject({ courtesyDiscounts: '880.00', adjustmentCount: 1 });
});

test('when the month of today is closed too, a reversal counts on the first day of the next open month (E-17)', async () => {
  await tellPeriod(graph, CLINIC, '2026-06', 'CLOSING', 2);
  await tellPeriod(graph, CLINIC, '2026-07', 'CLOSED', 3);

  const { adjustment } = await reverse(early);

  expect(adjustment).toMatchObject({ amount: '-300.00', adjustmentDate: '2026-08-01' });
  const { originalAdjustmentDate } = await stored(adjustment.id);
  expect(originalAdjustmentDate).toMatch(/^2026-05/);
  expect(await wrong()).toEqual([]);

  // Decided on when that month is closed as well, it moves on; the day that it undoes is still the one that it was meant for.
  await tellPeriod(graph, CLINIC, '2026-08', 'CLOSING', 2);
  expect((await approve([adjustment.id])).userErrors).toEqual([]);
  expect(await stored(adjustment.id)).toEqual({
    ...{ adjustmentDate: '2026-09-01', approvalStatus: 'APPROVED', originalAdjustmentDate },
  });
  expect((await told('adjustment.reversed')).at(-1)).toMatchObject({ originalDate: originalAdjustmentDate });
  expect(await wrong()).toEqual([]);
});

test('a reopened month takes postings again', async () => {
  await tellPeriod(graph, CLINIC, '2026-05', 'OPEN', 4);

  expect((await record({ adjustmentDate: '2026-05-20' })).userErrors).toEqual([]);
  expect(await month('2026-05')).toMatchObject({ courtesyDiscounts: '340.00' });
});
