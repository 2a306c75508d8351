import { audit, expectVersion, newId, prepared, rows, ZERO, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf, gtin14, holdRecalls } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import { rowOf } from '../directory/reference.service';
import { blockLotsOfProduct } from '../recalls/recall-lots.service';
import { refuse } from '../refusals';
import { requireVendor } from '../vendors/vendor.service';
import type { Product } from './product.entity';
import type { InjectableInput, ProductInput, StorageInput } from './product.inputs';
import {
  exceedsLabel,
  injectableProblem,
  storageProblem,
  type StoredInjectable,
  type StoredStorage,
} from './product.rules';
import { productToChange } from './product-status.service';

const text = (value: Decimal | null | undefined): string | null => value?.toFixed() ?? null;

const storedInjectable = (input: InjectableInput): StoredInjectable => ({
  type: input.type,
  concentration: input.concentration ?? null,
  defaultDilutionMl: text(input.defaultDilutionMl),
  dilutionsMl: (input.dilutionsMl ?? []).map((ml) => ml.toFixed()),
  reconstitutionRequired: input.reconstitutionRequired,
  labelStabilityHours: text(input.labelStabilityHours),
  policyStabilityHours: text(input.policyStabilityHours),
  policyReference: input.policyReference ?? null,
  volumePerSyringeMl: text(input.volumePerSyringeMl),
  minimumDose: text(input.minimumDose),
  maxPatientsPerVial: input.maxPatientsPerVial ?? null,
});

const storedStorage = (input: StorageInput): StoredStorage => ({
  minTemperatureC: text(input.minTemperatureC),
  maxTemperatureC: text(input.maxTemperatureC),
  refrigerated: input.refrigerated ?? false,
  frozen: input.frozen ?? false,
  lightSensitive: input.lightSensitive ?? false,
  maxHumidityPercent: text(input.maxHumidityPercent),
  instructions: input.instructions ?? null,
});

/** A member left out keeps its value; an explicit null empties it (E-26). */
const kept = <T>(given: T | null | undefined, present: T | null | undefined): T | null =>
  given === undefined ? (present ?? null) : given;

function checkTexts(input: ProductInput): void {
  for (const member of ['sku', 'name', 'unitType'] as const)
    if (input[member].trim() === '' || input[member].length > 200)
      throw refuse('INVALID', 'The text must have 1 to 200 characters.', ['input', member]);
}

function checkNumbers(input: ProductInput): void {
  if (input.unitCost.isNegative()) throw refuse('BAD_AMOUNT', 'A cost is not negative.', ['input', 'unitCost']);
  if (input.retailPrice?.isNegative()) throw refuse('BAD_AMOUNT', 'A price is not negative.', ['input', 'retailPrice']);
  if (input.commissionRate && (input.commissionRate.isNegative() || input.commissionRate.gt(1)))
    throw refuse('INVALID', 'A share goes from 0 to 1.', ['input', 'commissionRate']);
  if (input.overReceiptTolerance?.isNegative())
    throw refuse('INVALID', 'A tolerance is not negative.', ['input', 'overReceiptTolerance']);
  if (input.unitsPerPackage?.lte(0))
    throw refuse('BAD_QUANTITY', 'A package holds more than nothing.', ['input', 'unitsPerPackage']);
  for (const member of ['reorderPoint', 'reorderQuantity', 'minLevel', 'maxLevel'] as const)
    if (input[member]?.isNegative()) throw refuse('BAD_QUANTITY', 'A quantity is not negative.', ['input', member]);
  for (const member of ['leadTimeDays', 'minRemainingShelfLifeDays'] as const)
    if ((input[member] ?? 0) < 0) throw refuse('INVALID', 'A number of days is not negative.', ['input', member]);
  if (input.minLevel && input.maxLevel && input.minLevel.gt(input.maxLevel))
    throw refuse('INVALID', 'The lowest level is above the highest.', ['input', 'minLevel']);
}

function checkDetails(injectable: StoredInjectable | null, storage: StoredStorage | null): void {
  const wrong = injectable && injectableProblem(injectable);
  if (wrong) throw refuse('INVALID', wrong.message, ['input', 'injectable', wrong.member]);
  if (injectable && exceedsLabel(injectable) && !injectable.policyReference)
    throw refuse('POLICY_REQUIRED', 'More hours than the label allows need the reference of a signed policy.', [
      'input',
      'injectable',
      'policyReference',
    ]);
  const misfit = storage && storageProblem(storage);
  if (misfit) throw refuse('INVALID', misfit.message, ['input', 'storage', misfit.member]);
}

/** Barcodes as GTIN-14, each once. Refuses BARCODE_UNREADABLE for a wrong check digit. */
function barcodesOf(input: ProductInput): { gtin: string; unitsPerPack: Decimal }[] {
  const codes = (input.barcodes ?? []).map(({ gtin, unitsPerPack }, index) => {
    const path = ['input', 'barcodes', String(index)];
    const digits = gtin14(gtin);
    if (digits === null)
      throw refuse('BARCODE_UNREADABLE', `"${gtin}" is not a GTIN of 8 to 14 digits with a right check digit.`, [
        ...path,
        'gtin',
      ]);
    if (unitsPerPack.lte(0)) throw refuse('BAD_QUANTITY', 'A pack holds more than nothing.', [...path, 'unitsPerPack']);
    return { gtin: digits, unitsPerPack };
  });
  const twice = codes.findIndex((code, i) => codes.findIndex((other) => other.gtin === code.gtin) < i);
  if (twice >= 0)
    throw refuse('DUPLICATE', 'The same barcode is given twice.', ['input', 'barcodes', String(twice), 'gtin']);
  return codes;
}

/** True when stock of the product lies anywhere. */
async function hasStock(tx: Tx, key: RecordKey): Promise<boolean> {
  const found = await prepared(
    tx,
    'SELECT 1 FROM lot_stock WHERE clinic_id = $1 AND product_id = $2 AND on_hand > 0 LIMIT 1',
    [key.clinicId, key.id],
  );
  return found.length > 0;
}

async function checkUnitsFixed(tx: Tx, present: Product, input: ProductInput): Promise<void> {
  const isUnitChanged = input.unitType !== present.unitType;
  const isPackChanged = input.unitsPerPackage ? !input.unitsPerPackage.eq(present.unitsPerPackage) : false;
  if ((isUnitChanged || isPackChanged) && (await hasStock(tx, present)))
    throw refuse('IN_USE', 'Unit and package size are fixed while there is stock.', [
      'input',
      isUnitChanged ? 'unitType' : 'unitsPerPackage',
    ]);
}

async function checkUnique(tx: Tx, clinicId: string, id: string, sku: string, gtins: readonly string[]) {
  const [taken] = await prepared<{ sku: boolean; gtin: string | null }>(
    tx,
    `SELECT exists(SELECT 1 FROM product WHERE clinic_id = $1 AND sku = $3 AND id <> $2) AS sku,
       (SELECT min(gtin) FROM product_barcode WHERE clinic_id = $1 AND gtin = ANY($4::text[]) AND product_id <> $2) AS gtin`,
    [clinicId, id, sku, gtins],
  );
  if (taken?.sku) throw refuse('DUPLICATE', `Another product has the SKU ${sku}.`, ['input', 'sku']);
  if (taken?.gtin) throw refuse('DUPLICATE', `Another product has the barcode ${taken.gtin}.`, ['input', 'barcodes']);
}

const COLUMNS = [
  'sku',
  'name',
  'brand',
  'description',
  'category',
  'unit_cost',
  'retail_price',
  'commission_rate',
  'unit_type',
  'units_per_package',
  'injectable',
  'storage',
  'reorder_point',
  'reorder_quantity',
  'min_level',
  'max_level',
  'lead_time_days',
  'track_inventory',
  'track_by_lot',
  'track_by_serial',
  'require_expiration_date',
  'min_remaining_shelf_life_days',
  'over_receipt_tolerance',
  'preferred_vendor_id',
  'updated_at',
  'updated_by',
];

const INSERT = `
INSERT INTO product (clinic_id, id, ${COLUMNS.join(', ')}, created_at, created_by, stored_status, version)
VALUES ($1, $2, ${COLUMNS.map((_, i) => `$${String(i + 3)}`).join(', ')}, $27, $28, 'PENDING_APPROVAL', 1)`;

const UPDATE = `
UPDATE product SET ${COLUMNS.map((name, i) => `${name} = $${String(i + 3)}`).join(', ')}, version = version + 1
WHERE clinic_id = $1 AND id = $2`;

/**
 * Creates a product, which then waits for approval, or changes one. Refuses NOT_FOUND, STALE_VERSION, INVALID,
 * BAD_AMOUNT, BAD_QUANTITY, DUPLICATE, BARCODE_UNREADABLE, POLICY_REQUIRED, and IN_USE for a change of unit or package
 * while there is stock (SPA-148). Answers its row.
 */
export async function saveProduct(tx: Tx, clinicId: string, input: ProductInput): Promise<string> {
  checkTexts(input);
  checkNumbers(input);
  const barcodes = barcodesOf(input);
  await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  if (input.barcodes) await holdRecalls(tx, clinicId);
  const { viewer, at } = tx.session;
  const idPath = ['input', 'id'];
  const present = input.id
    ? await productToChange(tx, { clinicId, id: rowOf(clinicId, input.id, idPath) }, idPath)
    : null;
  if (present) {
    expectVersion(present.version, input.expectedVersion);
    await checkUnitsFixed(tx, present, input);
  }
  const id = present?.id ?? newId();
  const vendorPath = ['input', 'preferredVendorId'];
  const vendorId = kept(
    input.preferredVendorId && rowOf(clinicId, input.preferredVendorId, vendorPath),
    present?.preferredVendorId,
  );
  if (vendorId) await requireVendor(tx, { clinicId, id: vendorId }, vendorPath);
  const injectable = kept(input.injectable && storedInjectable(input.injectable), present?.storedInjectable);
  const storage = kept(input.storage && storedStorage(input.storage), present?.storedStorage);
  checkDetails(injectable, storage);
  const sku = input.sku.trim();
  await checkUnique(
    tx,
    clinicId,
    id,
    sku,
    barcodes.map((code) => code.gtin),
  );
  await rows(tx, present ? UPDATE : INSERT, [
    clinicId,
    id,
    sku,
    input.name.trim(),
    kept(input.brand, present?.brand),
    kept(input.description, present?.description),
    input.category,
    input.unitCost,
    kept(input.retailPrice, present?.retailPrice),
    kept(input.commissionRate, present?.commissionRate),
    input.unitType.trim(),
    input.unitsPerPackage ?? present?.unitsPerPackage ?? new Decimal(1),
    injectable && JSON.stringify(injectable),
    storage && JSON.stringify(storage),
    input.reorderPoint,
    kept(input.reorderQuantity, present?.reorderQuantity),
    kept(input.minLevel, present?.minLevel),
    kept(input.maxLevel, present?.maxLevel),
    kept(input.leadTimeDays, present?.leadTimeDays),
    input.trackInventory ?? present?.trackInventory ?? true,
    input.trackByLot ?? present?.trackByLot ?? true,
    input.trackBySerial ?? present?.trackBySerial ?? false,
    input.requireExpirationDate ?? present?.requireExpirationDate ?? true,
    kept(input.minRemainingShelfLifeDays, present?.minRemainingShelfLifeDays),
    input.overReceiptTolerance ?? present?.overReceiptTolerance ?? ZERO,
    vendorId,
    at,
    viewer.subject,
  ]);
  if (input.barcodes) {
    await keepBarcodes(tx, clinicId, id, barcodes);
    // A GTIN that is known only now may be a recalled one.
    await blockLotsOfProduct(tx, clinicId, id);
  }
  await audit(tx, clinicId, {
    action: present ? 'product.change' : 'product.create',
    entityType: 'Product',
    entityId: id,
    toState: present?.storedStatus ?? 'PENDING_APPROVAL',
  });
  return id;
}

async function keepBarcodes(
  tx: Tx,
  clinicId: string,
  productId: string,
  codes: { gtin: string; unitsPerPack: Decimal }[],
) {
  await rows(tx, 'DELETE FROM product_barcode WHERE clinic_id = $1 AND product_id = $2', [clinicId, productId]);
  await rows(
    tx,
    'INSERT INTO product_barcode (clinic_id, product_id, gtin, units_per_pack) SELECT $1, $2, * FROM unnest($3::text[], $4::numeric[])',
    [clinicId, productId, codes.map((code) => code.gtin), codes.map((code) => code.unitsPerPack)],
  );
}
