import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, tellDirectory } from '@practice-graph/practice/testing';
import {
  accountant,
  anAdjustment,
  anImport,
  clinicId,
  DR_LEE,
  idOf,
  key,
  NORTH,
  openLedger,
  outsider,
  patient,
  RECORD,
  REVERSE,
  SOUTH,
  take,
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
test('a large entry is undone only by a decision: until then it counts and cannot be undone twice (E-17)', async () => {
  const row = anImport({
    category: 'INSURANCE_WRITEOFF',
    amount: '800.00',
    patientId: patient(++patients),
    locationId: NORTH,
  });
  await take(graph, [row]);
  const id = idOf(row.id);
  const { adjustment } = await reverse(id, {}, accountant);
  expect(adjustment).toMatchObject({
    approvalStatus: 'PENDING',
    amount: '-800.00',
    reverses: { id, version: 1, reversedBy: null },
  });
  expect(codesOf(await unchanged(() => reverse(id, {}, supervisor)))).toEqual(['CONFLICT_RETRY']);

  const approved = await approve([adjustment.id]);
  expect(approved.adjustments[0]).toMatchObject({
    approvalStatus: 'APPROVED',
    reverses: { id, version: 2, reversedBy: { id: adjustment.id } },
  });
  expect((await graph.events()).at(-1)?.event).toMatchObject({ type: 'adjustment.reversed', data: { amount: '-800' } });
  expect(codesOf(await unchanged(() => reverse(id, {}, accountant)))).toEqual(['ALREADY_REVERSED']);
});

test('a rejected reversal leaves its entry as it was, and another one may be asked for', async () => {
  const row = anImport({ category: 'OTHER', amount: '500.00', patientId: patient(++patients) });
  await take(graph, [row]);
  const first = await reverse(idOf(row.id), {}, accountant);
  await reject(first.adjustment.id, { reason: 'It is right' });
  const second = await reverse(idOf(row.id), {}, accountant);

  expect(second.adjustment).toMatchObject({ approvalStatus: 'PENDING', reverses: { version: 1, reversedBy: null } });
  await approve([second.adjustment.id]);
  expect(
    await graph.sql('SELECT reversed_by_id IS NOT NULL AS done FROM adjustment_entry WHERE id = $1', [row.id]),
  ).toEqual([{ done: true }]);
});

test('undoing a bad debt is not approved while money that came back on it is booked', async () => {
  const debt = anImport({ category: 'BAD_DEBT', amount: '600.00', patientId: patient(++patients) });
  await take(graph, [debt]);
  const { adjustment } = await reverse(idOf(debt.id), {}, accountant);
  await take(graph, [
    anImport({ category: 'RECOVERY', amount: '40.00', patientId: patient(patients), recoveryOfId: debt.id }),
  ]);

  expect(codesOf(await unchanged(() => approve([adjustment.id])))).toEqual(['NOT_REVERSIBLE']);
});

const STEPS = [
  ['adjustmentApprove', APPROVE, 'finance:approve_adjustments'],
  ['adjustmentReject', REJECT, 'finance:approve_adjustments'],
  ['adjustmentWithdraw', WITHDRAW, 'finance:manage_adjustments'],
] as const;

test.each(STEPS)('%s: who may and who may not', async (field, mutation, scope) => {
  const recorder = viewer({ ...accountant, subject: 'creator' });
  const id = await wait({ locationId: idOf(NORTH), providerId: idOf(DR_LEE) }, recorder);
  const of = field === 'adjustmentApprove' ? { ids: [id] } : { id };
  const ask = (as: typeof supervisor) =>
    graph.ask(as, mutation, { ...of, input: { idempotencyKey: key(), reason: 'Because' } });
  const all = ['finance:manage_adjustments', 'finance:approve_adjustments', 'finance:view_reports'];
  const refusal = async (as: typeof supervisor) =>
    (await unchanged(() => ask(as))).data[field].userErrors[0].code as string;

  const anonymous = viewer({ clinicIds: [], subject: 'anonymous' });
  const wrong = viewer({ ...supervisor, scopes: all.filter((s) => s !== scope) });
  for (const as of [anonymous, wrong])
    expect((await unchanged(() => ask(as))).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  const creator = viewer({ ...recorder, scopes: all });
  expect(await refusal(viewer({ ...outsider, scopes: all }))).toBe('NOT_FOUND');
  expect(await refusal(viewer({ ...supervisor, restrictions: { locations: [SOUTH] } }))).toBe('NOT_FOUND');
  expect(await refusal(field === 'adjustmentWithdraw' ? supervisor : creator)).toBe(
    field === 'adjustmentWithdraw' ? 'NOT_OWN_ENTRY' : 'SELF_APPROVAL',
  );
  const rightful = await ask(field === 'adjustmentWithdraw' ? creator : supervisor);
  expect(rightful.data[field].userErrors).toEqual([]);
});

test('a clinic that switched the domain off takes no decisions', async () => {
  const shut = '00000000-0000-7000-8000-0000000000c4';
  await tellDirectory(graph, shut, { clinic: aClinic({ capabilities: ['PRODUCTION'] }) });
  const as = viewer({ ...supervisor, clinicIds: [shut] });
  expect(codesOf(await unchanged(() => approve([idOf(patient(1), shut)], as)))).toEqual(['CAPABILITY_OFF']);
  expect(clinicIdText(shut)).not.toBe(clinicId);
});
