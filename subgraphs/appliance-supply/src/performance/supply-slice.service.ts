import { NIL_UUID } from '@practice-graph/practice';
import { CostBucket } from '../items/supply-category.types';

const NIL = `'${NIL_UUID}'::uuid`;

/** Column of the slices that holds the cost of a bucket. */
export const bucketColumn = (bucket: CostBucket): string => `${bucket.toLowerCase()}_cost`;

export const MEASURES: readonly string[] = [
  'cost',
  'rework_cost',
  'waste_cost',
  'case_cost',
  ...Object.values(CostBucket).map(bucketColumn),
  'usage_count',
  'uncosted_usage_count',
];
export const COUNTS: ReadonlySet<string> = new Set(['usage_count', 'uncosted_usage_count']);

const total = (measure: string) => `sum(f.${measure})${COUNTS.has(measure) ? '::int' : ''}`;

/**
 * SELECT that sums facts into slices: all together, by location, by provider and by both, per day and per month. `facts`
 * names a relation with clinic_id, location_id, provider_id, day and the measures.
 */
export const sliceSums = (facts: string): string => `
SELECT f.clinic_id, CASE grouping(f.location_id, f.provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END AS dim,
  coalesce(f.location_id, ${NIL}) AS location_id, coalesce(f.provider_id, ${NIL}) AS provider_id, f.grain, f.period,
  0::smallint AS slot, ${MEASURES.map((m) => `${total(m)} AS ${m}`).join(', ')}
FROM (SELECT x.*, g.grain, CASE g.grain WHEN 'D' THEN x.day ELSE date_trunc('month', x.day)::date END AS period
      FROM ${facts} x CROSS JOIN (VALUES ('D'), ('M')) g (grain)) f
GROUP BY f.clinic_id, f.grain, f.period, GROUPING SETS ((), (f.location_id), (f.provider_id), (f.location_id, f.provider_id))`;

/**
 * Adds facts to the slices, in the order of the key, so that two writers never wait for each other. A transaction runs
 * it once: two runs with different keys could.
 */
export const addToSlices = (facts: string): string => `
INSERT INTO supply_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, slot, ${MEASURES.join(', ')})
${sliceSums(facts)}
ORDER BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, slot)
DO UPDATE SET ${MEASURES.map((m) => `${m} = s.${m} + excluded.${m}`).join(', ')}`;

/** Measures of a row shaped like appliance_usage, as a select list. */
export const measuresOfUse = (u: string): string => `coalesce(${u}.total_cost, 0) AS cost,
  CASE WHEN ${u}.is_rework THEN coalesce(${u}.total_cost, 0) ELSE 0 END AS rework_cost, 0::numeric AS waste_cost,
  CASE WHEN ${u}.treatment_plan_id IS NULL THEN 0 ELSE coalesce(${u}.total_cost, 0) END AS case_cost,
  ${Object.values(CostBucket)
    .map((b) => `CASE WHEN ${u}.bucket = '${b}' THEN coalesce(${u}.total_cost, 0) ELSE 0 END AS ${bucketColumn(b)}`)
    .join(', ')},
  sign(${u}.quantity)::int AS usage_count, CASE WHEN ${u}.total_cost IS NULL THEN sign(${u}.quantity)::int ELSE 0 END AS uncosted_usage_count`;

/** Measures of waste, a row shaped like supply_transaction, as a select list. */
export const measuresOfWaste = (w: string): string => `0::numeric AS cost,
  0::numeric AS rework_cost, -coalesce(${w}.total_cost, 0) AS waste_cost, 0::numeric AS case_cost,
  ${Object.values(CostBucket)
    .map((b) => `0::numeric AS ${bucketColumn(b)}`)
    .join(', ')}, 0 AS usage_count, 0 AS uncosted_usage_count`;

/** Facts of uses: rows of `usages`, shaped like appliance_usage, as measures. */
export const usageFacts = (usages: string): string =>
  `SELECT u.clinic_id, u.location_id, u.provider_id, u.used_on AS day, ${measuresOfUse('u')} FROM ${usages} u`;

/** Facts of waste: rows of `movements`, shaped like supply_transaction; nobody in particular wasted them. */
export const wasteFacts = (movements: string): string =>
  `SELECT w.clinic_id, w.location_id, NULL::uuid AS provider_id, w.business_date AS day, ${measuresOfWaste('w')}
FROM ${movements} w WHERE w.type = 'WASTE'`;

/** SELECT that counts uses per case, patient, location and provider, by day and by month. */
export const presenceSums = (usages: string): string => `
SELECT x.clinic_id, x.grain, x.period, x.location_id, x.provider_id, x.patient_id, x.treatment_plan_id, sum(x.uses)::int AS uses
FROM (SELECT u.clinic_id, g.grain, CASE g.grain WHEN 'D' THEN u.used_on ELSE date_trunc('month', u.used_on)::date END AS period,
        u.location_id, coalesce(u.provider_id, ${NIL}) AS provider_id, u.patient_id,
        coalesce(u.treatment_plan_id, ${NIL}) AS treatment_plan_id, sign(u.quantity)::int AS uses
      FROM ${usages} u CROSS JOIN (VALUES ('D'), ('M')) g (grain)) x
GROUP BY 1, 2, 3, 4, 5, 6, 7`;

/** Adds uses to the presence of cases and patients. */
export const addToPresence = (usages: string): string => `
INSERT INTO supply_presence AS p (clinic_id, grain, period, location_id, provider_id, patient_id, treatment_plan_id, uses)
${presenceSums(usages)}
ORDER BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT (clinic_id, grain, period, location_id, provider_id, patient_id, treatment_plan_id)
DO UPDATE SET uses = p.uses + excluded.uses`;
