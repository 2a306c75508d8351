import { Decimal, prepared, type Tx } from '@practice-graph/kit';
import { alertStep, availableQuantity, type LotDispositionName } from '@practice-graph/practice';
import { stockSeverity } from '../lots/supply-lot.rules';
import { OPEN_COLUMNS, openOf, settleAlerts, type OpenRow, type Watched } from './supply-alert.service';
import { expiryCause, stockCause } from './supply-alert.rules';

/** Stock of an item at a place. */
export interface ItemAtPlace {
  readonly itemId: string;
  readonly locationId: string;
}

interface ShelfRow {
  item_id: string;
  location_id: string;
  name: string;
  unit: string;
  active: boolean;
  reorder_point: string;
  place: string;
  today: string;
  /** Null, like the rest, where nothing is left. */
  lot_id: string | null;
  lot_number: string;
  on_hand: string;
  disposition: LotDispositionName;
  expiration_date: string | null;
}

// Whoever changes the stock of an item at a place looks at it alone, so that nobody judges by half of what happens.
const LOOK_ALONE = `
SELECT pg_advisory_xact_lock(hashtextextended(x.key, 0)) FROM (
  SELECT concat_ws('/', 'supply', $1::text, k.item_id, k.location_id) AS key
  FROM unnest($2::uuid[], $3::uuid[]) AS k (item_id, location_id) ORDER BY 1) x`;

const shelf = (places: string) => `
SELECT k.item_id, k.location_id, i.name, i.unit, i.active, i.reorder_point::text AS reorder_point, coalesce(c.name, 'the location') AS place,
  ($2::timestamptz AT TIME ZONE coalesce(c.time_zone, 'UTC'))::date AS today, s.lot_id, l.lot_number, s.on_hand::text AS on_hand,
  l.disposition, l.expiration_date
FROM ${places} AS k (item_id, location_id)
JOIN supply_item i ON i.clinic_id = $1 AND i.id = k.item_id
LEFT JOIN location_copy c ON c.clinic_id = $1 AND c.id = k.location_id
LEFT JOIN supply_stock s ON s.clinic_id = $1 AND s.item_id = k.item_id AND s.location_id = k.location_id AND s.on_hand > 0
LEFT JOIN supply_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
ORDER BY k.item_id, k.location_id, s.lot_id`;

const AT_PLACES = shelf('unnest($3::uuid[], $4::uuid[])');
const EVERYWHERE = shelf('(SELECT DISTINCT item_id, location_id FROM supply_stock WHERE clinic_id = $1)');

/** What there is to watch in rows of the shelf: the stock of each item at each place, and the shelf life of each lot. */
function watchedIn(rows: readonly ShelfRow[]): Watched[] {
  const places = new Map<string, ShelfRow[]>();
  for (const row of rows) {
    const key = `${row.item_id}/${row.location_id}`;
    const at = places.get(key);
    if (at) at.push(row);
    else places.set(key, [row]);
  }
  return [...places].flatMap(([key, lots]): Watched[] => {
    const [first] = lots;
    if (!first) return [];
    const there = lots.filter((lot) => lot.lot_id !== null);
    const available = there.reduce((sum, lot) => {
      const state = { disposition: lot.disposition, expirationDate: lot.expiration_date };
      return sum.plus(availableQuantity(state, new Decimal(lot.on_hand), new Decimal(0), lot.today));
    }, new Decimal(0));
    const reorderPoint = new Decimal(first.reorder_point);
    const of = { item: first.name, unit: first.unit, place: first.place, available, reorderPoint };
    const at = { itemId: first.item_id, locationId: first.location_id };
    // What is no longer bought may run out.
    const cause = first.active ? stockCause(stockSeverity(available, reorderPoint), of) : null;
    return [{ ...at, key: `stock/${key}`, lotId: null, cause }, ...there.flatMap((lot) => watchedLot(lot))];
  });
}

function watchedLot(row: ShelfRow): Watched[] {
  if (row.expiration_date === null) return [];
  const lot = { lotNumber: row.lot_number, expirationDate: row.expiration_date, item: row.name, place: row.place };
  return [
    {
      key: `expiry/${String(row.lot_id)}/${row.location_id}`,
      ...{ itemId: row.item_id, lotId: row.lot_id, locationId: row.location_id },
      cause: expiryCause(lot, row.today),
    },
  ];
}

/** What is to be settled: what is on the shelf, and open alerts of lots that are no longer there. */
function withOver(watched: readonly Watched[], open: readonly OpenRow[]): Watched[] {
  const known = new Set(watched.map((each) => each.key));
  const over = open.filter((row) => !known.has(row.cause_key));
  return [
    ...watched,
    ...over.map((row) => ({
      ...{ key: row.cause_key, itemId: row.item_id, lotId: row.lot_id, locationId: row.location_id, cause: null },
    })),
  ];
}

const OPEN_AT = `
SELECT ${OPEN_COLUMNS} FROM supply_alert WHERE clinic_id = $1 AND status <> 'RESOLVED'
  AND (item_id, location_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[])) ORDER BY id FOR UPDATE`;

/**
 * Looks at stock after a change, in its transaction and as its last act: raises what became scarce or nears its end, and
 * closes what is over (SUP-04). Answers the ids of the alerts that it raised.
 */
export async function watchStock(tx: Tx, clinicId: string, changed: readonly ItemAtPlace[]): Promise<string[]> {
  const at = [...new Map(changed.map((each) => [`${each.itemId}/${each.locationId}`, each])).values()];
  if (at.length === 0) return [];
  const [items, places] = [at.map((each) => each.itemId), at.map((each) => each.locationId)];
  await prepared(tx, LOOK_ALONE, [clinicId, items, places]);
  const rows = await prepared<ShelfRow>(tx, AT_PLACES, [clinicId, tx.session.at, items, places]);
  const open = await prepared<OpenRow>(tx, OPEN_AT, [clinicId, items, places]);
  return settleAlerts(tx, clinicId, withOver(watchedIn(rows), open), open);
}

const PLACES_OF = `
SELECT DISTINCT item_id AS "itemId", location_id AS "locationId" FROM supply_stock
WHERE clinic_id = $1 AND (item_id = ANY($2::uuid[]) OR lot_id = ANY($3::uuid[]))`;

/** The same for everything that lies anywhere of some items or lots. */
export async function watchEverywhere(
  tx: Tx,
  clinicId: string,
  of: { readonly itemIds?: readonly string[]; readonly lotIds?: readonly string[] },
): Promise<string[]> {
  return watchStock(
    tx,
    clinicId,
    await prepared<ItemAtPlace>(tx, PLACES_OF, [clinicId, of.itemIds ?? [], of.lotIds ?? []]),
  );
}

const OPEN = `
SELECT ${OPEN_COLUMNS} FROM supply_alert WHERE clinic_id = $1 AND status <> 'RESOLVED' AND location_id IS NOT NULL`;

/**
 * Looks at all stock of a clinic, for time alone makes lots expire. What has changed is then judged again as after any
 * change. Answers how many alerts it raised.
 */
export async function sweepStock(tx: Tx, clinicId: string): Promise<number> {
  const rows = await prepared<ShelfRow>(tx, EVERYWHERE, [clinicId, tx.session.at]);
  const open = await prepared<OpenRow>(tx, OPEN, [clinicId]);
  const byKey = new Map(open.map((row) => [row.cause_key, row]));
  const changed = withOver(watchedIn(rows), open).flatMap(({ key, cause, itemId, locationId }): ItemAtPlace[] => {
    const row = byKey.get(key);
    return locationId !== null && alertStep(cause, row ? openOf(row) : null) !== 'KEEP' ? [{ itemId, locationId }] : [];
  });
  return (await watchStock(tx, clinicId, changed)).length;
}
