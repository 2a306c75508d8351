import { batchLoader, hydrate, prepared } from '@practice-graph/kit';
import { gtin14, isWithin, lotNumberKey } from '@practice-graph/practice';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { LotUsage } from '../treatments/lot-usage.entity';

/** What to look up: a lot number of a clinic, and the product where equal numbers of different makers meet. */
export interface TraceKey {
  readonly clinicId: string;
  readonly lotNumber: string;
  readonly gtin: string | null;
}

export const traceText = (key: TraceKey): string => `${key.clinicId}/${lotNumberKey(key.lotNumber)}/${key.gtin ?? ''}`;

/** GTIN of a trace with 14 digits; one that is none is looked up as it stands and finds nothing. */
export const gtinOfTrace = ({ gtin }: TraceKey): string | null => gtin && (gtin14(gtin) ?? gtin);

// A lot of which no GTIN is known, on the lot or its product, is never left out: a recall must not miss it.
const LOTS = `
SELECT k.scope, l.* FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[]) AS k (scope, clinic_id, lot_key, gtin)
JOIN inventory_lot l ON l.clinic_id = k.clinic_id AND l.lot_key = k.lot_key
WHERE k.gtin IS NULL OR lpad(l.gtin, 14, '0') = k.gtin
  OR EXISTS (SELECT 1 FROM product_barcode b WHERE b.clinic_id = l.clinic_id AND b.product_id = l.product_id AND b.gtin = k.gtin)
  OR (l.gtin IS NULL AND NOT EXISTS (SELECT 1 FROM product_barcode b WHERE b.clinic_id = l.clinic_id AND b.product_id = l.product_id))
ORDER BY l.expiration_date NULLS LAST, l.id`;

/** Lots with a number, one per product: one statement for all traces of a fetch. */
export const lotsOfTraces = batchLoader<TraceKey, InventoryLot[]>(async (tx, keys) => {
  const found = await prepared<{ scope: number }>(tx, LOTS, [
    keys.map((_, index) => index),
    keys.map((key) => key.clinicId),
    keys.map((key) => lotNumberKey(key.lotNumber)),
    keys.map(gtinOfTrace),
  ]);
  const lots = hydrate(tx, InventoryLot, found);
  return keys.map((_, index) => lots.filter((__, i) => found[i]?.scope === index));
}, traceText);

const USAGES = `
SELECT u.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
JOIN lot_usage u ON u.clinic_id = k.clinic_id AND u.lot_id = k.id
ORDER BY u.business_date DESC, u.used_at DESC, u.id DESC`;

/** Uses of the lots of a trace, newest first, as far as the viewer may see them: two statements for all traces. */
export const usagesOfTraces = batchLoader<TraceKey, LotUsage[]>(async (tx, keys, context) => {
  const lots = await context.of(lotsOfTraces).loadMany([...keys]);
  const found = lots.map((of) => {
    if (of instanceof Error) throw of;
    return of;
  });
  const all = [...new Map(found.flat().map((lot) => [lot.id, lot])).values()];
  if (all.length === 0) return keys.map(() => []);
  const usages = hydrate(
    tx,
    LotUsage,
    await prepared(tx, USAGES, [all.map((lot) => lot.clinicId), all.map((lot) => lot.id)]),
  ).filter(
    (usage) =>
      isWithin(context.viewer, 'locations', usage.locationId) &&
      isWithin(context.viewer, 'providers', usage.providerId),
  );
  return found.map((of) => usages.filter((usage) => of.some((lot) => lot.id === usage.lotId)));
}, traceText);
