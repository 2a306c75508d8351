import { hydrate, prepared, type Tx } from '@practice-graph/kit';
import { lotNumberKey, scanBarcode, scannedNumber, type Day, type ScannedCode } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { SupplyLot } from '../lots/supply-lot.entity';

/** What a scan means here: the code as read, the item it names, and the lot of it where that is known. */
export interface ScannedSupply {
  readonly code: ScannedCode;
  readonly item: SupplyItem | null;
  readonly lot: SupplyLot | null;
}

// A GTIN is kept with or without its leading zeros; other codes are kept as the number of the item.
const ITEM = `
SELECT i.* FROM supply_item i WHERE i.clinic_id = $1
  AND (lpad(i.gtin, 14, '0') = $2 OR upper(i.sku) = upper($3) OR upper(i.gtin) = upper($3))
ORDER BY (lpad(i.gtin, 14, '0') = $2) IS TRUE DESC, i.active DESC, i.sku, i.id LIMIT 1`;

const LOT = `
SELECT l.* FROM supply_lot l WHERE l.clinic_id = $1 AND l.item_id = $2 AND l.number_key = $3 AND l.lot_number <> ''
ORDER BY (l.disposition = 'AVAILABLE') DESC, l.expiration_date NULLS LAST, l.id LIMIT 1`;

/** Reads a scanned code and finds what it names (SUP-51). A code with problems is read as far as it is sound. */
export async function scannedSupply(tx: Tx, clinicId: string, scanned: string, today: Day): Promise<ScannedSupply> {
  const code = scanBarcode(scanned, today);
  const number = scannedNumber(scanned, code);
  if (code.gtin === null && number === null) return { code, item: null, lot: null };
  const [item] = hydrate(tx, SupplyItem, await prepared(tx, ITEM, [clinicId, code.gtin, number]));
  if (!item || code.lotNumber === null) return { code, item: item ?? null, lot: null };
  const [lot] = hydrate(tx, SupplyLot, await prepared(tx, LOT, [clinicId, item.id, lotNumberKey(code.lotNumber)]));
  return { code, item, lot: lot ?? null };
}
