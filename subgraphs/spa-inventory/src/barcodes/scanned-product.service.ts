import { Decimal, hydrate, prepared, type Tx } from '@practice-graph/kit';
import { lotNumberKey, scanBarcode, scannedNumber, type Day, type ScannedCode } from '@practice-graph/practice';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { Product } from '../products/product.entity';

/** What a scan means here: the code as read, the product and pack it names, and the lot of it where that is known. */
export interface ScannedProduct {
  readonly code: ScannedCode;
  readonly product: Product | null;
  readonly unitsPerPack: Decimal | null;
  readonly lot: InventoryLot | null;
}

// Products carry GTINs at every pack level; other codes are kept as the number of the product, for one unit.
const PRODUCT = `
SELECT p.*, coalesce(b.units_per_pack, 1)::text AS scanned_units FROM product p
LEFT JOIN product_barcode b ON b.clinic_id = p.clinic_id AND b.product_id = p.id AND b.gtin = $2
WHERE p.clinic_id = $1 AND (b.gtin IS NOT NULL OR upper(p.sku) = upper($3))
ORDER BY (b.gtin IS NULL), p.sku, p.id LIMIT 1`;

// Of goods tracked by serial each piece is a lot of its own.
const LOT = `
SELECT l.* FROM inventory_lot l WHERE l.clinic_id = $1 AND l.product_id = $2 AND l.lot_key = $3 AND NOT l.is_untracked
ORDER BY (l.serial_key = $4) DESC, (l.serial_key = '') DESC, l.id LIMIT 1`;

/** Reads a scanned code and finds what it names (SPA-93). A code with problems is read as far as it is sound. */
export async function scannedProduct(tx: Tx, clinicId: string, scanned: string, today: Day): Promise<ScannedProduct> {
  const code = scanBarcode(scanned, today);
  const number = scannedNumber(scanned, code);
  const nothing = { code, product: null, unitsPerPack: null, lot: null };
  if (code.gtin === null && number === null) return nothing;
  const found = await prepared<{ scanned_units: string }>(tx, PRODUCT, [clinicId, code.gtin, number]);
  const [product] = hydrate(tx, Product, found);
  if (!product) return nothing;
  const unitsPerPack = new Decimal(found[0]?.scanned_units ?? 1);
  if (code.lotNumber === null) return { ...nothing, product, unitsPerPack };
  const serial = code.serialNumber === null ? '' : lotNumberKey(code.serialNumber);
  const [lot] = hydrate(
    tx,
    InventoryLot,
    await prepared(tx, LOT, [clinicId, product.id, lotNumberKey(code.lotNumber), serial]),
  );
  return { code, product, unitsPerPack, lot: lot ?? null };
}
