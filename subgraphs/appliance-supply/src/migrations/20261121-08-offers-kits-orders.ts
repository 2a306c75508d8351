import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('appliance_supply');

const APPLIANCES = `'BRACKETS', 'BANDS', 'ALIGNERS', 'RETAINER_FIXED', 'RETAINER_REMOVABLE', 'EXPANDER', 'HERBST', 'MARA', 'HEADGEAR', 'FACEMASK', 'TAD', 'ELASTICS', 'SPRING', 'POWER_CHAIN', 'OTHER'`;

/** What vendors offer, what an appliance takes, and what is on its way. */
export class OffersKitsOrders17636900000082 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The offers of an item on a day", "of a vendor". A later first day replaces the price while both are in force.
CREATE TABLE supply_offer (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  vendor_sku text,
  pack_price numeric(14,2) NOT NULL CHECK (pack_price >= 0),
  pack_size numeric(18,4) NOT NULL CHECK (pack_size > 0),
  minimum_packs integer NOT NULL CHECK (minimum_packs >= 1),
  lead_time_days integer,
  rank integer,
  valid_from date NOT NULL,
  valid_to date,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, item_id) REFERENCES supply_item (clinic_id, id) ON DELETE RESTRICT,
  CONSTRAINT supply_offer_clinic_id_item_id_vendor_id_pack_size_valid_from_k
    UNIQUE (clinic_id, item_id, vendor_id, pack_size, valid_from)
);
CREATE INDEX ON supply_offer (id);
CREATE INDEX ON supply_offer (clinic_id, vendor_id);
${tenantTable(roles, 'supply_offer', 'SELECT, INSERT, UPDATE (vendor_sku, pack_price, pack_size, minimum_packs, lead_time_days, rank, valid_from, valid_to, version)')}

-- "The kits of a clinic by name", "those for a kind of appliance". Its lines are those of its version.
CREATE TABLE kit_template (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  appliance_type text NOT NULL CHECK (appliance_type IN (${APPLIANCES})),
  appliance_system text,
  active boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, name)
);
CREATE INDEX ON kit_template (id);
${tenantTable(roles, 'kit_template', 'SELECT, INSERT, UPDATE (name, appliance_type, appliance_system, active, version)')}

-- Lines are never changed: a change of the kit writes those of its next version.
CREATE TABLE kit_line (
  clinic_id uuid NOT NULL,
  kit_id uuid NOT NULL,
  kit_version integer NOT NULL,
  position integer NOT NULL,
  item_id uuid NOT NULL,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (clinic_id, kit_id, kit_version, position),
  FOREIGN KEY (clinic_id, kit_id) REFERENCES kit_template (clinic_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (clinic_id, item_id) REFERENCES supply_item (clinic_id, id) ON DELETE RESTRICT
);
${tenantTable(roles, 'kit_line', 'SELECT, INSERT')}

-- "What is on its way of an item", "the latest orders of a clinic".
CREATE TABLE supply_order (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  item_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  location_id uuid NOT NULL,
  ordered numeric(18,4) NOT NULL CHECK (ordered > 0),
  received numeric(18,4) NOT NULL DEFAULT 0,
  ordered_on date NOT NULL,
  expected_on date,
  status text NOT NULL CHECK (status IN ('OPEN', 'PARTIAL_RECEIVED', 'RECEIVED', 'CLOSED_SHORT')),
  close_reason text,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, item_id) REFERENCES supply_item (clinic_id, id) ON DELETE RESTRICT,
  UNIQUE (clinic_id, number),
  CONSTRAINT supply_order_received_check CHECK (received >= 0 AND received <= ordered)
);
CREATE INDEX ON supply_order (id);
CREATE INDEX ON supply_order (clinic_id, item_id);
CREATE INDEX ON supply_order (clinic_id, ordered_on, id);
${tenantTable(roles, 'supply_order', 'SELECT, INSERT, UPDATE (received, status, close_reason, version)')}

-- Numbers of orders that the server gives.
CREATE TABLE supply_order_count (
  clinic_id uuid NOT NULL PRIMARY KEY,
  last integer NOT NULL
);
${tenantTable(roles, 'supply_order_count', 'SELECT, INSERT, UPDATE (last)')}

-- The order that goods were received on. "The receipts of an order".
ALTER TABLE supply_transaction ADD COLUMN order_id uuid;
ALTER TABLE supply_transaction ADD FOREIGN KEY (clinic_id, order_id) REFERENCES supply_order (clinic_id, id) ON DELETE RESTRICT;
CREATE INDEX ON supply_transaction (clinic_id, order_id);
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
