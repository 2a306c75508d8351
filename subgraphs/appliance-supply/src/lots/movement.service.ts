import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import { addToSlices, wasteFacts } from '../performance/supply-slice.service';
import type { SupplyTransactionType } from './supply-transaction.entity';

/** A movement to be written: quantity and cost signed as they change the stock. */
export interface Movement {
  readonly id: string;
  readonly type: SupplyTransactionType;
  readonly itemId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal | null;
  readonly totalCost: Decimal | null;
  readonly usageId: string | null;
  readonly reason: string | null;
  readonly businessDate: string;
}

// Stock, ledger and waste slices in one statement. The stock is guarded: a row that would fall below zero is not
// updated, its movements are not written, and the count below tells. Movements of one lot at one place form a chain.
const MOVE = `
WITH m AS (
  SELECT $1::uuid AS clinic_id, x.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::uuid[], $11::text[], $12::date[]) WITH ORDINALITY
    AS x (id, type, item_id, lot_id, location_id, quantity, unit_cost, total_cost, usage_id, reason, business_date, n)
), t AS (
  SELECT lot_id, location_id, sum(quantity) AS quantity, sum(coalesce(total_cost, 0)) AS value, count(*)::int AS moves
  FROM m GROUP BY lot_id, location_id
), b AS (
  UPDATE supply_stock s SET on_hand = s.on_hand + t.quantity, value = s.value + t.value, moves = s.moves + t.moves
  FROM t WHERE s.clinic_id = $1::uuid AND s.lot_id = t.lot_id AND s.location_id = t.location_id AND s.on_hand + t.quantity >= 0
  RETURNING s.lot_id, s.location_id, s.on_hand - t.quantity AS before, s.moves - t.moves AS moves
), l AS (
  INSERT INTO supply_transaction (clinic_id, id, type, item_id, lot_id, location_id, move, quantity, quantity_before,
    quantity_after, unit_cost, total_cost, usage_id, reason, business_date, created_at, created_by)
  SELECT m.clinic_id, m.id, m.type, m.item_id, m.lot_id, m.location_id, b.moves + (row_number() OVER w)::int, m.quantity,
    b.before + sum(m.quantity) OVER w - m.quantity, b.before + sum(m.quantity) OVER w, m.unit_cost, m.total_cost,
    m.usage_id, m.reason, m.business_date, $13::timestamptz, $14::text
  FROM m JOIN b ON b.lot_id = m.lot_id AND b.location_id = m.location_id
  WINDOW w AS (PARTITION BY m.lot_id, m.location_id ORDER BY m.n)
  RETURNING clinic_id, location_id, type, business_date, total_cost
), f AS (${wasteFacts('l')}
), s AS (${addToSlices('f')})
SELECT count(*)::int AS n FROM l`;

/**
 * Moves stock and writes the ledger, one statement for all movements. The caller has locked the stock rows in the order
 * (lot, location). Answers false when some stock would fall below zero; then the caller must refuse, which rolls back.
 */
export async function writeMovements(tx: Tx, clinicId: string, movements: readonly Movement[]): Promise<boolean> {
  if (movements.length === 0) return true;
  const column = <T>(of: (m: Movement) => T) => movements.map(of);
  const [written] = await prepared<{ n: number }>(tx, MOVE, [
    clinicId,
    column((m) => m.id),
    column((m) => m.type),
    column((m) => m.itemId),
    column((m) => m.lotId),
    column((m) => m.locationId),
    column((m) => m.quantity),
    column((m) => m.unitCost),
    column((m) => m.totalCost),
    column((m) => m.usageId),
    column((m) => m.reason),
    column((m) => m.businessDate),
    tx.session.at,
    tx.session.viewer.subject,
  ]);
  return written?.n === movements.length;
}
