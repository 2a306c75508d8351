import { batchLoader, type Decimal, prepared, type Tx } from '@practice-graph/kit';
import {
  monthsAndEdgeDays,
  NIL_UUID,
  ratio,
  scopeText,
  shares,
  sliceReader,
  suppressSmallCells,
  clinicsById,
  type SliceScope,
} from '@practice-graph/practice';
import { CostBucket } from '../items/supply-category.types';
import type { SupplyMeasures } from './supply-measures.types';

const readSlices = sliceReader('supply_slice', {
  cost: 'DECIMAL',
  reworkCost: 'DECIMAL',
  wasteCost: 'DECIMAL',
  caseCost: 'DECIMAL',
  bracketCost: 'DECIMAL',
  wireCost: 'DECIMAL',
  bondingCost: 'DECIMAL',
  elasticCost: 'DECIMAL',
  accessoryCost: 'DECIMAL',
  retainerCost: 'DECIMAL',
  alignerCost: 'DECIMAL',
  otherCost: 'DECIMAL',
  usageCount: 'COUNT',
  uncostedUsageCount: 'COUNT',
});
type Sums = Awaited<ReturnType<typeof readSlices>>[number];

// Distinct cases and patients with a net-positive use in a scope. A scope is read from month rows for its whole months
// and from day rows at its edges; one case counts once however many rows it has.
const PRESENT = `
SELECT scope, count(*) FILTER (WHERE kind = 'CASE')::int AS cases, count(*) FILTER (WHERE kind = 'PATIENT')::int AS patients
FROM (
  SELECT k.scope, CASE grouping(p.treatment_plan_id) WHEN 0 THEN 'CASE' ELSE 'PATIENT' END AS kind, p.treatment_plan_id, sum(p.uses) AS uses
  FROM (SELECT scope, clinic_id, locations::uuid[] AS locations, providers::uuid[] AS providers, grain, first, last
    FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])
      AS x (scope, clinic_id, locations, providers, grain, first, last) OFFSET 0) k
  CROSS JOIN LATERAL (
    SELECT s.treatment_plan_id, s.patient_id, s.uses FROM supply_presence s
    WHERE s.clinic_id = k.clinic_id AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last
      AND (k.locations IS NULL OR s.location_id = ANY(k.locations))
      AND (k.providers IS NULL OR s.provider_id = ANY(k.providers))
  ) p
  GROUP BY GROUPING SETS ((k.scope, p.treatment_plan_id), (k.scope, p.patient_id))
) x
WHERE uses > 0 AND (kind = 'PATIENT' OR treatment_plan_id <> '${NIL_UUID}')
GROUP BY scope`;

/** How many different cases and patients had supplies used on them, one statement for all scopes. */
export async function presentIn(
  tx: Tx,
  scopes: readonly SliceScope[],
): Promise<readonly { cases: number; patients: number }[]> {
  const stretches = scopes.flatMap((scope, index) => {
    const { months, days } = monthsAndEdgeDays(scope.from, scope.to);
    const of = (grain: 'D' | 'M') => (range: { from: string; to: string }) => ({ scope, index, grain, range });
    return [...(months ? [months].map(of('M')) : []), ...days.map(of('D'))];
  });
  const list = (ids: readonly string[] | null) => (ids === null ? null : `{${ids.join(',')}}`);
  const found = await prepared<{ scope: number; cases: number; patients: number }>(tx, PRESENT, [
    stretches.map((s) => s.index),
    stretches.map((s) => s.scope.clinicId),
    stretches.map((s) => list(s.scope.locationIds)),
    stretches.map((s) => list(s.scope.providerIds)),
    stretches.map((s) => s.grain),
    stretches.map((s) => s.range.from),
    stretches.map((s) => s.range.to),
  ]);
  const byScope = new Map(found.map((row) => [row.scope, row]));
  return scopes.map((_, index) => byScope.get(index) ?? { cases: 0, patients: 0 });
}

const BUCKETS = Object.values(CostBucket);
const bucketCost = (sums: Sums, bucket: CostBucket): Decimal =>
  sums[`${bucket.toLowerCase() as Lowercase<CostBucket>}Cost`];

function measuresOf(sums: Sums, cases: number, currency: string): SupplyMeasures {
  const parts = shares(BUCKETS.map((bucket) => bucketCost(sums, bucket)));
  return {
    currency,
    cost: sums.cost,
    reworkCost: sums.reworkCost,
    wasteCost: sums.wasteCost,
    usageCount: sums.usageCount,
    caseCost: sums.caseCost,
    caseCount: cases,
    costPerCase: ratio(sums.caseCost, cases),
    uncostedUsageCount: sums.uncostedUsageCount,
    isIncomplete: sums.uncostedUsageCount !== 0,
    byBucket: BUCKETS.map((bucket, index) => ({ bucket, cost: bucketCost(sums, bucket), share: parts[index] ?? null })),
  };
}

/**
 * Which rows readers of aggregates may not see. Rows of one range that are split in the same way stand in one table, so
 * that a single small one takes the next smallest with it: it would follow from the total and the others.
 */
function withheld(scopes: readonly SliceScope[], patients: readonly number[]): boolean[] {
  const tables = new Map<string, number[]>();
  scopes.forEach((scope, index) => {
    const split = [scope.locationIds === null, scope.providerIds === null];
    const table = [scope.clinicId, scope.from, scope.to, ...split].join();
    tables.set(table, [...(tables.get(table) ?? []), index]);
  });
  const hidden = scopes.map(() => false);
  for (const members of tables.values()) {
    const counts = members.map((index) => patients[index] ?? 0);
    suppressSmallCells(counts, Number.POSITIVE_INFINITY).rows.forEach((isHidden, position) => {
      hidden[members[position] as number] = isHidden;
    });
  }
  return hidden;
}

/**
 * Use of supplies of N scopes with three statements for all of them. Null while the clinic is not known here, and for
 * readers of aggregates where fewer patients stand behind the row than the privacy limit (E-06).
 */
export const supplyMeasures = batchLoader<SliceScope, SupplyMeasures | null>(async (tx, scopes, context) => {
  const clinicIds = [...new Set(scopes.map((scope) => scope.clinicId))];
  const [sums, present, clinics] = await Promise.all([
    readSlices(tx, scopes),
    presentIn(tx, scopes),
    clinicsById(tx, clinicIds),
  ]);
  const patients = present.map((row) => row.patients);
  const hidden = context.viewer.aggregateOnly ? withheld(scopes, patients) : [];
  return scopes.map((scope, index) => {
    const clinic = clinics[clinicIds.indexOf(scope.clinicId)];
    const of = sums[index];
    if (!clinic || !of || hidden[index]) return null;
    return measuresOf(of, present[index]?.cases ?? 0, clinic.currency);
  });
}, scopeText);
