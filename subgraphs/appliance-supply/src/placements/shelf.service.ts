import { Decimal, prepared, type Tx } from '@practice-graph/kit';
import type { ShelfLot } from './deduction.rules';

/** A lot on the shelf of a place, with what a use of it costs. */
export interface LockedLot extends ShelfLot {
  readonly locationId: string;
  readonly unitCost: Decimal | null;
}

interface ShelfRow {
  lot_id: string;
  item_id: string;
  location_id: string;
  on_hand: string;
  received_on: string;
  lot_number: string;
  disposition: ShelfLot['disposition'];
  expiration_date: string | null;
  unit_cost: string | null;
}

// Locks are taken in the order (lot, location) by everyone, the lot before its stock: a recall or quarantine that is
// being written is waited for, and two deductions never wait for each other.
const LOCK = `
SELECT s.lot_id, s.item_id, s.location_id, s.on_hand, s.received_on, l.lot_number, l.disposition, l.expiration_date, l.unit_cost
FROM supply_stock s JOIN supply_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
WHERE s.clinic_id = $1 AND s.location_id = ANY($2::uuid[]) AND s.item_id = ANY($3::uuid[]) AND (s.on_hand > 0 OR s.lot_id = ANY($4::uuid[]))
ORDER BY s.lot_id, s.location_id FOR SHARE OF l FOR UPDATE OF s`;

/** Locks what lies of some items at some places, and the named lots even when they are empty there. */
export async function lockShelf(
  tx: Tx,
  clinicId: string,
  of: { locationIds: readonly string[]; itemIds: readonly string[]; lotIds: readonly string[] },
): Promise<LockedLot[]> {
  const found = await prepared<ShelfRow>(tx, LOCK, [clinicId, of.locationIds, of.itemIds, of.lotIds]);
  return found.map((row) => ({
    lotId: row.lot_id,
    itemId: row.item_id,
    locationId: row.location_id,
    lotNumber: row.lot_number,
    disposition: row.disposition,
    expirationDate: row.expiration_date,
    receivedDate: row.received_on,
    onHand: new Decimal(row.on_hand),
    reserved: new Decimal(0),
    unitCost: row.unit_cost === null ? null : new Decimal(row.unit_cost),
  }));
}
