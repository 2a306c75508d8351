import { batchLoader, Decimal, prepared, type RecordKey } from '@practice-graph/kit';
import {
  addDays,
  clinicsById,
  dayCount,
  priceChangeRate,
  PurchaseMeasures,
  ratio,
  type DayRange,
} from '@practice-graph/practice';
import { currencyOf } from '../directory/directory.loader';

/** Purchases from a vendor in a range of days. */
export interface PurchasesKey extends RecordKey {
  readonly range: DayRange;
}

const KEYS =
  'unnest($1::uuid[], $2::uuid[], $3::date[], $4::date[]) WITH ORDINALITY AS k (clinic_id, id, first, last, n)';

// By item, so that prices are compared like with like. A receipt belongs to the vendor of its lot.
const ITEMS = `
SELECT k.n, t.item_id, coalesce(sum(t.total_cost), 0)::text AS cost, count(*)::int AS receipts,
  coalesce(sum(t.quantity) FILTER (WHERE t.total_cost IS NOT NULL), 0)::text AS quantity,
  count(o.expected_on)::int AS expected, (count(*) FILTER (WHERE t.business_date <= o.expected_on))::int AS on_time,
  count(o.id)::int AS ordered, coalesce(sum(t.business_date - o.ordered_on), 0)::int AS days
FROM ${KEYS}
JOIN supply_lot l ON l.clinic_id = k.clinic_id AND l.vendor_id = k.id
JOIN supply_transaction t ON t.clinic_id = l.clinic_id AND t.lot_id = l.id AND t.type = 'RECEIVE' AND t.business_date BETWEEN k.first AND k.last
  AND ($5::uuid[] IS NULL OR t.location_id = ANY($5))
LEFT JOIN supply_order o ON o.clinic_id = t.clinic_id AND o.id = t.order_id
GROUP BY k.n, t.item_id`;

const RECALLED = `
SELECT k.n, count(DISTINCT l.id)::int AS lots FROM ${KEYS}
JOIN unnest($5::text[]) WITH ORDINALITY AS z (time_zone, n) ON z.n = k.n
JOIN supply_lot l ON l.clinic_id = k.clinic_id AND l.vendor_id = k.id
JOIN supply_recall_lot x ON x.clinic_id = l.clinic_id AND x.lot_id = l.id
JOIN supply_recall r ON r.clinic_id = x.clinic_id AND r.id = x.notice_id
  AND (r.started_at AT TIME ZONE z.time_zone)::date BETWEEN k.first AND k.last
GROUP BY k.n`;

interface ItemRow {
  n: string;
  item_id: string;
  cost: string;
  quantity: string;
  receipts: number;
  expected: number;
  on_time: number;
  ordered: number;
  days: number;
}

const text = ({ clinicId, id, range }: PurchasesKey) => `${clinicId}/${id}/${range.from}/${range.to}`;
const total = (rows: readonly ItemRow[], of: 'receipts' | 'expected' | 'on_time' | 'ordered' | 'days') =>
  rows.reduce((sum, row) => sum + row[of], 0);

/** The same number of days just before. */
const before = (range: DayRange): DayRange => ({
  from: addDays(range.from, -dayCount(range)),
  to: addDays(range.from, -1),
});

/** What was bought from vendors, by receipts: two statements for all vendors of a fetch. */
export const vendorPurchases = batchLoader<PurchasesKey, PurchaseMeasures>(async (tx, keys, context) => {
  const ranges = [...keys.map((key) => key.range), ...keys.map((key) => before(key.range))];
  const vendors = [...keys, ...keys];
  const clinics = await clinicsById(tx, [...new Set(keys.map((key) => key.clinicId))]);
  const zones = new Map(clinics.flatMap((clinic) => (clinic ? [[clinic.clinicId, clinic.timeZone]] : [])));
  const [items, recalled] = await Promise.all([
    prepared<ItemRow>(tx, ITEMS, [
      vendors.map((key) => key.clinicId),
      vendors.map((key) => key.id),
      ranges.map((range) => range.from),
      ranges.map((range) => range.to),
      context.viewer.restrictions['locations'] ?? null,
    ]),
    prepared<{ n: string; lots: number }>(tx, RECALLED, [
      keys.map((key) => key.clinicId),
      keys.map((key) => key.id),
      keys.map((key) => key.range.from),
      keys.map((key) => key.range.to),
      keys.map((key) => zones.get(key.clinicId) ?? 'UTC'),
    ]),
  ]);
  const at = (index: number) => items.filter((row) => Number(row.n) === index + 1);
  return Promise.all(
    keys.map(async (key, index) => {
      const now = at(index);
      const past = new Map(at(index + keys.length).map((row) => [row.item_id, row]));
      const compared = now.map((row) => ({
        ...{ quantity: new Decimal(row.quantity), cost: new Decimal(row.cost) },
        quantityBefore: new Decimal(past.get(row.item_id)?.quantity ?? 0),
        costBefore: new Decimal(past.get(row.item_id)?.cost ?? 0),
      }));
      return Object.assign(new PurchaseMeasures(), {
        currency: await currencyOf(context, key.clinicId),
        spend: now.reduce((sum, row) => sum.plus(row.cost), new Decimal(0)),
        receiptCount: total(now, 'receipts'),
        onTime: ratio(total(now, 'on_time'), total(now, 'expected')),
        leadTime: ratio(total(now, 'days'), total(now, 'ordered')),
        priceChangeRate: priceChangeRate(compared),
        recalledLotCount: recalled.find((row) => Number(row.n) === index + 1)?.lots ?? 0,
      });
    }),
  );
}, text);
