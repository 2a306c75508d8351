import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  anImport,
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

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

let patients = 0;
const record = async (of: Record<string, unknown> = {}): Promise<string> => {
  const answer = await graph.get(accountant, RECORD, {
    input: anAdjustment({ patientId: idOf(patient(++patients)), ...of }),
  });
  expect(answer.adjustmentRecord.userErrors).toEqual([]);
  return answer.adjustmentRecord.adjustment.id as string;
};
const reverse = async (id: string, step: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, REVERSE, { id, input: { idempotencyKey: key(), ...step } })).adjustmentReverse;
const written = async () => [
  await graph.sql('SELECT count(*) FROM adjustment_entry'),
  await graph.sql('SELECT sum(version), count(reversed_by_id) FROM adjustment_entry'),
  await graph.sql('SELECT sum(amount), sum(entries), count(*) FROM adjustment_slice'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  (await graph.events()).length,
];
const refused = async (id: string, step: Record<string, unknown> = {}, as = accountant) => {
  const before = await written();
  const { adjustment, userErrors } = await reverse(id, step, as);
  expect(adjustment).toBeNull();
  expect(await written()).toEqual(before);
  return userErrors[0].code as string;
};

test('a reversal is equal and opposite, counts today and is linked both ways', async () => {
  const id = await record({ adjustmentDate: '2026-06-05', amount: '77.70' });
  const { adjustment } = await reverse(id, { reason: 'Booked twice' });

  expect(adjustment).toEqual({
    id: expect.any(String),
    amount: '-77.70',
    category: 'COURTESY_DISCOUNT',
    adjustmentDate: '2026-06-30',
    isReversal: true,
    approvalStatus: 'AUTO_APPROVED',
    description: 'Booked twice',
    affectsNetProduction: true,
    reverses: { id, version: 2, reversedBy: { id: adjustment.id } },
    patient: { id: idOf(patient(patients)) },
    provider: { id: idOf(DR_LEE) },
    location: { id: idOf(NORTH) },
  });
  const told = (await graph.events()).at(-1)?.event;
  expect(told?.type).toBe('adjustment.reversed');
  expect(told?.data).toMatchObject({ amount: '-77.7', adjustmentDate: '2026-06-30', affectsNetProduction: true });
});

test('the month of the entry keeps its amount, the month of the reversal shows the opposite', async () => {
  const patientId = idOf(patient(900));
  const auditor = viewer({ ...accountant, scopes: [...accountant.scopes, 'records:backdate'] });
  const of = anAdjustment({ patientId, adjustmentDate: '2026-05-20', amount: '60.00', locationId: idOf(SOUTH) });
  const { adjustmentRecord } = await graph.get(auditor, RECORD, { input: of });
  await reverse(adjustmentRecord.adjustment.id);

  expect(
    await graph.sql(
      `SELECT period::text, amount, entries FROM adjustment_slice
       WHERE dim = 'L' AND grain = 'M' AND location_id = $1 ORDER BY period`,
      [SOUTH],
    ),
  ).toEqual([
    { period: '2026-05-01', amount: '60.00', entries: 1 },
    { period: '2026-06-01', amount: '-60.00', entries: -1 },
  ]);
});

test('an entry is reversed once, and a reversal never', async () => {
  const id = await record();
  const { adjustment } = await reverse(id);

  expect(await refused(id)).toBe('ALREADY_REVERSED');
  expect(await refused(adjustment.id)).toBe('NOT_REVERSIBLE');
});

test('of twenty reversals at once with keys of their own one is made', async () => {
  const id = await record();
  const answers = await Promise.all(Array.from({ length: 20 }, () => reverse(id)));

  expect(answers.filter(({ adjustment }) => adjustment !== null)).toHaveLength(1);
  const codes = new Set(answers.flatMap(({ userErrors }) => userErrors.map((e: { code: string }) => e.code)));
  codes.delete('CONFLICT_RETRY');
  expect([...codes]).toEqual(['ALREADY_REVERSED']);
  const [kept] = await graph.sql<{ n: number }>(
    'SELECT count(*)::int AS n FROM adjustment_entry r JOIN adjustment_entry o ON o.id = r.reverses_id AND o.reversed_by_id = r.id',
  );
  const [all] = await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM adjustment_entry WHERE is_reversal');
  expect(kept).toEqual(all);
});

test('the same key answers the first reversal again', async () => {
  const id = await record();
  const first = await reverse(id, { idempotencyKey: 'undo-1' });
  const again = await reverse(id, { idempotencyKey: 'undo-1' });

  expect(again).toEqual(first);
  const other = await record();
  expect(await refused(other, { idempotencyKey: 'undo-1' })).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('an imported bad debt below the threshold can be reversed', async () => {
  const row = anImport({ category: 'BAD_DEBT', amount: '120.00', patientId: patient(901) });
  await take(graph, [row]);

  expect((await reverse(idOf(row.id))).adjustment).toMatchObject({ amount: '-120.00', category: 'BAD_DEBT' });
});

test('a bad debt is not undone while money that came back on it is booked', async () => {
  const debt = anImport({ category: 'BAD_DEBT', amount: '90.00', patientId: patient(903) });
  const back = anImport({ category: 'RECOVERY', amount: '40.00', patientId: patient(903), recoveryOfId: debt.id });
  await take(graph, [debt, back]);

  expect(await refused(idOf(debt.id))).toBe('NOT_REVERSIBLE');
  expect((await reverse(idOf(back.id))).adjustment).toMatchObject({ amount: '-40.00', category: 'RECOVERY' });
  expect((await reverse(idOf(debt.id))).userErrors).toEqual([]);
});

test('a reversal counts on the today of its location: 1 July in the east, 30 June in the west', async () => {
  const night = await openLedger('2026-07-01T05:00:00Z');
  try {
    const dayOf = async (locationId: string) => {
      const row = anImport({ category: 'OTHER', amount: '7.00', locationId });
      await take(night, [row]);
      const answer = await night.get(accountant, REVERSE, { id: idOf(row.id), input: { idempotencyKey: key() } });
      return answer.adjustmentReverse.adjustment.adjustmentDate as string;
    };
    expect([await dayOf(NORTH), await dayOf(SOUTH)]).toEqual(['2026-07-01', '2026-06-30']);

    const query = `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Location { writeOffs(period: { preset: CURRENT_MONTH }) { otherAdjustments } } } }`;
    const r = [NORTH, SOUTH].map((id) => ({ __typename: 'Location', id: idOf(id) }));
    const { _entities } = await night.get(accountant, query, { r });
    expect(_entities.map((place: { writeOffs: unknown }) => place.writeOffs)).toEqual([
      { otherAdjustments: '-7.00' },
      { otherAdjustments: '0.00' },
    ]);
  } finally {
    await night.stop();
  }
});

test('an old version, another clinic, another location or an unknown entry is refused', async () => {
  const id = await record();

  expect(await refused(id, { expectedVersion: 7 })).toBe('STALE_VERSION');
  expect(await refused(id, {}, outsider)).toBe('NOT_FOUND');
  expect(await refused(id, {}, viewer({ ...accountant, restrictions: { locations: [SOUTH] } }))).toBe('NOT_FOUND');
  expect(await refused(idOf('00000000-0000-7000-8000-00000000dead'))).toBe('NOT_FOUND');
  expect(await refused('nonsense')).toBe('NOT_FOUND');
  expect((await reverse(id, { expectedVersion: 1 })).userErrors).toEqual([]);
});

test('a reversed amount no longer counts against the cumulative threshold', async () => {
  const patientId = idOf(patient(902));
  const id = await record({ patientId, amount: '200.00' });
  await reverse(id);

  expect(await record({ patientId, amount: '200.00' })).toEqual(expect.any(String));
});
