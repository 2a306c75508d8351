import { kitTables, rolesOf, tenantTable } from '@practice-graph/kit';
import { directoryTables, sliceTable } from '@practice-graph/practice';

const roles = rolesOf('appliance_supply');

const CATEGORIES = `'BRACKET', 'BAND', 'ARCHWIRE', 'ADHESIVE', 'PRIMER', 'ETCH', 'ELASTIC', 'POWER_CHAIN', 'LIGATURE', 'RETAINER', 'SPRING', 'TAD', 'EXPANDER', 'HERBST', 'MARA', 'HEADGEAR', 'FACEMASK', 'ALIGNER', 'OTHER'`;
const BUCKETS = `'BRACKET', 'WIRE', 'BONDING', 'ELASTIC', 'ACCESSORY', 'RETAINER', 'ALIGNER', 'OTHER'`;
const APPLIANCES = `'BRACKETS', 'BANDS', 'ALIGNERS', 'RETAINER_FIXED', 'RETAINER_REMOVABLE', 'EXPANDER', 'HERBST', 'MARA', 'HEADGEAR', 'FACEMASK', 'TAD', 'ELASTICS', 'SPRING', 'POWER_CHAIN', 'OTHER'`;

/** Items, lots with stock per location and the ledger of their movements, appliances, and the use of supplies on them. */
export class ItemsLotsUse1763690400000 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
${kitTables(roles)}
${directoryTables(roles)}

-- "The items of a clinic by name", "the item with this SKU". average_unit_cost is the moving average of receipts.
CREATE TABLE supply_item (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  sku text NOT NULL,
  gtin text,
  name text NOT NULL,
  category text NOT NULL CHECK (category IN (${CATEGORIES})),
  unit text NOT NULL,
  whole_units_only boolean NOT NULL,
  lot_tracked boolean NOT NULL,
  reorder_point numeric(18,4) NOT NULL CHECK (reorder_point >= 0),
  max_level numeric(18,4) NOT NULL,
  current_unit_cost numeric(18,6),
  active boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, sku)
);
CREATE INDEX ON supply_item (id);
CREATE INDEX ON supply_item (clinic_id, name, id);
${tenantTable(roles, 'supply_item', 'SELECT, INSERT, UPDATE (sku, gtin, name, category, unit, whole_units_only, lot_tracked, reorder_point, max_level, current_unit_cost, active, version)')}

-- One record per item, vendor and number, wherever it lies (D-23). Goods without lots stand in one record without a
-- number. "The lots with this number", "the lots of an item". Receipts add up in it; what was received is in the ledger.
CREATE TABLE supply_lot (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  item_id uuid NOT NULL,
  vendor_id uuid,
  lot_number text NOT NULL,
  number_key text NOT NULL,
  gtin text,
  serial_number text,
  expiration_date date,
  unit_cost numeric(18,6),
  costed_quantity numeric(18,4) NOT NULL,
  received_cost numeric(14,2) NOT NULL,
  uncosted_quantity numeric(18,4) NOT NULL,
  disposition text NOT NULL CHECK (disposition IN ('AVAILABLE', 'QUARANTINE', 'RECALLED', 'DAMAGED')),
  disposition_reason text,
  disposition_by text,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, item_id) REFERENCES supply_item (clinic_id, id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX supply_lot_number ON supply_lot (clinic_id, item_id, vendor_id, number_key) NULLS NOT DISTINCT;
CREATE INDEX ON supply_lot (id);
CREATE INDEX ON supply_lot (clinic_id, number_key);
${tenantTable(roles, 'supply_lot', 'SELECT, INSERT, UPDATE (gtin, serial_number, expiration_date, unit_cost, costed_quantity, received_cost, uncosted_quantity, disposition, disposition_reason, disposition_by, version)')}

-- Stock of a lot at a location: the sum of its movements, never below zero. "What of these items lies there?"
CREATE TABLE supply_stock (
  clinic_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  item_id uuid NOT NULL,
  storage_location text,
  received_on date NOT NULL,
  on_hand numeric(18,4) NOT NULL CHECK (on_hand >= 0),
  value numeric(14,2) NOT NULL,
  moves integer NOT NULL,
  PRIMARY KEY (clinic_id, lot_id, location_id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES supply_lot (clinic_id, id) ON DELETE RESTRICT
) WITH (fillfactor = 80);
CREATE INDEX ON supply_stock (clinic_id, item_id, location_id);
${tenantTable(roles, 'supply_stock', 'SELECT, INSERT, UPDATE (storage_location, received_on, on_hand, value, moves)')}

-- Appliances of patients. "Those of a patient", "of a case", "the newest of a clinic", "the one of the clinical system".
CREATE TABLE appliance_record (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  external_id text,
  appliance_type text NOT NULL CHECK (appliance_type IN (${APPLIANCES})),
  appliance_system text,
  patient_id uuid NOT NULL,
  treatment_plan_id uuid,
  provider_id uuid,
  location_id uuid NOT NULL,
  site text,
  status text NOT NULL CHECK (status IN ('PLANNED', 'ORDERED', 'RECEIVED', 'PLACED', 'REMOVED', 'CANCELLED')),
  ordered_on date,
  placed_on date,
  removed_on date,
  replaces_id uuid,
  created_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, replaces_id) REFERENCES appliance_record (clinic_id, id) ON DELETE RESTRICT,
  UNIQUE (clinic_id, external_id)
);
CREATE INDEX ON appliance_record (id);
CREATE INDEX ON appliance_record (clinic_id, created_at, id);
CREATE INDEX ON appliance_record (clinic_id, patient_id);
CREATE INDEX ON appliance_record (clinic_id, treatment_plan_id);
${tenantTable(roles, 'appliance_record', 'SELECT, INSERT, UPDATE (external_id, appliance_type, appliance_system, patient_id, treatment_plan_id, provider_id, location_id, site, status, ordered_on, placed_on, removed_on, replaces_id, version)')}

-- Use of a supply on a patient, one row per lot; its facts never change. Category and bucket are those at the time of
-- use; the item is that of the lot, whose foreign key stands for both. "The uses of a range of days", "of a case", "of a patient", "of an appliance", "of a lot", "of an
-- item lately".
CREATE TABLE appliance_usage (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  appliance_id uuid,
  appliance_type text NOT NULL CHECK (appliance_type IN (${APPLIANCES})),
  appliance_system text,
  patient_id uuid NOT NULL,
  treatment_plan_id uuid,
  provider_id uuid,
  location_id uuid NOT NULL,
  site text,
  item_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  category text NOT NULL CHECK (category IN (${CATEGORIES})),
  bucket text NOT NULL CHECK (bucket IN (${BUCKETS})),
  fefo_override_reason text,
  used_on date NOT NULL,
  quantity numeric(18,4) NOT NULL CHECK (quantity <> 0),
  unit_cost numeric(18,6),
  total_cost numeric(14,2),
  is_rework boolean NOT NULL,
  notes text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, appliance_id) REFERENCES appliance_record (clinic_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (clinic_id, lot_id) REFERENCES supply_lot (clinic_id, id) ON DELETE RESTRICT,
  CONSTRAINT appliance_usage_unit_cost_check CHECK ((unit_cost IS NULL) = (total_cost IS NULL))
);
CREATE INDEX ON appliance_usage (id);
CREATE INDEX ON appliance_usage (clinic_id, used_on, id);
CREATE INDEX ON appliance_usage (clinic_id, treatment_plan_id);
CREATE INDEX ON appliance_usage (clinic_id, patient_id);
CREATE INDEX ON appliance_usage (clinic_id, appliance_id);
CREATE INDEX ON appliance_usage (clinic_id, lot_id);
CREATE INDEX ON appliance_usage (clinic_id, item_id, used_on);
${tenantTable(roles, 'appliance_usage', 'SELECT, INSERT')}

-- The ledger of stock. Movements of a lot at a place are numbered without gaps, each begins where the one before ended.
-- "The movements of a range of days", "of a lot", "of a use".
CREATE TABLE supply_transaction (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('RECEIVE', 'USE', 'USE_REVERSAL', 'TRANSFER_OUT', 'TRANSFER_IN', 'ADJUSTMENT_ADD', 'ADJUSTMENT_REMOVE', 'WASTE', 'RETURN_VENDOR')),
  item_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  move integer NOT NULL,
  quantity numeric(18,4) NOT NULL CHECK (quantity <> 0),
  quantity_before numeric(18,4) NOT NULL,
  quantity_after numeric(18,4) NOT NULL CHECK (quantity_after >= 0),
  unit_cost numeric(18,6),
  total_cost numeric(14,2),
  usage_id uuid,
  reason text,
  business_date date NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, lot_id, location_id) REFERENCES supply_stock (clinic_id, lot_id, location_id) ON DELETE RESTRICT,
  UNIQUE (clinic_id, lot_id, location_id, move),
  CONSTRAINT supply_transaction_quantity_before_check CHECK (quantity_before + quantity = quantity_after)
);
CREATE INDEX ON supply_transaction (id);
CREATE INDEX ON supply_transaction (clinic_id, business_date, id);
CREATE INDEX ON supply_transaction (clinic_id, usage_id);
${tenantTable(roles, 'supply_transaction', 'SELECT, INSERT')}

${sliceTable(roles, {
  table: 'supply_slice',
  dims: ['T', 'L', 'P', 'LP'],
  measures: {
    cost: 'numeric(16,2)',
    rework_cost: 'numeric(16,2)',
    waste_cost: 'numeric(16,2)',
    case_cost: 'numeric(16,2)',
    bracket_cost: 'numeric(16,2)',
    wire_cost: 'numeric(16,2)',
    bonding_cost: 'numeric(16,2)',
    elastic_cost: 'numeric(16,2)',
    accessory_cost: 'numeric(16,2)',
    retainer_cost: 'numeric(16,2)',
    aligner_cost: 'numeric(16,2)',
    other_cost: 'numeric(16,2)',
    usage_count: 'integer',
    uncosted_usage_count: 'integer',
  },
})}

-- Which cases and patients had supplies used on them, by day and by month: distinct counts do not add up (E-09). Rows
-- are of one location and provider; wider scopes count over several.
CREATE TABLE supply_presence (
  clinic_id uuid NOT NULL,
  grain text NOT NULL CHECK (grain IN ('D', 'M')),
  period date NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  treatment_plan_id uuid NOT NULL,
  uses integer NOT NULL,
  PRIMARY KEY (clinic_id, grain, period, location_id, provider_id, patient_id, treatment_plan_id)
) WITH (fillfactor = 80);
${tenantTable(roles, 'supply_presence', 'SELECT, INSERT, UPDATE (uses)')}
`);
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
