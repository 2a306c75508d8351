import { batchLoader, prepared, type Context, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicCopies, ratio, scopeText, splitSliceReader, type Day, type SliceScope } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import type { AdjustmentCategory } from '../entries/adjustment-category.rules';
import { withheldMeasures } from './withheld-scopes.service';
import { WriteOffMeasures } from './write-off-measures.types';
import { byCategory, writeOffTotals, type CategorySums } from './write-off.rules';

const readSlices = splitSliceReader('adjustment_slice', 'category', {
  amount: 'DECIMAL',
  absolute: 'DECIMAL',
  effect: 'DECIMAL',
  unlinkedEffect: 'DECIMAL',
  entries: 'COUNT',
  pending: 'DECIMAL',
  pendingEffect: 'DECIMAL',
  pendingEntries: 'COUNT',
});

/** Sums by category of N scopes with one statement, whoever asks. */
export async function sumsOfScopes(tx: Tx, scopes: readonly SliceScope[]): Promise<CategorySums[]> {
  const slices = await readSlices(tx, scopes);
  return slices.map((slice) =>
    byCategory(
      [...slice].map(([category, sum]) => ({
        category: category as AdjustmentCategory,
        amount: sum.amount,
        absolute: sum.absolute,
        effect: sum.effect,
        unlinkedEffect: sum.unlinkedEffect,
        count: sum.entries,
        pending: sum.pending,
        pendingEffect: sum.pendingEffect,
        pendingCount: sum.pendingEntries,
      })),
    ),
  );
}

/** Sums by category of N scopes with one statement; null where the viewer may not see so few patients. */
export const categorySums = batchLoader<SliceScope, CategorySums | null>(async (tx, scopes, context) => {
  const hidden = context.viewer.aggregateOnly ? await withheldMeasures(tx, scopes) : [];
  const sums = await sumsOfScopes(tx, scopes);
  return sums.map((sum, index) => (hidden[index] ? null : sum));
}, scopeText);

/** Sums of the account of a patient or of a case, over days or over all time. */
export interface AccountKey extends RecordKey {
  readonly from: Day | null;
  readonly to: Day | null;
}

export interface AccountSums {
  readonly sums: CategorySums;
  readonly patientIds: readonly string[];
  readonly rowCount: number;
}

interface AccountRow {
  n: number;
  category: AdjustmentCategory;
  amount: string;
  absolute: string;
  effect: string;
  unlinked_effect: string;
  entries: number;
  pending: string;
  pending_effect: string;
  pending_entries: number;
  patients: string[];
  rows: number;
}

// An account has few entries, so it is summed from the ledger and needs no slices of its own.
const accountStatement = (column: string) => `
SELECT k.n, e.category, coalesce(sum(e.amount) FILTER (WHERE counts), 0) AS amount,
  coalesce(sum(CASE WHEN e.is_reversal THEN -abs(e.amount) ELSE abs(e.amount) END) FILTER (WHERE counts), 0) AS absolute,
  coalesce(sum(e.amount) FILTER (WHERE counts AND e.affects_net_production), 0) AS effect,
  coalesce(sum(e.amount) FILTER (WHERE counts AND e.affects_net_production AND e.production_entry_id IS NULL), 0) AS unlinked_effect,
  coalesce(sum(CASE WHEN e.is_reversal THEN -1 ELSE 1 END) FILTER (WHERE counts), 0)::int AS entries,
  coalesce(sum(e.amount) FILTER (WHERE NOT counts), 0) AS pending,
  coalesce(sum(e.amount) FILTER (WHERE NOT counts AND e.affects_net_production), 0) AS pending_effect,
  count(*) FILTER (WHERE NOT counts)::int AS pending_entries,
  array_agg(DISTINCT e.patient_id) AS patients, count(*)::int AS rows
FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::date[], $5::date[]) AS k (n, clinic_id, id, first, last)
JOIN adjustment_entry e ON e.clinic_id = k.clinic_id AND e.${column} = k.id
  AND e.adjustment_date >= coalesce(k.first, '-infinity') AND e.adjustment_date <= coalesce(k.last, 'infinity')
CROSS JOIN LATERAL (SELECT e.approval_status <> 'PENDING' AS counts) c
WHERE e.approval_status <> 'REJECTED'
  AND ($6::uuid[] IS NULL OR e.location_id = ANY ($6)) AND ($7::uuid[] IS NULL OR e.provider_id = ANY ($7))
GROUP BY k.n, e.category`;

const accountSums = (column: 'patient_id' | 'treatment_plan_id') => {
  const text = accountStatement(column);
  return batchLoader<AccountKey, AccountSums>(
    async (tx, keys, context) => {
      const found = await prepared<AccountRow>(tx, text, [
        keys.map((_, index) => index),
        keys.map((key) => key.clinicId),
        keys.map((key) => key.id),
        keys.map((key) => key.from),
        keys.map((key) => key.to),
        context.viewer.restrictions['locations'] ?? null,
        context.viewer.restrictions['providers'] ?? null,
      ]);
      return keys.map((_, index) => {
        const own = found.filter((row) => row.n === index);
        return {
          sums: byCategory(
            own.map((row) => ({
              category: row.category,
              amount: new Decimal(row.amount),
              absolute: new Decimal(row.absolute),
              effect: new Decimal(row.effect),
              unlinkedEffect: new Decimal(row.unlinked_effect),
              count: row.entries,
              pending: new Decimal(row.pending),
              pendingEffect: new Decimal(row.pending_effect),
              pendingCount: row.pending_entries,
            })),
          ),
          patientIds: [...new Set(own.flatMap((row) => row.patients))],
          rowCount: own.reduce((all, row) => all + row.rows, 0),
        };
      });
    },
    (key) => [key.clinicId, key.id, key.from, key.to].join('/'),
  );
};

export const patientSums = accountSums('patient_id');
export const caseSums = accountSums('treatment_plan_id');

/** Measures of sums in the currency of the clinic; null while the clinic is not known here. */
export async function measuresOf(
  context: Context,
  clinicId: string,
  sums: CategorySums,
): Promise<WriteOffMeasures | null> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  if (!clinic) return null;
  const totals = writeOffTotals(sums);
  return Object.assign(new WriteOffMeasures(), totals, {
    currency: clinic.currency,
    recoveryRate: ratio(totals.badDebtRecoveries, totals.badDebtWriteOffs),
  });
}

/** Measures of a scope; null when it is outside reach, withheld, or its clinic is not known here. */
export async function measuresOfScope(context: Context, scope: SliceScope | null): Promise<WriteOffMeasures | null> {
  if (!scope) return null;
  const sums = await context.of(categorySums).load(scope);
  return sums && measuresOf(context, scope.clinicId, sums);
}
