import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('appliance_supply');

/** Notices of recalls that block lots, those in stock and those that come later. */
export class Recalls17636900000093 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "The notices of a clinic that stand", "the one of this number and scope". The same recall reaches us by event and by
-- request; scope_key, made of what was named, makes it one row. item_id is what was named where it is an item here.
CREATE TABLE supply_recall (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  recall_id uuid,
  number_key text NOT NULL,
  scope_key text NOT NULL,
  recall_number text NOT NULL,
  recall_class text NOT NULL CHECK (recall_class IN ('CLASS_I', 'CLASS_II', 'CLASS_III')),
  reason text NOT NULL,
  announced_on date NOT NULL,
  lot_number text,
  lot_key text,
  gtins text[] NOT NULL,
  item_id uuid,
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  called_off boolean NOT NULL,
  lifted_at timestamptz,
  event_version integer NOT NULL,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, number_key, scope_key)
);
${tenantTable(roles, 'supply_recall', 'SELECT, INSERT, UPDATE (recall_id, recall_number, recall_class, reason, announced_on, gtins, started_at, started_by, called_off, lifted_at, event_version)')}

-- Lots that came under a notice. "Lots of a notice", "notices of a lot".
CREATE TABLE supply_recall_lot (
  clinic_id uuid NOT NULL,
  notice_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  PRIMARY KEY (clinic_id, notice_id, lot_id),
  FOREIGN KEY (clinic_id, notice_id) REFERENCES supply_recall (clinic_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (clinic_id, lot_id) REFERENCES supply_lot (clinic_id, id) ON DELETE RESTRICT
);
CREATE INDEX ON supply_recall_lot (clinic_id, lot_id);
${tenantTable(roles, 'supply_recall_lot', 'SELECT, INSERT')}
`);
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
