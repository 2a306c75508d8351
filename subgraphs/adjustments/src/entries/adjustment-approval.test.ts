import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, tellDirectory } from '@practice-graph/practice/testing';
import { adjustments } from '..';
import {
  accountant,
  anAdjustment,
  CLINIC,
  clinicId,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  patient,
  RECORD,
  REVERSE,
} from '../testing';
import { APPROVE, REJECT, supervisor, WITHDRAW } from '../testing/approvals';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 200;
const wait = async (of: Record<string, unknown> = {}, as = accountant): Promise<string> => {
  const input = anAdjustment({ patientId: idOf(patient(++patients)), amount: '250.00', ...of });
  const { adjustmentRecord } = await graph.get(as, RECORD, { input });
  expect(adjustmentRecord.adjustment).toMatchObject({ approvalStatus: 'PENDING', requiresApproval: true });
  return adjustmentRecord.adjustment.id as string;
};
const approve = async (ids: string[], as = supervisor, step: Record<string, unknown> = {}) =>
  (await graph.get(as, APPROVE, { ids, input: { idempotencyKey: key(), ...step } })).adjustmentApprove;
const one =
  (mutation: string, field: string) =>
  async (id: string, step: Record<string, unknown> = {}, as = supervisor) =>
    (await graph.get(as, mutation, { id, input: { idempotencyKey: key(), ...step } }))[field];
const reject = one(REJECT, 'adjustmentReject');
const withdraw = one(WITHDRAW, 'adjustmentWithdraw');
const reverse = one(REVERSE, 'adjustmentReverse');
const codesOf = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors.map(({ code }) => code);
const written = async () => [
  await graph.sql('SELECT approval_status, count(*), sum(version) FROM adjustment_entry GROUP BY 1 ORDER BY 1'),
  await graph.sql('SELECT sum(amount), sum(entries), sum(pending), sum(pending_entries) FROM adjustment_slice'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql('SELECT count(*) FROM idempotency'),
  (await graph.events()).length,
];
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await written();
  const answer = await work();
  expect(await written()).toEqual(before);
  return answer;
};
const june = async (): Promise<Record<string, unknown>> => {
  const r = [{ __typename: 'Clinic', id: clinicId }];
  const answer = await graph.get(
    accountant,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Clinic { writeOffs(period: { month: "2026-06" }) {
       courtesyDiscounts totalAdjustments adjustmentCount pending pendingCount } } } }`,
    { r },
  );
  return answer._entities[0].writeOffs as Record<string, unknown>;
};

test.each([
  ['exactly the threshold', { amount: '250.00' }, 'PENDING', ['AMOUNT_THRESHOLD']],
  ['a cent less', { amount: '249.99' }, 'AUTO_APPROVED', []],
  [
    'a negative amount of its size',
    { category: 'ERROR_CORRECTION', reasonCode: 'ERR-FEE', amount: '-250' },
    'PENDING',
    ['AMOUNT_THRESHOLD'],
  ],
])('%s is judged without sign and inclusive (ADJ-61)', async (_, of, status, reasons) => {
  const input = anAdjustment({ patientId: idOf(patient(++patients)), ...of });
  const { adjustmentRecord } = await graph.get(accountant, RECORD, { input });
  expect(adjustmentRecord.adjustment).toMatchObject({ approvalStatus: status, approvalReasons: reasons });
});

test('a waiting entry adds to nothing but what waits; approved, it counts and revenue hears of it once (ADJ-60)', async () => {
  const before = await june();
  const events = (await graph.events()).length;
  const id = await wait({ amount: '300.00' });
  expect(await june()).toEqual({
    ...before,
    pending: (Number(before['pending']) + 300).toFixed(2),
    pendingCount: Number(before['pendingCount']) + 1,
  });
  expect(await graph.events()).toHaveLength(events);

  const answer = await approve([id], supervisor, { reason: ' Agreed ' });
  expect(answer).toEqual({
    adjustments: [
      {
        id,
        approvalStatus: 'APPROVED',
        decidedBy: 'supervisor',
        decidedAt: '2026-06-30T16:00:00.000Z',
        version: 2,
        reverses: null,
      },
    ],
    total: '300.00',
    currency: 'USD',
    userErrors: [],
  });
  expect(await june()).toEqual({
    ...before,
    courtesyDiscounts: (Number(before['courtesyDiscounts']) + 300).toFixed(2),
    totalAdjustments: (Number(before['totalAdjustments']) + 300).toFixed(2),
    adjustmentCount: Number(before['adjustmentCount']) + 1,
  });
  const told = (await graph.events()).slice(events);
  expect(
    told.map(({ subscriber, event }) => [subscriber, event.type, (event.data as { amount: string }).amount]),
  ).toEqual([['revenue', 'adjustment.posted', '300']]);
  const history = await graph.sql(
    `SELECT action, actor_id, from_state, to_state, note, (SELECT count(*)::int FROM audit_subject s WHERE s.event_id = a.id) AS subjects
     FROM audit_event a WHERE entity_type = 'AdjustmentEntry' AND action <> 'patient.read'
       AND entity_id = (SELECT id FROM adjustment_entry WHERE amount = 300 AND approval_status = 'APPROVED') ORDER BY id`,
  );
  expect(history).toEqual([
    {
      action: 'adjustment.record',
      actor_id: 'accountant',
      from_state: null,
      to_state: 'PENDING',
      note: null,
      subjects: 1,
    },
    {
      action: 'adjustment.approve',
      actor_id: 'supervisor',
      from_state: 'PENDING',
      to_state: 'APPROVED',
      note: 'Agreed',
      subjects: 1,
    },
  ]);
});

test('a rejected entry never counts and tells nobody but those who asked; the reason is demanded', async () => {
  const before = await june();
  const events = (await graph.events()).length;
  const id = await wait();
  expect(await unchanged(() => reject(id))).toMatchObject({
    adjustment: null,
    userErrors: [{ code: 'REASON_REQUIRED', path: ['input', 'reason'] }],
  });
  expect((await reject(id, { reason: 'Not agreed', expectedVersion: 1 })).adjustment).toMatchObject({
    approvalStatus: 'REJECTED',
    decidedBy: 'supervisor',
    version: 2,
  });
  expect(await june()).toEqual(before);
  expect(await graph.events()).toHaveLength(events);
});

test('one takes back only what one recorded, and it ends as rejected with the reason WITHDRAWN', async () => {
  const id = await wait();
  expect(codesOf(await unchanged(() => withdraw(id, {}, supervisor)))).toEqual(['NOT_OWN_ENTRY']);
  expect((await withdraw(id, {}, accountant)).adjustment).toMatchObject({
    approvalStatus: 'REJECTED',
    decidedBy: 'accountant',
  });
  const [event] = await graph.sql(`SELECT note, to_state FROM audit_event WHERE action = 'adjustment.withdraw'`);
  expect(event).toEqual({ note: 'WITHDRAWN', to_state: 'REJECTED' });
});

test('nobody decides on an own entry, whatever the permissions', async () => {
  const id = await wait({}, supervisor);
  expect(codesOf(await unchanged(() => approve([id])))).toEqual(['SELF_APPROVAL']);
  expect(codesOf(await unchanged(() => reject(id, { reason: 'No' })))).toEqual(['SELF_APPROVAL']);
  const [kept] = await graph.sql(
    `SELECT count(*)::int AS n FROM adjustment_entry WHERE approval_status = 'APPROVED' AND decided_by = created_by`,
  );
  expect(kept).toEqual({ n: 0 });
});

test('a decided entry is ALREADY_DECIDED for every further step, one that needed none is an illegal step', async () => {
  const id = await wait();
  await approve([id]);
  expect(codesOf(await unchanged(() => approve([id])))).toEqual(['ALREADY_DECIDED']);
  expect(codesOf(await unchanged(() => reject(id, { reason: 'Late' })))).toEqual(['ALREADY_DECIDED']);
  expect(codesOf(await unchanged(() => withdraw(id, {}, accountant)))).toEqual(['ALREADY_DECIDED']);

  const input = anAdjustment({ patientId: idOf(patient(++patients)) });
  const small = (await graph.get(accountant, RECORD, { input })).adjustmentRecord.adjustment.id as string;
  expect(codesOf(await unchanged(() => approve([small])))).toEqual(['ILLEGAL_STATE_CHANGE']);
});

test('of twenty decisions at once one is made, the others hear that it was (ADJ-62)', async () => {
  const id = await wait();
  const others = Array.from({ length: 20 }, (_, i) => viewer({ ...supervisor, subject: `supervisor-${String(i)}` }));
  const answers = await Promise.all(
    others.map((as, i) => (i % 2 ? reject(id, { reason: 'No' }, as) : approve([id], as))),
  );

  expect(answers.filter((answer) => answer.userErrors.length === 0)).toHaveLength(1);
  const refused = new Set(answers.flatMap(codesOf));
  refused.delete('CONFLICT_RETRY');
  expect([...refused]).toEqual(['ALREADY_DECIDED']);
  const [kept] = await graph.sql(
    `SELECT count(*)::int AS n FROM audit_event WHERE from_state = 'PENDING' AND entity_id = (SELECT id FROM adjustment_entry WHERE patient_id = $1)`,
    [patient(patients)],
  );
  expect(kept).toEqual({ n: 1 });
});

test('a list is approved each on its own: the refused are named by position, the others count; a replay changes nothing', async () => {
  const [first, second, own] = [await wait(), await wait({ amount: '400' }), await wait({}, supervisor)];
  const ids = [first, own, 'nonsense', second, first, idOf(patient(1), OTHER_CLINIC)];
  const input = { idempotencyKey: key() };
  const { adjustmentApprove: answer } = await graph.get(supervisor, APPROVE, { ids, input });

  expect(answer.adjustments.map(({ id }: { id: string }) => id)).toEqual([first, second]);
  expect([answer.total, answer.currency]).toEqual(['650.00', 'USD']);
  expect(answer.userErrors).toEqual([
    { code: 'SELF_APPROVAL', path: ['ids', '1'] },
    { code: 'NOT_FOUND', path: ['ids', '2'] },
    { code: 'ALREADY_DECIDED', path: ['ids', '4'] },
    { code: 'NOT_FOUND', path: ['ids', '5'] },
  ]);
  const again = await unchanged(() => graph.get(supervisor, APPROVE, { ids, input }));
  expect(again.adjustmentApprove).toEqual(answer);
  expect(codesOf(await unchanged(() => approve([])))).toEqual(['INVALID']);
  expect(codesOf(await unchanged(() => approve(Array.from({ length: 201 }, () => first))))).toEqual(['INVALID']);
});

test('200 entries are approved with a fixed number of statements', async () => {
  const count = async (n: number) => {
    const ids: string[] = [];
    for (let i = 0; i < n; i++) ids.push(await wait());
    return (await graph.statements(() => approve(ids))).length;
  };
  expect(await count(12)).toBe(await count(2));
});

test('a waiting entry cannot be reversed, only withdrawn or rejected (ADJ-97)', async () => {
  const id = await wait();
  expect(codesOf(await unchanged(() => reverse(id, {}, accountant)))).toEqual(['NOT_REVERSIBLE']);
});

test('a step based on an old version is refused, approvals in bulk go by the state alone', async () => {
  const id = await wait();
  expect(codesOf(await unchanged(() => reject(id, { reason: 'No', expectedVersion: 9 })))).toEqual(['STALE_VERSION']);
  expect(codesOf(await approve([id], supervisor, { expectedVersion: 9 }))).toEqual([]);
});

test('those who wait are told and so is the decision, where someone subscribed', async () => {
  const heard = await testSubgraph({
    ...adjustments,
    publishes: { ...adjustments.publishes, 'adjustment.pending': ['revenue'], 'adjustment.decided': ['revenue'] },
  });
  try {
    await tellDirectory(heard, CLINIC, { clinic: aClinic() });
    const input = anAdjustment({ locationId: null, amount: '999' });
    const { adjustmentRecord } = await heard.get(accountant, RECORD, { input });
    const ids = [adjustmentRecord.adjustment.id];
    await heard.get(supervisor, APPROVE, { ids, input: { idempotencyKey: key(), reason: 'Fine' } });
    const told = (await heard.events()).map(({ event }) => event);

    expect(told.map(({ type }) => type)).toEqual(['adjustment.pending', 'adjustment.decided', 'adjustment.posted']);
    expect(told[0]?.data).toMatchObject({ amount: '999', requestedBy: 'accountant', reasons: ['AMOUNT_THRESHOLD'] });
    expect(told[1]?.data).toMatchObject({ status: 'APPROVED', decidedBy: 'supervisor', reason: 'Fine', version: 2 });
  } finally {
    await heard.stop();
  }
});
