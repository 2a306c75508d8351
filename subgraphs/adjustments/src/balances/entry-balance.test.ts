import { newId } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { entryEvents } from '@practice-graph/practice/testing';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import {
  accountant,
  anAdjustment,
  anImport,
  CLINIC,
  clinicId,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  patient,
  RECORD,
  REVERSE,
  take,
} from '../testing';
import { APPROVE, REJECT, supervisor } from '../testing/approvals';
import { RECOVER, writeOffDebt } from '../testing/bad-debt';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

interface Told {
  readonly id: string;
  readonly patientId: string;
  readonly gross?: string;
  readonly collected?: string;
  readonly stands?: boolean;
  readonly version?: number;
}
const events = (told: readonly Told[], clinic = CLINIC) =>
  entryEvents(
    clinic,
    told.map(({ gross = '100.00', collected = '0', ...of }) => ({
      ...{ stands: true, version: 1, ...of },
      ...{ gross: new Decimal(gross), collected: new Decimal(collected) },
    })),
  );
const tell = async (...told: Told[]) => {
  for (const event of events(told)) expect((await graph.deliver(event)).status).toBe(204);
};

let patients = 3_000;
/** An entry of 100.00 of a patient of its own, of which revenue told, unless it is to be unknown. */
async function anEntry(of: Partial<Told> | null = {}) {
  const entry = { id: newId(), patientId: patient(++patients) };
  if (of !== null) await tell({ ...entry, ...of });
  return entry;
}
type Entry = Awaited<ReturnType<typeof anEntry>>;

const input = ({ id, patientId }: Entry, of: Record<string, unknown>) =>
  anAdjustment({ patientId: idOf(patientId), productionEntryId: idOf(id), ...of });
const record = async (entry: Entry, amount: string, of: Record<string, unknown> = {}) =>
  (await graph.get(accountant, RECORD, { input: input(entry, { amount, ...of }) })).adjustmentRecord;
const codeOf = async (entry: Entry, amount: string, of: Record<string, unknown> = {}) => {
  const { userErrors } = await record(entry, amount, of);
  return (userErrors as { code: string; path: string[] }[]).map(({ code, path }) => `${code} ${path.join('.')}`).join();
};
const step = async (mutation: string, field: string, id: string, as = supervisor) =>
  (await graph.get(as, mutation, { id, input: { idempotencyKey: key(), reason: 'Because' } }))[field];
const approve = async (id: string) =>
  (await graph.get(supervisor, APPROVE, { ids: [id], input: { idempotencyKey: key() } })).adjustmentApprove.userErrors;
const EXCEEDS = 'EXCEEDS_BALANCE input.amount';

const written = async () => [
  await graph.sql('SELECT count(*), sum(amount) FROM adjustment_entry'),
  await graph.sql('SELECT sum(amount), sum(pending) FROM adjustment_slice'),
  await graph.sql('SELECT count(*) FROM audit_event'),
  await graph.sql('SELECT count(*) FROM idempotency'),
  (await graph.events()).length,
];

test('of an entry that revenue told of no more is adjusted than is owed, whatever balance the caller gives (E-25)', async () => {
  const entry = await anEntry();
  expect(await codeOf(entry, '60.00')).toBe('');

  const before = await written();
  const { adjustment, userErrors } = await record(entry, '40.01', { balance: '5000.00' });
  expect(adjustment).toBeNull();
  expect(userErrors).toEqual([
    {
      code: 'EXCEEDS_BALANCE',
      path: ['input', 'amount'],
      message: 'The amount exceeds the outstanding amount of the entry, 40.00; set allowCredit to allow a credit.',
    },
  ]);
  expect(await written()).toEqual(before);
  // A balance that is lower than what is owed of the entry refuses nothing either.
  expect(await codeOf(entry, '40.00', { balance: '1.00' })).toBe('');
  expect(await codeOf(entry, '0.01')).toBe(EXCEEDS);
  expect(await codeOf(entry, '10.00', { allowCredit: true })).toBe('');
  expect(await codeOf(entry, '-5.00', { category: 'ERROR_CORRECTION', reasonCode: 'ERR-FEE' })).toBe('');
});

test('what was paid is not adjusted too; what was given back may be', async () => {
  const entry = await anEntry();
  await tell({ ...entry, collected: '100.00', version: 2 });
  expect(await codeOf(entry, '0.01')).toBe(EXCEEDS);
  await tell({ ...entry, collected: '70.00', version: 3 });
  expect(await codeOf(entry, '30.01')).toBe(EXCEEDS);
  expect(await codeOf(entry, '30.00')).toBe('');
});

test.each([
  ['voided or reversed', { version: 2, stands: false }],
  ['one that undoes another', { gross: '-100.00', stands: false }],
])('nothing is owed of an entry that is %s', async (_, told) => {
  expect(await codeOf(await anEntry(told), '0.01')).toBe(EXCEEDS);
});

test('of an entry that nobody told of, or of none, the balance of the caller decides, and without one nothing is checked', async () => {
  const unknown = await anEntry(null);
  expect(await codeOf(unknown, '20.01', { balance: '20.00' })).toBe(EXCEEDS);
  expect(await codeOf(unknown, '20.00', { balance: '20.00' })).toBe('');
  expect(await codeOf(unknown, '20.00', { balance: '0.00' })).toBe(EXCEEDS);
  expect(await codeOf(unknown, '20.00')).toBe('');
  expect(await codeOf(unknown, '20.00', { productionEntryId: null, balance: '19.99' })).toBe(EXCEEDS);
  // What was adjusted before revenue told of the entry counts as soon as it does.
  await tell(unknown);
  expect(await codeOf(unknown, '60.01')).toBe(EXCEEDS);
  expect(await codeOf(unknown, '60.00')).toBe('');
});

test('an entry of the same id in another clinic is not this one', async () => {
  const entry = await anEntry(null);
  for (const event of events([{ ...entry, gross: '1.00' }], OTHER_CLINIC)) await graph.deliver(event);
  expect(await codeOf(entry, '20.00')).toBe('');
});

test('a small balance is exactly what is owed of the entry, and within the limit', async () => {
  const small = { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE' };
  const entry = await anEntry({ collected: '92.00' });
  expect(await codeOf(entry, '7.00', { ...small, balance: '7.00' })).toBe('BALANCE_MISMATCH input.amount');
  expect(await codeOf(entry, '8.00', small)).toBe('');
  expect(await codeOf(await anEntry(), '100.00', { ...small, balance: '5.00' })).toBe(
    'ABOVE_SMALL_BALANCE_LIMIT input.productionEntryId',
  );
  const unknown = await anEntry(null);
  expect(await codeOf(unknown, '4.00', small)).toBe('INVALID input.balance');
  expect(await codeOf(unknown, '4.00', { ...small, balance: '4.00' })).toBe('');
});

test('an adjustment of one patient names no entry of another', async () => {
  const entry = await anEntry();
  const before = await written();
  expect(await codeOf({ ...entry, patientId: patient(++patients) }, '1.00')).toBe('INVALID input.productionEntryId');
  expect(await written()).toEqual(before);
});

test('what waits is taken already, what was rejected or reversed is free again, and no decision makes a credit', async () => {
  const entry = await anEntry({ gross: '1000.00' });
  const waits = (await record(entry, '900.00')).adjustment;
  expect(waits.approvalStatus).toBe('PENDING');
  expect(await codeOf(entry, '100.01')).toBe(EXCEEDS);
  await step(REJECT, 'adjustmentReject', waits.id);
  const second = (await record(entry, '800.00')).adjustment;
  expect(await approve(second.id)).toEqual([]);
  expect(await codeOf(entry, '200.01')).toBe(EXCEEDS);
  // A charge that waits is owed when it is approved, and not before.
  const charge = (await record(entry, '-300.00', { category: 'ERROR_CORRECTION', reasonCode: 'ERR-FEE' })).adjustment;
  expect(await codeOf(entry, '200.01')).toBe(EXCEEDS);
  expect(await approve(charge.id)).toEqual([]);
  expect(await codeOf(entry, '500.01')).toBe(EXCEEDS);
  // So is what a reversal that waits gives back.
  const undone = await step(REVERSE, 'adjustmentReverse', second.id, accountant);
  expect(undone.adjustment.approvalStatus).toBe('PENDING');
  expect(await codeOf(entry, '500.01')).toBe(EXCEEDS);
  expect(await approve(undone.adjustment.id)).toEqual([]);
  expect(await codeOf(entry, '1300.01')).toBe(EXCEEDS);
  expect(await codeOf(entry, '1300.00')).toBe('');
});

test('bad debt is owed no more, and what comes back of it is owed neither', async () => {
  const entry = await anEntry();
  const debt = await writeOffDebt(graph, entry.patientId, { productionEntryId: idOf(entry.id), amount: '80.00' });
  const { adjustmentRecoveryRecord } = await graph.get(accountant, RECOVER, {
    input: {
      ...{ idempotencyKey: key(), writeOffId: debt, amount: '50.00' },
      ...{ recoveredOn: '2026-06-29', reasonCode: 'REC-AGENCY' },
    },
  });
  expect(adjustmentRecoveryRecord.userErrors).toEqual([]);
  expect(await codeOf(entry, '20.01')).toBe(EXCEEDS);
  expect(await codeOf(entry, '20.00')).toBe('');
});

test('a reversal is never refused for the balance, and what was imported counts without having been checked', async () => {
  const entry = await anEntry();
  const { adjustment } = await record(entry, '100.00');
  await take(graph, [
    anImport({ category: 'OTHER', amount: '30.00', patientId: entry.patientId, productionEntryId: entry.id }),
  ]);
  const charge = (await record(entry, '-40.00', { category: 'ERROR_CORRECTION', reasonCode: 'ERR-FEE' })).adjustment;
  expect(await codeOf(entry, '10.01')).toBe(EXCEEDS);
  await tell({ ...entry, collected: '100.00', version: 2 });
  expect((await step(REVERSE, 'adjustmentReverse', charge.id)).userErrors).toEqual([]);
  expect((await step(REVERSE, 'adjustmentReverse', adjustment.id)).userErrors).toEqual([]);
});

test('of adjustments that are sent at once as many fit as are owed', async () => {
  const pair = await anEntry();
  const both = await Promise.all([codeOf(pair, '60.00'), codeOf(pair, '60.00')]);
  expect(both.sort()).toEqual(['', EXCEEDS]);
  const many = await anEntry();
  const answers = await Promise.all(Array.from({ length: 14 }, () => codeOf(many, '10.00')));
  expect(answers.filter((code) => code === '')).toHaveLength(10);
  expect(answers.filter((code) => code === EXCEEDS)).toHaveLength(4);
});

test('lines of one call are judged one after the other, and calls that name the same entries crosswise both end', async () => {
  const [one, other] = [await anEntry(), await anEntry()];
  const RECORD_SOME = `mutation ($input: AdjustmentsRecordInput!) { adjustmentsRecord(input: $input) {
    adjustments { id } userErrors { code path } } }`;
  const send = async (day: string, lines: readonly (readonly [Entry, string])[]) => {
    const adjustments = lines.map(([entry, amount]) => {
      const { idempotencyKey: _, clinicId: __, ...line } = input(entry, { amount, adjustmentDate: day });
      return line;
    });
    return (await graph.get(accountant, RECORD_SOME, { input: { idempotencyKey: key(), clinicId, adjustments } }))
      .adjustmentsRecord.userErrors;
  };
  const there = [
    [one, '60.00'],
    [other, '30.00'],
    [one, '40.01'],
  ] as const;
  expect(await send('2026-06-30', there)).toEqual([
    { code: 'EXCEEDS_BALANCE', path: ['input', 'adjustments', '2', 'amount'] },
  ]);
  const crosswise = await Promise.all([
    send('2026-06-30', [
      [one, '30.00'],
      [other, '30.00'],
    ]),
    send('2026-05-31', [
      [other, '20.00'],
      [one, '20.00'],
    ]),
    codeOf(one, '50.00'),
  ]);
  expect(crosswise).toEqual([[], [], '']);
  expect([await codeOf(one, '0.01'), await codeOf(other, '50.01')]).toEqual([EXCEEDS, EXCEEDS]);
});

test('copies end at the highest version, in whatever order and however often they are told', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ collected: fc.nat(20_000), stands: fc.boolean() }), { minLength: 2, maxLength: 7 }),
      fc.array(fc.nat(6), { minLength: 3, maxLength: 12 }),
      async (states, order) => {
        const entry = { id: newId(), patientId: patient(++patients) };
        const of = (n: number): Told => {
          const state = states[n] as (typeof states)[number];
          return { ...entry, version: n + 1, stands: state.stands, collected: (state.collected / 100).toFixed(2) };
        };
        const last = of(states.length - 1);
        const told = [
          ...order.map((n) => n % states.length),
          states.length - 1,
          ...order.map((n) => n % states.length),
        ];
        // Beside an entry that every event names, so that events about the same rows meet.
        await Promise.all(told.map((n) => tell(of(n), { ...entry, id: ALL, version: 1 })));
        expect(
          await graph.sql(
            'SELECT collected, stands, version FROM production_entry_balance WHERE clinic_id = $1 AND id = $2',
            [CLINIC, entry.id],
          ),
        ).toEqual([{ collected: last.collected, stands: last.stands, version: states.length }]);
      },
    ),
    { numRuns: 8 },
  );
});
const ALL = '00000000-0000-7000-8000-00000000ffff';

test('more entries than one event carries are told in several, in two statements each, and none twice', async () => {
  const entries = Array.from({ length: 1_100 }, () => ({ id: newId(), patientId: patient(1) }));
  const told = events(entries);
  expect(told.map((event) => (event.data as { entries: unknown[] }).entries.length)).toEqual([500, 500, 100]);
  for (const event of [...told, ...told]) expect((await graph.deliver(event)).status).toBe(204);
  expect(new Set(events(entries).map(({ id }) => id)).size).toBe(3);
  const [first] = events([{ id: newId(), patientId: patient(1) }, ...entries.slice(0, 499)]);
  expect(await graph.statements(() => graph.deliver(first as NonNullable<typeof first>))).toHaveLength(2);
  expect(
    await graph.sql('SELECT count(*)::int AS n FROM production_entry_balance WHERE id = ANY ($1::uuid[])', [
      entries.map(({ id }) => id),
    ]),
  ).toEqual([{ n: 1_100 }]);
});
