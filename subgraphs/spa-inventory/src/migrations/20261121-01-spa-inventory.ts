import { kitTables, rolesOf, tenantTable } from '@practice-graph/kit';
import { directoryTables, sliceTable } from '@practice-graph/practice';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('spa_inventory');

export class SpaInventory1795219200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
${kitTables(roles)}
${directoryTables(roles)}

-- Vendors of a clinic. "Preferred first, then by name", "the one with this id".
CREATE TABLE vendor (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  contact_name text,
  email text,
  phone text,
  address jsonb,
  account_number text,
  payment_terms text,
  tax_id text,
  preferred boolean NOT NULL,
  categories text[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON vendor (id);
CREATE INDEX ON vendor (clinic_id, preferred, name);
${tenantTable(roles, 'vendor', 'SELECT, INSERT, UPDATE (name, contact_name, email, phone, address, account_number, payment_terms, tax_id, preferred, categories, updated_at, updated_by, version)')}

-- Catalogue. "By name", "the one with this SKU", "those a vendor is preferred for".
CREATE TABLE product (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  sku text NOT NULL,
  name text NOT NULL,
  brand text,
  description text,
  category text NOT NULL CHECK (category IN ('NEUROTOXIN', 'FILLER', 'SKINCARE', 'DEVICE', 'CONSUMABLE', 'SUPPLEMENT', 'OTHER')),
  unit_cost numeric(18,6) NOT NULL CHECK (unit_cost >= 0),
  retail_price numeric(14,2) CHECK (retail_price >= 0),
  commission_rate numeric(18,6) CHECK (commission_rate BETWEEN 0 AND 1),
  unit_type text NOT NULL,
  units_per_package numeric(18,4) NOT NULL CHECK (units_per_package > 0),
  injectable jsonb,
  storage jsonb,
  reorder_point numeric(18,4) NOT NULL CHECK (reorder_point >= 0),
  reorder_quantity numeric(18,4),
  min_level numeric(18,4),
  max_level numeric(18,4),
  lead_time_days integer,
  track_inventory boolean NOT NULL,
  track_by_lot boolean NOT NULL,
  track_by_serial boolean NOT NULL,
  require_expiration_date boolean NOT NULL,
  min_remaining_shelf_life_days integer,
  over_receipt_tolerance numeric(18,6) NOT NULL CHECK (over_receipt_tolerance >= 0),
  stored_status text NOT NULL CHECK (stored_status IN ('ACTIVE', 'DISCONTINUED', 'PENDING_APPROVAL')),
  preferred_vendor_id uuid,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, sku),
  FOREIGN KEY (clinic_id, preferred_vendor_id) REFERENCES vendor (clinic_id, id)
);
CREATE INDEX ON product (id);
CREATE INDEX ON product (clinic_id, name);
CREATE INDEX ON product (clinic_id, preferred_vendor_id);
${tenantTable(roles, 'product', 'SELECT, INSERT, UPDATE (sku, name, brand, description, category, unit_cost, retail_price, commission_rate, unit_type, units_per_package, injectable, storage, reorder_point, reorder_quantity, min_level, max_level, lead_time_days, track_inventory, track_by_lot, track_by_serial, require_expiration_date, min_remaining_shelf_life_days, over_receipt_tolerance, stored_status, preferred_vendor_id, updated_at, updated_by, version)')}

-- GTINs at every pack level. "Which product is this scan?", "all codes of a product". Replaced as a whole on a save.
CREATE TABLE product_barcode (
  clinic_id uuid NOT NULL,
  gtin text NOT NULL,
  product_id uuid NOT NULL,
  units_per_pack numeric(18,4) NOT NULL CHECK (units_per_pack > 0),
  PRIMARY KEY (clinic_id, gtin),
  FOREIGN KEY (clinic_id, product_id) REFERENCES product (clinic_id, id)
);
CREATE INDEX ON product_barcode (clinic_id, product_id);
${tenantTable(roles, 'product_barcode', 'SELECT, INSERT, DELETE')}

-- A lot of a product, wherever it lies (D-23); of goods tracked by serial each piece is one. "The lot with this number", "lots of a product by expiry", "by vendor".
-- initial_quantity is the sum of its receipts and unit_cost the mean of their prices.
CREATE TABLE inventory_lot (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  lot_number text NOT NULL,
  lot_key text NOT NULL,
  serial_key text NOT NULL,
  is_untracked boolean NOT NULL,
  batch_number text,
  serial_number text,
  gtin text,
  expiration_date date,
  manufactured_on date,
  received_on date NOT NULL,
  initial_quantity numeric(18,4) NOT NULL CHECK (initial_quantity >= 0),
  unit_cost numeric(18,6) NOT NULL CHECK (unit_cost >= 0),
  vendor_id uuid,
  receipt_reason text,
  disposition text NOT NULL CHECK (disposition IN ('AVAILABLE', 'QUARANTINE', 'RECALLED', 'DAMAGED')),
  disposition_reason text,
  disposition_by text,
  disposition_at timestamptz,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, product_id, lot_key, serial_key),
  CONSTRAINT inventory_lot_manufactured_on_check CHECK (manufactured_on < expiration_date),
  FOREIGN KEY (clinic_id, product_id) REFERENCES product (clinic_id, id),
  FOREIGN KEY (clinic_id, vendor_id) REFERENCES vendor (clinic_id, id)
);
CREATE INDEX ON inventory_lot (id);
CREATE INDEX ON inventory_lot (clinic_id, lot_key);
CREATE INDEX ON inventory_lot (clinic_id, expiration_date);
CREATE INDEX ON inventory_lot (clinic_id, vendor_id);
${tenantTable(roles, 'inventory_lot', 'SELECT, INSERT, UPDATE (batch_number, serial_number, gtin, manufactured_on, received_on, initial_quantity, unit_cost, disposition, disposition_reason, disposition_by, disposition_at, updated_at, updated_by, version)')}

-- Quantity and value of a lot at a place; the balance of the ledger. "All of a lot", "all of a product at a place".
-- movements counts the ledger's rows of the pair and gives each its place in the chain.
CREATE TABLE lot_stock (
  clinic_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  product_id uuid NOT NULL,
  storage_location text,
  on_hand numeric(18,4) NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
  reserved numeric(18,4) NOT NULL DEFAULT 0 CONSTRAINT lot_stock_reserved_check CHECK (reserved >= 0 AND reserved <= on_hand),
  value numeric(14,2) NOT NULL DEFAULT 0,
  movements integer NOT NULL DEFAULT 0,
  PRIMARY KEY (clinic_id, lot_id, location_id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id)
) WITH (fillfactor = 70);
CREATE INDEX ON lot_stock (clinic_id, product_id, location_id);
CREATE INDEX ON lot_stock (clinic_id, location_id);
${tenantTable(roles, 'lot_stock', 'SELECT, INSERT, UPDATE (storage_location, on_hand, reserved, value, movements)')}

-- Deliveries. "The one with this id".
CREATE TABLE receiving_record (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  vendor_id uuid,
  reason text,
  received_at timestamptz NOT NULL,
  received_by text NOT NULL,
  notes text,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, vendor_id) REFERENCES vendor (clinic_id, id)
);
CREATE INDEX ON receiving_record (id);
${tenantTable(roles, 'receiving_record', 'SELECT, INSERT')}

-- Lots of a delivery, in the order of its lines.
CREATE TABLE received_item (
  clinic_id uuid NOT NULL,
  receiving_id uuid NOT NULL,
  line integer NOT NULL,
  product_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  quantity numeric(18,4) NOT NULL,
  rejected numeric(18,4) NOT NULL CHECK (rejected >= 0),
  condition text NOT NULL CHECK (condition IN ('GOOD', 'DAMAGED', 'TEMPERATURE_SUSPECT', 'REJECTED')),
  unit_cost numeric(18,6) NOT NULL,
  landed_unit_cost numeric(18,6) NOT NULL,
  PRIMARY KEY (clinic_id, receiving_id, line),
  FOREIGN KEY (clinic_id, receiving_id) REFERENCES receiving_record (clinic_id, id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id)
);
CREATE INDEX ON received_item (clinic_id, lot_id);
${tenantTable(roles, 'received_item', 'SELECT, INSERT')}

-- Uses of lots on patients; facts only. "Of a clinic by day", "of a lot", "of a patient", "of a provider", newest first.
CREATE TABLE lot_usage (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  appointment_id text,
  chart_id text,
  service_name text,
  used_at timestamptz NOT NULL,
  is_clock_skewed boolean NOT NULL,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0),
  areas jsonb NOT NULL,
  unit_cost numeric(18,6) NOT NULL,
  cost numeric(14,2) NOT NULL,
  revenue numeric(14,2),
  fefo_override_reason text,
  business_date date NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id)
);
CREATE INDEX ON lot_usage (id);
CREATE INDEX ON lot_usage (clinic_id, business_date, used_at, id);
CREATE INDEX ON lot_usage (clinic_id, lot_id, business_date, used_at, id);
CREATE INDEX ON lot_usage (clinic_id, patient_id, business_date, used_at, id);
${tenantTable(roles, 'lot_usage', 'SELECT, INSERT')}

-- Waste; facts only. "Of a clinic by day, newest first", "of a lot".
CREATE TABLE waste_record (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  product_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid,
  appointment_id text,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0),
  reason text NOT NULL CHECK (reason IN ('EXPIRED_UNUSED', 'STABILITY_EXCEEDED', 'CONTAMINATION', 'DRAW_UP_LOSS', 'PATIENT_NO_SHOW', 'ADVERSE_REACTION_DISCARD', 'TRAINING', 'DAMAGED', 'RECALL', 'OTHER')),
  unit_cost numeric(18,6) NOT NULL,
  cost numeric(14,2) NOT NULL,
  note text,
  business_date date NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id)
);
CREATE INDEX ON waste_record (id);
CREATE INDEX ON waste_record (clinic_id, business_date, created_at, id);
CREATE INDEX ON waste_record (clinic_id, lot_id);
${tenantTable(roles, 'waste_record', 'SELECT, INSERT')}

-- The ledger of stock; append-only. "Of a clinic by day", "of a lot", newest first; "the chain of a lot at a place".
-- seq numbers the movements of a lot at a place without gaps, so that the chain of before and after can be proven.
CREATE TABLE inventory_transaction (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('RECEIVE', 'ADJUSTMENT_ADD', 'ADJUSTMENT_REMOVE', 'TREATMENT_USE', 'TRANSFER_OUT', 'TRANSFER_IN', 'WASTE', 'DAMAGE', 'EXPIRATION', 'RECALL', 'RETURN_VENDOR', 'SALE', 'SAMPLE', 'RECONSTITUTION')),
  status text NOT NULL CHECK (status IN ('PENDING', 'COMPLETED', 'CANCELLED', 'REVERSED')),
  product_id uuid NOT NULL,
  lot_id uuid NOT NULL,
  location_id uuid NOT NULL,
  seq integer NOT NULL,
  quantity numeric(18,4) NOT NULL CONSTRAINT inventory_transaction_quantity_check CHECK (quantity <> 0 AND (quantity > 0) = (type IN ('RECEIVE', 'ADJUSTMENT_ADD', 'TRANSFER_IN'))),
  quantity_before numeric(18,4) CHECK (quantity_before >= 0),
  quantity_after numeric(18,4) CONSTRAINT inventory_transaction_quantity_after_check CHECK (quantity_after >= 0 AND quantity_after = quantity_before + quantity),
  unit_cost numeric(18,6) NOT NULL,
  total_cost numeric(14,2) NOT NULL,
  patient_id uuid,
  provider_id uuid,
  appointment_id text,
  usage_id uuid,
  waste_id uuid,
  receiving_id uuid,
  reason text,
  business_date date NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, lot_id, location_id, seq),
  FOREIGN KEY (clinic_id, lot_id) REFERENCES inventory_lot (clinic_id, id),
  FOREIGN KEY (clinic_id, usage_id) REFERENCES lot_usage (clinic_id, id),
  FOREIGN KEY (clinic_id, waste_id) REFERENCES waste_record (clinic_id, id),
  FOREIGN KEY (clinic_id, receiving_id) REFERENCES receiving_record (clinic_id, id)
);
CREATE INDEX ON inventory_transaction (id);
CREATE INDEX ON inventory_transaction (clinic_id, business_date, created_at, id);
CREATE INDEX inventory_transaction_by_lot ON inventory_transaction (clinic_id, lot_id, business_date, created_at, id);
${tenantTable(roles, 'inventory_transaction', 'SELECT, INSERT')}

-- Pre-summed use and waste: T all together, L by location, P by provider, LP by both, LG by location and product.
${sliceTable(roles, {
  table: 'spa_slice',
  dims: ['T', 'L', 'P', 'LP', 'LG'],
  splits: ['product'],
  measures: {
    used_cost: 'numeric(16,2)',
    waste_cost: 'numeric(16,2)',
    expired_cost: 'numeric(16,2)',
    revenue: 'numeric(16,2)',
    used_quantity: 'numeric(20,4)',
    wasted_quantity: 'numeric(20,4)',
    use_count: 'integer',
  },
})}

-- Which patients were treated where, by whom and on which day: distinct patients of a range do not add up (E-09).
CREATE TABLE spa_presence (
  clinic_id uuid NOT NULL,
  dim text NOT NULL CHECK (dim IN ('T', 'L', 'P', 'LP')),
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
  day date NOT NULL,
  patient_id uuid NOT NULL,
  uses integer NOT NULL,
  PRIMARY KEY (clinic_id, dim, location_id, provider_id, day, patient_id)
) WITH (fillfactor = 80);
${tenantTable(roles, 'spa_presence', 'SELECT, INSERT, UPDATE (uses)')}
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
