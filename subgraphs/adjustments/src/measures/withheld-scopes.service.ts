import { prepared, type Tx } from '@practice-graph/kit';
import { NIL_UUID, withheldInAnyLayer, type SliceScope } from '@practice-graph/practice';

// Patients behind every cell of each table, and behind each category of it: entries that wait are in measures too.
const COUNT_PATIENTS = `
WITH x AS (
  SELECT k.n, e.category, e.patient_id, e.approval_status,
    CASE WHEN k.by_location THEN coalesce(e.location_id, '${NIL_UUID}') END AS location,
    CASE WHEN k.by_provider THEN coalesce(e.provider_id, '${NIL_UUID}') END AS provider
  FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[], $5::boolean[], $6::boolean[])
         AS k (n, clinic_id, first, last, by_location, by_provider)
  JOIN adjustment_entry e ON e.clinic_id = k.clinic_id AND e.adjustment_date BETWEEN k.first AND k.last
  WHERE e.approval_status <> 'REJECTED'
)
SELECT n, location, provider, category, count(DISTINCT patient_id)::int AS patients,
  count(DISTINCT patient_id) FILTER (WHERE approval_status = 'PENDING')::int AS waiting
FROM x GROUP BY GROUPING SETS ((n, location, provider), (n, location, provider, category))`;

interface CountRow {
  n: number;
  location: string | null;
  provider: string | null;
  category: string | null;
  patients: number;
  waiting: number;
}

/** Cells of a clinic and range that are split alike; each with its sum may be known, whichever of them was asked for. */
const tableText = (scope: SliceScope): string =>
  [scope.clinicId, scope.from, scope.to, scope.locationIds !== null, scope.providerIds !== null].join();

const cellText = (location: string | null, provider: string | null): string => `${location ?? ''}/${provider ?? ''}`;

/** Cells of a table that must be withheld. */
function withheldOf(counts: readonly CountRow[]): ReadonlySet<string> {
  const cells = new Map<string, { position: string[]; layers: Map<string, { patients: number }> }>();
  for (const { location, provider, category, patients, waiting } of counts) {
    const text = cellText(location, provider);
    const cell = cells.get(text) ?? { position: [location ?? '', provider ?? ''], layers: new Map() };
    cell.layers.set(category ?? 'ALL', { patients });
    if (category === null) cell.layers.set('WAITING', { patients: waiting });
    cells.set(text, cell);
  }
  const verdicts = withheldInAnyLayer([...cells.values()]);
  return new Set([...cells.keys()].filter((_, at) => verdicts[at]));
}

/**
 * Which scopes must be withheld from a reader of aggregates (E-06): those with few patients, all in all, in one of the
 * categories that measures show or among what waits, and those from which such a one could be told. That depends on all places and
 * providers of the clinic and range and not on what is asked together, so that several requests tell no more than one.
 */
export async function withheldScopes(tx: Tx, scopes: readonly SliceScope[]): Promise<boolean[]> {
  const tables = new Map(scopes.map((scope) => [tableText(scope), scope]));
  const asked = [...tables.values()];
  const found = await prepared<CountRow>(tx, COUNT_PATIENTS, [
    asked.map((_, index) => index),
    asked.map((scope) => scope.clinicId),
    asked.map((scope) => scope.from),
    asked.map((scope) => scope.to),
    asked.map((scope) => scope.locationIds !== null),
    asked.map((scope) => scope.providerIds !== null),
  ]);
  const withheld = new Map([...tables.keys()].map((text, at) => [text, withheldOf(found.filter(({ n }) => n === at))]));
  return scopes.map((scope) => {
    const hidden = withheld.get(tableText(scope));
    return (scope.locationIds ?? [null]).some((location) =>
      (scope.providerIds ?? [null]).some((provider) => hidden?.has(cellText(location, provider))),
    );
  });
}
