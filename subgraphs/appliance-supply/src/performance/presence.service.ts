import { prepared, type Tx } from '@practice-graph/kit';
import {
  monthsAndEdgeDays,
  NIL_UUID,
  type DayRange,
  type ScopeTable,
  type SliceScope,
  type TableCell,
} from '@practice-graph/practice';

/** Of what different ones are counted. */
export type Subject = 'CASE' | 'PATIENT';

const COLUMN = { CASE: 'treatment_plan_id', PATIENT: 'patient_id' } as const;

/** How scopes are split: all together, by location, by provider, by both, or each by a list of its own. */
type Split = 'T' | 'L' | 'P' | 'LP' | 'LISTS';

const SPLIT_BY: Record<Exclude<Split, 'LISTS'>, readonly string[]> = {
  T: [],
  L: ['location_id'],
  P: ['provider_id'],
  LP: ['location_id', 'provider_id'],
};

// A subject counts when its uses are net positive over the whole window, which is read from month rows for its whole
// months and from day rows at its edges. Scopes of one window that are split alike share one reading of its rows. OFFSET 0
// keeps each window one range of the index; else the planner may read the table for all of them.
const counting = (subject: Subject, by: readonly string[], narrowing = ''): string => `
SELECT ${['w', ...by].join(', ')}, count(*)::int AS n
FROM (
  SELECT ${['k.w', ...by.map((column) => `s.${column}`)].join(', ')}
  FROM (SELECT w, clinic_id, grain, first, last, locations::uuid[] AS locations, providers::uuid[] AS providers
    FROM unnest($1::int[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[])
      AS x (w, clinic_id, grain, first, last, locations, providers) OFFSET 0) k
  CROSS JOIN LATERAL (
    SELECT * FROM supply_presence s WHERE s.clinic_id = k.clinic_id AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last
      AND s.${COLUMN[subject]} <> '${NIL_UUID}' ${narrowing}
    OFFSET 0
  ) s
  GROUP BY ${['k.w', ...by.map((column) => `s.${column}`), `s.${COLUMN[subject]}`].join(', ')}
  HAVING sum(s.uses) > 0
) x
GROUP BY ${['w', ...by].join(', ')}`;

const NARROWING = `AND (k.locations IS NULL OR s.location_id = ANY(k.locations))
    AND (k.providers IS NULL OR s.provider_id = ANY(k.providers))`;

const statementOf = (subject: Subject, split: Split): string =>
  split === 'LISTS' ? counting(subject, [], NARROWING) : counting(subject, SPLIT_BY[split]);

const STATEMENTS = Object.fromEntries(
  (['CASE', 'PATIENT'] as const).flatMap((subject) =>
    (['T', 'L', 'P', 'LP', 'LISTS'] as const).map((split) => [`${subject} ${split}`, statementOf(subject, split)]),
  ),
) as Record<`${Subject} ${Split}`, string>;

function splitOf({ locationIds, providerIds }: SliceScope): Split {
  if ((locationIds?.length ?? 1) !== 1 || (providerIds?.length ?? 1) !== 1) return 'LISTS';
  if (locationIds) return providerIds ? 'LP' : 'L';
  return providerIds ? 'P' : 'T';
}

const list = (ids: readonly string[] | null) => (ids === null ? null : `{${ids.join(',')}}`);

interface Found {
  w: number;
  location_id?: string;
  provider_id?: string;
  n: number;
}

/** Counts of the scopes that are split alike; each different window is read once. */
async function countAlike(tx: Tx, subject: Subject, split: Split, scopes: readonly SliceScope[]): Promise<number[]> {
  const isListed = split === 'LISTS';
  const windowOf = (s: SliceScope) =>
    [s.clinicId, s.from, s.to, ...(isListed ? [list(s.locationIds), list(s.providerIds)] : [])].join();
  const windows = new Map<string, SliceScope>();
  for (const scope of scopes) windows.set(windowOf(scope), scope);
  const order = [...windows.keys()];
  const stretches = [...windows.values()].flatMap((scope, w) => {
    const { months, days } = monthsAndEdgeDays(scope.from, scope.to);
    const of = (grain: 'D' | 'M') => (range: { from: string; to: string }) => ({ w, scope, grain, ...range });
    return [...(months ? [months].map(of('M')) : []), ...days.map(of('D'))];
  });
  const found = await prepared<Found>(tx, STATEMENTS[`${subject} ${split}`], [
    stretches.map((s) => s.w),
    stretches.map((s) => s.scope.clinicId),
    stretches.map((s) => s.grain),
    stretches.map((s) => s.from),
    stretches.map((s) => s.to),
    stretches.map((s) => (isListed ? list(s.scope.locationIds) : null)),
    stretches.map((s) => (isListed ? list(s.scope.providerIds) : null)),
  ]);
  const place = (w: number, locationId?: string, providerId?: string) => [w, locationId ?? '', providerId ?? ''].join();
  const counts = new Map(found.map((row) => [place(row.w, row.location_id, row.provider_id), row.n]));
  return scopes.map((scope) => {
    const w = order.indexOf(windowOf(scope));
    const key = isListed ? place(w) : place(w, scope.locationIds?.[0], scope.providerIds?.[0]);
    return counts.get(key) ?? 0;
  });
}

/**
 * How many different cases or patients had supplies used on them in each scope, net of what was undone (E-09): one
 * statement per way in which the scopes are split, of which there are five.
 */
export async function distinctIn(tx: Tx, subject: Subject, scopes: readonly SliceScope[]): Promise<number[]> {
  const counts = scopes.map(() => 0);
  const groups = new Map<Split, number[]>();
  scopes.forEach((scope, index) => {
    const split = splitOf(scope);
    groups.set(split, [...(groups.get(split) ?? []), index]);
  });
  for (const [split, members] of groups) {
    const alike = members.map((index) => scopes[index] as SliceScope);
    const found = await countAlike(tx, subject, split, alike);
    members.forEach((index, position) => {
      counts[index] = found[position] ?? 0;
    });
  }
  return counts;
}

/** Patients behind all cells of tables: one statement per way in which the tables are split. */
export async function patientsOfTables(tx: Tx, tables: readonly ScopeTable[]): Promise<TableCell[]> {
  const alike = new Map<Exclude<Split, 'LISTS'>, { table: ScopeTable; n: number }[]>();
  tables.forEach((table, n) => {
    const split = table.byLocation ? (table.byProvider ? 'LP' : 'L') : table.byProvider ? 'P' : 'T';
    alike.set(split, [...(alike.get(split) ?? []), { table, n }]);
  });
  const cells: TableCell[] = [];
  for (const [split, members] of alike) {
    const stretches = members.flatMap(({ table, n }) => {
      const { months, days } = monthsAndEdgeDays(table.from, table.to);
      const of = (grain: 'D' | 'M') => (range: DayRange) => ({ n, clinicId: table.clinicId, grain, ...range });
      return [...(months ? [months].map(of('M')) : []), ...days.map(of('D'))];
    });
    const found = await prepared<Found>(tx, STATEMENTS[`PATIENT ${split}`], [
      stretches.map((s) => s.n),
      stretches.map((s) => s.clinicId),
      stretches.map((s) => s.grain),
      stretches.map((s) => s.from),
      stretches.map((s) => s.to),
      stretches.map(() => null),
      stretches.map(() => null),
    ]);
    for (const { w, location_id, provider_id, n } of found)
      cells.push({ n: w, location: location_id ?? null, provider: provider_id ?? null, patients: n });
  }
  return cells;
}
