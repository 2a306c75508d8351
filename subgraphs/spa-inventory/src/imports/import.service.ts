import { audit, Decimal, newId, prepared, rows, ZERO, type Tx } from '@practice-graph/kit';
import { gtin14 } from '@practice-graph/practice';
import { movementCost } from '../ledger/movement.rules';
import { lockStock, postMovements } from '../ledger/movement.service';
import { writeDeliveries, type Delivery } from '../receiving/delivery.service';
import { insertUsages, movementOfUsage, type NewUsage } from '../treatments/lot-usage.service';
import { announceVendors } from '../vendors/vendor-facts.service';
import { insertWaste, movementOfWaste, type NewWaste } from '../waste/waste.service';
import type { ImportedMovement, LotRow, ProductRow, UseRow, VendorRow, WasteRow } from './import-rows.types';

/** Rows of one statement; more would make its arrays large and gain nothing. */
const CHUNK = 2_000;

const chunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, i) => all.slice(i * CHUNK, (i + 1) * CHUNK));

/** The one clinic that a transaction may write. */
const tenantOf = (tx: Tx, clinicId: string): string => {
  if (!tx.session.viewer.clinicIds.includes(clinicId))
    throw new Error('the clinic is not the tenant of the transaction');
  return clinicId;
};

/** Takes over vendors of another system. */
export async function importVendors(tx: Tx, clinicId: string, vendors: readonly VendorRow[]): Promise<void> {
  const { subject } = tx.session.viewer;
  await rows(
    tx,
    `INSERT INTO vendor (clinic_id, id, name, contact_name, email, phone, address, account_number, payment_terms, tax_id, preferred,
       categories, created_at, updated_at, created_by, updated_by)
     SELECT $1, v.id, v.name, v.contact_name, v.email, v.phone, v.address, v.account_number, v.payment_terms, v.tax_id, v.preferred,
       coalesce(string_to_array(nullif(v.categories, ''), ','), '{}'), v.at, v.at, $14, $14
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[], $9::text[], $10::text[],
       $11::boolean[], $12::text[], $13::timestamptz[])
       AS v (id, name, contact_name, email, phone, address, account_number, payment_terms, tax_id, preferred, categories, at)`,
    [
      tenantOf(tx, clinicId),
      vendors.map((v) => v.id),
      vendors.map((v) => v.name),
      vendors.map((v) => v.contactName ?? null),
      vendors.map((v) => v.email ?? null),
      vendors.map((v) => v.phone ?? null),
      vendors.map((v) => (v.address ? JSON.stringify(v.address) : null)),
      vendors.map((v) => v.accountNumber ?? null),
      vendors.map((v) => v.paymentTerms ?? null),
      vendors.map((v) => v.taxId ?? null),
      vendors.map((v) => v.preferred ?? false),
      vendors.map((v) => (v.categories ?? []).join(',')),
      vendors.map((v) => v.at),
      subject,
    ],
  );
  await announceVendors(
    tx,
    clinicId,
    vendors.map((v) => v.id),
  );
  await audit(tx, clinicId, { action: 'vendor.import', entityType: 'Vendor', rowCount: vendors.length });
}

const PRODUCTS = `
INSERT INTO product (clinic_id, id, sku, name, brand, description, category, unit_cost, retail_price, commission_rate, unit_type,
  units_per_package, injectable, storage, reorder_point, reorder_quantity, min_level, max_level, lead_time_days, track_inventory,
  track_by_lot, track_by_serial, require_expiration_date, min_remaining_shelf_life_days, stored_status, preferred_vendor_id,
  created_at, updated_at, over_receipt_tolerance, created_by, updated_by)
SELECT $1, p.*, 0, $29, $29 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[], $9::numeric[],
  $10::numeric[], $11::text[], $12::numeric[], $13::jsonb[], $14::jsonb[], $15::numeric[], $16::numeric[], $17::numeric[],
  $18::numeric[], $19::int[], $20::boolean[], $21::boolean[], $22::boolean[], $23::boolean[], $24::int[], $25::text[], $26::uuid[],
  $27::timestamptz[], $28::timestamptz[]) AS p`;

/** Takes over products of another system, approved unless said otherwise. Throws for a GTIN with a wrong check digit. */
export async function importProducts(tx: Tx, clinicId: string, products: readonly ProductRow[]): Promise<void> {
  const json = (value: object | null | undefined) => (value ? JSON.stringify(value) : null);
  await rows(tx, PRODUCTS, [
    tenantOf(tx, clinicId),
    products.map((p) => p.id),
    products.map((p) => p.sku),
    products.map((p) => p.name),
    products.map((p) => p.brand ?? null),
    products.map((p) => p.description ?? null),
    products.map((p) => p.category),
    products.map((p) => p.unitCost),
    products.map((p) => p.retailPrice ?? null),
    products.map((p) => p.commissionRate ?? null),
    products.map((p) => p.unitType),
    products.map((p) => p.unitsPerPackage),
    products.map((p) => json(p.injectable)),
    products.map((p) => json(p.storage)),
    products.map((p) => p.reorderPoint),
    products.map((p) => p.reorderQuantity ?? null),
    products.map((p) => p.minLevel ?? null),
    products.map((p) => p.maxLevel ?? null),
    products.map((p) => p.leadTimeDays ?? null),
    products.map((p) => p.trackInventory ?? true),
    products.map((p) => p.trackByLot ?? true),
    products.map((p) => p.trackBySerial ?? false),
    products.map((p) => p.requireExpirationDate ?? true),
    products.map((p) => p.minRemainingShelfLifeDays ?? null),
    products.map((p) => p.status ?? 'ACTIVE'),
    products.map((p) => p.preferredVendorId ?? null),
    products.map((p) => p.at),
    products.map((p) => p.at),
    tx.session.viewer.subject,
  ]);
  const codes = products.flatMap((p) => (p.barcodes ?? []).map((code) => ({ ...code, productId: p.id })));
  await rows(
    tx,
    'INSERT INTO product_barcode (clinic_id, gtin, product_id, units_per_pack) SELECT $1, b.* FROM unnest($2::text[], $3::uuid[], $4::numeric[]) AS b',
    [
      clinicId,
      codes.map(({ gtin }) => {
        const digits = gtin14(gtin);
        if (digits === null) throw new Error(`${gtin} is not a GTIN with a right check digit`);
        return digits;
      }),
      codes.map((code) => code.productId),
      codes.map((code) => code.unitsPerPack),
    ],
  );
  await audit(tx, clinicId, { action: 'product.import', entityType: 'Product', rowCount: products.length });
}

const deliveryOf = (row: LotRow): Delivery => ({
  id: newId(),
  locationId: row.locationId,
  vendorId: row.vendorId ?? null,
  reason: row.reason ?? 'taken over from another system',
  receivedAt: row.at,
  recordedAt: row.at,
  day: row.day,
  // History is judged by the day on which it happened.
  today: row.day,
  notes: null,
  lines: [
    {
      newLotId: row.id,
      transactionId: newId(),
      productId: row.productId,
      lotNumber: row.lotNumber,
      batchNumber: row.batchNumber ?? null,
      serialNumber: row.serialNumber ?? null,
      isSerialTracked: false,
      gtin: row.gtin ?? null,
      expirationDate: row.expirationDate,
      manufacturedOn: row.manufacturedOn ?? null,
      quantity: row.quantity,
      rejected: ZERO,
      condition: 'GOOD',
      unitCost: row.unitCost,
      storageLocation: row.storageLocation ?? null,
      minRemainingShelfLifeDays: null,
      requireExpirationDate: false,
      path: ['lots'],
    },
  ],
});

/** Takes over receipts, in the order in which they happened: lots, balances and the ledger. */
export async function importLots(tx: Tx, clinicId: string, lots: readonly LotRow[]): Promise<void> {
  tenantOf(tx, clinicId);
  for (const part of chunks(lots)) await writeDeliveries(tx, clinicId, part.map(deliveryOf));
  await audit(tx, clinicId, { action: 'stock.import', entityType: 'InventoryLot', rowCount: lots.length });
}

const usageOf = (row: UseRow, unitCost: Decimal): NewUsage => ({
  id: row.id,
  transactionId: newId(),
  productId: row.productId,
  lotId: row.lotId,
  locationId: row.locationId,
  patientId: row.patientId,
  providerId: row.providerId,
  appointmentId: row.appointmentId ?? null,
  chartId: row.chartId ?? null,
  serviceName: row.serviceName ?? null,
  at: row.at,
  isClockSkewed: false,
  quantity: row.quantity,
  areas: row.areas ?? [],
  unitCost,
  cost: movementCost(row.quantity, unitCost),
  revenue: row.revenue ?? null,
  fefoOverrideReason: null,
  businessDate: row.day,
});

const wasteOf = (row: WasteRow, unitCost: Decimal): NewWaste => ({
  id: row.id,
  transactionId: newId(),
  productId: row.productId,
  lotId: row.lotId,
  locationId: row.locationId,
  providerId: row.providerId ?? null,
  appointmentId: row.appointmentId ?? null,
  quantity: row.quantity,
  reason: row.reason,
  unitCost,
  cost: movementCost(row.quantity, unitCost),
  note: row.note ?? null,
  businessDate: row.day,
  at: row.at,
});

async function unitCosts(tx: Tx, clinicId: string, lotIds: readonly string[]): Promise<Map<string, Decimal>> {
  const found = await prepared<{ id: string; unit_cost: string }>(
    tx,
    'SELECT id, unit_cost FROM inventory_lot WHERE clinic_id = $1 AND id = ANY($2::uuid[])',
    [clinicId, lotIds],
  );
  return new Map(found.map((row) => [row.id, new Decimal(row.unit_cost)]));
}

/**
 * Takes over uses and waste, in the order in which they happened; costs are those of their lots. Refuses
 * INSUFFICIENT_STOCK when a lot holds less than was taken out of it.
 */
export async function importMovements(tx: Tx, clinicId: string, movements: readonly ImportedMovement[]): Promise<void> {
  tenantOf(tx, clinicId);
  // All balances are locked first and in their order: chunks come in the order of time.
  const places = new Map(movements.map((row) => [`${row.lotId}${row.locationId}`, row]));
  await lockStock(tx, clinicId, [...places.values()]);
  const costs = await unitCosts(tx, clinicId, [...new Set(movements.map((row) => row.lotId))]);
  const costOf = (row: ImportedMovement) => {
    const cost = costs.get(row.lotId);
    if (!cost) throw new Error(`movement ${row.id} names a lot that is not there`);
    return cost;
  };
  for (const part of chunks(movements)) {
    const made = part.map((row) =>
      row.type === 'TREATMENT_USE'
        ? { usage: usageOf(row, costOf(row)), waste: null }
        : { usage: null, waste: wasteOf(row, costOf(row)) },
    );
    await insertUsages(
      tx,
      clinicId,
      made.flatMap(({ usage }) => usage ?? []),
    );
    await insertWaste(
      tx,
      clinicId,
      made.flatMap(({ waste }) => waste ?? []),
    );
    await postMovements(
      tx,
      clinicId,
      made.flatMap(({ usage, waste }) => (usage ? movementOfUsage(usage) : movementOfWaste(waste))),
    );
  }
  await audit(tx, clinicId, {
    action: 'movement.import',
    entityType: 'InventoryTransaction',
    subjects: [...new Set(movements.flatMap((row) => (row.type === 'TREATMENT_USE' ? [row.patientId] : [])))],
    rowCount: movements.length,
  });
}
