import { Decimal, prepared, rows, type Tx } from '@practice-graph/kit';
import { movingAverage } from './lot-cost.rules';

/** Goods that come back into stock, with what they cost when they left. */
export interface Returned {
  readonly itemId: string;
  readonly lotId: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
}

const LOCK_ITEMS =
  'SELECT 1 FROM supply_item WHERE clinic_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE';
const LOCK_LOTS =
  'SELECT 1 FROM supply_lot WHERE clinic_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE';

/** Locks, in the order of receipts, the costs of goods that come back; the stock is locked after that. */
export async function lockCosts(
  tx: Tx,
  clinicId: string,
  of: { readonly itemIds: readonly string[]; readonly lotIds: readonly string[] },
): Promise<void> {
  await rows(tx, LOCK_ITEMS, [clinicId, of.itemIds]);
  await rows(tx, LOCK_LOTS, [clinicId, of.lotIds]);
}

// Goods without lots cost the same over all of their records.
const COSTS = `
SELECT l.id AS lot_id, l.lot_number <> '' AS has_lots, CASE WHEN l.lot_number = '' THEN i.current_unit_cost ELSE l.unit_cost END::text AS unit_cost,
  coalesce((SELECT sum(s.on_hand) FROM supply_stock s WHERE s.clinic_id = l.clinic_id AND s.item_id = l.item_id
    AND (l.lot_number = '' OR s.lot_id = l.id)), 0)::text AS on_hand
FROM supply_lot l JOIN supply_item i ON i.clinic_id = l.clinic_id AND i.id = l.item_id
WHERE l.clinic_id = $1 AND l.id = ANY($2::uuid[])`;

const SAVE = {
  lots: 'UPDATE supply_lot k SET unit_cost = x.unit_cost FROM unnest($2::uuid[], $3::numeric[]) AS x (id, unit_cost) WHERE k.clinic_id = $1 AND k.id = x.id',
  items:
    'UPDATE supply_item k SET current_unit_cost = x.unit_cost FROM unnest($2::uuid[], $3::numeric[]) AS x (id, unit_cost) WHERE k.clinic_id = $1 AND k.id = x.id',
};

interface Cost {
  readonly unit: Decimal;
  readonly onHand: Decimal;
}

/**
 * Takes goods that come back into the average of their lot, or of their item without lots, at what they cost when they
 * left: prices may have changed since. The costs must be locked and the goods not yet be in stock.
 */
export async function averageReturned(tx: Tx, clinicId: string, returned: readonly Returned[]): Promise<void> {
  if (returned.length === 0) return;
  const found = await prepared<{ lot_id: string; has_lots: boolean; unit_cost: string | null; on_hand: string }>(
    tx,
    COSTS,
    [clinicId, [...new Set(returned.map((goods) => goods.lotId))]],
  );
  const rowOf = new Map(found.map((row) => [row.lot_id, row]));
  const costs = { lots: new Map<string, Cost>(), items: new Map<string, Cost>() };
  for (const { itemId, lotId, quantity, cost } of returned) {
    const row = rowOf.get(lotId);
    if (!row || row.unit_cost === null) continue;
    const [kept, id] = row.has_lots ? [costs.lots, lotId] : [costs.items, itemId];
    const before = kept.get(id) ?? { unit: new Decimal(row.unit_cost), onHand: new Decimal(row.on_hand) };
    const unit = movingAverage(before.unit, before.onHand, quantity, cost);
    kept.set(id, { unit, onHand: before.onHand.plus(quantity) });
  }
  for (const kind of ['lots', 'items'] as const)
    if (costs[kind].size > 0)
      await rows(tx, SAVE[kind], [
        clinicId,
        [...costs[kind].keys()],
        [...costs[kind].values()].map(({ unit }) => unit),
      ]);
}
