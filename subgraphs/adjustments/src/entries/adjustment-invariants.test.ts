import { sealAudit, systemViewer, transact, verifyAudit } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { Decimal } from 'decimal.js';
import { tellPeriod } from '@practice-graph/practice/testing';
import fc from 'fast-check';
import { adjustments } from '..';
import {
  accountant,
  anAdjustment,
  CLINIC,
  idOf,
  key,
  NORTH,
  openLedger,
  patient,
  RECORD,
  REVERSE,
  SOUTH,
} from '../testing';
import { APPROVE, REJECT, supervisor, WITHDRAW } from '../testing/approvals';
import { RECOVER, writeOffDebt } from '../testing/bad-debt';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const nth = fc.nat(9);
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      category: fc.constantFrom('COURTESY_DISCOUNT', 'TIMING_ADJUSTMENT', 'BAD_DEBT'),
      cents: fc.integer({ min: 1, max: 50_000 }),
      negative: fc.boolean(),
      place: fc.constantFrom(NORTH, SOUTH),
      patient: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('recover' as const),
      of: nth,
      cents: fc.integer({ min: 1, max: 40_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reverse' as const), of: nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('approve' as const, 'reject' as const, 'withdraw' as const),
      of: nth,
      own: fc.boolean(),
    }),
  },
);

const REASONS = { COURTESY_DISCOUNT: 'CRT-PREPAID', TIMING_ADJUSTMENT: 'TIM-PERIOD', BAD_DEBT: 'BAD-AGENCY' } as const;
const input = (of: Record<string, unknown> = {}) => ({ idempotencyKey: key(), reason: 'Because', ...of });
let runs = 0;

type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;
type Answer = { adjustment?: { id: string } | null; adjustments?: unknown[]; userErrors: { code: string }[] };

/** Closes June, or opens it again; what counts in it does not change in between. */
const june = {
  version: 1,
  closedWith: null as unknown,
  sums: () =>
    graph.sql(
      `SELECT category, sum(amount) AS amount, sum(effect) AS effect, sum(entries) AS entries FROM adjustment_slice
       WHERE clinic_id = $1 AND dim = 'T' AND grain = 'M' AND period = '2026-06-01' GROUP BY 1 ORDER BY 1`,
      [CLINIC],
    ),
  tell: (status: Parameters<typeof tellPeriod>[3]) => tellPeriod(graph, CLINIC, '2026-06', status, ++june.version),
  close: async () => {
    await june.tell('CLOSING');
    june.closedWith = await june.sums();
    await june.tell('CLOSED');
  },
  open: async () => {
    expect(await june.sums()).toEqual(june.closedWith);
    june.closedWith = null;
    await june.tell('OPEN');
  },
};

/** Sends one command as a client would; answers what it changed, if anything. */
async function send(of: Command, made: readonly string[], base: number): Promise<Answer | null> {
  if (of.kind === 'close') {
    await (june.closedWith === null ? june.close() : june.open());
    return null;
  }
  // Bad debt takes two requests, of which the first is about no day of the books.
  if (of.kind === 'record' && of.category === 'BAD_DEBT' && june.closedWith !== null) return null;
  if (of.kind === 'record') {
    const patientId = patient(base + of.patient);
    const amount = new Decimal(of.cents).div(100).times(of.negative && of.category === 'TIMING_ADJUSTMENT' ? -1 : 1);
    const what = {
      category: of.category,
      reasonCode: REASONS[of.category],
      amount: amount.toFixed(2),
      locationId: idOf(of.place),
    };
    if (of.category === 'BAD_DEBT')
      return { adjustment: { id: await writeOffDebt(graph, patientId, what) }, userErrors: [] };
    return (await graph.get(accountant, RECORD, { input: anAdjustment({ ...what, patientId: idOf(patientId) }) }))
      .adjustmentRecord;
  }
  const id = made[of.of];
  if (id === undefined) return null;
  switch (of.kind) {
    case 'recover': {
      const amount = new Decimal(of.cents).div(100).toFixed(2);
      const recovery = { writeOffId: id, amount, recoveredOn: '2026-06-29', reasonCode: 'REC-AGENCY' };
      return (await graph.get(accountant, RECOVER, { input: { idempotencyKey: key(), ...recovery } }))
        .adjustmentRecoveryRecord;
    }
    case 'reverse':
      return (await graph.get(accountant, REVERSE, { id, input: input() })).adjustmentReverse;
    case 'approve': {
      const as = of.own ? { ...supervisor, subject: accountant.subject } : supervisor;
      return (await graph.get(as, APPROVE, { ids: [id], input: input() })).adjustmentApprove;
    }
    case 'reject':
      return (await graph.get(supervisor, REJECT, { id, input: input() })).adjustmentReject;
    case 'withdraw':
      return (await graph.get(of.own ? accountant : supervisor, WITHDRAW, { id, input: input() })).adjustmentWithdraw;
  }
}

const changes = async () =>
  Number((await graph.sql(`SELECT count(*) AS n FROM audit_event WHERE action NOT LIKE '%.read'`))[0]?.['n']);

/** What of the ledger breaks a rule, one text for each. */
const broken = () =>
  graph.sql(`
  SELECT 'approved by the one who recorded it ' || id AS rule FROM adjustment_entry WHERE approval_status = 'APPROVED' AND (decided_by IS NULL OR decided_by = created_by)
  UNION ALL SELECT 'decided without a decision ' || id FROM adjustment_entry WHERE (approval_status IN ('APPROVED', 'REJECTED')) <> (decided_at IS NOT NULL)
  UNION ALL SELECT 'no history of a decision ' || e.id FROM adjustment_entry e WHERE e.decided_at IS NOT NULL AND 1 <>
    (SELECT count(*) FROM audit_event a WHERE a.entity_id = e.id AND a.from_state = 'PENDING' AND a.to_state = e.approval_status)
  UNION ALL SELECT 'no history of its beginning ' || e.id FROM adjustment_entry e WHERE 1 <>
    (SELECT count(*) FROM audit_event a WHERE a.entity_id = e.id AND a.from_state IS NULL AND a.row_count IS NULL)
  UNION ALL SELECT 'undone twice ' || reverses_id FROM adjustment_entry WHERE is_reversal AND approval_status <> 'REJECTED' GROUP BY reverses_id HAVING count(*) > 1
  UNION ALL SELECT 'a pair does not come to nothing ' || r.id FROM adjustment_entry r JOIN adjustment_entry o ON o.id = r.reverses_id WHERE o.amount + r.amount <> 0 OR o.is_reversal
  UNION ALL SELECT 'more came back than was given up ' || d.id FROM adjustment_entry d WHERE d.category = 'BAD_DEBT' AND NOT d.is_reversal AND
    (CASE WHEN d.reversed_by_id IS NULL THEN d.amount ELSE 0 END) < (SELECT coalesce(sum(r.amount), 0) FROM adjustment_entry r
      WHERE r.recovery_of_id = d.id AND r.approval_status IN ('APPROVED', 'AUTO_APPROVED'))`);

/** What revenue was told, to be added up there, and what the ledger comes to. */
async function toldAndKept() {
  const events = (await graph.events()).filter(
    ({ subscriber, event }) => subscriber === 'revenue' && event.type.startsWith('adjustment.'),
  );
  const amounts = events.map(({ event }) => new Decimal((event.data as { amount: string }).amount));
  const [kept] = await graph.sql<{ n: number; sum: string }>(
    `SELECT count(*)::int AS n, coalesce(sum(amount), 0) AS sum FROM adjustment_entry WHERE approval_status IN ('APPROVED', 'AUTO_APPROVED')`,
  );
  const told = amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0));
  return {
    told: [amounts.length, told.toFixed(2)],
    kept: [kept?.n, new Decimal(kept?.sum ?? 0).toFixed(2)],
  };
}

/** Steps that many send at the same moment for the same few entries. */
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('recover' as const),
      of: fc.nat(5),
      cents: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reverse' as const), of: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('approve' as const, 'reject' as const, 'withdraw' as const),
      of: fc.nat(5),
      own: fc.boolean(),
    }),
  },
);

test('whatever is sent at once for the same entries, one comes after the other and the books hold (C-A4, C-A5, C-A7)', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 24, maxLength: 36 }), async (steps) => {
      const base = 9_000 + 10 * ++runs;
      const made: string[] = [];
      const record = (category: 'COURTESY_DISCOUNT' | 'BAD_DEBT', cents: number, patientAt: number) =>
        send({ kind: 'record', category, cents, negative: false, place: NORTH, patient: patientAt }, made, base);
      for (const answer of [
        await record('COURTESY_DISCOUNT', 30_000, 1),
        await record('COURTESY_DISCOUNT', 2_000, 2),
        await record('BAD_DEBT', 20_000, 3),
        await record('BAD_DEBT', 40_000, 4),
      ])
        made.push(answer?.adjustment?.id as string);
      // Recoveries and reversals that come of it are stepped upon by those that follow.
      for (let at = 0; at < steps.length; at += 12) {
        const answers = await Promise.all(steps.slice(at, at + 12).map((of) => send(of, made, base)));
        for (const answer of answers) {
          if (answer?.userErrors.length === 0) done++;
          if (answer?.adjustment && !made.includes(answer.adjustment.id)) made.push(answer.adjustment.id);
        }
      }
      expect(await broken()).toEqual([]);
      const { told, kept } = await toldAndKept();
      expect(told).toEqual(kept);
    }),
    { numRuns: 8 },
  );
  expect(done).toBeGreaterThan(25);
  await transact(graph.running.database, systemViewer(CLINIC), CLINIC, async (tx) => {
    for (const verifier of adjustments.verifiers)
      for (const { differences } of await verifier(tx, CLINIC)) expect(differences).toEqual([]);
  });
}, 60_000);

test('whatever is recorded, approved, rejected, withdrawn, reversed, recovered and closed, the books hold (C-A3 to C-A9)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 8, maxLength: 22 }), async (commands) => {
      const base = 5_000 + 10 * ++runs;
      const made: string[] = [];
      for (const of of commands) {
        const before = await changes();
        const answer = await send(of, made, base);
        if (answer === null) continue;
        // A change leaves its trace in the trail, a refused one none (C-A9).
        expect((await changes()) > before).toBe(answer.userErrors.length === 0);
        const isNew = of.kind === 'record' || of.kind === 'recover' || of.kind === 'reverse';
        if (isNew && answer.adjustment) made.push(answer.adjustment.id);
      }
      if (june.closedWith !== null) await june.open();
      expect(await broken()).toEqual([]);
      const { told, kept } = await toldAndKept();
      expect(told).toEqual(kept);
    }),
    { numRuns: 20 },
  );
  const { database } = graph.running;
  await transact(database, systemViewer(CLINIC), CLINIC, async (tx) => {
    for (const verifier of adjustments.verifiers)
      for (const { differences } of await verifier(tx, CLINIC)) expect(differences).toEqual([]);
  });
  expect(june.version).toBeGreaterThan(6);
  await sealAudit(database);
  expect(await verifyAudit(database, CLINIC)).toMatchObject({ unsealed: 0, differences: [] });
  await graph.sql(
    `UPDATE audit_event SET to_state = 'APPROVED' WHERE id = (SELECT id FROM audit_event WHERE to_state = 'PENDING' LIMIT 1)`,
  );
  expect((await verifyAudit(database, CLINIC)).differences).not.toEqual([]);
}, 60_000);
