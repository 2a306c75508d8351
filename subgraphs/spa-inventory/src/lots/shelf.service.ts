import { Decimal, prepared, sum, type Tx } from '@practice-graph/kit';
import { lotProblem, type Day, type LotDispositionName, type LotOnShelf } from '@practice-graph/practice';

/** A lot at a place with what its use is charged at. */
export interface ShelfLot extends LotOnShelf {
  readonly productId: string;
  readonly locationId: string;
  readonly unitCost: Decimal;
}

interface ShelfRow {
  lot_id: string;
  product_id: string;
  location_id: string;
  lot_number: string;
  disposition: LotDispositionName;
  expiration_date: Day | null;
  received_on: Day;
  unit_cost: string;
  on_hand: string;
  reserved: string;
}

const SELECT = `
SELECT s.lot_id, s.product_id, s.location_id, l.lot_number, l.disposition, l.expiration_date, l.received_on, l.unit_cost, s.on_hand, s.reserved
FROM lot_stock s JOIN inventory_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
WHERE s.clinic_id = $1 AND s.product_id = $2 AND s.location_id = $3 AND s.on_hand > 0 ORDER BY s.lot_id, s.location_id`;

// Constant texts, so that each stays one prepared statement. The lot is held before its balance, as receipts hold them: a
// use that had to wait then sees a block that was set meanwhile, and not the state from before.
const SELECT_LOCKED = `${SELECT} FOR SHARE OF l FOR UPDATE OF s`;

const shelfLot = (row: ShelfRow): ShelfLot => ({
  lotId: row.lot_id,
  productId: row.product_id,
  locationId: row.location_id,
  lotNumber: row.lot_number,
  disposition: row.disposition,
  expirationDate: row.expiration_date,
  receivedDate: row.received_on,
  unitCost: new Decimal(row.unit_cost),
  onHand: new Decimal(row.on_hand),
  reserved: new Decimal(row.reserved),
});

export interface Shelf {
  readonly clinicId: string;
  readonly productId: string;
  readonly locationId: string;
}

/** Lots of a product at a place of which something is left; locked in their fixed order when they are to be changed. */
export async function lotsOnShelf(tx: Tx, shelf: Shelf, options: { lock: boolean }): Promise<ShelfLot[]> {
  const found = await prepared<ShelfRow>(tx, options.lock ? SELECT_LOCKED : SELECT, [
    shelf.clinicId,
    shelf.productId,
    shelf.locationId,
  ]);
  return found.map(shelfLot);
}

/** What of a shelf may be used on a day. */
export const usableQuantity = (lots: readonly ShelfLot[], day: Day): Decimal =>
  sum(lots.filter((lot) => lotProblem(lot, { day }) === null).map((lot) => lot.onHand.minus(lot.reserved)));
