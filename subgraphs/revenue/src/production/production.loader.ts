import { Decimal, prepared, snakeCase, type Context, type Tx } from '@practice-graph/kit';
import {
  NIL_UUID,
  scopeText,
  sliceReader,
  withheldScopes,
  type Day,
  type SliceScope,
  type TableCell,
} from '@practice-graph/practice';
import DataLoader from 'dataloader';
import { chairTimeLoader } from '../chair-time/chair-time.loader';
import { clinicLoader } from '../clinics/directory.loader';
import {
  PRODUCTION_SUMS,
  ProductionMeasures,
  type MoreMeasures,
  type ProductionSums,
} from './production-measures.types';

const readSlices = sliceReader('production_slice', PRODUCTION_SUMS);

// A patient stands behind a figure by a visit that counts, by an adjustment or by a payment.
const PATIENTS = `
WITH k AS (
  SELECT * FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[], $5::boolean[], $6::boolean[])
    AS k (n, clinic_id, first, last, by_location, by_provider)
), behind AS (
  SELECT k.n, v.location_id, v.provider_id, v.patient_id, k.by_location, k.by_provider
  FROM k JOIN provider_visit v ON v.clinic_id = k.clinic_id AND v.day BETWEEN k.first AND k.last AND v.entries <> 0
  UNION ALL
  SELECT k.n, a.location_id, a.provider_id, a.patient_id, k.by_location, k.by_provider
  FROM k JOIN production_adjustment a ON a.clinic_id = k.clinic_id AND a.adjustment_date BETWEEN k.first AND k.last
  WHERE a.patient_id IS NOT NULL
  UNION ALL
  SELECT k.n, e.location_id, e.provider_id, e.patient_id, k.by_location, k.by_provider
  FROM k JOIN payment_collection c ON c.clinic_id = k.clinic_id AND c.day BETWEEN k.first AND k.last
  JOIN production_entry e ON e.clinic_id = c.clinic_id AND e.id = c.entry_id
)
SELECT n, CASE WHEN by_location THEN coalesce(location_id, '${NIL_UUID}') END AS location,
  CASE WHEN by_provider THEN coalesce(provider_id, '${NIL_UUID}') END AS provider, count(DISTINCT patient_id)::int AS patients
FROM behind GROUP BY 1, 2, 3`;

/** Which scopes stand for too few patients to be shown to readers of aggregates (E-06). */
const suppressed = (tx: Tx, scopes: readonly SliceScope[]): Promise<boolean[]> =>
  withheldScopes(tx.session.viewer, scopes, (tables) =>
    prepared<TableCell>(tx, PATIENTS, [
      tables.map((_, n) => n),
      tables.map((table) => table.clinicId),
      tables.map((table) => table.from),
      tables.map((table) => table.to),
      tables.map((table) => table.byLocation),
      tables.map((table) => table.byProvider),
    ]),
  );

async function withCurrency(context: Context, clinicId: string, sums: ProductionSums, more: MoreMeasures = {}) {
  const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
  return clinic && new ProductionMeasures(clinic.currency, sums, more);
}

/** Production of N scopes with one statement (two for readers of aggregates); null where it must not be shown. */
export const productionLoader = (context: Context): DataLoader<SliceScope, ProductionMeasures | null, string> =>
  new DataLoader<SliceScope, ProductionMeasures | null, string>(
    async (scopes) => {
      const tx = await context.read();
      const sums = await readSlices(tx, scopes);
      const hidden = context.viewer.aggregateOnly ? await suppressed(tx, scopes) : [];
      return Promise.all(
        scopes.map(async (scope, n) => {
          const sum = sums[n];
          const chairTime = () => context.of(chairTimeLoader).load(scope);
          return hidden[n] || !sum ? null : withCurrency(context, scope.clinicId, sum, { chairTime });
        }),
      );
    },
    { cacheKeyFn: scopeText },
  );

/** Production of one scope; null for a scope outside reach. */
export const loadProduction = (context: Context, scope: SliceScope | null): Promise<ProductionMeasures | null> =>
  scope ? context.of(productionLoader).load(scope) : Promise.resolve(null);

/** A case or a patient, and the days that count; null for all time. */
export interface LinkedScope {
  readonly clinicId: string;
  readonly id: string;
  readonly range: { readonly from: Day; readonly to: Day } | null;
}

const linkedSums = (column: 'treatment_plan_id' | 'patient_id') => `
SELECT k.n, x.*
FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::date[], $5::date[]) AS k (n, clinic_id, id, first, last)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(f.gross), 0)::text AS gross, coalesce(sum(f.adjustments), 0)::text AS adjustments, coalesce(sum(f.collected), 0)::text AS collected,
    coalesce(sum(f.insurance), 0)::text AS insurance, coalesce(sum(f.sign), 0)::int AS entry_count,
    coalesce(sum(f.start_count), 0)::int AS start_count, coalesce(sum(f.debond_count), 0)::int AS debond_count,
    coalesce(sum(f.gross - f.adjustments) FILTER (WHERE f.category = 'TREATMENT_START'), 0)::text AS start_net,
    coalesce(sum(f.gross - f.adjustments) FILTER (WHERE f.category = 'DEBOND'), 0)::text AS debond_net,
    (SELECT count(*)::int FROM (
      SELECT 1 FROM production_entry v WHERE v.clinic_id = k.clinic_id AND v.${column} = k.id
        AND v.production_date BETWEEN k.first AND k.last AND v.status NOT IN ('PENDING', 'VOIDED')
        AND ($6::uuid[] IS NULL OR v.location_id = ANY($6)) AND ($7::uuid[] IS NULL OR v.provider_id = ANY($7))
      GROUP BY v.production_date, v.location_id, v.patient_id HAVING sum(v.sign) > 0) days) AS visit_count
  FROM (
    SELECT e.gross, 0::numeric AS adjustments, 0::numeric AS collected, e.insurance_expected AS insurance, e.sign, e.start_count, e.debond_count, e.category
    FROM production_entry e WHERE e.clinic_id = k.clinic_id AND e.${column} = k.id
      AND e.production_date BETWEEN k.first AND k.last AND e.status NOT IN ('PENDING', 'VOIDED')
      AND ($6::uuid[] IS NULL OR e.location_id = ANY($6)) AND ($7::uuid[] IS NULL OR e.provider_id = ANY($7))
    UNION ALL
    SELECT 0, 0, c.amount, 0, 0, 0, 0, e.category
    FROM production_entry e JOIN payment_collection c ON c.clinic_id = e.clinic_id AND c.entry_id = e.id
    WHERE e.clinic_id = k.clinic_id AND e.${column} = k.id AND c.day BETWEEN k.first AND k.last
      AND ($6::uuid[] IS NULL OR e.location_id = ANY($6)) AND ($7::uuid[] IS NULL OR e.provider_id = ANY($7))
    UNION ALL
    SELECT 0, CASE WHEN a.is_affecting THEN a.amount ELSE 0 END, 0, a.insurance_change, 0, 0, 0, a.entry_category
    FROM production_adjustment a WHERE a.clinic_id = k.clinic_id AND a.${column} = k.id
      AND a.adjustment_date BETWEEN k.first AND k.last
      AND ($6::uuid[] IS NULL OR a.location_id = ANY($6)) AND ($7::uuid[] IS NULL OR a.provider_id = ANY($7))
  ) f
) x`;

const EVER = { from: '1900-01-01', to: '2199-12-31' };

/** Production booked to N cases or N patients, with one statement. Adjustments count as in every report (E-08). */
const linkedLoader = (column: 'treatment_plan_id' | 'patient_id') => {
  const text = linkedSums(column);
  return (context: Context): DataLoader<LinkedScope, ProductionMeasures | null, string> =>
    new DataLoader<LinkedScope, ProductionMeasures | null, string>(
      async (scopes) => {
        const { restrictions } = context.viewer;
        const found = await prepared<Record<string, string | number>>(await context.read(), text, [
          scopes.map((_, n) => n),
          scopes.map((s) => s.clinicId),
          scopes.map((s) => s.id),
          scopes.map((s) => (s.range ?? EVER).from),
          scopes.map((s) => (s.range ?? EVER).to),
          restrictions['locations'] ?? null,
          restrictions['providers'] ?? null,
        ]);
        const byScope = new Map(found.map((row) => [row['n'], row]));
        return Promise.all(
          scopes.map((scope, n) => {
            const row = byScope.get(n) ?? {};
            const sums = Object.fromEntries(
              Object.entries(PRODUCTION_SUMS).map(([name, kind]) => {
                const sum = row[snakeCase(name)] ?? 0;
                return [name, kind === 'COUNT' ? Number(sum) : new Decimal(sum)];
              }),
            ) as ProductionSums;
            return withCurrency(context, scope.clinicId, sums);
          }),
        );
      },
      { cacheKeyFn: ({ clinicId, id, range }) => [clinicId, id, range?.from, range?.to].join() },
    );
};

export const productionOfPlan = linkedLoader('treatment_plan_id');
export const productionOfPatient = linkedLoader('patient_id');
