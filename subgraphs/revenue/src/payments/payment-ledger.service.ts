import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import { requireOpenMonths } from '@practice-graph/practice';
import { postedStatus } from '../production/production-entry.rules';
import { balanceOf, tellBalances } from '../production/production-balance.service';
import type { ProductionEntry } from '../production/production-entry.entity';
import type { ProductionStatus } from '../production/production.types';
import { sliceUpsert } from '../production/production-slice.service';
import type { Payment } from './payment.entity';
import { followsPayments } from './payment.rules';
import type { PaymentMethod } from './payment.types';

/** What of a payment or refund goes to an entry, which the caller has locked; negative for a refund. */
export interface Collection {
  readonly entry: ProductionEntry;
  readonly amount: Decimal;
}

/** What is written of a payment or refund; the ledger adds when and by whom. */
export type PaymentFacts = Omit<Payment, 'createdAt' | 'createdBy' | 'globalId' | 'isRefund'>;

/** A tender of a payment. */
export interface Tender {
  readonly paymentId: string;
  readonly method: PaymentMethod;
  readonly amount: Decimal;
}

/** What of a payment goes to an entry; negative for a refund. */
export interface Part {
  readonly paymentId: string;
  readonly entryId: string;
  readonly amount: Decimal;
}

/** An entry as payments leave it. */
export interface PaidEntry {
  readonly id: string;
  readonly collected: Decimal;
  readonly status: ProductionStatus;
}

/** Payments of one clinic that are about to be written, with all that follows from them. */
export interface PaymentRows {
  readonly payments: readonly PaymentFacts[];
  readonly tenders: readonly Tender[];
  readonly parts: readonly Part[];
  readonly entries: readonly PaidEntry[];
}

// Payments, tenders, parts, state of the entries and slices in one statement. What was collected counts on the day of the
// payment, at the place, provider, category, code, phase and system of the entry: closed days never change.
const COLLECT = `
WITH p AS (
  INSERT INTO payment (clinic_id, id, location_id, patient_id, amount, method, paid_at, business_date, refund_of_id, settlement_id,
    unapplied_credit, created_at, created_by)
  SELECT $1::uuid, i.*, $2::timestamptz, $3::text
  FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[], $8::text[], $9::timestamptz[], $10::date[], $11::uuid[], $12::text[],
    $13::numeric[]) AS i (id, location_id, patient_id, amount, method, paid_at, business_date, refund_of_id, settlement_id, unapplied_credit)
), t AS (
  INSERT INTO payment_tender (clinic_id, payment_id, line, method, amount)
  SELECT $1::uuid, payment_id, row_number() OVER (PARTITION BY payment_id ORDER BY n), method, amount
  FROM unnest($14::uuid[], $15::text[], $16::numeric[]) WITH ORDINALITY AS i (payment_id, method, amount, n)
), c AS (
  INSERT INTO payment_collection (clinic_id, payment_id, entry_id, day, amount)
  SELECT $1::uuid, i.* FROM unnest($17::uuid[], $18::uuid[], $19::date[], $20::numeric[]) AS i (payment_id, entry_id, day, amount)
  RETURNING clinic_id, entry_id, day, amount
), state AS (
  UPDATE production_entry e SET collected = s.collected, status = s.status, version = e.version + 1, updated_at = $2
  FROM unnest($21::uuid[], $22::numeric[], $23::text[]) AS s (id, collected, status)
  WHERE e.clinic_id = $1::uuid AND e.id = s.id
), fact AS (
  SELECT c.clinic_id, c.day, e.location_id, e.provider_id, e.category, e.procedure_code, e.phase, e.appliance_system,
    0::numeric AS gross, 0::numeric AS adjustments, c.amount AS collected, 0::numeric AS insurance, 0 AS entry_count,
    0 AS start_count, 0 AS debond_count, 0::numeric AS start_net, 0::numeric AS debond_net, 0 AS place_visits,
    0 AS provider_visits, true AS is_fact
  FROM c JOIN production_entry e ON e.clinic_id = c.clinic_id AND e.id = c.entry_id
), ${sliceUpsert('fact')}
SELECT 1 AS done`;

/** Where an entry stands with so much collected. One that was reversed stays so; money that is still on it is owed back. */
export const statusWith = (entry: Pick<ProductionEntry, 'status' | 'net'>, collected: Decimal): ProductionStatus =>
  followsPayments(entry.status) ? postedStatus(entry.net, collected) : entry.status;

async function write(tx: Tx, clinicId: string, { payments, tenders, parts, entries }: PaymentRows): Promise<void> {
  const days = new Map(payments.map((payment) => [payment.id, payment.businessDate]));
  await prepared(tx, COLLECT, [
    clinicId,
    tx.session.at,
    tx.session.viewer.subject,
    payments.map((payment) => payment.id),
    payments.map((payment) => payment.locationId),
    payments.map((payment) => payment.patientId),
    payments.map((payment) => payment.amount),
    payments.map((payment) => payment.method),
    payments.map((payment) => payment.paidAt),
    payments.map((payment) => payment.businessDate),
    payments.map((payment) => payment.refundOfId),
    payments.map((payment) => payment.settlementId),
    payments.map((payment) => payment.unappliedCredit),
    tenders.map((tender) => tender.paymentId),
    tenders.map((tender) => tender.method),
    tenders.map((tender) => tender.amount),
    parts.map((part) => part.paymentId),
    parts.map((part) => part.entryId),
    parts.map((part) => days.get(part.paymentId)),
    parts.map((part) => part.amount),
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.collected),
    entries.map((entry) => entry.status),
  ]);
}

/** Writes payments of one clinic in one statement; the caller has locked the entries and tells of their balances. */
export async function writePayments(tx: Tx, clinicId: string, rows: PaymentRows): Promise<void> {
  await requireOpenMonths(
    tx,
    clinicId,
    rows.payments.map((payment) => payment.businessDate),
  );
  await write(tx, clinicId, rows);
}

/** Writes a payment or refund with its tenders, and what it collects on entries or takes back from them. */
export async function writePayment(
  tx: Tx,
  payment: PaymentFacts,
  tenders: readonly { readonly method: PaymentMethod; readonly amount: Decimal }[],
  collections: readonly Collection[],
): Promise<void> {
  const { clinicId, id: paymentId } = payment;
  await requireOpenMonths(tx, clinicId, [payment.businessDate]);
  const paid = collections.map(({ entry, amount }) => {
    const collected = entry.collected.plus(amount);
    return { entry, amount, state: { id: entry.id, collected, status: statusWith(entry, collected) } };
  });
  const writing = write(tx, clinicId, {
    payments: [payment],
    tenders: tenders.map((tender) => ({ paymentId, ...tender })),
    parts: paid.map(({ entry, amount }) => ({ paymentId, entryId: entry.id, amount })),
    entries: paid.map(({ state }) => state),
  });
  await Promise.all([
    writing,
    tellBalances(
      tx,
      clinicId,
      paid.map(({ entry, state }) => balanceOf(entry, state)),
    ),
  ]);
}
