import { hydrate, prepared, type Refusal, type Tx } from '@practice-graph/kit';
import { lotNumberKey, scanBarcode, scannedNumber, type Day, type ScannedCode } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { SupplyLot } from '../lots/supply-lot.entity';
import { refuse } from '../refusals';

/** A scan to be read: the text, the current day, and the place whose lots come first, if there is one. */
export interface Scan {
  readonly scanned: string;
  readonly today: Day;
  readonly locationId?: string;
}

/** What a scan means here: the code as read, the item it names, and the lot of it where that is known. */
export interface ScannedSupply {
  readonly code: ScannedCode;
  readonly item: SupplyItem | null;
  /** True when the code fits several items that are in use; then the item is only the first of them. */
  readonly isAmbiguous: boolean;
  readonly lot: SupplyLot | null;
}

// A GTIN is kept with or without its leading zeros; other codes are the number of the item, or a vendor's number for it.
const ITEMS = `
SELECT k.n, (lpad(i.gtin, 14, '0') = k.gtin) IS TRUE AS by_gtin, i.*
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS k (gtin, number, n)
JOIN supply_item i ON i.clinic_id = $1 AND (lpad(i.gtin, 14, '0') = k.gtin OR upper(i.sku) = upper(k.number) OR upper(i.gtin) = upper(k.number)
  OR EXISTS (SELECT 1 FROM supply_offer o WHERE o.clinic_id = i.clinic_id AND o.item_id = i.id AND upper(o.vendor_sku) = upper(k.number)))
ORDER BY k.n, by_gtin DESC, i.active DESC, i.sku, i.id`;

const LOTS = `
SELECT DISTINCT ON (k.n) k.n, l.* FROM unnest($2::uuid[], $3::text[], $4::uuid[]) WITH ORDINALITY AS k (item_id, number_key, location_id, n)
JOIN supply_lot l ON l.clinic_id = $1 AND l.item_id = k.item_id AND l.number_key = k.number_key AND l.lot_number <> ''
LEFT JOIN supply_stock s ON s.clinic_id = l.clinic_id AND s.lot_id = l.id AND s.location_id = k.location_id AND s.on_hand > 0
ORDER BY k.n, (s.lot_id IS NOT NULL) DESC, (l.disposition = 'AVAILABLE') DESC, l.expiration_date NULLS LAST, l.id`;

type Placed = { n: string };

/** Reads scanned codes and finds what they name, with two statements for all; answers in the order of the scans (SUP-51). */
export async function scannedSupplies(tx: Tx, clinicId: string, scans: readonly Scan[]): Promise<ScannedSupply[]> {
  if (scans.length === 0) return [];
  const codes = scans.map(({ scanned, today }) => scanBarcode(scanned, today));
  const found = await prepared<Placed & { by_gtin: boolean }>(tx, ITEMS, [
    clinicId,
    codes.map((code) => code.gtin),
    codes.map((code, index) => scannedNumber(scans[index]?.scanned ?? '', code)),
  ]);
  const items = hydrate(tx, SupplyItem, found);
  const matches = codes.map((code, index) => {
    const here = items.map((item, at) => ({ item, row: found[at] })).filter(({ row }) => Number(row?.n) === index + 1);
    const best = here.filter(({ row }) => row?.by_gtin === here[0]?.row?.by_gtin && here[0]?.item.active);
    const isAmbiguous = best.filter(({ item }) => item.active).length > 1;
    return { code, item: here[0]?.item ?? null, isAmbiguous };
  });
  const lots = await prepared<Placed>(tx, LOTS, [
    clinicId,
    matches.map(({ item }) => item?.id ?? null),
    matches.map(({ code }) => (code.lotNumber === null ? null : lotNumberKey(code.lotNumber))),
    scans.map((scan) => scan.locationId ?? null),
  ]);
  const known = hydrate(tx, SupplyLot, lots);
  return matches.map((match, index) => ({
    ...match,
    lot: known.find((_, at) => Number(lots[at]?.n) === index + 1) ?? null,
  }));
}

/** Reads one scanned code. A code with problems is read as far as it is sound. */
export async function scannedSupply(tx: Tx, clinicId: string, scanned: string, today: Day): Promise<ScannedSupply> {
  const [found] = await scannedSupplies(tx, clinicId, [{ scanned, today }]);
  if (!found) throw new Error('a scan is answered');
  return found;
}

/** Why a scan cannot stand for an item in a change; null when it can. */
export function scanRefusal({ code, item, isAmbiguous }: ScannedSupply, path: readonly string[]): Refusal | null {
  const no = (what: Parameters<typeof refuse>[0], message: string) => refuse(what, message, path).refusals[0] ?? null;
  if (code.problems.length > 0) return no('BARCODE_UNREADABLE', `The code is not sound: ${code.problems.join('; ')}.`);
  if (!item) return no('BARCODE_UNKNOWN', 'The code is sound but belongs to no item.');
  return isAmbiguous ? no('INVALID', 'The code fits several items; name the item instead.') : null;
}
