import { systemViewer, transact } from '@practice-graph/kit';
import { type TestSubgraph } from '@practice-graph/kit/testing';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { adjustments } from '..';
import { STANDARD_REASONS } from '../defaults';
import { accountant, anAdjustment, CLINIC, idOf, key, openLedger, patient, RECORD, REVERSE, SOUTH } from '../testing';

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

/** A small model of the books: what each command must leave behind. */
interface Model {
  readonly amount: Decimal;
  reversed: boolean;
  readonly id: string;
}

const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      category: fc.constantFrom('COURTESY_DISCOUNT', 'OTHER', 'TIMING_ADJUSTMENT', 'FAMILY_DISCOUNT'),
      cents: fc.integer({ min: 1, max: 30_000 }),
      negative: fc.boolean(),
      patient: fc.integer({ min: 1, max: 3 }),
      day: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reverse' as const), of: fc.nat(9) }) },
);
let runs = 0;

test('whatever is recorded and reversed: pairs come to nothing, each entry is undone once, refusals leave no trace (C-A3, C-A5)', async () => {
  const reasonOf = (category: string) => STANDARD_REASONS.find((r) => r.category === category)?.code;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 12 }), async (commands) => {
      const base = 3_000 + 10 * ++runs;
      const model: Model[] = [];
      for (const of of commands) {
        if (of.kind === 'record') {
          const signed = of.category === 'OTHER' || of.category === 'TIMING_ADJUSTMENT';
          const amount = new Decimal(of.cents).div(100).times(of.negative && signed ? -1 : 1);
          const { adjustmentRecord: answer } = await graph.get(accountant, RECORD, {
            input: anAdjustment({
              category: of.category,
              reasonCode: reasonOf(of.category),
              description: 'x',
              amount: amount.toFixed(2),
              patientId: idOf(patient(base + of.patient)),
              adjustmentDate: `2026-06-${String(of.day).padStart(2, '0')}`,
              locationId: idOf(SOUTH),
            }),
          });
          expect(answer.userErrors).toEqual([]);
          const { id, approvalStatus } = answer.adjustment;
          if (amount.abs().gte(250)) expect(approvalStatus).toBe('PENDING');
          if (approvalStatus === 'AUTO_APPROVED') model.push({ id, amount, reversed: false });
        } else {
          const entry = model[of.of];
          if (!entry) continue;
          const { adjustmentReverse: answer } = await graph.get(accountant, REVERSE, {
            id: entry.id,
            input: { idempotencyKey: key() },
          });
          expect(answer.userErrors.map((e: { code: string }) => e.code)).toEqual(
            entry.reversed ? ['ALREADY_REVERSED'] : [],
          );
          entry.reversed = true;
        }
      }
      const [kept] = await graph.sql<{
        total: string;
        originals: number;
        reversals: number;
        pairs: string;
        depth: number;
      }>(
        `SELECT coalesce(sum(e.amount), 0) AS total, count(*) FILTER (WHERE NOT e.is_reversal)::int AS originals,
           count(*) FILTER (WHERE e.is_reversal)::int AS reversals, coalesce(sum(e.amount + o.amount), 0) AS pairs,
           count(*) FILTER (WHERE o.is_reversal)::int AS depth
         FROM adjustment_entry e LEFT JOIN adjustment_entry o ON o.clinic_id = e.clinic_id AND o.id = e.reverses_id
         WHERE e.patient_id = ANY ($1::uuid[]) AND e.approval_status <> 'PENDING'`,
        [[1, 2, 3].map((n) => patient(base + n))],
      );
      const standing = model
        .filter(({ reversed }) => !reversed)
        .reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));
      expect(new Decimal(kept?.total ?? 0).toFixed(2)).toBe(standing.toFixed(2));
      expect(kept).toMatchObject({
        originals: model.length,
        reversals: model.filter((m) => m.reversed).length,
        depth: 0,
      });
      expect(Number(kept?.pairs)).toBe(0);
    }),
    { numRuns: 12 },
  );
  await expectSound(CLINIC);
}, 30_000);
