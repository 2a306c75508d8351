import { Decimal, prepared, snakeCase, type Tx } from '@practice-graph/kit';
import { sliceReadings, type DayRange, type SliceReading } from './calendar.rules';
import { NIL_UUID, type SliceScope } from './performance-key';

/** How a measure is summed: DECIMAL for amounts and quantities, COUNT for whole numbers. */
export type MeasureKind = 'DECIMAL' | 'COUNT';
export type Measures<M extends Record<string, MeasureKind>> = {
  [K in keyof M]: M[K] extends 'COUNT' ? number : Decimal;
};

/** Slices of one dimension, location and provider of a clinic. A key of the scorecard is a few of these. */
interface Stretch extends SliceReading {
  readonly scope: number;
  readonly clinicId: string;
  readonly dim: 'T' | 'L' | 'P' | 'LP';
  readonly locationId: string;
  readonly providerId: string;
}

const dimOf = ({ locationIds, providerIds }: SliceScope) =>
  locationIds ? (providerIds ? 'LP' : 'L') : providerIds ? 'P' : 'T';

function stretches(scope: SliceScope, index: number): Stretch[] {
  const readings = sliceReadings(scope.from, scope.to);
  const dim = dimOf(scope);
  return [...new Set(scope.locationIds ?? [NIL_UUID])].flatMap((locationId) =>
    [...new Set(scope.providerIds ?? [NIL_UUID])].flatMap((providerId) =>
      readings.map((of) => ({ scope: index, clinicId: scope.clinicId, dim, locationId, providerId, ...of })),
    ),
  );
}

type Row = Record<string, string | null>;

/** Sums the stretches of N scopes; one row per scope, or per scope and value of the column `split`. */
async function sumStretches(tx: Tx, text: string, scopes: readonly SliceScope[]): Promise<(Row & { scope: never })[]> {
  const all = scopes.flatMap(stretches);
  if (all.length === 0) return [];
  return prepared<Row & { scope: never }>(tx, text, [
    all.map((s) => s.scope),
    all.map((s) => s.clinicId),
    all.map((s) => s.dim),
    all.map((s) => s.locationId),
    all.map((s) => s.providerId),
    all.map((s) => s.grain),
    all.map((s) => s.from),
    all.map((s) => s.to),
    all.map((s) => s.sign),
  ]);
}

/** Each stretch is summed on its own; a join of the whole list would let the planner read the range of all locations. */
const statement = (table: string, names: readonly string[], split: string | null) => `
SELECT k.scope, ${split ? 'x.split, ' : ''}${names.map((name) => `sum(k.sign * x.${snakeCase(name)})::text AS "${name}"`).join(', ')}
FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::date[], $8::date[], $9::int[])
       AS k (scope, clinic_id, dim, location_id, provider_id, grain, first, last, sign)
CROSS JOIN LATERAL (
  SELECT ${split ? `s.${split} AS split, ` : ''}${names.map((name) => `sum(s.${snakeCase(name)}) AS ${snakeCase(name)}`).join(', ')} FROM ${table} s
  WHERE s.clinic_id = k.clinic_id AND s.dim = k.dim AND s.location_id = k.location_id
    AND s.provider_id = k.provider_id AND s.grain = k.grain AND s.period BETWEEN k.first AND k.last${split ? `\n  GROUP BY s.${split}` : ''}
) x
GROUP BY k.scope${split ? ', x.split' : ''}`;

const measuresOf = <M extends Record<string, MeasureKind>>(measures: M, row: Row | undefined): Measures<M> =>
  Object.fromEntries(
    Object.keys(measures).map((name) => {
      const sum = row?.[name] ?? '0';
      return [name, measures[name] === 'COUNT' ? Number(sum) : new Decimal(sum)];
    }),
  ) as Measures<M>;

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
  const text = statement(table, Object.keys(measures), null);
  return async (tx: Tx, scopes: readonly SliceScope[]): Promise<Measures<M>[]> => {
    const found = new Map<number, Row>();
    for (const row of await sumStretches(tx, text, scopes)) found.set(Number(row.scope), row);
    return scopes.map((_, index) => measuresOf(measures, found.get(index)));
  };
}

/**
 * Like `sliceReader` for a table whose slices are all split by one more column, for example category: answers per scope
 * what there is of each value of it; a value that the range has nothing of may be told with zeros.
 */
export function splitSliceReader<M extends Record<string, MeasureKind>>(table: string, split: string, measures: M) {
  const text = statement(table, Object.keys(measures), split);
  return async (tx: Tx, scopes: readonly SliceScope[]): Promise<ReadonlyMap<string, Measures<M>>[]> => {
    const answers = scopes.map(() => new Map<string, Measures<M>>());
    for (const row of await sumStretches(tx, text, scopes))
      answers[Number(row.scope)]?.set(row['split'] ?? '', measuresOf(measures, row));
    return answers;
  };
}

/**
 * The slices behind stretches of days as a relation "k" of eight parameters, from the one at a position on. Slices are
 * joined as `slicesRead`, what they hold is summed as `signed`, and a group that is split by `stretch, starts, ends`
 * shows only where it `hasFacts`.
 */
export const readingsAt = (at: number): string => {
  const types = ['int', 'date', 'date', 'text', 'date', 'date', 'int', 'boolean'];
  return `unnest(${types.map((type, i) => `$${String(at + i)}::${type}[]`).join(', ')}) AS k (stretch, starts, ends, grain, first, last, sign, is_inside)`;
};

/**
 * Joins the slices "name" of a table that meet all conditions. Each reading is one search of the index: a plain join would
 * let the planner read all days of all groups and compare them afterwards.
 */
export const slicesRead = (table: string, name: string, conditions: readonly string[]): string =>
  `CROSS JOIN LATERAL (SELECT * FROM ${table} ${name} WHERE ${name}.grain = k.grain AND ${name}.period BETWEEN k.first AND k.last AND ${conditions.join(' AND ')} OFFSET 0) ${name}`;

/** The parameters of `readingsAt`; stretches are named by their position. */
export function readingParams(stretches: readonly DayRange[]): unknown[] {
  const all = stretches.flatMap(({ from, to }, stretch) =>
    sliceReadings(from, to).map((reading) => ({ stretch, starts: from, ends: to, reading })),
  );
  return [
    all.map(({ stretch }) => stretch),
    all.map(({ starts }) => starts),
    all.map(({ ends }) => ends),
    all.map(({ reading }) => reading.grain),
    all.map(({ reading }) => reading.from),
    all.map(({ reading }) => reading.to),
    all.map(({ reading }) => reading.sign),
    all.map(({ reading }) => reading.isInside),
  ];
}

/** What slices add to a sum, or take away from it. */
export const signed = (measure: string): string => `CASE k.sign WHEN 1 THEN ${measure} ELSE -${measure} END`;

/**
 * Condition of a group of slices: there is something of it in its stretch, and not only in days of its months that were
 * taken away again. `conditions` pick the slices "d" of the group.
 */
export const hasFacts = (table: string, conditions: readonly string[]): string =>
  `(bool_or(k.is_inside) OR EXISTS (SELECT FROM ${table} d WHERE d.grain = 'D' AND d.period BETWEEN k.starts AND k.ends AND ${conditions.join(' AND ')}))`;
