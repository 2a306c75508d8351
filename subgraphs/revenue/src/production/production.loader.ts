import { Decimal, prepared, snakeCase, type Context, type Tx } from '@practice-graph/kit';
import {
  NIL_UUID,
  scopeText,
  sliceReader,
  suppressSmallCells,
  type Day,
  type SliceScope,
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
SELECT k.n, (
  SELECT count(*)::int FROM (
    SELECT v.patient_id FROM provider_visit v
    WHERE v.clinic_id = k.clinic_id AND v.day BETWEEN k.first AND k.last AND v.entries <> 0
      AND (k.location_ids IS NULL OR v.location_id = ANY(k.location_ids::uuid[]))
      AND (k.provider_ids IS NULL OR v.provider_id = ANY(k.provider_ids::uuid[]))
    UNION
    SELECT a.patient_id FROM production_adjustment a
    WHERE a.clinic_id = k.clinic_id AND a.adjustment_date BETWEEN k.first AND k.last AND a.patient_id IS NOT NULL
      AND (k.location_ids IS NULL OR coalesce(a.location_id, '${NIL_UUID}') = ANY(k.location_ids::uuid[]))
      AND (k.provider_ids IS NULL OR coalesce(a.provider_id, '${NIL_UUID}') = ANY(k.provider_ids::uuid[]))
    UNION
    SELECT e.patient_id FROM payment_collection c JOIN production_entry e ON e.clinic_id = c.clinic_id AND e.id = c.entry_id
    WHERE c.clinic_id = k.clinic_id AND c.day BETWEEN k.first AND k.last
      AND (k.location_ids IS NULL OR e.location_id = ANY(k.location_ids::uuid[]))
      AND (k.provider_ids IS NULL OR e.provider_id = ANY(k.provider_ids::uuid[]))
  ) behind) AS patients
FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::date[])
     AS k (n, clinic_id, location_ids, provider_ids, first, last)`;

const listText = (ids: readonly string[] | null) => ids && `{${ids.join(',')}}`;

/** Scopes whose measures would be computable from each other and a total: rows of one kind of one bucket. */
const siblings = (scope: SliceScope) =>
  [scope.clinicId, scope.from, scope.to, scope.locationIds !== null, scope.providerIds !== null].join();

/** Which scopes stand for too few patients to be shown to readers of aggregates (E-06). */
async function suppressed(tx: Tx, scopes: readonly SliceScope[]): Promise<boolean[]> {
  const found = await prepared<{ n: number; patients: number }>(tx, PATIENTS, [
    scopes.map((_, n) => n),
    scopes.map((s) => s.clinicId),
    scopes.map((s) => listText(s.locationIds)),
    scopes.map((s) => listText(s.providerIds)),
    scopes.map((s) => s.from),
    scopes.map((s) => s.to),
  ]);
  const patients = scopes.map((_, n) => found.find((row) => row.n === n)?.patients ?? 0);
  const hidden = scopes.map(() => false);
  for (const kind of new Set(scopes.map(siblings))) {
    const members = scopes.flatMap((scope, n) => (siblings(scope) === kind ? [n] : []));
    const counts = members.map((n) => patients[n] ?? 0);
    const { rows } = suppressSmallCells(
      counts,
      counts.reduce((sum, count) => sum + count, 0),
    );
    members.forEach((n, index) => {
      hidden[n] = rows[index] ?? false;
    });
  }
  return hidden;
}

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
