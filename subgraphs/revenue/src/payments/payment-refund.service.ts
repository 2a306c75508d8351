import { audit, Decimal, findByKey, findByKeys, newId, prepared, type RecordKey, type Tx } from '@practice-graph/kit';
import { Location } from '../clinics/location.entity';
import { monthsAt, postingDay } from '../clinics/posting-day.service';
import { lockName, requireWithin } from '../clinics/saving.service';
import { ProductionEntry } from '../production/production-entry.entity';
import { requireProduction } from '../production/production-lines.service';
import { refuse } from '../refusals';
import { writePayment } from './payment-ledger.service';
import { Payment } from './payment.entity';
import type { PaymentRefundInput } from './payment.inputs';
import { methodOf, refundParts, total } from './payment.rules';
import type { PaymentMethod } from './payment.types';

interface Left {
  readonly entries: readonly { readonly id: string; readonly amount: Decimal }[];
  readonly tenders: readonly { readonly method: PaymentMethod; readonly amount: Decimal }[];
  readonly credit: Decimal;
}

// Refunds of a payment count against it, whatever else happened since.
const ENTRIES = `
SELECT c.entry_id AS id, sum(c.amount)::text AS amount FROM payment p
JOIN payment_collection c ON c.clinic_id = p.clinic_id AND c.payment_id = p.id
WHERE p.clinic_id = $1 AND (p.id = $2 OR p.refund_of_id = $2) GROUP BY 1 HAVING sum(c.amount) > 0 ORDER BY 1`;
const TENDERS = `
SELECT t.method, sum(CASE WHEN p.id = $2 THEN t.amount ELSE -t.amount END)::text AS amount FROM payment p
JOIN payment_tender t ON t.clinic_id = p.clinic_id AND t.payment_id = p.id
WHERE p.clinic_id = $1 AND (p.id = $2 OR p.refund_of_id = $2) GROUP BY 1
HAVING sum(CASE WHEN p.id = $2 THEN t.amount ELSE -t.amount END) > 0 ORDER BY min(CASE WHEN p.id = $2 THEN t.line END), 1`;
const CREDIT = `
SELECT sum(CASE WHEN id = $2 THEN unapplied_credit ELSE -unapplied_credit END)::text AS credit FROM payment
WHERE clinic_id = $1 AND (id = $2 OR refund_of_id = $2)`;

/** What of a payment was not given back yet; the payment is locked by its name, for its row is never updated. */
async function leftOf(tx: Tx, { clinicId, id }: RecordKey): Promise<Left> {
  const [entries, tenders, [credit]] = await Promise.all([
    prepared<{ id: string; amount: string }>(tx, ENTRIES, [clinicId, id]),
    prepared<{ method: PaymentMethod; amount: string }>(tx, TENDERS, [clinicId, id]),
    prepared<{ credit: string }>(tx, CREDIT, [clinicId, id]),
  ]);
  return {
    entries: entries.map((part) => ({ id: part.id, amount: new Decimal(part.amount) })),
    tenders: tenders.map((part) => ({ method: part.method, amount: new Decimal(part.amount) })),
    credit: new Decimal(credit?.credit ?? 0),
  };
}

async function refundable(tx: Tx, key: RecordKey, input: PaymentRefundInput): Promise<Payment> {
  await lockName(tx, key.clinicId, `payment:${key.id}`);
  const payment = await findByKey(tx, Payment, key);
  if (!payment) throw refuse('NOT_FOUND', 'The payment does not exist or is outside your reach.', ['id']);
  requireWithin(tx, 'locations', payment.locationId, ['id']);
  if (payment.isRefund) throw refuse('NOT_REVERSIBLE', 'A refund is never refunded; record a payment.', ['id']);
  if (input.reason.trim() === '') throw refuse('REASON_REQUIRED', 'Say why it is given back.', ['input', 'reason']);
  if (input.amount.lte(0)) throw refuse('BAD_AMOUNT', 'A refund must be more than zero.', ['input', 'amount']);
  if (input.refundedAt < payment.paidAt)
    throw refuse('INVALID', 'Money cannot go back before it came in.', ['input', 'refundedAt']);
  return payment;
}

/** Gives back all or part of a payment, on the day of the refund, in the entries and methods of the original. */
export async function refundPayment(tx: Tx, key: RecordKey, input: PaymentRefundInput): Promise<{ id: string }> {
  const { clinicId } = key;
  await requireProduction(tx, clinicId);
  const payment = await refundable(tx, key, input);
  const left = await leftOf(tx, key);
  const rest = total(left.tenders.map((tender) => tender.amount));
  if (input.amount.gt(rest))
    throw refuse('EXCEEDS_PAYMENT', `Only ${rest.toFixed(2)} is left of the payment.`, ['input', 'amount']);
  const parts = refundParts(input.amount, {
    credit: left.credit,
    collected: left.entries.map((entry) => entry.amount),
    tendered: left.tenders.map((tender) => tender.amount),
  });
  const [location, locked] = await Promise.all([
    findByKey(tx, Location, { clinicId, id: payment.locationId }),
    findByKeys(
      tx,
      ProductionEntry,
      left.entries.map(({ id }) => ({ clinicId, id })),
      { lock: 'UPDATE' },
    ),
  ]);
  for (const { locationId, providerId } of locked) {
    requireWithin(tx, 'locations', locationId, ['id']);
    requireWithin(tx, 'providers', providerId, ['id']);
  }
  if (!location) throw new Error(`the place of payment ${payment.id} is missing`);
  const entries = new Map(locked.map((entry) => [entry.id, entry]));
  const collections = left.entries.flatMap(({ id }, n) => {
    const entry = entries.get(id);
    const amount = parts.collected[n];
    return entry && amount && !amount.isZero() ? [{ entry, amount: amount.neg() }] : [];
  });
  const tenders = left.tenders.flatMap(({ method }, n) => {
    const amount = parts.tendered[n];
    return amount && !amount.isZero() ? [{ method, amount }] : [];
  });
  const months = await monthsAt(tx, clinicId, [{ location, at: input.refundedAt }]);
  const id = newId();
  await writePayment(
    tx,
    {
      clinicId,
      id,
      locationId: payment.locationId,
      patientId: payment.patientId,
      amount: input.amount,
      method: methodOf(tenders),
      paidAt: input.refundedAt,
      businessDate: postingDay(tx, location, input.refundedAt, months, ['input', 'refundedAt']),
      refundOfId: payment.id,
      settlementId: null,
      unappliedCredit: parts.credit,
    },
    tenders,
    collections,
  );
  const subjects = [
    ...new Set([...locked.map((entry) => entry.patientId), ...(payment.patientId ? [payment.patientId] : [])]),
  ];
  const note = input.reason.trim();
  await audit(tx, clinicId, [
    { action: 'payment.refund', entityType: 'Payment', entityId: payment.id, subjects, note },
    { action: 'payment.record', entityType: 'Payment', entityId: id, subjects, note },
  ]);
  return { id };
}
