import { batchLoader, hydrate, prepared, type Context, type RecordKey } from '@practice-graph/kit';
import { businessDay, clinicCopies, isWithin, type Day } from '@practice-graph/practice';
import { LotStock } from './lot-stock.entity';

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;

// The day at a place comes from its own zone; where the place is not known yet, from the clinic's.
const STOCK = `
SELECT s.*, ($3::timestamptz AT TIME ZONE coalesce(p.time_zone, c.time_zone, 'UTC'))::date AS today
FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
JOIN lot_stock s ON s.clinic_id = k.clinic_id AND s.lot_id = k.id
LEFT JOIN location_copy p ON p.clinic_id = s.clinic_id AND p.id = s.location_id
LEFT JOIN clinic_copy c ON c.clinic_id = s.clinic_id
ORDER BY p.name, s.location_id`;

/** What lies of a lot, all of it and the part that the viewer is not kept from. */
export interface StockOfLot {
  readonly all: readonly LotStock[];
  readonly visible: readonly LotStock[];
}

/** Stock of lots per place: one statement for all lots of a fetch. */
export const stockOfLots = batchLoader<RecordKey, StockOfLot>(async (tx, keys, context) => {
  const found = await prepared<{ today: Day }>(tx, STOCK, [
    keys.map((key) => key.clinicId),
    keys.map((key) => key.id),
    context.now,
  ]);
  const stock = hydrate(tx, LotStock, found).map((each, i) => Object.assign(each, { today: found[i]?.today ?? '' }));
  return keys.map((key) => {
    const all = stock.filter((each) => each.clinicId === key.clinicId && each.lotId === key.id);
    return { all, visible: all.filter((each) => isWithin(context.viewer, 'locations', each.locationId)) };
  });
}, keyText);

/**
 * Day by which a lot is in date: the earliest among the places where some of it lies, so that it is not expired while one
 * of them may use it; without any, the clinic's.
 */
export async function todayOfLot(context: Context, lot: RecordKey): Promise<Day> {
  const { all } = await context.of(stockOfLots).load(lot);
  const days = all.filter((place) => place.onHand.gt(0)).map((place) => place.today);
  const [earliest] = days.sort();
  if (earliest !== undefined) return earliest;
  const clinic = await context.of(clinicCopies).load(lot.clinicId);
  return businessDay(context.now, clinic?.timeZone ?? 'UTC');
}
