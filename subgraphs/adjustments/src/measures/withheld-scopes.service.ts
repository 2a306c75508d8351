import { prepared, type Tx } from '@practice-graph/kit';
import { NIL_UUID, withheldScopes, type ScopeTable, type SliceScope, type TableCell } from '@practice-graph/practice';

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

/** Patients behind every cell of tables: all in all, in each of the categories that measures show, and among what waits. */
async function cellsOf(tx: Tx, tables: readonly ScopeTable[]): Promise<TableCell[]> {
  const found = await prepared<CountRow>(tx, COUNT_PATIENTS, [
    tables.map((_, index) => index),
    tables.map((table) => table.clinicId),
    tables.map((table) => table.from),
    tables.map((table) => table.to),
    tables.map((table) => table.byLocation),
    tables.map((table) => table.byProvider),
  ]);
  return found.flatMap(({ category, patients, waiting, ...cell }) => [
    { ...cell, layer: category ?? 'ALL', patients },
    ...(category === null ? [{ ...cell, layer: 'WAITING', patients: waiting }] : []),
  ]);
}

/** Which scopes must be withheld from a reader of aggregates (E-06). */
export const withheldMeasures = (tx: Tx, scopes: readonly SliceScope[]): Promise<boolean[]> =>
  withheldScopes(tx.session.viewer, scopes, (tables) => cellsOf(tx, tables));
