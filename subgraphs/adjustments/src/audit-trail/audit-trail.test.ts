import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  clinicId,
  idOf,
  key,
  openLedger,
  outsider,
  OTHER_CLINIC,
  patient,
  RECORD,
  REVERSE,
} from '../testing';
import { APPROVE, supervisor, WITHDRAW } from '../testing/approvals';

let graph: TestSubgraph;
let approved = '';
let withdrawn = '';
const step = () => ({ idempotencyKey: key() });
beforeAll(async () => {
  graph = await openLedger();
  const wait = async (n: number) => {
    const input = anAdjustment({ patientId: idOf(patient(n)), amount: '300', description: 'Why' });
    return (await graph.get(accountant, RECORD, { input })).adjustmentRecord.adjustment.id as string;
  };
  [approved, withdrawn] = [await wait(1), await wait(2)];
  await graph.get(supervisor, APPROVE, { ids: [approved], input: { ...step(), reason: 'Agreed' } });
  await graph.get(accountant, WITHDRAW, { id: withdrawn, input: step() });
  const undone = await graph.get(accountant, REVERSE, { id: approved, input: { ...step(), reason: 'Twice' } });
  await graph.get(supervisor, APPROVE, { ids: [undone.adjustmentReverse.adjustment.id], input: step() });
});
afterAll(() => graph.stop());

const TRAIL = `{ action actorId actorRole fromState toState note outcome entityType entityId patientHash rowCount requestId }`;
const ONE = `query ($id: ID!) { adjustmentEntry(id: $id) { id auditTrail ${TRAIL} } }`;
const LIST = `query ($clinicId: ID!, $period: PeriodInput!, $filter: AuditFilter, $first: Int, $after: String) {
  adjustmentAuditEvents(clinicId: $clinicId, period: $period, filter: $filter, first: $first, after: $after) {
    nodes ${TRAIL} pageInfo { hasNextPage endCursor } totalCount } }`;
const auditor = viewer({ ...accountant, subject: 'auditor', scopes: ['audit:read'] });
const list = async (of: Record<string, unknown> = {}, as = auditor) =>
  (await graph.get(as, LIST, { clinicId, period: { month: '2026-06' }, ...of })).adjustmentAuditEvents;

test('the history of an entry has every change of its state, oldest first, and no reads (ADJ-63)', async () => {
  await graph.get(accountant, ONE, { id: approved });
  const { adjustmentEntry } = await graph.get(accountant, ONE, { id: approved });
  const steps = adjustmentEntry.auditTrail.map((of: Record<string, unknown>) => [
    of['action'],
    of['actorId'],
    of['fromState'],
    of['toState'],
    of['note'],
  ]);
  expect(steps).toEqual([
    ['adjustment.record', 'accountant', null, 'PENDING', 'Why'],
    ['adjustment.approve', 'supervisor', 'PENDING', 'APPROVED', 'Agreed'],
    ['adjustment.reversed', 'supervisor', 'APPROVED', 'REVERSED', 'Twice'],
  ]);
  expect(adjustmentEntry.auditTrail[1]).toMatchObject({
    actorRole: 'owner',
    outcome: 'ALLOWED',
    entityType: 'AdjustmentEntry',
    entityId: approved,
    rowCount: null,
    patientHash: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

test('histories of a list come with one statement', async () => {
  const query = `query ($clinicId: ID!) { adjustmentEntries(clinicId: $clinicId) { nodes { id ASK } } }`;
  const sent = async (ask: string) =>
    (await graph.statements(() => graph.get(accountant, query.replace('ASK', ask), { clinicId }))).length;
  expect(await sent(`auditTrail ${TRAIL}`)).toBe((await sent('amount')) + 1);
});

test('the list is newest first, in pages, and reading it is itself in it', async () => {
  const all = await list();
  expect(all.nodes[0]).toMatchObject({ action: 'patient.read' });
  const acts = all.nodes
    .map((of: { action: string }) => of.action)
    .filter((of: string) => of.startsWith('adjustment.'));
  expect(acts).toEqual([
    'adjustment.reversed',
    'adjustment.approve',
    'adjustment.reverse',
    'adjustment.withdraw',
    'adjustment.approve',
    'adjustment.record',
    'adjustment.record',
  ]);
  const again = await list({ first: 2 });
  expect(again.nodes[0]).toMatchObject({ action: 'audit.read', actorId: 'auditor', rowCount: all.nodes.length });
  const next = await list({ first: 2, after: again.pageInfo.endCursor });
  expect(next.nodes).toEqual(all.nodes.slice(1, 3));
  expect(next.totalCount).toBeGreaterThan(all.nodes.length);
});

test('events of a patient are found by hash, over all records, and no identifier of the patient is kept', async () => {
  const filter = { patientId: idOf(patient(2)), actions: ['adjustment.record', 'adjustment.withdraw'] };
  const { nodes } = await list({ filter });
  expect(nodes.map((of: { action: string }) => of.action)).toEqual(['adjustment.withdraw', 'adjustment.record']);
  expect(new Set(nodes.map((of: { patientHash: string }) => of.patientHash)).size).toBe(1);
  const [kept] = await graph.sql(
    `SELECT filter::text AS filter FROM audit_event WHERE action = 'audit.read' ORDER BY id DESC LIMIT 1`,
  );
  expect(kept?.['filter']).not.toContain(patient(2));
  expect(kept?.['filter']).not.toContain(idOf(patient(2)));
});

test.each([
  ['an actor', { actorIds: ['supervisor'], entityType: 'AdjustmentEntry' }, 3],
  ['a record', { entityId: '', actions: ['adjustment.withdraw', 'adjustment.record'] }, 2],
  ['a record of another clinic', { entityId: idOf(patient(1), OTHER_CLINIC) }, 0],
  ['acts that were refused', { outcomes: ['REFUSED'] }, 0],
])('the list is narrowed to %s', async (_, of, n) => {
  const filter = 'entityId' in of && of.entityId === '' ? { ...of, entityId: withdrawn } : of;
  expect((await list({ filter })).nodes).toHaveLength(n);
});

test('a day is that of the clinic', async () => {
  const on = async (day: string) => (await list({ period: { range: { from: day, to: day } } })).nodes.length as number;
  expect(await on('2026-06-29')).toBe(0);
  expect(await on('2026-06-30')).toBeGreaterThan(5);
});

test('who may read the trail', async () => {
  const asked = { clinicId, period: { month: '2026-06' } };
  for (const as of [viewer({ clinicIds: [], scopes: [] }), accountant])
    expect((await graph.ask(as, LIST, asked)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  const aggregates = viewer({ ...auditor, aggregateOnly: true });
  expect((await graph.ask(aggregates, LIST, asked)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(await list({}, viewer({ ...outsider, scopes: ['audit:read'] }))).toBeNull();

  const approver = viewer({ ...supervisor, scopes: ['finance:approve_adjustments'] });
  const answer = await graph.ask(approver, ONE, { id: approved });
  expect(answer.data.adjustmentEntry).toEqual({ id: approved, auditTrail: null });
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});
