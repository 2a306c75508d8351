import { hydrate, prepared, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import type { GoalMetric } from './goal.types';
import { ProviderGoal, ProviderGoalVersion } from './provider-goal.entity';

/** Which goals of a clinic are wanted; null for any. */
export interface GoalSelection {
  readonly clinicId: string;
  readonly months: readonly string[];
  readonly metric: GoalMetric | null;
  readonly providerIds: readonly string[] | null;
}

/**
 * Goals of a clinic. With an instant, as they stood then: the value that was in force, and no goal that was set later.
 */
export async function goalsOf(tx: Tx, of: GoalSelection, before: Date | null): Promise<ProviderGoal[]> {
  const found = await rows(
    tx,
    `SELECT g.clinic_id, g.id, g.provider_id, g.month, g.metric, v.target, v.set_by, v.set_at, v.version
     FROM provider_goal g CROSS JOIN LATERAL (
       SELECT v.* FROM provider_goal_version v WHERE v.clinic_id = g.clinic_id AND v.goal_id = g.id
         AND ($5::timestamptz IS NULL OR v.set_at < $5) ORDER BY v.version DESC LIMIT 1
     ) v
     WHERE g.clinic_id = $1 AND g.month = ANY ($2::text[]) AND ($3::text IS NULL OR g.metric = $3)
       AND ($4::uuid[] IS NULL OR g.provider_id = ANY ($4))
     ORDER BY g.month, g.metric, g.provider_id`,
    [of.clinicId, of.months, of.metric, of.providerIds, before],
  );
  return hydrate(tx, ProviderGoal, found);
}

/** Every value that N goals had, newest first, with one statement. */
export async function versionsOf(tx: Tx, goals: readonly RecordKey[]): Promise<ProviderGoalVersion[][]> {
  const found = await prepared(
    tx,
    `SELECT v.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
     JOIN provider_goal_version v ON v.clinic_id = k.clinic_id AND v.goal_id = k.id ORDER BY v.version DESC`,
    [goals.map((goal) => goal.clinicId), goals.map((goal) => goal.id)],
  );
  const versions = hydrate(tx, ProviderGoalVersion, found);
  return goals.map((goal) => versions.filter((v) => v.clinicId === goal.clinicId && v.goalId === goal.id));
}

/** First and last day on which N providers earned anything; null for one who never did. */
export async function firstAndLastDays(
  tx: Tx,
  providers: readonly RecordKey[],
): Promise<({ readonly first: Day; readonly last: Day } | null)[]> {
  const found = await prepared<{ n: string; first: Day | null; last: Day | null }>(
    tx,
    `SELECT k.n, x.first, x.last FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS k (clinic_id, id, n)
     CROSS JOIN LATERAL (
       SELECT min(e.production_date) AS first, max(e.production_date) AS last FROM production_entry e
       WHERE e.clinic_id = k.clinic_id AND e.provider_id = k.id AND e.status NOT IN ('PENDING', 'VOIDED')
     ) x`,
    [providers.map((provider) => provider.clinicId), providers.map((provider) => provider.id)],
  );
  return providers.map((_, n) => {
    const row = found.find((each) => Number(each.n) === n + 1);
    return row?.first && row.last ? { first: row.first, last: row.last } : null;
  });
}
