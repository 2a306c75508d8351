import {
  batchLoader,
  Decimal,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  ZERO,
  type Page,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import {
  availableQuantity,
  businessDay,
  expiringUntil,
  isWithin,
  lotNumberKey,
  type LotBalance,
} from '@practice-graph/practice';
import { locationStub } from '../directory/directory.types';
import { rowIds } from '../directory/directory.loader';
import { SupplyLot, type LotStock } from './supply-lot.entity';
import type { SupplyLotFilter } from './supply-lot.inputs';
import { SupplyTransaction } from './supply-transaction.entity';
import type { SupplyTransactionFilter } from './supply-transaction.inputs';

/** Lots by key. */
export const supplyLots = recordLoader(SupplyLot);

/** True for movements at places that the viewer is not narrowed away from; to a reader of sums none of a patient's. */
const isMovementVisible = ({ locationId, usageId }: SupplyTransaction, viewer: Viewer): boolean =>
  isWithin(viewer, 'locations', locationId) && !(viewer.aggregateOnly && usageId !== null);

/** Movements by key. */
export const supplyTransactions = recordLoader(SupplyTransaction, isMovementVisible);

const text = (key: RecordKey) => `${key.clinicId}/${key.id}`;
const pairs = (keys: readonly RecordKey[]) => [keys.map((k) => k.clinicId), keys.map((k) => k.id)];
const PAIRS = 'unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)';

export interface LotPlace extends LotStock {
  readonly clinicId: string;
  readonly lotId: string;
  readonly itemId: string;
  readonly locationId: string;
}

interface StockRow {
  clinic_id: string;
  lot_id: string;
  item_id: string;
  location_id: string;
  storage_location: string | null;
  on_hand: string;
  disposition: SupplyLot['disposition'];
  expiration_date: string | null;
  time_zone: string | null;
}

/** Quantity of lots per place, without a reference to places that the viewer may not see; each place has its own day. */
export const lotPlaces = batchLoader<RecordKey, LotPlace[]>(async (tx, keys, context) => {
  const found = await prepared<StockRow>(
    tx,
    `SELECT s.clinic_id, s.lot_id, s.item_id, s.location_id, s.storage_location, s.on_hand, l.disposition, l.expiration_date, c.time_zone
     FROM ${PAIRS} JOIN supply_lot l ON l.clinic_id = k.clinic_id AND l.id = k.id
     JOIN supply_stock s ON s.clinic_id = l.clinic_id AND s.lot_id = l.id
     LEFT JOIN location_copy c ON c.clinic_id = s.clinic_id AND c.id = s.location_id
     ORDER BY s.clinic_id, s.lot_id, s.location_id`,
    pairs(keys),
  );
  const byLot = new Map<string, LotPlace[]>();
  for (const row of found) {
    const location = locationStub(context.viewer, row.clinic_id, row.location_id);
    const onHand = new Decimal(row.on_hand);
    const today = businessDay(context.now, row.time_zone ?? 'UTC');
    const state = { disposition: row.disposition, expirationDate: row.expiration_date };
    const key = text({ clinicId: row.clinic_id, id: row.lot_id });
    byLot.set(key, [
      ...(byLot.get(key) ?? []),
      {
        clinicId: row.clinic_id,
        lotId: row.lot_id,
        itemId: row.item_id,
        locationId: row.location_id,
        location,
        storageLocation: row.storage_location,
        onHand,
        reserved: ZERO,
        available: availableQuantity(state, onHand, ZERO, today),
      },
    ]);
  }
  return keys.map((key) => byLot.get(text(key)) ?? []);
}, text);

const BALANCE = `
SELECT k.clinic_id, k.id,
  coalesce(sum(t.quantity) FILTER (WHERE t.type = 'RECEIVE'), 0)::text AS received,
  coalesce(sum(t.quantity), 0)::text AS "onHand",
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('TRANSFER_OUT', 'TRANSFER_IN')), 0)::text AS "inTransit",
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('USE', 'USE_REVERSAL')), 0)::text AS used,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type = 'WASTE'), 0)::text AS wasted,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type = 'RETURN_VENDOR'), 0)::text AS returned,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('ADJUSTMENT_ADD', 'ADJUSTMENT_REMOVE')), 0)::text AS adjusted
FROM ${PAIRS} LEFT JOIN supply_transaction t ON t.clinic_id = k.clinic_id AND t.lot_id = k.id
GROUP BY k.clinic_id, k.id`;

/** Where everything of a lot went, summed from the ledger: one statement for all lots of a fetch. */
export const lotBalances = batchLoader<RecordKey, LotBalance>(async (tx, keys) => {
  const found = await prepared<Record<string, string> & { clinic_id: string; id: string }>(tx, BALANCE, pairs(keys));
  const byLot = new Map(found.map((row) => [text({ clinicId: row.clinic_id, id: row.id }), row]));
  return keys.map((key) => {
    const row = byLot.get(text(key));
    const of = (member: string) => new Decimal(row?.[member] ?? '0');
    return {
      received: of('received'),
      onHand: of('onHand'),
      inTransit: of('inTransit'),
      inOpenVials: ZERO,
      used: of('used'),
      wasted: of('wasted'),
      returned: of('returned'),
      adjusted: of('adjusted'),
    };
  });
}, text);

/** Receipts of lots at the places that the viewer may see, oldest first. */
export const lotReceipts = batchLoader<RecordKey, SupplyTransaction[]>(async (tx, keys, { viewer }) => {
  const found = hydrate(
    tx,
    SupplyTransaction,
    await prepared(
      tx,
      `SELECT t.* FROM ${PAIRS} JOIN supply_transaction t ON t.clinic_id = k.clinic_id AND t.lot_id = k.id
       WHERE t.type = 'RECEIVE' ORDER BY t.business_date, t.id`,
      pairs(keys),
    ),
  ).filter((receipt) => isMovementVisible(receipt, viewer));
  return keys.map((key) => found.filter((t) => t.clinicId === key.clinicId && t.lotId === key.id));
}, text);

/** Lots of items, first to expire first. */
export const lotsOfItems = batchLoader<RecordKey, SupplyLot[]>(async (tx, keys) => {
  const found = hydrate(
    tx,
    SupplyLot,
    await prepared(
      tx,
      `SELECT l.* FROM ${PAIRS} JOIN supply_lot l ON l.clinic_id = k.clinic_id AND l.item_id = k.id
       WHERE l.lot_number <> '' ORDER BY l.expiration_date NULLS LAST, l.id`,
      pairs(keys),
    ),
  );
  return keys.map((key) => found.filter((lot) => lot.clinicId === key.clinicId && lot.itemId === key.id));
}, text);

const ON_HAND = `coalesce((SELECT sum(s.on_hand) FROM supply_stock s WHERE s.clinic_id = l.clinic_id AND s.lot_id = l.id), 0)`;

/** One page of a clinic's lots, first to expire first; goods without lots are not among them. */
export function readLots(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  filter: SupplyLotFilter | null | undefined,
  today: string,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyLot>> {
  const where = ['l.clinic_id = $1', `l.lot_number <> ''`];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const ids = (opaque: readonly string[]) => rowIds(clinicId, opaque);
  if (filter?.itemIds) where.push(`l.item_id = ANY(${bind(ids(filter.itemIds))}::uuid[])`);
  if (filter?.vendorIds) where.push(`l.vendor_id = ANY(${bind(ids(filter.vendorIds))}::uuid[])`);
  if (filter?.lotNumber !== null && filter?.lotNumber !== undefined)
    where.push(`l.number_key = ${bind(lotNumberKey(filter.lotNumber))}`);
  if (filter?.expiringWithinDays !== null && filter?.expiringWithinDays !== undefined)
    where.push(
      `l.expiration_date BETWEEN ${bind(today)}::date AND ${bind(expiringUntil(today, filter.expiringWithinDays))}::date`,
    );
  const only = viewer.restrictions['locations'];
  const locations = filter?.locationIds ? ids(filter.locationIds) : null;
  for (const list of [locations, only])
    if (list)
      where.push(`EXISTS (SELECT 1 FROM supply_stock s WHERE s.clinic_id = l.clinic_id AND s.lot_id = l.id
        AND s.location_id = ANY(${bind(list)}::uuid[])${list === locations ? ' AND s.on_hand > 0' : ''})`);
  if (filter?.statuses)
    where.push(`CASE WHEN l.disposition <> 'AVAILABLE' THEN l.disposition WHEN l.expiration_date < ${bind(today)}::date THEN 'EXPIRED'
      WHEN ${ON_HAND} > 0 THEN 'AVAILABLE' ELSE 'DEPLETED' END = ANY(${bind(filter.statuses)}::text[])`);
  return readPage(tx, {
    select: 'l.*',
    from: 'supply_lot l',
    where,
    params,
    order: [
      { expression: `coalesce(l.expiration_date, 'infinity'::date)`, type: 'date', direction: 'ASC' },
      { expression: 'l.id', type: 'uuid', direction: 'ASC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, SupplyLot, found),
  });
}

/**
 * One page of the stock ledger, newest first. Who is narrowed to people sees of the uses on patients those of these
 * people, a reader of sums none: single uses would tell what reports of few patients withhold.
 */
export function readTransactions(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  range: { from: string; to: string },
  filter: SupplyTransactionFilter | null | undefined,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyTransaction>> {
  const where = ['t.clinic_id = $1', 't.business_date BETWEEN $2::date AND $3::date'];
  const params: unknown[] = [clinicId, range.from, range.to];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const among = (column: string, opaque: readonly string[]) =>
    where.push(`t.${column} = ANY(${bind(rowIds(clinicId, opaque))}::uuid[])`);
  const only = viewer.restrictions['locations'];
  if (only) where.push(`t.location_id = ANY(${bind(only)}::uuid[])`);
  const people = viewer.restrictions['providers'];
  if (viewer.aggregateOnly) where.push('t.usage_id IS NULL');
  else if (people)
    where.push(`(t.usage_id IS NULL OR EXISTS (SELECT 1 FROM appliance_usage u
      WHERE u.clinic_id = t.clinic_id AND u.id = t.usage_id AND u.provider_id = ANY(${bind(people)}::uuid[])))`);
  if (filter?.types) where.push(`t.type = ANY(${bind(filter.types)}::text[])`);
  if (filter?.itemIds) among('item_id', filter.itemIds);
  if (filter?.lotIds) among('lot_id', filter.lotIds);
  if (filter?.locationIds) among('location_id', filter.locationIds);
  return readPage(tx, {
    select: 't.*',
    from: 'supply_transaction t',
    where,
    params,
    order: [
      { expression: 't.business_date', type: 'date', direction: 'DESC' },
      { expression: 't.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, SupplyTransaction, found),
  });
}
