import { Decimal, recordIdOf } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import {
  aKey,
  anAdjustment,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  toldBalances,
  type Practice,
} from '../../test/practice';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());

const PAY = `mutation ($input: PaymentRecordInput!) { paymentRecord(input: $input) { payment { id } userErrors { code } } }`;
const REFUND = `mutation ($id: ID!, $input: PaymentRefundInput!) { paymentRefund(id: $id, input: $input) { payment { id } userErrors { code } } }`;
const ENTRIES = `query ($id: ID!) {
  productionEntries(clinicId: $id, first: 200) { nodes { gross adjustments net insurancePortion patientPortion collected outstanding } } }`;
const MONEY = `
SELECT sum(CASE WHEN refund_of_id IS NULL THEN amount ELSE -amount END)::text AS inside,
  sum(CASE WHEN refund_of_id IS NULL THEN unapplied_credit ELSE -unapplied_credit END)::text AS credit,
  (SELECT sum(CASE WHEN p.refund_of_id IS NULL THEN t.amount ELSE -t.amount END)::text
   FROM payment_tender t JOIN payment p ON p.clinic_id = t.clinic_id AND p.id = t.payment_id WHERE t.clinic_id = $1) AS tendered
FROM payment WHERE clinic_id = $1`;

type Step = readonly ['pay' | 'refund' | 'adjust' | 'reverse', number, number];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('pay', 'pay', 'pay', 'refund', 'refund', 'adjust', 'reverse'),
  fc.nat(5),
  fc.integer({ min: 1, max: 15_000 }),
);
const cents = (n: number) => new Decimal(n).div(100).toFixed(2);
const total = (amounts: readonly string[]) => Decimal.sum(0, ...amounts).toFixed(2);

/** Plays one step; a step that is refused changes nothing, which the sums show. */
async function play(of: Practice, entries: readonly string[], paid: string[], [kind, at, amount]: Step) {
  const target = entries[at % entries.length] ?? '';
  const common = { idempotencyKey: aKey() };
  if (kind === 'reverse') await reverse(graph, of, target);
  else if (kind === 'adjust')
    await asService(graph, of.clinicId, (tx) =>
      importAdjustments(tx, of.clinicId, [
        anAdjustment(of, {
          productionEntryId: recordIdOf(target)?.id ?? null,
          amount: new Decimal(amount - 5_000).div(100),
        }),
      ]),
    );
  else if (kind === 'pay') {
    // Half of it is left to the account of the patient as credit, where the entry does not take it.
    const applied = Math.max(1, Math.floor(amount / 2));
    const { paymentRecord } = await graph.get(of.owner, PAY, {
      input: {
        ...{ ...common, clinicId: of.clinic, patientId: of.id(of.patients[0] ?? ''), paidAt: '2026-06-30T15:30:00Z' },
        productionEntries: [{ productionEntryId: target, amount: cents(applied) }],
        tenders: [{ method: 'CARD', amount: cents(amount) }],
      },
    });
    if (paymentRecord.payment) paid.push(paymentRecord.payment.id as string);
  } else if (paid.length > 0)
    await graph.get(of.owner, REFUND, {
      id: paid[at % paid.length],
      input: { ...common, amount: cents(amount), refundedAt: '2026-06-30T15:45:00Z', reason: 'Paid twice' },
    });
}

test('whatever is paid, given back, adjusted and reversed: what is left is net less collected, and no money is lost (C-R1, C-R7, C-R8)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const of = await aPractice(graph, 2);
      const entries: string[] = [];
      for (const gross of ['100.00', '80.50', '0.00', '33.33'])
        entries.push((await record(graph, of, { gross })).productionEntry.id as string);
      const paid: string[] = [];
      for (const one of steps) await play(of, entries, paid, one);

      const { productionEntries } = await graph.get(of.owner, ENTRIES, { id: of.clinic });
      for (const e of productionEntries.nodes) {
        expect(e.net).toBe(total([e.gross, new Decimal(e.adjustments).neg().toFixed(2)]));
        expect(e.net).toBe(total([e.insurancePortion, e.patientPortion]));
        expect(e.outstanding).toBe(total([e.net, new Decimal(e.collected).neg().toFixed(2)]));
      }
      // Every payment lies on entries or in the credit of the patient, and what was given back came from there.
      const collected = total(productionEntries.nodes.map((e: any) => e.collected));
      const [money] = await graph.sql<Record<'inside' | 'credit' | 'tendered', string | null>>(MONEY, [of.clinicId]);
      expect(total([collected, money?.credit ?? '0'])).toBe(total([money?.inside ?? '0']));
      expect(total([money?.tendered ?? '0'])).toBe(total([money?.inside ?? '0']));
      expect((await production(graph, of, { from: '2026-06-01', to: '2026-06-30' })).collected).toBe(collected);
      expect(await differences(graph, of.clinicId)).toEqual([]);
      // Adjustments hear of every change of what is to be collected.
      const { told, entries: kept } = await toldBalances(graph, of.clinicId);
      expect(told).toEqual(kept);
    }),
    { numRuns: 10 },
  );
});
