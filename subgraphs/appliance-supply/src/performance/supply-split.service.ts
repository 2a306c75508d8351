import { NIL_UUID } from '@practice-graph/practice';
import { COUNTS, MEASURES, measuresOfUse, measuresOfWaste } from './supply-slice.service';

const NIL = `'${NIL_UUID}'::uuid`;

/** Sums that splits keep: those of the scorecard, and the quantity where it is of one item. */
export const SPLIT_MEASURES: readonly string[] = [...MEASURES, 'quantity'];

/**
 * SELECT that sums uses and waste by one dimension at a time, per day and per month: A kind of appliance, S its system,
 * I item, C category of the use, V vendor of the lot; an empty member where a fact names none. Waste keeps no category of
 * its own, so that it is left out there: readers take it from the items.
 */
export const splitSums = (usages: string, movements: string): string => `
SELECT f.clinic_id, f.dim, ${NIL} AS location_id, ${NIL} AS provider_id, g.grain,
  CASE g.grain WHEN 'D' THEN f.day ELSE date_trunc('month', f.day)::date END AS period, f.member, 0::smallint AS slot,
  ${SPLIT_MEASURES.map((m) => `sum(f.${m})${COUNTS.has(m) ? '::int' : ''} AS ${m}`).join(', ')}
FROM (
  SELECT u.clinic_id, u.used_on AS day, d.dim, d.member, ${measuresOfUse('u')}, CASE d.dim WHEN 'I' THEN u.quantity ELSE 0 END AS quantity
  FROM ${usages} u JOIN supply_lot v ON v.clinic_id = u.clinic_id AND v.id = u.lot_id
  CROSS JOIN LATERAL (VALUES ('A', u.appliance_type), ('S', coalesce(u.appliance_system, '')), ('I', u.item_id::text), ('C', u.category),
    ('V', coalesce(v.vendor_id::text, ''))) AS d (dim, member)
  UNION ALL
  SELECT w.clinic_id, w.business_date, d.dim, d.member, ${measuresOfWaste('w')}, 0
  FROM ${movements} w JOIN supply_lot v ON v.clinic_id = w.clinic_id AND v.id = w.lot_id
  CROSS JOIN LATERAL (VALUES ('A', ''), ('S', ''), ('I', w.item_id::text), ('V', coalesce(v.vendor_id::text, ''))) AS d (dim, member)
  WHERE w.type = 'WASTE'
) f CROSS JOIN (VALUES ('D'), ('M')) g (grain)
GROUP BY f.clinic_id, f.dim, g.grain, CASE g.grain WHEN 'D' THEN f.day ELSE date_trunc('month', f.day)::date END, f.member`;

/** Adds uses and waste to the splits, in the order of the key, so that two writers never wait for each other. */
export const addToSplits = (usages: string, movements: string): string => `
INSERT INTO supply_split_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, member, slot, ${SPLIT_MEASURES.join(', ')})
${splitSums(usages, movements)}
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, member, slot)
DO UPDATE SET ${SPLIT_MEASURES.map((m) => `${m} = s.${m} + excluded.${m}`).join(', ')}`;
