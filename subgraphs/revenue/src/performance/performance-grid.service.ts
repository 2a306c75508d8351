import { prepared, recordIdOf, type Tx } from '@practice-graph/kit';
import { monthsAndEdgeDays, NIL_UUID, UNASSIGNED, type DayRange } from '@practice-graph/practice';
import type { GridPair } from './performance-grid.rules';

// Pairs with anything in the range, production or chair time: whole months from month slices, the edges from day slices.
// One side is the nil uuid where the dimension does not split by it.
const FACTS = `
SELECT s.location_id AS "locationId", s.provider_id AS "providerId"
FROM unnest($3::text[], $4::date[], $5::date[]) AS k (grain, first, last)
JOIN production_slice s ON s.clinic_id = $1 AND s.dim = $2 AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last
UNION
SELECT s.location_id, s.provider_id
FROM unnest($3::text[], $4::date[], $5::date[]) AS k (grain, first, last)
JOIN chair_slice s ON s.clinic_id = $1 AND s.dim = $2 AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last`;

/** Pairs of location and provider with production or adjustments in a range; one side only where one dimension is asked for. */
export function pairsWithFacts(tx: Tx, clinicId: string, range: DayRange, dim: 'L' | 'P' | 'LP'): Promise<GridPair[]> {
  const { months, days } = monthsAndEdgeDays(range.from, range.to);
  const stretches = [...(months ? [{ grain: 'M', ...months }] : []), ...days.map((edge) => ({ grain: 'D', ...edge }))];
  return prepared<GridPair>(tx, FACTS, [
    clinicId,
    dim,
    stretches.map((s) => s.grain),
    stretches.map((s) => s.from),
    stretches.map((s) => s.to),
  ]);
}

const TOGETHER = `
SELECT DISTINCT location_id AS "locationId", provider_id AS "providerId" FROM treatment_plan
WHERE clinic_id = $1 AND status IN ('PROPOSED', 'ACTIVE') AND location_id IS NOT NULL AND provider_id IS NOT NULL
UNION
SELECT DISTINCT location_id, provider_id FROM production_slice
WHERE clinic_id = $1 AND dim = 'LP' AND grain = 'M' AND location_id <> $2::uuid AND provider_id <> $2::uuid`;

/** Pairs that work together: by running cases, or by anything they ever did. */
export const pairsTogether = (tx: Tx, clinicId: string): Promise<GridPair[]> =>
  prepared<GridPair>(tx, TOGETHER, [clinicId, NIL_UUID]);

/** Rows of a clinic that a list of opaque ids names, and whether facts that name none are meant too; null for no filter. */
export interface FilterList {
  readonly ids: ReadonlySet<string>;
  readonly withNone: boolean;
}

/** A list of the filter; ids of other clinics and malformed ones select nothing. */
export function filterList(clinicId: string, opaque: readonly string[] | null | undefined): FilterList | null {
  if (!opaque) return null;
  const ids = opaque.flatMap((text) => {
    const key = recordIdOf(text);
    return key?.clinicId === clinicId ? [key.id] : [];
  });
  return { ids: new Set(ids), withNone: opaque.includes(UNASSIGNED) };
}
