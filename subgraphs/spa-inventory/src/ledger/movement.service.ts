import { prepared, rows, type Decimal, type Tx } from '@practice-graph/kit';
import { NIL_UUID, requireOpenMonths, type Day } from '@practice-graph/practice';
import { refuse } from '../refusals';
import type { InventoryTransactionType } from './inventory-transaction-type.types';

/** A row to be written to the ledger. Quantity and cost are signed; before, after and place in the chain follow. */
export interface Movement {
  readonly id: string;
  readonly type: InventoryTransactionType;
  readonly productId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
  readonly totalCost: Decimal;
  readonly patientId: string | null;
  readonly providerId: string | null;
  readonly appointmentId: string | null;
  readonly usageId: string | null;
  readonly wasteId: string | null;
  readonly receivingId: string | null;
  readonly reason: string | null;
  readonly businessDate: Day;
  readonly at: Date;
  /** Billed for a use. */
  readonly revenue: Decimal | null;
  /** True for waste that had expired or outlived its stability. */
  readonly isExpired: boolean;
}

// One statement writes the balances, the ledger, the slices and the presence of patients. The stock of a pair is changed
// only where it stays at or above what is reserved; a pair that falls short brings no row, which the caller sees in the
// count. Before, after and seq of several movements of one pair follow from their order in the arrays.
const POST = `
WITH m AS (
  SELECT * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[], $8::numeric[], $9::numeric[],
    $10::uuid[], $11::uuid[], $12::text[], $13::uuid[], $14::uuid[], $15::uuid[], $16::text[], $17::date[], $18::timestamptz[],
    $19::numeric[], $20::boolean[])
  WITH ORDINALITY AS m (id, type, product_id, lot_id, location_id, quantity, unit_cost, total_cost, patient_id, provider_id,
    appointment_id, usage_id, waste_id, receiving_id, reason, business_date, created_at, revenue, is_expired, ord)
),
d AS (SELECT lot_id, location_id, sum(quantity) AS quantity, sum(total_cost) AS cost, count(*)::int AS n FROM m GROUP BY lot_id, location_id),
u AS (
  UPDATE lot_stock s SET on_hand = s.on_hand + d.quantity, value = s.value + d.cost, movements = s.movements + d.n
  FROM d WHERE s.clinic_id = $1 AND s.lot_id = d.lot_id AND s.location_id = d.location_id AND s.on_hand + d.quantity >= s.reserved
  RETURNING s.lot_id, s.location_id, s.on_hand - d.quantity AS before, s.movements - d.n AS seq
),
t AS (
  INSERT INTO inventory_transaction (clinic_id, id, type, status, product_id, lot_id, location_id, seq, quantity, quantity_before,
    quantity_after, unit_cost, total_cost, patient_id, provider_id, appointment_id, usage_id, waste_id, receiving_id, reason,
    business_date, created_at, created_by)
  SELECT $1, id, type, 'COMPLETED', product_id, lot_id, location_id, seq + row_number() OVER w, quantity,
    before + sum(quantity) OVER w - quantity, before + sum(quantity) OVER w, unit_cost, total_cost, patient_id, provider_id,
    appointment_id, usage_id, waste_id, receiving_id, reason, business_date, created_at, $21
  FROM m JOIN u USING (lot_id, location_id) WINDOW w AS (PARTITION BY lot_id, location_id ORDER BY ord)
  RETURNING id
),
x AS (
  SELECT m.*, coalesce(m.provider_id, '${NIL_UUID}') AS provider, g.grain,
    CASE g.grain WHEN 'D' THEN business_date ELSE date_trunc('month', business_date)::date END AS period
  FROM m CROSS JOIN (VALUES ('D'), ('M')) g (grain) WHERE type IN ('TREATMENT_USE', 'WASTE')
),
s AS (
  INSERT INTO spa_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, product, slot, used_cost, waste_cost,
    expired_cost, revenue, used_quantity, wasted_quantity, use_count)
  SELECT $1, CASE grouping(location_id, provider, product_id) WHEN 7 THEN 'T' WHEN 3 THEN 'L' WHEN 5 THEN 'P' WHEN 1 THEN 'LP' WHEN 2 THEN 'LG' END,
    coalesce(location_id, '${NIL_UUID}'), coalesce(provider, '${NIL_UUID}'), grain, period, coalesce(product_id::text, ''), $22::smallint,
    coalesce(sum(-total_cost) FILTER (WHERE type = 'TREATMENT_USE'), 0), coalesce(sum(-total_cost) FILTER (WHERE type = 'WASTE'), 0),
    coalesce(sum(-total_cost) FILTER (WHERE is_expired), 0), coalesce(sum(revenue), 0),
    coalesce(sum(-quantity) FILTER (WHERE type = 'TREATMENT_USE'), 0), coalesce(sum(-quantity) FILTER (WHERE type = 'WASTE'), 0),
    count(*) FILTER (WHERE type = 'TREATMENT_USE')
  FROM x GROUP BY grain, period, GROUPING SETS ((), (location_id), (provider), (location_id, provider), (location_id, product_id))
  ORDER BY 2, 3, 4, 5, 6, 7
  ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, product, slot) DO UPDATE SET
    used_cost = s.used_cost + excluded.used_cost, waste_cost = s.waste_cost + excluded.waste_cost,
    expired_cost = s.expired_cost + excluded.expired_cost, revenue = s.revenue + excluded.revenue,
    used_quantity = s.used_quantity + excluded.used_quantity, wasted_quantity = s.wasted_quantity + excluded.wasted_quantity,
    use_count = s.use_count + excluded.use_count
),
p AS (
  INSERT INTO spa_presence AS p (clinic_id, dim, location_id, provider_id, day, patient_id, uses)
  SELECT $1, CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' WHEN 0 THEN 'LP' END,
    coalesce(location_id, '${NIL_UUID}'), coalesce(provider_id, '${NIL_UUID}'), business_date, patient_id, count(*)
  FROM m WHERE type = 'TREATMENT_USE'
  GROUP BY business_date, patient_id, GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
  ORDER BY 2, 3, 4, 5, 6
  ON CONFLICT (clinic_id, dim, location_id, provider_id, day, patient_id) DO UPDATE SET uses = p.uses + excluded.uses
)
SELECT count(*)::int AS written FROM t`;

/** Slices that every change of a clinic adds to are kept in a few rows each, so that changes seldom wait for each other. */
const SLOTS = 4;
const slotOf = (movements: readonly Movement[]): number => parseInt(movements[0]?.id.slice(-2) ?? '0', 16) % SLOTS;

/**
 * Writes movements of one clinic, in the order given, with balances, slices and presence. The stock rows must have been
 * locked in their fixed order before (`lockStock`). Refuses PERIOD_CLOSED, and INSUFFICIENT_STOCK when a place would hold less than is
 * reserved there; the caller's transaction then writes nothing.
 */
export async function postMovements(tx: Tx, clinicId: string, movements: readonly Movement[]): Promise<void> {
  if (movements.length === 0) return;
  await requireOpenMonths(
    tx,
    clinicId,
    movements.map((movement) => movement.businessDate),
  );
  const column = <K extends keyof Movement>(name: K) => movements.map((movement) => movement[name]);
  const [answer] = await prepared<{ written: number }>(tx, POST, [
    clinicId,
    column('id'),
    column('type'),
    column('productId'),
    column('lotId'),
    column('locationId'),
    column('quantity'),
    column('unitCost'),
    column('totalCost'),
    column('patientId'),
    column('providerId'),
    column('appointmentId'),
    column('usageId'),
    column('wasteId'),
    column('receivingId'),
    column('reason'),
    column('businessDate'),
    column('at'),
    column('revenue'),
    column('isExpired'),
    tx.session.viewer.subject,
    slotOf(movements),
  ]);
  if (answer?.written !== movements.length)
    throw refuse('INSUFFICIENT_STOCK', 'There is less in stock than that.', ['input', 'quantity']);
}

/** A lot at a place. */
export interface LotPlace {
  readonly lotId: string;
  readonly locationId: string;
}

/** Locks the balances of lots at places, always in the same order, so that two changes never wait for each other. */
export async function lockStock(tx: Tx, clinicId: string, places: readonly LotPlace[]): Promise<void> {
  await prepared(
    tx,
    `SELECT 1 FROM lot_stock s WHERE s.clinic_id = $1
     AND (s.lot_id, s.location_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))
     ORDER BY s.lot_id, s.location_id FOR UPDATE`,
    [clinicId, places.map((place) => place.lotId), places.map((place) => place.locationId)],
  );
}

export interface NewPlace extends LotPlace {
  readonly productId: string;
  readonly storageLocation: string | null;
}

/** Makes the balances that receipts need, empty, and keeps the latest shelf that was noted. */
export async function openPlaces(tx: Tx, clinicId: string, places: readonly NewPlace[]): Promise<void> {
  const sorted = [...new Map(places.map((place) => [`${place.lotId}${place.locationId}`, place])).values()].sort(
    (a, b) => (`${a.lotId}${a.locationId}` < `${b.lotId}${b.locationId}` ? -1 : 1),
  );
  await rows(
    tx,
    `INSERT INTO lot_stock AS s (clinic_id, lot_id, location_id, product_id, storage_location)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[])
     ON CONFLICT (clinic_id, lot_id, location_id) DO UPDATE SET storage_location = coalesce(excluded.storage_location, s.storage_location)`,
    [
      clinicId,
      sorted.map((place) => place.lotId),
      sorted.map((place) => place.locationId),
      sorted.map((place) => place.productId),
      sorted.map((place) => place.storageLocation),
    ],
  );
}
