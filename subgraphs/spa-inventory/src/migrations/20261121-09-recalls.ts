import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('spa_inventory');

export class Recalls17636900000092 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
-- Recalls with their follow-up. "The newest of a clinic", "those that cover this lot number", for receipts "all that stand".
-- item_id is what the caller named, of either inventory; product_id is it where it is a product. supply_lot_numbers is
-- what the other inventory says that it blocked.
CREATE TABLE recall (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  recall_number text NOT NULL,
  recall_class text NOT NULL CHECK (recall_class IN ('CLASS_I', 'CLASS_II', 'CLASS_III')),
  reason text NOT NULL,
  announced_on date NOT NULL,
  lot_number text,
  lot_key text,
  gtin text,
  item_id uuid,
  product_id uuid,
  supply_lot_numbers text[] NOT NULL,
  status text NOT NULL CHECK (status IN ('OPEN', 'NOTIFYING', 'CLOSED')),
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  closed_at timestamptz,
  closed_by text,
  outcome text CHECK (outcome IN ('TERMINATED', 'DESTROYED', 'RETURNED')),
  close_note text,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  CONSTRAINT recall_closed_check CHECK ((status = 'CLOSED') = (outcome IS NOT NULL)),
  FOREIGN KEY (clinic_id, product_id) REFERENCES product (clinic_id, id)
);
CREATE INDEX ON recall (id);
CREATE INDEX ON recall (clinic_id, started_at, id);
CREATE INDEX ON recall (clinic_id, lot_key);
${tenantTable(roles, 'recall', 'SELECT, INSERT, UPDATE (supply_lot_numbers, status, closed_at, closed_by, outcome, close_note, version)')}

-- Lots that came under a recall, at its start or when they were received later. "Lots of a recall", "recalls of a lot".
CREATE TABLE recall_lot (
  clinic_id uuid NOT NULL,
  recall_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, recall_id, lot_id),
  FOREIGN KEY (clinic_id, recall_id) REFERENCES recall (clinic_id, id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id)
);
CREATE INDEX ON recall_lot (clinic_id, lot_id);
${tenantTable(roles, 'recall_lot', 'SELECT, INSERT')}

-- How each patient of either inventory is dealt with. "Patients of a recall."
CREATE TABLE recall_patient (
  clinic_id uuid NOT NULL,
  recall_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('OPEN', 'NOTIFIED', 'CLOSED')),
  channel text,
  notified_at timestamptz,
  notified_by text,
  note text,
  PRIMARY KEY (clinic_id, recall_id, patient_id),
  CONSTRAINT recall_patient_told_check CHECK ((status = 'OPEN') = (notified_at IS NULL)),
  FOREIGN KEY (clinic_id, recall_id) REFERENCES recall (clinic_id, id)
);
${tenantTable(roles, 'recall_patient', 'SELECT, INSERT, UPDATE (status, channel, notified_at, notified_by, note)')}
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
