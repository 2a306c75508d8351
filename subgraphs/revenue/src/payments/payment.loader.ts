import { batchLoader, columnsOf, Decimal, hydrate, prepared, type RecordKey } from '@practice-graph/kit';
import { linkedLoader, recordRead, type LinkedRows } from '../patients/patient-rows.loader';
import { Payment } from './payment.entity';
import type { PaymentMethod, PaymentTender } from './payment.types';

const paymentRows: LinkedRows<Payment> = {
  action: 'payment.read',
  entityType: 'Payment',
  patientOf: (payment) => payment.patientId,
  isVisible: ({ locationId }, { restrictions }) =>
    restrictions['locations'] === undefined || restrictions['locations'].includes(locationId),
};

export const paymentLoader = linkedLoader(Payment, paymentRows);

const keyText = ({ clinicId, id }: RecordKey) => `${clinicId}/${id}`;

/** Tenders of N payments, in the order in which they were named, with one statement. */
export const tendersOfPayment = batchLoader<RecordKey, PaymentTender[]>(async (tx, payments) => {
  const found = await prepared<{ payment_id: string; method: PaymentMethod; amount: string }>(
    tx,
    `SELECT t.payment_id, t.method, t.amount FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
     JOIN payment_tender t ON t.clinic_id = k.clinic_id AND t.payment_id = k.id ORDER BY t.payment_id, t.line`,
    [payments.map((payment) => payment.clinicId), payments.map((payment) => payment.id)],
  );
  return payments.map(({ id }) =>
    found
      .filter((tender) => tender.payment_id === id)
      .map(({ method, amount }) => ({ method, amount: new Decimal(amount) })),
  );
}, keyText);

/** Refunds of N payments, oldest first, with one statement. */
export const refundsOfPayment = batchLoader<RecordKey, Payment[]>(async (tx, payments, context) => {
  const metadata = tx.dataSource.getMetadata(Payment);
  const found = hydrate(
    tx,
    Payment,
    await prepared(
      tx,
      `SELECT ${columnsOf(metadata, 't')} FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN payment t ON t.clinic_id = k.clinic_id AND t.refund_of_id = k.id ORDER BY t.created_at, t.id`,
      [payments.map((payment) => payment.clinicId), payments.map((payment) => payment.id)],
    ),
  );
  recordRead(context, paymentRows, found);
  return payments.map(({ id }) => found.filter((refund) => refund.refundOfId === id));
}, keyText);
