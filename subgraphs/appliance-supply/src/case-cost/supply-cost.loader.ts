import { batchLoader, Decimal, prepared, readPage, type Page, type RecordKey, type Tx } from '@practice-graph/kit';
import { rangeLabel } from '@practice-graph/practice';
import { todayOf } from '../directory/directory.loader';
import { CostBucket } from '../items/supply-category.types';
import { bucketColumn } from '../performance/supply-slice.service';
import type { UsageConditions } from '../usage/appliance-usage.loader';
import { type CostBasis, SupplyCostSummary } from './supply-cost.types';

interface CostRow extends Record<string, unknown> {
  clinic_id: string;
  patient_id: string | null;
  treatment_plan_id: string | null;
  total_cost: string;
  rework_cost: string;
  usage_count: number;
  uncosted_usage_count: number;
  first_used_on: string;
  last_used_on: string;
  created_at: Date;
  updated_at: Date;
}

const BUCKETS = Object.values(CostBucket);

/** Cost of a use: as it was kept, or at the present unit cost of the item, in both cases rounded once per row (E-14). */
const costOf = (isCurrent: string) =>
  `CASE WHEN ${isCurrent} THEN round(u.quantity * i.current_unit_cost, 2) ELSE u.total_cost END`;

const SUMS = `
coalesce(sum(c.cost), 0) AS total_cost, coalesce(sum(c.cost) FILTER (WHERE u.is_rework), 0) AS rework_cost,
${BUCKETS.map((b) => `coalesce(sum(c.cost) FILTER (WHERE u.bucket = '${b}'), 0)::text AS ${bucketColumn(b)}`).join(', ')},
sum(sign(u.quantity))::int AS usage_count, coalesce(sum(sign(u.quantity)) FILTER (WHERE c.cost IS NULL), 0)::int AS uncosted_usage_count,
min(u.used_on) AS first_used_on, max(u.used_on) AS last_used_on, min(u.created_at) AS created_at, max(u.created_at) AS updated_at`;

/** What is to be summed: all uses of a patient or a case, in a range of days or ever. */
export interface CostKey extends RecordKey {
  readonly of: 'PATIENT' | 'CASE';
  readonly basis: CostBasis;
  readonly range: { readonly from: string; readonly to: string } | null;
}

const perKey = (column: 'patient_id' | 'treatment_plan_id') => `
SELECT k.n, min(u.patient_id::text) AS patient_id, ${SUMS}
FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::date[], $5::date[]) WITH ORDINALITY AS k (clinic_id, id, is_current, first, last, n)
JOIN appliance_usage u ON u.clinic_id = k.clinic_id AND u.${column} = k.id AND u.used_on BETWEEN k.first AND k.last
  AND ($6::uuid[] IS NULL OR u.location_id = ANY($6)) AND ($7::uuid[] IS NULL OR u.provider_id = ANY($7))
JOIN supply_item i ON i.clinic_id = u.clinic_id AND i.id = u.item_id
CROSS JOIN LATERAL (SELECT ${costOf('k.is_current')} AS cost) c
GROUP BY k.n`;

const STATEMENTS = { PATIENT: perKey('patient_id'), CASE: perKey('treatment_plan_id') };

function summaryOf(
  row: CostRow | undefined,
  of: { clinicId: string; patientId: string | null; treatmentPlanId: string | null; basis: CostBasis },
  range: { from: string; to: string },
): SupplyCostSummary {
  const amount = (column: string) => new Decimal((row?.[column] as string | undefined) ?? '0');
  return Object.assign(new SupplyCostSummary(), {
    clinicId: of.clinicId,
    patientId: of.patientId,
    treatmentPlanId: of.treatmentPlanId,
    period: { ...range, label: rangeLabel(range) },
    costBasis: of.basis,
    bracketCost: amount('bracket_cost'),
    wireCost: amount('wire_cost'),
    bondingCost: amount('bonding_cost'),
    elasticCost: amount('elastic_cost'),
    accessoryCost: amount('accessory_cost'),
    retainerCost: amount('retainer_cost'),
    alignerCost: amount('aligner_cost'),
    otherCost: amount('other_cost'),
    totalCost: amount('total_cost'),
    reworkCost: amount('rework_cost'),
    usageCount: row?.usage_count ?? 0,
    isIncomplete: (row?.uncosted_usage_count ?? 0) !== 0,
    createdAt: row?.created_at ?? null,
    updatedAt: row?.updated_at ?? null,
  });
}

const text = (key: CostKey) =>
  [key.of, key.clinicId, key.id, key.basis, key.range?.from ?? '', key.range?.to ?? ''].join('/');

/**
 * Supply cost of patients and cases: one statement for all patients and one for all cases of a fetch, summed from the
 * uses that the viewer may see. Without any use it is zero, on the current day.
 */
export const supplyCosts = batchLoader<CostKey, SupplyCostSummary>(async (tx, keys, context) => {
  const { restrictions } = context.viewer;
  const answers = new Map<string, SupplyCostSummary>();
  for (const kind of ['PATIENT', 'CASE'] as const) {
    const asked = keys.filter((key) => key.of === kind);
    if (asked.length === 0) continue;
    const found = await prepared<CostRow & { n: string }>(tx, STATEMENTS[kind], [
      asked.map((key) => key.clinicId),
      asked.map((key) => key.id),
      asked.map((key) => key.basis === 'CURRENT'),
      asked.map((key) => key.range?.from ?? '-infinity'),
      asked.map((key) => key.range?.to ?? 'infinity'),
      restrictions['locations'] ?? null,
      restrictions['providers'] ?? null,
    ]);
    const rows = new Map(found.map((row) => [Number(row.n) - 1, row]));
    for (const [index, key] of asked.entries()) {
      const row = rows.get(index);
      const today = row ? '' : await todayOf(context, key.clinicId);
      const used = row ? { from: row.first_used_on, to: row.last_used_on } : { from: today, to: today };
      const patientId = kind === 'PATIENT' ? key.id : (row?.patient_id ?? null);
      const treatmentPlanId = kind === 'CASE' ? key.id : null;
      answers.set(text(key), summaryOf(row, { ...key, patientId, treatmentPlanId }, key.range ?? used));
    }
  }
  return keys.map((key) => answers.get(text(key)) as SupplyCostSummary);
}, text);

/** One page of supply cost per case, dearest first; uses outside a case stand in a row of their patient. */
export function readSupplyCosts(
  tx: Tx,
  of: { clinicId: string; basis: CostBasis; range: { from: string; to: string } },
  conditions: UsageConditions,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyCostSummary>> {
  const isCurrent = `${conditions.bind(of.basis === 'CURRENT')}::boolean`;
  return readPage(tx, {
    select: 'q.*',
    from: `(SELECT u.clinic_id, u.patient_id, u.treatment_plan_id, ${SUMS}
      FROM appliance_usage u JOIN supply_item i ON i.clinic_id = u.clinic_id AND i.id = u.item_id
      CROSS JOIN LATERAL (SELECT ${costOf(isCurrent)} AS cost) c
      WHERE ${conditions.where.join(' AND ')} GROUP BY u.clinic_id, u.patient_id, u.treatment_plan_id) q`,
    where: [],
    params: conditions.params,
    order: [
      { expression: 'q.total_cost', type: 'numeric', direction: 'DESC' },
      { expression: 'q.patient_id', type: 'uuid', direction: 'DESC' },
      { expression: `coalesce(q.treatment_plan_id, q.patient_id)`, type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly CostRow[]) =>
      found.map((row) =>
        summaryOf(
          row,
          {
            clinicId: row.clinic_id,
            patientId: row.patient_id,
            treatmentPlanId: row.treatment_plan_id,
            basis: of.basis,
          },
          of.range,
        ),
      ),
  });
}
