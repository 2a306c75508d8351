import { batchLoader, prepared, type Context, type Tx } from '@practice-graph/kit';
import {
  clinicCopies,
  NIL_UUID,
  ratio,
  scopeText,
  sliceReader,
  withheldScopes,
  type SliceScope,
  type TableCell,
} from '@practice-graph/practice';
import type { SpaMeasures } from './spa-measures.types';

/** Columns of the slices that the scorecard shows. */
const readSlices = sliceReader('spa_slice', {
  usedCost: 'DECIMAL',
  wasteCost: 'DECIMAL',
  expiredCost: 'DECIMAL',
  revenue: 'DECIMAL',
  useCount: 'COUNT',
});
type SpaSums = Awaited<ReturnType<typeof readSlices>>[number];

// Patients of several places are counted once, so the stretches of a scope are joined before they are counted.
const PATIENTS = `
SELECT d.scope, count(*)::int AS n FROM (
  SELECT k.scope, x.patient_id
  FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::date[], $7::date[])
         AS k (scope, clinic_id, dim, location_id, provider_id, first, last)
  CROSS JOIN LATERAL (
    SELECT p.patient_id, sum(p.uses) AS uses FROM spa_presence p
    WHERE p.clinic_id = k.clinic_id AND p.dim = k.dim AND p.location_id = k.location_id AND p.provider_id = k.provider_id
      AND p.day BETWEEN k.first AND k.last GROUP BY p.patient_id
  ) x
  GROUP BY k.scope, x.patient_id HAVING sum(x.uses) > 0
) d GROUP BY d.scope`;

const dimOf = ({ locationIds, providerIds }: SliceScope) =>
  locationIds ? (providerIds ? 'LP' : 'L') : providerIds ? 'P' : 'T';

async function countPatients(tx: Tx, scopes: readonly SliceScope[]): Promise<number[]> {
  const parts = scopes.flatMap((scope, index) =>
    [...new Set(scope.locationIds ?? [NIL_UUID])].flatMap((locationId) =>
      [...new Set(scope.providerIds ?? [NIL_UUID])].map((providerId) => ({ scope, index, locationId, providerId })),
    ),
  );
  const found = await prepared<{ scope: number; n: number }>(tx, PATIENTS, [
    parts.map((part) => part.index),
    parts.map((part) => part.scope.clinicId),
    parts.map((part) => dimOf(part.scope)),
    parts.map((part) => part.locationId),
    parts.map((part) => part.providerId),
    parts.map((part) => part.scope.from),
    parts.map((part) => part.scope.to),
  ]);
  const byScope = new Map(found.map((row) => [row.scope, row.n]));
  return scopes.map((_, index) => byScope.get(index) ?? 0);
}

/** Different patients treated within scopes: one statement for all scopes of a fetch. */
export const patientCounts = batchLoader<SliceScope, number>(countPatients, scopeText);

// All cells of a table: what is kept is split as the table is.
const CELLS = `
SELECT n, location, provider, count(*)::int AS patients FROM (
  SELECT k.n, CASE WHEN k.by_location THEN p.location_id END AS location, CASE WHEN k.by_provider THEN p.provider_id END AS provider
  FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[], $5::boolean[], $6::boolean[])
         AS k (n, clinic_id, first, last, by_location, by_provider)
  JOIN spa_presence p ON p.clinic_id = k.clinic_id AND p.day BETWEEN k.first AND k.last
    AND p.dim = CASE WHEN k.by_location THEN CASE WHEN k.by_provider THEN 'LP' ELSE 'L' END WHEN k.by_provider THEN 'P' ELSE 'T' END
  GROUP BY 1, 2, 3, p.patient_id HAVING sum(p.uses) > 0
) d GROUP BY 1, 2, 3`;

/** Which scopes readers of aggregates may not see (E-06). */
const withheld = (tx: Tx, scopes: readonly SliceScope[]): Promise<boolean[]> =>
  withheldScopes(tx.session.viewer, scopes, (tables) =>
    prepared<TableCell>(tx, CELLS, [
      tables.map((_, n) => n),
      tables.map((table) => table.clinicId),
      tables.map((table) => table.from),
      tables.map((table) => table.to),
      tables.map((table) => table.byLocation),
      tables.map((table) => table.byProvider),
    ]),
  );

/** Sums of scopes with one statement, two for readers of aggregates; null where too few patients stand behind one. */
const sums = batchLoader<SliceScope, SpaSums | null>(async (tx, scopes, context) => {
  const hidden = context.viewer.aggregateOnly ? await withheld(tx, scopes) : [];
  const found = await readSlices(tx, scopes);
  return found.map((sum, index) => (hidden[index] ? null : sum));
}, scopeText);

/**
 * Use and waste of a scope. Null without a scope or for a clinic that is not known here, and for readers of aggregates
 * where fewer patients than the privacy limit stand behind it (E-06).
 */
export async function measuresOf(context: Context, scope: SliceScope | null): Promise<SpaMeasures | null> {
  if (!scope) return null;
  const [clinic, sum] = await Promise.all([
    context.of(clinicCopies).load(scope.clinicId),
    context.of(sums).load(scope),
  ]);
  if (!clinic || !sum) return null;
  const profit = sum.revenue.minus(sum.usedCost).minus(sum.wasteCost);
  return {
    scope,
    currency: clinic.currency,
    usedCost: sum.usedCost,
    wasteCost: sum.wasteCost,
    expiredCost: sum.expiredCost,
    wasteRate: ratio(sum.wasteCost, sum.usedCost.plus(sum.wasteCost)),
    useCount: sum.useCount,
    revenue: sum.revenue,
    profit,
    profitMargin: ratio(profit, sum.revenue),
  };
}
