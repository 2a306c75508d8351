import { audit, hydrate, prepared, Refused, rows, type Tx } from '@practice-graph/kit';
import { BACKDATE_DAYS_MAX, clinicOf, requireOpenMonths, type Day } from '@practice-graph/practice';
import {
  APPROVAL_THRESHOLD,
  BENCHMARKS,
  CUMULATIVE_WINDOW_DAYS,
  MIN_COLLECTION_EFFORTS,
  SMALL_BALANCE_LIMIT,
  WATCH_MARGIN,
  type RateKind,
} from '../defaults';
import type { AdjustmentCategory } from '../entries/adjustment-category.rules';
import { codes, refuse } from '../refusals';
import { AdjustmentPolicy } from './adjustment-policy.entity';
import { policyProblems, type Benchmark, type CategoryEffect, type PolicyMembers } from './adjustment-policy.rules';
import type { Decimal } from 'decimal.js';

const FIRST_DAY: Day = '1900-01-01';

/** The rules that hold for a clinic before it sets its own: version 0 (E-18). */
export const defaultPolicy = (clinicId: string): AdjustmentPolicy =>
  Object.assign(new AdjustmentPolicy(), {
    clinicId,
    effectiveFrom: FIRST_DAY,
    approvalRules: [{ category: null, role: null, threshold: APPROVAL_THRESHOLD }],
    cumulativeWindowDays: CUMULATIVE_WINDOW_DAYS,
    separationOfDuties: true,
    smallBalanceLimit: SMALL_BALANCE_LIMIT,
    minCollectionEfforts: MIN_COLLECTION_EFFORTS,
    maxBackdateDays: BACKDATE_DAYS_MAX,
    categories: [],
    benchmarks: Object.entries(BENCHMARKS).map(([rate, benchmark]) => ({ rate: rate as RateKind, benchmark })),
    watchMargin: WATCH_MARGIN,
    setBy: 'system',
    setAt: new Date(`${FIRST_DAY}T00:00:00Z`),
    version: 0,
  });

/** A day of a clinic whose rules are asked for. */
export interface PolicyDay {
  readonly clinicId: string;
  readonly day: Day;
}

/** The rules in force on N days, in the order of the keys, with one statement. */
export async function policiesOn(tx: Tx, days: readonly PolicyDay[]): Promise<AdjustmentPolicy[]> {
  const found = await prepared<{ n: number }>(
    tx,
    `SELECT k.n, p.* FROM unnest($1::int[], $2::uuid[], $3::date[]) AS k (n, clinic_id, day)
     JOIN LATERAL (SELECT * FROM adjustment_policy t WHERE t.clinic_id = k.clinic_id AND t.effective_from <= k.day
                   ORDER BY t.effective_from DESC LIMIT 1) p ON true`,
    [days.map((_, n) => n), days.map(({ clinicId }) => clinicId), days.map(({ day }) => day)],
  );
  const set = new Map(found.map((row) => [row.n, row]));
  return days.map(({ clinicId }, n) => {
    const row = set.get(n);
    return (row && hydrate(tx, AdjustmentPolicy, [row])[0]) ?? defaultPolicy(clinicId);
  });
}

/** The rules in force on a day. */
export const policyOn = async (tx: Tx, clinicId: string, day: Day): Promise<AdjustmentPolicy> =>
  (await policiesOn(tx, [{ clinicId, day }]))[0] as AdjustmentPolicy;

export interface SetPolicy {
  readonly effectiveFrom: Day;
  readonly approvalRules?:
    | readonly {
        readonly category?: AdjustmentCategory | null | undefined;
        readonly role?: string | null | undefined;
        readonly threshold: Decimal;
      }[]
    | null
    | undefined;
  readonly cumulativeWindowDays?: number | null | undefined;
  readonly separationOfDuties?: boolean | null | undefined;
  readonly smallBalanceLimit?: Decimal | null | undefined;
  readonly minCollectionEfforts?: number | null | undefined;
  readonly maxBackdateDays?: number | null | undefined;
  readonly categories?: readonly CategoryEffect[] | null | undefined;
  readonly benchmarks?: readonly Benchmark[] | null | undefined;
  readonly watchMargin?: Decimal | null | undefined;
  readonly expectedVersion?: number | null | undefined;
}

/** Members that the caller gave; null counts as left out, as everywhere. */
function given(input: SetPolicy): Partial<PolicyMembers> {
  const members = {
    approvalRules: input.approvalRules?.map(({ category, role, threshold }) => ({
      category: category ?? null,
      role: role ?? null,
      threshold,
    })),
    cumulativeWindowDays: input.cumulativeWindowDays,
    separationOfDuties: input.separationOfDuties,
    smallBalanceLimit: input.smallBalanceLimit,
    minCollectionEfforts: input.minCollectionEfforts,
    maxBackdateDays: input.maxBackdateDays,
    categories: input.categories?.map(({ category, affectsNetProduction }) => ({ category, affectsNetProduction })),
    benchmarks: input.benchmarks?.map(({ rate, benchmark }) => ({ rate, benchmark })),
    watchMargin: input.watchMargin,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}

const SAVE = `
INSERT INTO adjustment_policy (clinic_id, effective_from, approval_rules, cumulative_window_days, separation_of_duties,
  small_balance_limit, min_collection_efforts, max_backdate_days, categories, benchmarks, watch_margin, set_by, set_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (clinic_id, effective_from) DO UPDATE SET approval_rules = excluded.approval_rules,
  cumulative_window_days = excluded.cumulative_window_days, separation_of_duties = excluded.separation_of_duties,
  small_balance_limit = excluded.small_balance_limit, min_collection_efforts = excluded.min_collection_efforts,
  max_backdate_days = excluded.max_backdate_days, categories = excluded.categories, benchmarks = excluded.benchmarks,
  watch_margin = excluded.watch_margin, set_by = excluded.set_by, set_at = excluded.set_at, version = excluded.version`;

/**
 * Sets rules from a day on, over those in force on that day; answers the day. Rules that begin on the same day are
 * replaced only by a caller who names their version, else they are a DUPLICATE. They do not begin in a closed month. Entries
 * keep what was decided of them.
 */
export async function setPolicy(tx: Tx, clinicId: string, input: SetPolicy): Promise<{ effectiveFrom: Day }> {
  const { effectiveFrom } = input;
  await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const members = given(input);
  const problems = policyProblems(members);
  if (problems.length > 0)
    throw new Refused(problems.map((problem) => ({ ...problem, path: ['input', ...problem.path] })));
  await requireOpenMonths(tx, clinicId, [effectiveFrom], ['input', 'effectiveFrom']);

  // Settings of one clinic come one after the other, so that the version counts them.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('adjustment policy:' || $1::text, 0))`, [clinicId]);
  const base = await policyOn(tx, clinicId, effectiveFrom);
  const expected = input.expectedVersion ?? null;
  if (expected === null && base.version > 0 && base.effectiveFrom === effectiveFrom)
    throw refuse('DUPLICATE', codes.DUPLICATE, ['input', 'effectiveFrom']);
  if (expected !== null && expected !== base.version)
    throw refuse('STALE_VERSION', `The rules of that day are at version ${String(base.version)}; read them again.`, [
      'input',
      'expectedVersion',
    ]);
  const [last] = await rows<{ version: number }>(
    tx,
    'SELECT coalesce(max(version), 0) AS version FROM adjustment_policy WHERE clinic_id = $1',
    [clinicId],
  );
  const policy: PolicyMembers = Object.assign(base, members);
  await rows(tx, SAVE, [
    clinicId,
    effectiveFrom,
    JSON.stringify(policy.approvalRules),
    policy.cumulativeWindowDays,
    policy.separationOfDuties,
    policy.smallBalanceLimit,
    policy.minCollectionEfforts,
    policy.maxBackdateDays,
    JSON.stringify(policy.categories),
    JSON.stringify(policy.benchmarks),
    policy.watchMargin,
    tx.session.viewer.subject,
    tx.session.at,
    (last?.version ?? 0) + 1,
  ]);
  await audit(tx, clinicId, {
    action: 'adjustment_policy.set',
    entityType: 'AdjustmentPolicy',
    note: `from ${effectiveFrom}: ${Object.keys(members).join(', ') || 'nothing new'}`,
  });
  return { effectiveFrom };
}
