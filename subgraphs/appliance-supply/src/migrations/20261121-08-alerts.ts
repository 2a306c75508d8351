import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('appliance_supply');

/** What about supplies needs a look. */
export class SupplyAlerts17636900000084 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- One alert per cause until it is resolved, which the partial index holds. "The open alerts of items at places", "the
-- alerts of a clinic, most urgent first".
CREATE TABLE supply_alert (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  cause_key text NOT NULL,
  rank smallint NOT NULL,
  type text NOT NULL CHECK (type IN ('LOW_STOCK', 'CRITICAL_STOCK', 'OUT_OF_STOCK', 'EXPIRING_SOON', 'EXPIRED', 'RECALL')),
  severity text NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
  status text NOT NULL CHECK (status IN ('ACTIVE', 'ACKNOWLEDGED', 'RESOLVED', 'DISMISSED')),
  message text NOT NULL,
  item_id uuid NOT NULL,
  lot_id uuid,
  location_id uuid,
  raised_at timestamptz NOT NULL,
  handled_by text,
  handled_at timestamptz,
  note text,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, item_id) REFERENCES supply_item (clinic_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (clinic_id, lot_id) REFERENCES supply_lot (clinic_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX supply_alert_open ON supply_alert (clinic_id, cause_key) WHERE status <> 'RESOLVED';
CREATE INDEX ON supply_alert (id);
CREATE INDEX ON supply_alert (clinic_id, item_id);
${tenantTable(roles, 'supply_alert', 'SELECT, INSERT, UPDATE (status, handled_by, handled_at, note, version)')}
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
