import {
  batchLoader,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { expiringUntil, lotNumberKey, type Day } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import { rowsOf } from '../directory/reference.service';
import { InventoryLot } from './inventory-lot.entity';
import type { LotFilter } from './inventory-lot.inputs';

export const inventoryLots = recordLoader(InventoryLot);

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;

// What is left of a lot, and the earliest day among the places where it lies: it is not expired while one may use it.
const LEFT = `LEFT JOIN LATERAL (
  SELECT sum(s.on_hand) AS on_hand, min(($2::timestamptz AT TIME ZONE coalesce(p.time_zone, c.time_zone, 'UTC'))::date) FILTER (WHERE s.on_hand > 0) AS today
  FROM lot_stock s LEFT JOIN location_copy p ON p.clinic_id = s.clinic_id AND p.id = s.location_id
  LEFT JOIN clinic_copy c ON c.clinic_id = s.clinic_id
  WHERE s.clinic_id = l.clinic_id AND s.lot_id = l.id
) q ON true`;

/** The same as \`lotStatus\`, for filters. */
const STATUS = `CASE WHEN l.disposition <> 'AVAILABLE' THEN l.disposition WHEN l.expiration_date < coalesce(q.today, $3::date) THEN 'EXPIRED'
  WHEN coalesce(q.on_hand, 0) <= 0 THEN 'DEPLETED' ELSE 'AVAILABLE' END`;

const BY_EXPIRY = [
  { expression: `coalesce(l.expiration_date, 'infinity'::date)`, type: 'date', direction: 'ASC' },
  { expression: 'l.received_on', type: 'date', direction: 'ASC' },
  { expression: 'l.id', type: 'uuid', direction: 'ASC' },
] as const;

export interface LotSearch {
  readonly filter: LotFilter | null | undefined;
  /** Locations that the filter and the viewer's restriction leave; null for all. */
  readonly locationIds: readonly string[] | null;
  readonly now: Date;
  /** Current business day of the clinic. */
  readonly today: Day;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Lots of a clinic, first to expire first. */
export function lotPage(tx: Tx, clinicId: string, search: LotSearch): Promise<Page<InventoryLot>> {
  const params: unknown[] = [clinicId, search.now, search.today];
  // Both instants are named in every text, used or not, so that their types are known.
  const where = ['l.clinic_id = $1', '$2::timestamptz IS NOT NULL', '$3::date IS NOT NULL', 'NOT l.is_untracked'];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const { filter } = search;
  if (filter?.productIds) where.push(`l.product_id = ANY(${bind(rowsOf(clinicId, filter.productIds))}::uuid[])`);
  if (filter?.vendorIds) where.push(`l.vendor_id = ANY(${bind(rowsOf(clinicId, filter.vendorIds))}::uuid[])`);
  if (filter?.locationIds)
    where.push(`EXISTS (SELECT 1 FROM lot_stock s WHERE s.clinic_id = l.clinic_id AND s.lot_id = l.id AND s.on_hand > 0
      AND s.location_id = ANY(${bind(search.locationIds)}::uuid[]))`);
  if (filter?.lotNumber) where.push(`l.lot_key = ${bind(lotNumberKey(filter.lotNumber))}`);
  if (filter?.expiringWithinDays !== null && filter?.expiringWithinDays !== undefined)
    where.push(
      `l.expiration_date BETWEEN $3 AND ${bind(expiringUntil(search.today, filter.expiringWithinDays))}::date`,
    );
  if (filter?.statuses) where.push(`${STATUS} = ANY(${bind(filter.statuses)}::text[])`);
  return readPage<object, InventoryLot>(tx, {
    select: 'l.*',
    from: `inventory_lot l ${filter?.statuses ? LEFT : ''}`,
    where,
    params,
    order: BY_EXPIRY,
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, InventoryLot, found),
  });
}

/** Lots of products, first to expire first: one statement for all products of a fetch. */
export const lotsOfProducts = batchLoader<RecordKey, InventoryLot[]>(async (tx, keys) => {
  const found = hydrate(
    tx,
    InventoryLot,
    await prepared(
      tx,
      `SELECT l.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN inventory_lot l ON l.clinic_id = k.clinic_id AND l.product_id = k.id
       ORDER BY l.expiration_date NULLS LAST, l.received_on, l.id`,
      [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
    ),
  );
  return keys.map((key) => found.filter((lot) => lot.clinicId === key.clinicId && lot.productId === key.id));
}, keyText);

/** Sums of a lot's ledger by what happened to it. */
export interface LotFlow {
  readonly received: Decimal;
  readonly inTransit: Decimal;
  readonly inOpenVials: Decimal;
  readonly used: Decimal;
  readonly wasted: Decimal;
  readonly returned: Decimal;
  readonly adjusted: Decimal;
  readonly onHand: Decimal;
}

// Signed sums of the ledger; a use out of an open vial moves no stock, so what was taken for vials counts by itself.
const FLOW = `
SELECT k.clinic_id, k.id, coalesce(sum(t.quantity), 0)::text AS on_hand,
  coalesce(sum(t.quantity) FILTER (WHERE t.type = 'RECEIVE'), 0)::text AS received,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('TRANSFER_OUT', 'TRANSFER_IN')), 0)::text AS in_transit,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type = 'RECONSTITUTION'), 0)::text AS in_open_vials,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('TREATMENT_USE', 'SALE', 'SAMPLE')), 0)::text AS used,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('WASTE', 'DAMAGE', 'EXPIRATION', 'RECALL')), 0)::text AS wasted,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type = 'RETURN_VENDOR'), 0)::text AS returned,
  coalesce(-sum(t.quantity) FILTER (WHERE t.type IN ('ADJUSTMENT_ADD', 'ADJUSTMENT_REMOVE')), 0)::text AS adjusted
FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
LEFT JOIN inventory_transaction t ON t.clinic_id = k.clinic_id AND t.lot_id = k.id AND t.status IN ('COMPLETED', 'REVERSED')
GROUP BY k.clinic_id, k.id`;

interface FlowRow {
  clinic_id: string;
  id: string;
  on_hand: string;
  received: string;
  in_transit: string;
  in_open_vials: string;
  used: string;
  wasted: string;
  returned: string;
  adjusted: string;
}

/** Where everything of lots went, from the ledger: one statement for all lots of a fetch. */
export const flowOfLots = batchLoader<RecordKey, LotFlow>(async (tx, keys) => {
  const found = await prepared<FlowRow>(tx, FLOW, [keys.map((key) => key.clinicId), keys.map((key) => key.id)]);
  const byKey = new Map(found.map((row) => [keyText({ clinicId: row.clinic_id, id: row.id }), row]));
  return keys.map((key) => {
    const row = byKey.get(keyText(key));
    const amount = (text: string | undefined) => new Decimal(text ?? 0);
    return {
      received: amount(row?.received),
      inTransit: amount(row?.in_transit),
      inOpenVials: amount(row?.in_open_vials),
      used: amount(row?.used),
      wasted: amount(row?.wasted),
      returned: amount(row?.returned),
      adjusted: amount(row?.adjusted),
      onHand: amount(row?.on_hand),
    };
  });
}, keyText);
