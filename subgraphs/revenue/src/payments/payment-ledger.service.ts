import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import { requireOpenMonths } from '@practice-graph/practice';
import { postedStatus } from '../production/production-entry.rules';
import { balanceOf, tellBalances } from '../production/production-balance.service';
import type { ProductionEntry } from '../production/production-entry.entity';
import { sliceUpsert } from '../production/production-slice.service';
import type { Payment } from './payment.entity';
import type { PaymentMethod } from './payment.types';

/** What of a payment or refund goes to an entry, which the caller has locked; negative for a refund. */
export interface Collection {
  readonly entry: ProductionEntry;
  readonly amount: Decimal;
}

// Payment, tenders, parts, state of the entries and slices in one statement. What was collected counts on the day of the
// payment, at the place, provider, category, code, phase and system of the entry: closed days never change.
const COLLECT = `
WITH p AS (
  INSERT INTO payment (clinic_id, id, location_id, patient_id, amount, method, paid_at, business_date, refund_of_id, settlement_id,
    unapplied_credit, created_at, created_by)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6, $7, $8::date, $9::uuid, $10, $11, $12, $13)
), t AS (
  INSERT INTO payment_tender (clinic_id, payment_id, line, method, amount)
  SELECT $1::uuid, $2::uuid, n, method, amount FROM unnest($14::text[], $15::numeric[]) WITH ORDINALITY AS i (method, amount, n)
), c AS (
  INSERT INTO payment_collection (clinic_id, payment_id, entry_id, day, amount)
  SELECT $1::uuid, $2::uuid, entry_id, $8::date, amount FROM unnest($16::uuid[], $17::numeric[]) AS i (entry_id, amount)
  RETURNING clinic_id, entry_id, day, amount
), state AS (
  UPDATE production_entry e SET collected = s.collected, status = s.status, version = e.version + 1, updated_at = $12
  FROM unnest($16::uuid[], $18::numeric[], $19::text[]) AS s (id, collected, status)
  WHERE e.clinic_id = $1::uuid AND e.id = s.id
), fact AS (
  SELECT c.clinic_id, c.day, e.location_id, e.provider_id, e.category, e.procedure_code, e.phase, e.appliance_system,
    0::numeric AS gross, 0::numeric AS adjustments, c.amount AS collected, 0::numeric AS insurance, 0 AS entry_count,
    0 AS start_count, 0 AS debond_count, 0::numeric AS start_net, 0::numeric AS debond_net, 0 AS place_visits,
    0 AS provider_visits, true AS is_fact
  FROM c JOIN production_entry e ON e.clinic_id = c.clinic_id AND e.id = c.entry_id
), ${sliceUpsert('fact')}
SELECT 1 AS done`;

const COUNTED = new Set(['POSTED', 'PARTIALLY_COLLECTED', 'COLLECTED']);

/** Writes a payment or refund with its tenders, and what it collects on entries or takes back from them. */
export async function writePayment(
  tx: Tx,
  payment: Omit<Payment, 'createdAt' | 'createdBy' | 'globalId' | 'isRefund'>,
  tenders: readonly { readonly method: PaymentMethod; readonly amount: Decimal }[],
  collections: readonly Collection[],
): Promise<void> {
  await requireOpenMonths(tx, payment.clinicId, [payment.businessDate]);
  const states = collections.map(({ entry, amount }) => {
    const collected = entry.collected.plus(amount);
    // An entry that was reversed stays so; money that is still on it is owed back.
    return { collected, status: COUNTED.has(entry.status) ? postedStatus(entry.net, collected) : entry.status };
  });
  const collecting = prepared(tx, COLLECT, [
    payment.clinicId,
    payment.id,
    payment.locationId,
    payment.patientId,
    payment.amount,
    payment.method,
    payment.paidAt,
    payment.businessDate,
    payment.refundOfId,
    payment.settlementId,
    payment.unappliedCredit,
    tx.session.at,
    tx.session.viewer.subject,
    tenders.map((tender) => tender.method),
    tenders.map((tender) => tender.amount),
    collections.map(({ entry }) => entry.id),
    collections.map(({ amount }) => amount),
    states.map((state) => state.collected),
    states.map((state) => state.status),
  ]);
  const balances = collections.flatMap(({ entry }, n) => {
    const state = states[n];
    return state ? [balanceOf(entry, state)] : [];
  });
  await Promise.all([collecting, tellBalances(tx, payment.clinicId, balances)]);
}
