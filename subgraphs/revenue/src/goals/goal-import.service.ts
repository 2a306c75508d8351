import { audit, prepared, type Decimal, type Tx } from '@practice-graph/kit';
import type { GoalMetric } from './goal.types';

/** A goal as it comes from elsewhere, under its own uuid, with every value that it had, oldest first. */
export interface ImportedGoal {
  readonly id: string;
  readonly providerId: string;
  /** YYYY-MM. */
  readonly month: string;
  readonly metric: GoalMetric;
  readonly values: readonly { readonly target: Decimal; readonly setBy: string; readonly setAt: Date }[];
}

const IMPORT = `
WITH value AS (
  SELECT i.*, row_number() OVER (PARTITION BY i.id ORDER BY i.n) AS version, row_number() OVER (PARTITION BY i.id ORDER BY i.n DESC) AS age
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::timestamptz[]) WITH ORDINALITY
       AS i (id, provider_id, month, metric, target, set_by, set_at, n)
), goal AS (
  INSERT INTO provider_goal (clinic_id, id, provider_id, month, metric, target, set_by, set_at, version)
  SELECT $1::uuid, id, provider_id, month, metric, target, set_by, set_at, version FROM value WHERE age = 1
)
INSERT INTO provider_goal_version (clinic_id, goal_id, version, target, set_by, set_at)
SELECT $1::uuid, id, version, target, set_by, set_at FROM value`;

/** Imports goals of one clinic with one statement; answers how many. */
export async function importGoals(tx: Tx, clinicId: string, goals: readonly ImportedGoal[]): Promise<number> {
  const values = goals.flatMap((goal) => goal.values.map((value) => ({ ...goal, ...value })));
  await prepared(tx, IMPORT, [
    clinicId,
    values.map((value) => value.id),
    values.map((value) => value.providerId),
    values.map((value) => value.month),
    values.map((value) => value.metric),
    values.map((value) => value.target),
    values.map((value) => value.setBy),
    values.map((value) => value.setAt),
  ]);
  await audit(tx, clinicId, { action: 'providerGoal.import', entityType: 'ProviderGoal', rowCount: goals.length });
  return goals.length;
}
