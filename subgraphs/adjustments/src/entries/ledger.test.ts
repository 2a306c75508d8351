import { systemViewer, transact, transactFor, type GraphEvent } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf } from '@practice-graph/practice';
import { aClinic } from '@practice-graph/practice/testing';
import { Decimal } from 'decimal.js';
import { adjustments, type ImportedAdjustment } from '..';
import {
  accountant,
  anAdjustment,
  anImport,
  CLINIC,
  DR_LEE,
  DR_RAY,
  ENTRY,
  idOf,
  key,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  patient,
  RECORD,
  REVERSE,
  SOUTH,
  take,
} from '../testing';
import { WITHDRAW } from '../testing/approvals';
import { CATEGORIES } from './adjustment-category.rules';
import { resendEntries } from './entry-facts.service';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const verify = (clinicId: string) =>
  transact(graph.running.database, systemViewer(clinicId), clinicId, async (tx) => {
    const found = [];
    for (const verifier of adjustments.verifiers) found.push(...(await verifier(tx, clinicId)));
    return found;
  });
const expectSound = async (clinicId: string) => {
  const found = await verify(clinicId);
  expect(found.flatMap(({ differences }) => differences)).toEqual([]);
  return found.map(({ what, compared }) => [what, compared] as const);
};

test('verification recomputes the slices and the pairs, and names what differs', async () => {
  const original = anImport({ category: 'OTHER', amount: '5', locationId: NORTH });
  await take(graph, [
    original,
    anImport({ category: 'OTHER', amount: '-5', locationId: NORTH, reversesId: original.id }),
  ]);
  expect(await expectSound(CLINIC)).toEqual([
    ['adjustment slices', 8],
    ['adjustment slices by reason, payer, campaign and state', 8],
    ['reversals of adjustments', 1],
    ['recovered bad debt', 0],
    ['decisions on adjustments', 2],
  ]);

  await graph.sql(`UPDATE adjustment_slice SET amount = 1 WHERE dim = 'T' AND grain = 'M'`);
  expect((await verify(CLINIC)).flatMap(({ differences }) => differences)).toEqual([
    expect.stringMatching(/^T M 2026-06-01 OTHER .*: kept 1.00 .*, ledger says 0.00/),
  ]);
  await graph.sql(`UPDATE adjustment_slice SET amount = 0 WHERE dim = 'T' AND grain = 'M'`);
  await graph.sql('UPDATE adjustment_entry SET reversed_by_id = NULL WHERE id = $1', [original.id]);
  expect((await verify(CLINIC)).flatMap(({ differences }) => differences)).toHaveLength(1);
  await graph.sql(
    'UPDATE adjustment_entry SET reversed_by_id = (SELECT id FROM adjustment_entry WHERE reverses_id = $1) WHERE id = $1',
    [original.id],
  );
  await expectSound(CLINIC);
});

test('verification names bad debt of which more came back than was given up, and states without a history', async () => {
  const debt = anImport({ clinicId: OTHER_CLINIC, category: 'BAD_DEBT', amount: '100' });
  const back = (amount: string) =>
    anImport({
      clinicId: OTHER_CLINIC,
      category: 'RECOVERY',
      amount,
      recoveryOfId: debt.id,
      adjustmentDate: '2026-06-20',
    });
  await take(graph, [debt, back('60'), back('40')]);
  const differences = async () => (await verify(OTHER_CLINIC)).flatMap((found) => found.differences);
  expect(await differences()).toEqual([]);

  await take(graph, [back('0.01')]);
  expect(await differences()).toEqual([`bad debt ${debt.id}: 100.01 came back of 100.00`]);

  await graph.sql(`DELETE FROM adjustment_entry WHERE amount = 0.01`);
  await graph.sql(`DELETE FROM adjustment_slice WHERE clinic_id = $1 AND category = 'RECOVERY'`, [OTHER_CLINIC]);
  await graph.sql(`UPDATE adjustment_entry SET approval_status = 'APPROVED' WHERE id = $1`, [debt.id]);
  expect((await differences()).filter((of) => of.startsWith('entry'))).toEqual([
    `entry ${debt.id}: the trail does not say that it is APPROVED`,
    `entry ${debt.id}: it is APPROVED without a decision`,
  ]);
  await graph.sql(`UPDATE adjustment_entry SET approval_status = 'AUTO_APPROVED' WHERE id = $1`, [debt.id]);
});

test('sixteen writers of random rows at once leave slices that equal the ledger, and no deadlock surfaces', async () => {
  const pick = <T>(of: readonly T[], n: number): T => of[n % of.length] as T;
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647);
  const batch = (): ImportedAdjustment[] =>
    Array.from({ length: 1 + (random() % 12) }, () =>
      anImport({
        category: pick(CATEGORIES, random()),
        amount: new Decimal((random() % 90_000) + 1).div(100).toFixed(2),
        adjustmentDate: `2026-0${String(1 + (random() % 6))}-1${String(random() % 10)}`,
        locationId: pick([NORTH, SOUTH, null], random()),
        providerId: pick([DR_LEE, DR_RAY, null], random()),
        productionEntryId: pick([ENTRY, null], random()),
        patientId: patient(random() % 500),
      }),
    );
  const writer = async () => {
    for (let round = 0; round < 6; round++) {
      const rows = batch();
      const undone = rows.filter(() => random() % 3 === 0);
      await take(graph, rows);
      await take(
        graph,
        undone.map((row) => ({
          ...row,
          id: anImport({ category: 'OTHER', amount: '1' }).id,
          amount: row.amount.negated(),
          reversesId: row.id,
          adjustmentDate: '2026-06-20',
          decision: null,
        })),
      );
    }
  };
  await Promise.all(Array.from({ length: 16 }, writer));

  const [[, slices] = [], [, pairs] = []] = await expectSound(CLINIC);
  expect(slices).toBeGreaterThan(500);
  expect(pairs).toBeGreaterThan(50);
}, 30_000);

test('an imported batch that fails leaves nothing', async () => {
  const before = await graph.sql(
    'SELECT (SELECT count(*) FROM adjustment_entry) AS e, (SELECT sum(entries) FROM adjustment_slice) AS s',
  );
  const good = anImport({ category: 'OTHER', amount: '5' });
  const bad = anImport({ category: 'OTHER', amount: '-5', reversesId: '00000000-0000-7000-8000-00000000dead' });

  await expect(take(graph, [good, bad])).rejects.toThrow();
  await expect(take(graph, [{ ...good, reasonCode: 'CRT-PREPAID' }])).rejects.toThrow('no reason of OTHER');
  await expect(take(graph, [good, { ...good, clinicId: OTHER_CLINIC }])).rejects.toThrow('one clinic');
  expect(
    await graph.sql(
      'SELECT (SELECT count(*) FROM adjustment_entry) AS e, (SELECT sum(entries) FROM adjustment_slice) AS s',
    ),
  ).toEqual(before);
});

test('an import begins the history of each entry (ADJ-06), answers the facts and enqueues none', async () => {
  const before = (await graph.events()).length;
  const rows = [
    anImport({ category: 'INSURANCE_WRITEOFF', amount: '900' }),
    anImport({ category: 'OTHER', amount: '-3' }),
  ];
  const facts = await take(graph, rows);

  expect(
    facts.map(({ type, data }) => [
      type,
      (data as { id: string; amount: string }).id,
      (data as { amount: string }).amount,
    ]),
  ).toEqual([
    ['adjustment.posted', rows[0]?.id, '900'],
    ['adjustment.posted', rows[1]?.id, '-3'],
  ]);
  expect((await graph.events()).length).toBe(before);
  const history = await graph.sql(
    `SELECT action, entity_id, to_state, note FROM audit_event WHERE entity_id = ANY ($1::uuid[]) ORDER BY id`,
    [rows.map(({ id }) => id)],
  );
  const begun = { action: 'adjustment.import' };
  expect(history).toEqual([
    {
      ...begun,
      entity_id: rows[0]?.id,
      to_state: 'APPROVED',
      note: 'Decided by supervisor at 2026-06-15T15:00:00.000Z',
    },
    { ...begun, entity_id: rows[1]?.id, to_state: 'AUTO_APPROVED', note: null },
  ]);
  expect(
    await graph.sql('SELECT is_imported, approval_status FROM adjustment_entry WHERE id = $1', [rows[0]?.id]),
  ).toEqual([{ is_imported: true, approval_status: 'APPROVED' }]);
});

test('a resync sends every counting entry again under the ids it had at first', async () => {
  const recorded = await graph.get(accountant, RECORD, {
    input: anAdjustment({ patientId: idOf(patient(801)), amount: '3.33' }),
  });
  await graph.get(accountant, REVERSE, {
    id: recorded.adjustmentRecord.adjustment.id,
    input: { idempotencyKey: key() },
  });
  const told = (await graph.events()).map(({ event }) => event.id);
  // The queue knows an event by its id: one that still waits there is not put in a second time.
  await graph.running.database.worker.query('DELETE FROM graphile_worker._private_jobs');
  await transact(graph.running.database, systemViewer(CLINIC), CLINIC, (tx) => resendEntries(tx, CLINIC));

  const again = await graph.events();
  expect(again.map(({ event }) => event.id)).toEqual(expect.arrayContaining(told));
  const [counted] = await graph.sql<{ n: number }>(
    'SELECT count(*)::int AS n FROM adjustment_entry WHERE clinic_id = $1',
    [CLINIC],
  );
  expect(again).toHaveLength(counted?.n ?? 0);
  expect(new Set(again.map(({ event }) => event.id)).size).toBe(again.length);
  expect(again.filter(({ event }) => event.type === 'adjustment.reversed').length).toBe(
    (await graph.sql('SELECT 1 FROM adjustment_entry WHERE is_reversal')).length,
  );
});

test('the directory is kept by events in any order, and an older version changes nothing', async () => {
  const saved = (version: number, currency: string): GraphEvent => ({
    id: `00000000-0000-7000-8000-0000000ee${String(version).padStart(3, '0')}`,
    type: 'clinic.saved',
    clinicId: CLINIC,
    at: '2026-06-30T12:00:00Z',
    data: factOf('clinic.saved', CLINIC, aClinic({ version, currency })).data,
  });
  expect((await graph.deliver(saved(5, 'EUR'))).status).toBe(204);
  expect((await graph.deliver(saved(5, 'EUR'))).status).toBe(204);
  expect((await graph.deliver(saved(4, 'CAD'))).status).toBe(204);

  expect(await graph.sql('SELECT currency, version FROM clinic_copy WHERE clinic_id = $1', [CLINIC])).toEqual([
    { currency: 'EUR', version: 5 },
  ]);
  expect((await graph.deliver({ ...saved(6, 'USD'), type: 'patient.saved' })).status).toBe(422);
  expect((await graph.deliver(saved(6, 'USD'))).status).toBe(204);
});

test('a waiting entry and a rejected one add nothing to any total (C-A3)', async () => {
  const [before] = await graph.sql('SELECT sum(amount) AS amount, sum(entries) AS n FROM adjustment_slice');
  for (const ends of [true, false]) {
    const input = anAdjustment({ amount: '400', patientId: idOf(patient(990)) });
    const { id } = (await graph.get(accountant, RECORD, { input })).adjustmentRecord.adjustment;
    if (ends) await graph.get(accountant, WITHDRAW, { id, input: { idempotencyKey: key() } });
  }
  await expectSound(CLINIC);
  const answer = await graph.get(
    accountant,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { writeOffs { totalAdjustments adjustmentCount } } } }`,
    { r: [{ __typename: 'Patient', id: idOf(patient(990)) }] },
  );
  expect(answer._entities[0].writeOffs).toEqual({ totalAdjustments: '0.00', adjustmentCount: 0 });
  expect(await graph.sql('SELECT sum(amount) AS amount, sum(entries) AS n FROM adjustment_slice')).toEqual([before]);
  const waiting = await graph.sql<{ id: string }>(`SELECT id FROM adjustment_entry WHERE approval_status = 'PENDING'`);
  const { adjustmentReverse } = await graph.get(accountant, REVERSE, {
    id: idOf(waiting[0]?.id ?? ''),
    input: { idempotencyKey: key() },
  });
  expect(adjustmentReverse.userErrors[0].code).toBe('NOT_REVERSIBLE');
});

test('the service sees no row of any table without a tenant, and cannot change a fact with one', async () => {
  const tables = await graph.sql<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'`,
  );
  const { database } = graph.running;
  for (const { relname } of tables) {
    const seen = await transactFor(database, viewer({ clinicIds: [] }), [], (tx) =>
      tx.query(`SELECT count(*)::int AS n FROM ${relname}`),
    );
    expect([relname, seen]).toEqual([relname, [{ n: 0 }]]);
  }
  for (const statement of [
    'UPDATE adjustment_entry SET amount = 1',
    'DELETE FROM adjustment_entry',
    'DELETE FROM adjustment_slice',
    'TRUNCATE adjustment_entry',
    'DELETE FROM audit_event',
  ])
    await expect(transact(database, systemViewer(CLINIC), CLINIC, (tx) => tx.query(statement))).rejects.toThrow(
      'permission denied',
    );
});

test('what waits or was rejected elsewhere is taken over as such, and only what counts is told', async () => {
  const decision = { by: 'supervisor', at: new Date('2026-06-15T15:00:00Z') };
  const rows = [
    anImport({ category: 'OTHER', amount: '700', decision: null, isPending: true, patientId: patient(995) }),
    anImport({ category: 'OTHER', amount: '800', decision: { ...decision, rejected: true }, patientId: patient(995) }),
    anImport({ category: 'OTHER', amount: '900', decision, patientId: patient(995) }),
  ];
  const facts = await take(graph, rows);

  expect(facts.map(({ data }) => (data as { id: string }).id)).toEqual([rows[2]?.id]);
  expect(
    await graph.sql(
      'SELECT approval_status, requires_approval, approval_reasons FROM adjustment_entry WHERE patient_id = $1 ORDER BY amount',
      [patient(995)],
    ),
  ).toEqual(
    ['PENDING', 'REJECTED', 'APPROVED'].map((approval_status) => ({
      approval_status,
      requires_approval: true,
      approval_reasons: ['AMOUNT_THRESHOLD'],
    })),
  );
  await expectSound(CLINIC);
  const both = { ...(rows[0] as ImportedAdjustment), decision };
  await expect(take(graph, [both])).rejects.toThrow('does not wait');
});
