import { rolesOf } from '@practice-graph/kit';
import { sliceTable } from '@practice-graph/practice';

const roles = rolesOf('appliance_supply');
const BUCKETS = ['BRACKET', 'WIRE', 'BONDING', 'ELASTIC', 'ACCESSORY', 'RETAINER', 'ALIGNER', 'OTHER'];
const AMOUNTS = [
  'cost',
  'rework_cost',
  'waste_cost',
  'case_cost',
  ...BUCKETS.map((bucket) => `${bucket.toLowerCase()}_cost`),
];
const NIL = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Pre-summed use and waste by one dimension at a time beside place and provider, so that reports by them do not grow. */
export class SplitSlices17636900000095 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- A kind of appliance, S its system, I item, C category of the use, V vendor of the lot; an empty member for none.
${sliceTable(roles, {
  table: 'supply_split_slice',
  dims: ['A', 'S', 'I', 'C', 'V'],
  splits: ['member'],
  measures: {
    ...Object.fromEntries(AMOUNTS.map((amount) => [amount, 'numeric(16,2)'])),
    usage_count: 'integer',
    uncosted_usage_count: 'integer',
    quantity: 'numeric(20,4)',
  },
})}

-- What is in the books already.
INSERT INTO supply_split_slice (clinic_id, dim, location_id, provider_id, grain, period, member, slot, ${AMOUNTS.join(', ')}, usage_count, uncosted_usage_count, quantity)
SELECT f.clinic_id, f.dim, ${NIL}, ${NIL}, g.grain, CASE g.grain WHEN 'D' THEN f.day ELSE date_trunc('month', f.day)::date END, f.member, 0,
  ${AMOUNTS.map((amount) => `sum(f.${amount})`).join(', ')}, sum(f.usage_count)::int, sum(f.uncosted_usage_count)::int, sum(f.quantity)
FROM (
  SELECT u.clinic_id, u.used_on AS day, d.dim, d.member, coalesce(u.total_cost, 0) AS cost, CASE WHEN u.is_rework THEN coalesce(u.total_cost, 0) ELSE 0 END AS rework_cost,
    0::numeric AS waste_cost, CASE WHEN u.treatment_plan_id IS NULL THEN 0 ELSE coalesce(u.total_cost, 0) END AS case_cost,
    ${BUCKETS.map((bucket) => `CASE WHEN u.bucket = '${bucket}' THEN coalesce(u.total_cost, 0) ELSE 0 END AS ${bucket.toLowerCase()}_cost`).join(', ')},
    sign(u.quantity)::int AS usage_count, CASE WHEN u.total_cost IS NULL THEN sign(u.quantity)::int ELSE 0 END AS uncosted_usage_count,
    CASE d.dim WHEN 'I' THEN u.quantity ELSE 0 END AS quantity
  FROM appliance_usage u JOIN supply_lot v ON v.clinic_id = u.clinic_id AND v.id = u.lot_id
  CROSS JOIN LATERAL (VALUES ('A', u.appliance_type), ('S', coalesce(u.appliance_system, '')), ('I', u.item_id::text), ('C', u.category), ('V', coalesce(v.vendor_id::text, ''))) AS d (dim, member)
  UNION ALL
  SELECT w.clinic_id, w.business_date, d.dim, d.member, 0, 0, -coalesce(w.total_cost, 0), 0, ${BUCKETS.map(() => '0').join(', ')}, 0, 0, 0
  FROM supply_transaction w JOIN supply_lot v ON v.clinic_id = w.clinic_id AND v.id = w.lot_id
  CROSS JOIN LATERAL (VALUES ('A', ''), ('S', ''), ('I', w.item_id::text), ('V', coalesce(v.vendor_id::text, ''))) AS d (dim, member)
  WHERE w.type = 'WASTE'
) f CROSS JOIN (VALUES ('D'), ('M')) g (grain)
GROUP BY 1, 2, 5, 6, 7;
`);
  }

  down(): Promise<never> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
