import { type Decimal, findByKey, hydrate, prepared, reachable, type Tx } from '@practice-graph/kit';
import { LINE_MAX } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import { SupplyLot } from './supply-lot.entity';

/** What a change of stock is about: a lot, or an item without lots. */
export interface StockedGood {
  readonly item: SupplyItem;
  /** Null for goods without lots. */
  readonly lot: SupplyLot | null;
}

const INPUT = 'input';

function keyed(tx: Tx, clinicId: string, opaque: string, member: string, what: string) {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId) throw refuse('NOT_FOUND', `There is no such ${what}.`, [INPUT, member]);
  return key;
}

async function goodOfLot(tx: Tx, clinicId: string, lotId: string): Promise<StockedGood> {
  const lot = await findByKey(tx, SupplyLot, keyed(tx, clinicId, lotId, 'lotId', 'lot'));
  const item = lot && lot.lotNumber !== '' ? await findByKey(tx, SupplyItem, { clinicId, id: lot.itemId }) : null;
  if (!lot || !item) throw refuse('NOT_FOUND', 'There is no such lot.', [INPUT, 'lotId']);
  return { item, lot };
}

/** The goods that a change names: a lot, or an item whose goods have no lots. */
export async function goodOf(
  tx: Tx,
  clinicId: string,
  input: { readonly itemId?: string | null | undefined; readonly lotId?: string | null | undefined },
): Promise<StockedGood> {
  if (input.lotId) {
    const good = await goodOfLot(tx, clinicId, input.lotId);
    if (input.itemId && reachable(tx.session.viewer, input.itemId)?.id !== good.item.id)
      throw refuse('INVALID', 'The lot is one of another item.', [INPUT, 'itemId']);
    return good;
  }
  if (!input.itemId) throw refuse('INVALID', 'Name a lot, or an item without lots.', [INPUT, 'lotId']);
  const item = await findByKey(tx, SupplyItem, keyed(tx, clinicId, input.itemId, 'itemId', 'item'));
  if (!item) throw refuse('NOT_FOUND', 'There is no such item.', [INPUT, 'itemId']);
  if (item.lotTracked) throw refuse('LOT_REQUIRED', `${item.name} is kept by lot; name the lot.`, [INPUT, 'lotId']);
  return { item, lot: null };
}

/** Refuses quantities that cannot be of an item. */
export function checkQuantity(quantity: Decimal, item: SupplyItem, path: readonly string[]): void {
  if (quantity.isZero()) throw refuse('BAD_QUANTITY', 'The quantity may not be zero.', path);
  if (quantity.abs().gt(LINE_MAX))
    throw refuse('BAD_QUANTITY', `At most ${String(LINE_MAX)} units move at once.`, path);
  if (item.wholeUnitsOnly && !quantity.isInteger())
    throw refuse('WHOLE_UNITS_ONLY', `${item.name} is counted in whole units only.`, path);
}

// What is there already keeps its first day and, unless another is given, its shelf.
const OPEN = `
INSERT INTO supply_stock AS s (clinic_id, lot_id, location_id, item_id, storage_location, received_on, on_hand, value, moves)
SELECT $1::uuid, x.lot_id, $3::uuid, $4::uuid, $5::text, $6::date, 0, 0, 0 FROM unnest($2::uuid[]) AS x (lot_id) ORDER BY x.lot_id
ON CONFLICT (clinic_id, lot_id, location_id) DO NOTHING`;

const SHELVE = `
UPDATE supply_stock SET received_on = least(received_on, $4::date), storage_location = coalesce($5::text, storage_location)
WHERE clinic_id = $1 AND lot_id = ANY($2::uuid[]) AND location_id = $3`;

/** A place at which lots shall lie from a day on. */
export interface Shelving {
  readonly itemId: string;
  readonly lotIds: readonly string[];
  readonly locationId: string;
  readonly storageLocation: string | null;
  readonly from: string;
}

/** Opens the stock of lots at a place, before it is locked; what is there already is left alone. */
export async function openStock(tx: Tx, clinicId: string, of: Shelving): Promise<void> {
  await prepared(tx, OPEN, [clinicId, of.lotIds, of.locationId, of.itemId, of.storageLocation, of.from]);
}

/** Notes, on locked stock, the first day of lots at a place and their shelf. */
export async function shelve(tx: Tx, clinicId: string, of: Shelving): Promise<void> {
  await prepared(tx, SHELVE, [clinicId, of.lotIds, of.locationId, of.from, of.storageLocation]);
}

/** The records in which goods without lots stand, one per vendor. */
export async function recordsWithoutLots(tx: Tx, item: SupplyItem): Promise<SupplyLot[]> {
  return hydrate(
    tx,
    SupplyLot,
    await prepared(
      tx,
      `SELECT * FROM supply_lot WHERE clinic_id = $1 AND item_id = $2 AND lot_number = '' ORDER BY id`,
      [item.clinicId, item.id],
    ),
  );
}
