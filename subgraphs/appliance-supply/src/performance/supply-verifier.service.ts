import { rows, type Comparison, type Tx } from '@practice-graph/kit';
import { presenceSums, MEASURES, sliceSums, usageFacts, wasteFacts } from './supply-slice.service';
import { SPLIT_MEASURES, splitSums } from './supply-split.service';

interface Count {
  n: number;
}
interface Difference {
  line: string;
}

const LINES_MAX = 50;

async function compared(
  tx: Tx,
  what: string,
  count: string,
  differences: string,
  clinicId: string,
): Promise<Comparison> {
  const [counted] = await rows<Count>(tx, count, [clinicId]);
  const found = await rows<Difference>(tx, `${differences} LIMIT ${String(LINES_MAX)}`, [clinicId]);
  return { what, compared: counted?.n ?? 0, differences: found.map((row) => row.line) };
}

const KEY = 'clinic_id, dim, location_id, provider_id, grain, period';
const ZERO_SUMS = MEASURES.map((m) => `coalesce(%.${m}, 0)`);
const measures = (alias: string) => `ROW(${ZERO_SUMS.map((m) => m.replace('%', alias)).join(', ')})`;

/** Slices against uses and waste: every slice that differs, is missing, or has no ledger row behind it. */
const SLICES = `
WITH f AS (${usageFacts('(SELECT * FROM appliance_usage WHERE clinic_id = $1)')}
  UNION ALL ${wasteFacts('(SELECT * FROM supply_transaction WHERE clinic_id = $1)')}),
e AS (${sliceSums('f')}),
s AS (SELECT ${KEY}, ${MEASURES.map((m) => `sum(${m}) AS ${m}`).join(', ')} FROM supply_slice WHERE clinic_id = $1 GROUP BY ${KEY})
SELECT format('slice %s %s %s %s/%s: kept %s, ledger %s', dim, grain, period, location_id, provider_id, ${measures('s')}, ${measures('e')}) AS line
FROM s FULL JOIN e USING (${KEY}) WHERE ${measures('s')} IS DISTINCT FROM ${measures('e')}`;

const SPLIT_KEY = 'clinic_id, dim, grain, period, member';
const splitValues = (alias: string) => `ROW(${SPLIT_MEASURES.map((m) => `coalesce(${alias}.${m}, 0)`).join(', ')})`;

/** Splits by one dimension against uses and waste. */
const SPLITS = `
WITH e AS (${splitSums('(SELECT * FROM appliance_usage WHERE clinic_id = $1)', '(SELECT * FROM supply_transaction WHERE clinic_id = $1)')}),
s AS (SELECT ${SPLIT_KEY}, ${SPLIT_MEASURES.map((m) => `sum(${m}) AS ${m}`).join(', ')} FROM supply_split_slice WHERE clinic_id = $1 GROUP BY ${SPLIT_KEY})
SELECT format('split %s %s %s of %s: kept %s, ledger %s', dim, grain, period, member, ${splitValues('s')}, ${splitValues('e')}) AS line
FROM s FULL JOIN e USING (${SPLIT_KEY}) WHERE ${splitValues('s')} IS DISTINCT FROM ${splitValues('e')}`;

const PRESENCE_KEY = 'clinic_id, grain, period, location_id, provider_id, patient_id, treatment_plan_id';

const PRESENCE = `
WITH e AS (${presenceSums('(SELECT * FROM appliance_usage WHERE clinic_id = $1)')}),
s AS (SELECT * FROM supply_presence WHERE clinic_id = $1)
SELECT format('presence %s %s of case %s: kept %s, ledger %s', grain, period, treatment_plan_id, s.uses, e.uses) AS line
FROM s FULL JOIN e USING (${PRESENCE_KEY}) WHERE coalesce(s.uses, 0) <> coalesce(e.uses, 0)`;

/** Stock and its value against the ledger, and the chain of movements: each begins where the one before ended (C-S1, C-S4). */
const STOCK = `
WITH e AS (SELECT lot_id, location_id, sum(quantity) AS on_hand, sum(coalesce(total_cost, 0)) AS value, count(*)::int AS moves
  FROM supply_transaction WHERE clinic_id = $1 GROUP BY lot_id, location_id),
s AS (SELECT lot_id, location_id, on_hand, value, moves FROM supply_stock WHERE clinic_id = $1)
SELECT format('stock of lot %s at %s: kept %s worth %s after %s moves, ledger %s worth %s after %s', lot_id, location_id,
  s.on_hand, s.value, s.moves, e.on_hand, e.value, e.moves) AS line
FROM s FULL JOIN e USING (lot_id, location_id)
WHERE (coalesce(s.on_hand, 0), coalesce(s.value, 0), coalesce(s.moves, 0)) <> (coalesce(e.on_hand, 0), coalesce(e.value, 0), coalesce(e.moves, 0))`;

const CHAIN = `
SELECT format('movement %s of lot %s at %s: begins at %s after %s', move, lot_id, location_id, quantity_before, previous) AS line
FROM (SELECT t.*, coalesce(lag(quantity_after) OVER w, 0) AS previous, coalesce(lag(move) OVER w, 0) AS previous_move
  FROM supply_transaction t WHERE clinic_id = $1 WINDOW w AS (PARTITION BY lot_id, location_id ORDER BY move)) x
WHERE quantity_before <> previous OR move <> previous_move + 1`;

/** Cost of lots against their receipts; a moving average lies between the lowest and the highest price. */
const LOTS = `
WITH e AS (SELECT lot_id, coalesce(sum(quantity) FILTER (WHERE total_cost IS NOT NULL), 0) AS costed, coalesce(sum(total_cost), 0) AS cost,
    coalesce(sum(quantity) FILTER (WHERE total_cost IS NULL), 0) AS uncosted, min(unit_cost) AS least, max(unit_cost) AS most
  FROM supply_transaction WHERE clinic_id = $1 AND type = 'RECEIVE' GROUP BY lot_id)
SELECT format('lot %s: kept %s for %s and %s without a price at %s, receipts %s for %s and %s at %s to %s', l.id, l.costed_quantity,
  l.received_cost, l.uncosted_quantity, l.unit_cost, e.costed, e.cost, e.uncosted, e.least, e.most) AS line
FROM supply_lot l LEFT JOIN e ON e.lot_id = l.id
WHERE l.clinic_id = $1 AND ((l.costed_quantity, l.received_cost, l.uncosted_quantity) IS DISTINCT FROM (coalesce(e.costed, 0), coalesce(e.cost, 0), coalesce(e.uncosted, 0))
  OR (l.unit_cost IS NULL) <> (e.least IS NULL) OR l.unit_cost NOT BETWEEN e.least AND e.most)`;

/** Uses against their movements: the same goods, the same quantity, the same cost (C-S13). */
const USES = `
WITH e AS (SELECT usage_id, lot_id, location_id, sum(quantity) AS quantity, sum(total_cost) AS cost FROM supply_transaction
  WHERE clinic_id = $1 AND type IN ('USE', 'USE_REVERSAL') GROUP BY usage_id, lot_id, location_id),
u AS (SELECT id, lot_id, location_id, quantity, total_cost FROM appliance_usage WHERE clinic_id = $1)
SELECT format('use %s: %s for %s, moved %s for %s', coalesce(u.id, e.usage_id), u.quantity, u.total_cost, e.quantity, e.cost) AS line
FROM u FULL JOIN e ON e.usage_id = u.id AND e.lot_id = u.lot_id AND e.location_id = u.location_id
WHERE (u.quantity, u.total_cost) IS DISTINCT FROM (-e.quantity, -e.cost)`;

/** Orders against their receipts: what was received on them, and where that leaves them. */
const ORDERS = `
WITH e AS (SELECT order_id, sum(quantity) AS received FROM supply_transaction
  WHERE clinic_id = $1 AND order_id IS NOT NULL AND type = 'RECEIVE' GROUP BY order_id)
SELECT format('order %s: %s received of %s, %s; receipts %s', o.number, o.received, o.ordered, o.status, coalesce(e.received, 0)) AS line
FROM supply_order o LEFT JOIN e ON e.order_id = o.id
WHERE o.clinic_id = $1 AND (o.received <> coalesce(e.received, 0) OR o.status <> 'CLOSED_SHORT' AND o.status <>
  CASE WHEN o.received = 0 THEN 'OPEN' WHEN o.received < o.ordered THEN 'PARTIAL_RECEIVED' ELSE 'RECEIVED' END)`;

const counting = (table: string) => `SELECT count(*)::int AS n FROM ${table} WHERE clinic_id = $1`;

/** Recomputes slices and presence of a clinic from its uses. */
export const verifySlices = async (tx: Tx, clinicId: string): Promise<readonly Comparison[]> => [
  await compared(tx, 'supply slices', counting('supply_slice'), SLICES, clinicId),
  await compared(tx, 'splits of supplies', counting('supply_split_slice'), SPLITS, clinicId),
  await compared(tx, 'cases and patients with supplies', counting('supply_presence'), PRESENCE, clinicId),
];

/** Recomputes stock, its value, its chain and the cost of lots from the ledger, and compares uses with their movements. */
export const verifyStock = async (tx: Tx, clinicId: string): Promise<readonly Comparison[]> => [
  await compared(tx, 'stock of supplies and its value', counting('supply_stock'), STOCK, clinicId),
  await compared(tx, 'chain of supply movements', counting('supply_transaction'), CHAIN, clinicId),
  await compared(tx, 'cost of supply lots', counting('supply_lot'), LOTS, clinicId),
  await compared(tx, 'uses of supplies and their movements', counting('appliance_usage'), USES, clinicId),
];

/** Compares orders with what was received on them. */
export const verifyOrders = async (tx: Tx, clinicId: string): Promise<readonly Comparison[]> => [
  await compared(tx, 'orders of supplies and their receipts', counting('supply_order'), ORDERS, clinicId),
];
