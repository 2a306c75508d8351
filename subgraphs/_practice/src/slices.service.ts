import { Decimal, prepared, snakeCase, type Tx } from '@practice-graph/kit';
import { monthsAndEdgeDays, type Day } from './calendar.rules';
import { NIL_UUID, type SliceScope } from './performance-key';

/** How a measure is summed: DECIMAL for amounts and quantities, COUNT for whole numbers. */
export type MeasureKind = 'DECIMAL' | 'COUNT';
export type Measures<M extends Record<string, MeasureKind>> = {
  [K in keyof M]: M[K] extends 'COUNT' ? number : Decimal;
};

/**
 * One stretch of slices: either day or month rows of one dimension, location and provider of a clinic. A key of the
 * scorecard is a few of these.
 */
interface Stretch {
  readonly scope: number;
  readonly clinicId: string;
  readonly dim: 'T' | 'L' | 'P' | 'LP';
  readonly locationId: string;
  readonly providerId: string;
  readonly grain: 'D' | 'M';
  readonly first: Day;
  readonly last: Day;
}

const dimOf = ({ locationIds, providerIds }: SliceScope) =>
  locationIds ? (providerIds ? 'LP' : 'L') : providerIds ? 'P' : 'T';

/** The stretches of a scope: whole months from month slices, the edge days from day slices. */
function stretches(scope: SliceScope, index: number): Stretch[] {
  const { months, days } = monthsAndEdgeDays(scope.from, scope.to);
  const ranges = [
    ...(months ? [{ grain: 'M' as const, first: months.from, last: months.to }] : []),
    ...days.map(({ from, to }) => ({ grain: 'D' as const, first: from, last: to })),
  ];
  const dim = dimOf(scope);
  return [...new Set(scope.locationIds ?? [NIL_UUID])].flatMap((locationId) =>
    [...new Set(scope.providerIds ?? [NIL_UUID])].flatMap((providerId) =>
      ranges.map((range) => ({ scope: index, clinicId: scope.clinicId, dim, locationId, providerId, ...range })),
    ),
  );
}

/**
 * A function that sums the measures of N scopes from a table of slices in one prepared statement, answering in the order
 * of the scopes and with zeros where there is nothing.
 *
 * The table has the columns clinic_id, dim ('T' all together, 'L' by location, 'P' by provider, 'LP' by both), grain
 * ('D' days, 'M' months), period (the day, or the first of the month), location_id and provider_id (the nil uuid for
 * none, and where dim does not split by it) and one column per measure. Its key should begin
 * (clinic_id, dim, location_id, provider_id, grain, period): then each stretch is one range of the index.
 */
export function sliceReader<M extends Record<string, MeasureKind>>(table: string, measures: M) {
  const names = Object.keys(measures);
  // Each stretch is summed on its own; a join of the whole list would let the planner read the range of all locations.
  const text = `
SELECT k.scope, ${names.map((name) => `sum(x.${snakeCase(name)})::text AS "${name}"`).join(', ')}
FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::date[], $8::date[])
       AS k (scope, clinic_id, dim, location_id, provider_id, grain, first, last)
CROSS JOIN LATERAL (
  SELECT ${names.map((name) => `sum(s.${snakeCase(name)}) AS ${snakeCase(name)}`).join(', ')} FROM ${table} s
  WHERE s.clinic_id = k.clinic_id AND s.dim = k.dim AND s.location_id = k.location_id
    AND s.provider_id = k.provider_id AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last
) x
GROUP BY k.scope`;

  const made = (row: Record<string, string | null> | undefined): Measures<M> =>
    Object.fromEntries(
      names.map((name) => {
        const sum = row?.[name] ?? '0';
        return [name, measures[name] === 'COUNT' ? Number(sum) : new Decimal(sum)];
      }),
    ) as Measures<M>;

  return async (tx: Tx, scopes: readonly SliceScope[]): Promise<Measures<M>[]> => {
    const all = scopes.flatMap(stretches);
    const found = new Map<number, Record<string, string | null>>();
    if (all.length > 0) {
      const answer = await prepared<Record<string, string | null> & { scope: never }>(tx, text, [
        all.map((s) => s.scope),
        all.map((s) => s.clinicId),
        all.map((s) => s.dim),
        all.map((s) => s.locationId),
        all.map((s) => s.providerId),
        all.map((s) => s.grain),
        all.map((s) => s.first),
        all.map((s) => s.last),
      ]);
      for (const row of answer) found.set(Number(row.scope), row);
    }
    return scopes.map((_, index) => made(found.get(index)));
  };
}
