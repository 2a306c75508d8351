import { batchLoader, hydrate, prepared, recordLoader, type RecordKey } from '@practice-graph/kit';
import { SupplyOffer } from './supply-offer.entity';
import { bestOfferFirst } from './supply-offer.rules';

/** Offers by key. */
export const supplyOffers = recordLoader(SupplyOffer);

const text = (key: RecordKey) => `${key.clinicId}/${key.id}`;

// The day is that of the clinic. Of one vendor's prices for one pack the one that began last is in force.
const IN_FORCE = `
SELECT DISTINCT ON (o.clinic_id, o.item_id, o.vendor_id, o.pack_size) o.*
FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
LEFT JOIN clinic_copy c ON c.clinic_id = k.clinic_id
CROSS JOIN LATERAL (SELECT ($3::timestamptz AT TIME ZONE coalesce(c.time_zone, 'UTC'))::date AS today) d
JOIN supply_offer o ON o.clinic_id = k.clinic_id AND o.item_id = k.id AND o.valid_from <= d.today AND coalesce(o.valid_to, d.today) >= d.today
ORDER BY o.clinic_id, o.item_id, o.vendor_id, o.pack_size, o.valid_from DESC`;

/** Offers of items in force today, the clinic's first choice first: one statement for all items of a fetch. */
export const offersOfItems = batchLoader<RecordKey, SupplyOffer[]>(async (tx, keys, context) => {
  const found = await prepared(tx, IN_FORCE, [keys.map((k) => k.clinicId), keys.map((k) => k.id), context.now]);
  const offers = hydrate(tx, SupplyOffer, found).sort(bestOfferFirst);
  return keys.map((key) => offers.filter((o) => o.clinicId === key.clinicId && o.itemId === key.id));
}, text);

const OF_VENDORS = `
SELECT o.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
LEFT JOIN clinic_copy c ON c.clinic_id = k.clinic_id
CROSS JOIN LATERAL (SELECT ($3::timestamptz AT TIME ZONE coalesce(c.time_zone, 'UTC'))::date AS today) d
JOIN supply_offer o ON o.clinic_id = k.clinic_id AND o.vendor_id = k.id AND coalesce(o.valid_to, d.today) >= d.today
JOIN supply_item i ON i.clinic_id = o.clinic_id AND i.id = o.item_id
ORDER BY i.name, o.valid_from, o.id`;

/** Offers of vendors in force or to come, by item: one statement for all vendors of a fetch. */
export const offersOfVendors = batchLoader<RecordKey, SupplyOffer[]>(async (tx, keys, context) => {
  const found = await prepared(tx, OF_VENDORS, [keys.map((k) => k.clinicId), keys.map((k) => k.id), context.now]);
  const offers = hydrate(tx, SupplyOffer, found);
  return keys.map((key) => offers.filter((o) => o.clinicId === key.clinicId && o.vendorId === key.id));
}, text);
