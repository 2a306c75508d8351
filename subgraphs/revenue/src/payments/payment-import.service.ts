import { audit, Decimal, eventOf, prepared, type GraphEvent, type Tx } from '@practice-graph/kit';
import { factsOfEntries, type Day } from '@practice-graph/practice';
import { balanceOf } from '../production/production-balance.service';
import type { ProductionStatus } from '../production/production.types';
import { statusWith, writePayments, type PaidEntry, type PaymentFacts } from './payment-ledger.service';
import { isPayable, isWithinBalance, total } from './payment.rules';
import type { PaymentMethod } from './payment.types';

/** A payment as it comes from elsewhere, under its own uuid. References are those of the imported directory and production. */
export interface ImportedPayment {
  readonly id: string;
  readonly locationId: string;
  /** Null for money that came in for several patients. */
  readonly patientId: string | null;
  readonly amount: Decimal;
  readonly method: Exclude<PaymentMethod, 'MIXED'>;
  readonly paidAt: Date;
  /** Business day at the location. */
  readonly businessDate: Day;
  readonly settlementId: string | null;
  /** What it settles of which entries; what is left of the amount is credit of the patient. */
  readonly parts: readonly { readonly entryId: string; readonly amount: Decimal }[];
}

const BATCH = 10_000;

/** What of an entry decides on its payments. */
interface Payable {
  readonly id: string;
  readonly patientId: string;
  readonly gross: Decimal;
  readonly net: Decimal;
  readonly isReversal: boolean;
  collected: Decimal;
  status: ProductionStatus;
  version: number;
}

// A few columns of many rows: whole entries would take longer to make than to write.
const LOCK = `
SELECT e.id, e.patient_id, e.gross, (e.gross - e.adjustments)::text AS net, e.collected, e.status, e.version, e.sign < 0 AS is_reversal
FROM unnest($2::uuid[]) AS k (id) JOIN production_entry e ON e.clinic_id = $1 AND e.id = k.id
ORDER BY e.id FOR UPDATE OF e`;

async function lockEntries(tx: Tx, clinicId: string, ids: readonly string[]): Promise<Map<string, Payable>> {
  const found = await prepared<{
    readonly id: string;
    readonly patient_id: string;
    readonly gross: string;
    readonly net: string;
    readonly collected: string;
    readonly status: ProductionStatus;
    readonly version: number;
    readonly is_reversal: boolean;
  }>(tx, LOCK, [clinicId, ids]);
  return new Map(
    found.map((row): [string, Payable] => [
      row.id,
      {
        ...{ id: row.id, patientId: row.patient_id, status: row.status, version: row.version },
        ...{ gross: new Decimal(row.gross), net: new Decimal(row.net), collected: new Decimal(row.collected) },
        isReversal: row.is_reversal,
      },
    ]),
  );
}

const factsOf = (clinicId: string, { parts, ...payment }: ImportedPayment): PaymentFacts => ({
  ...{ ...payment, clinicId, refundOfId: null },
  unappliedCredit: payment.amount.minus(total(parts.map((part) => part.amount))),
});

/** Lets the entries collect what the payments bring, in memory; answers those that changed. */
function collect(entries: ReadonlyMap<string, Payable>, payments: readonly ImportedPayment[]): PaidEntry[] {
  const paid = new Map<string, Payable>();
  for (const { id, parts } of payments)
    for (const { entryId, amount } of parts) {
      const entry = entries.get(entryId);
      if (!entry || !isPayable(entry)) throw new Error(`payment ${id} names entry ${entryId}, which cannot be paid`);
      if (amount.lte(0) || !isWithinBalance(amount, entry.net, entry.collected))
        throw new Error(`payment ${id} pays ${amount.toFixed(2)} of entry ${entryId}, which is not owed`);
      entry.collected = entry.collected.plus(amount);
      entry.status = statusWith(entry, entry.collected);
      paid.set(entryId, entry);
    }
  for (const entry of paid.values()) entry.version += 1;
  return [...paid.values()].map(({ id, collected, status }) => ({ id, collected, status }));
}

/**
 * Imports money received by one clinic by the statement that records single payments, 10,000 at a time; nothing is paid
 * beyond what is owed. Answers the events by which the ledger of adjustments hears of the entries; they are not
 * enqueued, so that a loader may hand them over in bulk.
 */
export async function importPayments(
  tx: Tx,
  clinicId: string,
  payments: readonly ImportedPayment[],
): Promise<GraphEvent[]> {
  const entries = await lockEntries(tx, clinicId, [
    ...new Set(payments.flatMap(({ parts }) => parts.map(({ entryId }) => entryId))),
  ]);
  for (let start = 0; start < payments.length; start += BATCH) {
    const batch = payments.slice(start, start + BATCH);
    await writePayments(tx, clinicId, {
      payments: batch.map((payment) => factsOf(clinicId, payment)),
      tenders: batch.map(({ id, method, amount }) => ({ paymentId: id, method, amount })),
      parts: batch.flatMap(({ id, parts }) => parts.map((part) => ({ paymentId: id, ...part }))),
      entries: collect(entries, batch),
    });
  }
  await audit(tx, clinicId, { action: 'payment.import', entityType: 'Payment', rowCount: payments.length });
  return factsOfEntries([...entries.values()].map((entry) => balanceOf(entry))).map((fact) =>
    eventOf(clinicId, fact, tx.session.at),
  );
}
