import {
  batchLoader,
  Decimal,
  prepared,
  readPage,
  type Page,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { isWithin, NIL_UUID, POOLED_VALUE, poolWindow, ratio } from '@practice-graph/practice';
import { DAILY_USE_DAYS } from '../defaults';
import { rowIds } from '../directory/directory.loader';
import { stockSeverity } from './supply-lot.rules';
import type { SupplyStockFilter } from './supply-stock-level.inputs';
import { SupplyStockLevel } from './supply-stock-level.types';

interface LevelRow {
  clinic_id: string;
  item_id: string;
  location_id: string | null;
  whole_units_only: boolean;
  active: boolean;
  on_order: string;
  on_hand: string;
  available: string;
  reorder_point: string;
  max_level: string;
  value: string | null;
  next_expiration: string | null;
  used: string;
}

/** A lot costs the same wherever it lies, and so do all goods of an item that has no lots. */
export const COST_POOL = `CASE WHEN l.lot_number = '' THEN l.item_id ELSE l.id END`;

/**
 * Stock of items by place, `$1` being the instant whose day at each place decides what has expired. An item has a row for
 * each place where it lies, or lay, or is awaited; one that does so nowhere has a row without a place, so that an item
 * never received is seen to be out.
 */
const levels = (keys: string) => `
SELECT i.clinic_id, i.id AS item_id, x.location_id, i.name, i.category, i.reorder_point, i.max_level, i.whole_units_only, i.active,
  coalesce(x.on_hand, 0) AS on_hand, coalesce(x.available, 0) AS available, coalesce(x.on_order, 0) AS on_order,
  CASE WHEN x.is_uncosted THEN NULL ELSE coalesce(x.value, 0) END AS value, x.next_expiration,
  coalesce(x.today, ($1::timestamptz AT TIME ZONE 'UTC')::date) AS today
FROM ${keys}
LEFT JOIN LATERAL (
  SELECT y.location_id, sum(y.on_hand) AS on_hand, sum(y.on_order) AS on_order, sum(y.value) AS value,
    bool_or(y.on_hand > 0 AND y.uncosted_quantity > 0) AS is_uncosted,
    sum(y.on_hand) FILTER (WHERE y.disposition = 'AVAILABLE' AND coalesce(y.expiration_date, d.today) >= d.today) AS available,
    min(y.expiration_date) FILTER (WHERE y.on_hand > 0 AND y.expiration_date >= d.today) AS next_expiration, max(d.today) AS today
  FROM (
    (SELECT s.location_id, s.on_hand, 0::numeric AS on_order, ${POOLED_VALUE} AS value, l.uncosted_quantity, l.disposition, l.expiration_date
    FROM supply_stock s JOIN supply_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
    WHERE s.clinic_id = i.clinic_id AND s.item_id = i.id ${poolWindow(COST_POOL)})
    UNION ALL
    SELECT o.location_id, 0, o.ordered - o.received, 0, 0, NULL, NULL FROM supply_order o
    WHERE o.clinic_id = i.clinic_id AND o.item_id = i.id AND o.status IN ('OPEN', 'PARTIAL_RECEIVED')
  ) y
  LEFT JOIN location_copy c ON c.clinic_id = i.clinic_id AND c.id = y.location_id
  CROSS JOIN LATERAL (SELECT ($1::timestamptz AT TIME ZONE coalesce(c.time_zone, 'UTC'))::date AS today) d
  GROUP BY y.location_id
) x ON true`;

// What undoes a use of before those days takes nothing from the use of late.
const USED = `
coalesce((SELECT sum(u.quantity) FROM appliance_usage u LEFT JOIN appliance_usage o ON o.clinic_id = u.clinic_id AND o.id = u.reverses_id
  WHERE u.clinic_id = q.clinic_id AND u.item_id = q.item_id
  AND u.location_id = q.location_id AND u.used_on > q.today - ${String(DAILY_USE_DAYS)} AND u.used_on <= q.today
  AND (o.used_on IS NULL OR o.used_on > q.today - ${String(DAILY_USE_DAYS)})), 0)::text AS used`;

// The same steps as in the rule `stockSeverity`, scarcest first.
const SEVERITY = `CASE WHEN q.available <= 0 THEN 0 WHEN q.available <= q.reorder_point * 0.1 THEN 1 WHEN q.available <= q.reorder_point THEN 2 ELSE 3 END`;

const SHOWN = `q.clinic_id, q.item_id, q.location_id, q.whole_units_only, q.active, q.on_order::text AS on_order, q.on_hand::text AS on_hand, q.available::text AS available,
  q.reorder_point::text AS reorder_point, q.max_level::text AS max_level, q.value::text AS value, q.next_expiration, ${USED}`;

function levelOf(row: LevelRow): SupplyStockLevel {
  const available = new Decimal(row.available);
  const reorderPoint = new Decimal(row.reorder_point);
  const used = new Decimal(row.used);
  return Object.assign(new SupplyStockLevel(), {
    clinicId: row.clinic_id,
    itemId: row.item_id,
    locationId: row.location_id,
    wholeUnitsOnly: row.whole_units_only,
    isBought: row.active,
    onHand: new Decimal(row.on_hand),
    onOrder: new Decimal(row.on_order),
    available,
    reorderPoint,
    maxLevel: new Decimal(row.max_level),
    severity: stockSeverity(available, reorderPoint),
    averageDailyUse: used.div(DAILY_USE_DAYS).toDecimalPlaces(4, Decimal.ROUND_HALF_UP),
    daysOfCover: ratio(available.times(DAILY_USE_DAYS), used),
    value: row.value === null ? null : new Decimal(row.value),
    nextExpiration: row.next_expiration,
  });
}

/** Places that the viewer is not narrowed away from; that an item lies nowhere is no secret of a place. */
const isSeen = (viewer: Viewer, { location_id: place }: LevelRow) =>
  place === null || isWithin(viewer, 'locations', place);

/** Stock of items at the places that a viewer may see, as it is in this transaction. */
export async function readLevels(tx: Tx, viewer: Viewer, keys: readonly RecordKey[]): Promise<SupplyStockLevel[]> {
  const found = await prepared<LevelRow>(
    tx,
    `SELECT ${SHOWN} FROM (${levels(
      'unnest($2::uuid[], $3::uuid[]) AS k (clinic_id, id) JOIN supply_item i ON i.clinic_id = k.clinic_id AND i.id = k.id',
    )}) q ORDER BY q.clinic_id, q.item_id, q.location_id`,
    [tx.session.at, keys.map((k) => k.clinicId), keys.map((k) => k.id)],
  );
  return found.filter((row) => isSeen(viewer, row)).map(levelOf);
}

/** Stock of items by place: one statement for all items of a fetch. */
export const levelsOfItems = batchLoader<RecordKey, SupplyStockLevel[]>(
  async (tx, keys, context) => {
    const seen = await readLevels(tx, context.viewer, keys);
    return keys.map((key) => seen.filter((level) => level.clinicId === key.clinicId && level.itemId === key.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);

/** One page of a clinic's stock, scarcest first. */
export function readStock(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  filter: SupplyStockFilter | null | undefined,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyStockLevel>> {
  const where: string[] = [];
  const params: unknown[] = [tx.session.at, clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const ids = (opaque: readonly string[]) => rowIds(clinicId, opaque);
  const only = viewer.restrictions['locations'];
  if (only) where.push(`(q.location_id IS NULL OR q.location_id = ANY(${bind(only)}::uuid[]))`);
  if (filter?.locationIds) where.push(`q.location_id = ANY(${bind(ids(filter.locationIds))}::uuid[])`);
  if (filter?.itemIds) where.push(`q.item_id = ANY(${bind(ids(filter.itemIds))}::uuid[])`);
  if (filter?.categories) where.push(`q.category = ANY(${bind(filter.categories)}::text[])`);
  if (filter?.severities) {
    const ranks = filter.severities.map((s) => ['OUT', 'CRITICAL', 'LOW', 'OK'].indexOf(s));
    where.push(`${SEVERITY} = ANY(${bind(ranks)}::int[])`);
  }
  return readPage(tx, {
    select: SHOWN,
    from: `(${levels('(SELECT * FROM supply_item WHERE clinic_id = $2 AND active) i')}) q`,
    where,
    params,
    order: [
      { expression: SEVERITY, type: 'integer', direction: 'ASC' },
      { expression: 'q.name', type: 'text', direction: 'ASC' },
      { expression: 'q.item_id', type: 'uuid', direction: 'ASC' },
      { expression: `coalesce(q.location_id, '${NIL_UUID}')`, type: 'uuid', direction: 'ASC' },
    ],
    ...page,
    map: (found: readonly LevelRow[]) => found.map(levelOf),
  });
}

/** Supplies that are low at locations, scarcest first: one statement for all locations of a fetch. */
export const lowSuppliesAt = batchLoader<RecordKey, SupplyStockLevel[]>(
  async (tx, keys) => {
    const found = await prepared<LevelRow>(
      tx,
      `SELECT ${SHOWN} FROM (${levels('(SELECT * FROM supply_item WHERE clinic_id = ANY($2) AND active) i')}) q
       JOIN unnest($2::uuid[], $3::uuid[]) AS k (clinic_id, id) ON k.clinic_id = q.clinic_id AND k.id = q.location_id
       WHERE ${SEVERITY} < 3 ORDER BY ${SEVERITY}, q.name, q.item_id`,
      [tx.session.at, keys.map((k) => k.clinicId), keys.map((k) => k.id)],
    );
    return keys.map((key) =>
      found.filter((row) => row.clinic_id === key.clinicId && row.location_id === key.id).map(levelOf),
    );
  },
  (key) => `${key.clinicId}/${key.id}`,
);
