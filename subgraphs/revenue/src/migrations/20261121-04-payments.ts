import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** Money received and given back, how it was paid, and which entries it settles. */
export class Payments17636900000042 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- Facts only; amounts are positive, a refund is told by the payment that it gives back. "A payment by its id", "the
-- refunds of a payment", "the payments of a patient", "of a day".
CREATE TABLE payment (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  patient_id uuid,
  amount numeric(14,2) NOT NULL CHECK (amount > 0),
  method text NOT NULL CHECK (method IN ('CASH', 'CARD', 'WALLET', 'INSURANCE', 'BANK_TRANSFER', 'MIXED', 'UNKNOWN')),
  paid_at timestamptz NOT NULL,
  business_date date NOT NULL,
  refund_of_id uuid,
  settlement_id text,
  unapplied_credit numeric(14,2) NOT NULL CHECK (unapplied_credit >= 0),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON payment (id);
CREATE INDEX ON payment (clinic_id, refund_of_id);
CREATE INDEX ON payment (clinic_id, patient_id);
CREATE INDEX ON payment (clinic_id, business_date, id);
${tenantTable(roles, 'payment', 'SELECT, INSERT')}

-- "The tenders of a payment."
CREATE TABLE payment_tender (
  clinic_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  line smallint NOT NULL,
  method text NOT NULL CHECK (method IN ('CASH', 'CARD', 'WALLET', 'INSURANCE', 'BANK_TRANSFER', 'UNKNOWN')),
  amount numeric(14,2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (clinic_id, payment_id, line)
);
${tenantTable(roles, 'payment_tender', 'SELECT, INSERT')}

-- What of a payment was collected on an entry, on the day of the payment; negative for a refund. "The parts of a
-- payment", "what was collected on an entry".
CREATE TABLE payment_collection (
  clinic_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  day date NOT NULL,
  amount numeric(14,2) NOT NULL,
  PRIMARY KEY (clinic_id, payment_id, entry_id)
);
CREATE INDEX ON payment_collection (clinic_id, entry_id);
CREATE INDEX ON payment_collection (clinic_id, day);
${tenantTable(roles, 'payment_collection', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
