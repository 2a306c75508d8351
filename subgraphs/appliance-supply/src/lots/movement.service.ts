import { prepared, type Decimal, type Tx } from '@practice-graph/kit';
import { requireOpenMonths } from '@practice-graph/practice';
import { addToPresence, addToSlices, usageFacts, wasteFacts } from '../performance/supply-slice.service';
import { addToSplits } from '../performance/supply-split.service';
import { insertUsages, usageColumns, type NewUsage } from '../usage/appliance-usage.service';
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
  /** Other half of a transfer. */
  readonly counterpartId?: string;
  /** Order that the goods came in on. */
  readonly orderId?: string | null;
  readonly reason: string | null;
  readonly businessDate: string;
}

// Stock, ledger, uses, slices and presence in one statement, so that a transaction takes the locks of its slices once and
// in order. The stock is guarded: a row that would fall below zero is not updated, its movements are not written, and the
// count at the end tells. Movements of one lot at one place form a chain.
const BOOKS = `
WITH m AS (
  SELECT $1::uuid AS clinic_id, x.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::numeric[], $8::numeric[],
    $9::numeric[], $10::uuid[], $11::uuid[], $12::uuid[], $13::text[], $14::date[]) WITH ORDINALITY
    AS x (id, type, item_id, lot_id, location_id, quantity, unit_cost, total_cost, usage_id, counterpart_id, order_id, reason,
      business_date, n)
), t AS (
  SELECT lot_id, location_id, sum(quantity) AS quantity, sum(coalesce(total_cost, 0)) AS value, count(*)::int AS moves
  FROM m GROUP BY lot_id, location_id
), b AS (
  UPDATE supply_stock s SET on_hand = s.on_hand + t.quantity, value = s.value + t.value, moves = s.moves + t.moves
  FROM t WHERE s.clinic_id = $1::uuid AND s.lot_id = t.lot_id AND s.location_id = t.location_id AND s.on_hand + t.quantity >= 0
  RETURNING s.lot_id, s.location_id, s.on_hand - t.quantity AS before, s.moves - t.moves AS moves
), l AS (
  INSERT INTO supply_transaction (clinic_id, id, type, item_id, lot_id, location_id, move, quantity, quantity_before,
    quantity_after, unit_cost, total_cost, usage_id, counterpart_id, order_id, reason, business_date, created_at, created_by)
  SELECT m.clinic_id, m.id, m.type, m.item_id, m.lot_id, m.location_id, b.moves + (row_number() OVER w)::int, m.quantity,
    b.before + sum(m.quantity) OVER w - m.quantity, b.before + sum(m.quantity) OVER w, m.unit_cost, m.total_cost,
    m.usage_id, m.counterpart_id, m.order_id, m.reason, m.business_date, $15::timestamptz, $16::text
  FROM m JOIN b ON b.lot_id = m.lot_id AND b.location_id = m.location_id
  WINDOW w AS (PARTITION BY m.lot_id, m.location_id ORDER BY m.n)
  RETURNING clinic_id, location_id, item_id, lot_id, type, business_date, total_cost
), u AS (${insertUsages(17, '$15::timestamptz', '$16::text')}
), f AS (${usageFacts('u')} UNION ALL ${wasteFacts('l')}
), s AS (${addToSlices('f')}
), p AS (${addToPresence('u')}
), y AS (${addToSplits('u', 'l')})
SELECT count(*)::int AS n FROM l`;

/**
 * Moves stock and writes the ledger together with the uses on patients that it belongs to, one statement for all. The
 * caller has locked the stock rows in the order (lot, location). Refuses PERIOD_CLOSED; answers false when some
 * stock would fall below zero, then the caller must refuse, which rolls back. A transaction calls it once.
 */
export async function writeBooks(
  tx: Tx,
  clinicId: string,
  { movements, usages = [] }: { movements: readonly Movement[]; usages?: readonly NewUsage[] },
): Promise<boolean> {
  if (movements.length === 0) return true;
  await requireOpenMonths(
    tx,
    clinicId,
    movements.map((movement) => movement.businessDate),
  );
  const column = <T>(of: (m: Movement) => T) => movements.map(of);
  const [written] = await prepared<{ n: number }>(tx, BOOKS, [
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
    column((m) => m.counterpartId ?? null),
    column((m) => m.orderId ?? null),
    column((m) => m.reason),
    column((m) => m.businessDate),
    tx.session.at,
    tx.session.viewer.subject,
    ...usageColumns(usages),
  ]);
  return written?.n === movements.length;
}
