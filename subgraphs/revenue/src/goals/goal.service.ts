import {
  audit,
  Decimal,
  expectVersion,
  findByKey,
  hydrate,
  newId,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { splitEvenly } from '@practice-graph/practice';
import { Provider } from '../clinics/provider.entity';
import { lockName, requireWithin } from '../clinics/saving.service';
import { requireProduction } from '../production/production-lines.service';
import { refuse } from '../refusals';
import type { ProviderGoalSetInput } from './goal.inputs';
import { monthsOfYear } from './goal-progress.rules';
import type { GoalMetric } from './goal.types';
import { ProviderGoal } from './provider-goal.entity';

const MONTH = /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/;

/** The months that an input sets, with the target of each: one month, or a year spread over its months to the cent. */
function targetsOf(
  input: ProviderGoalSetInput,
  metric: GoalMetric,
  startMonth: number,
): { month: string; target: Decimal }[] {
  const { month, year, target } = input;
  const decimals = metric === 'STARTS' ? 0 : 2;
  if (target.isNegative()) throw refuse('BAD_AMOUNT', 'A goal is zero or more.', ['input', 'target']);
  if (target.decimalPlaces() > decimals)
    throw refuse('BAD_AMOUNT', decimals === 0 ? 'Starts are whole.' : 'A goal has at most two decimals.', [
      'input',
      'target',
    ]);
  if ((month == null) === (year == null)) throw refuse('INVALID', 'Give either a month or a year.', ['input']);
  if (month != null) {
    if (!MONTH.test(month)) throw refuse('INVALID', 'A month is written YYYY-MM.', ['input', 'month']);
    return [{ month, target }];
  }
  if (year == null || year < 1900 || year > 2199)
    throw refuse('INVALID', 'A year lies between 1900 and 2199.', ['input', 'year']);
  const parts = splitEvenly(target, 12, decimals);
  return monthsOfYear(year, startMonth).map((each, n) => ({ month: each, target: parts[n] ?? new Decimal(0) }));
}

const SET = `
WITH set AS (
  INSERT INTO provider_goal AS g (clinic_id, id, provider_id, month, metric, target, set_by, set_at, version)
  SELECT $1::uuid, i.id, $2::uuid, i.month, $3, i.target, $7, $8, 1 FROM unnest($4::uuid[], $5::text[], $6::numeric[]) AS i (id, month, target)
  ORDER BY i.month
  ON CONFLICT (clinic_id, provider_id, month, metric) DO UPDATE
    SET target = excluded.target, set_by = excluded.set_by, set_at = excluded.set_at, version = g.version + 1
  RETURNING *
), kept AS (
  INSERT INTO provider_goal_version (clinic_id, goal_id, version, target, set_by, set_at)
  SELECT clinic_id, id, version, target, set_by, set_at FROM set
)
SELECT * FROM set ORDER BY month`;

/** Sets a provider's goal; the value before stays in the history (REV-16, REV-79). Answers the goal of the first month. */
export async function setGoal(tx: Tx, key: RecordKey, input: ProviderGoalSetInput): Promise<{ id: string }> {
  const { clinicId, id: providerId } = key;
  const clinic = await requireProduction(tx, clinicId);
  requireWithin(tx, 'providers', providerId, ['providerId']);
  if (!(await findByKey(tx, Provider, key)))
    throw refuse('NOT_FOUND', 'The provider does not exist or is outside your reach.', ['providerId']);
  const metric = input.metric ?? 'NET';
  const targets = targetsOf(input, metric, clinic.fiscalYearStartMonth);
  await lockName(tx, clinicId, `goals:${providerId}`);
  const months = targets.map(({ month }) => month);
  const before = hydrate(
    tx,
    ProviderGoal,
    await rows(
      tx,
      'SELECT * FROM provider_goal WHERE clinic_id = $1 AND provider_id = $2 AND metric = $3 AND month = ANY ($4::text[])',
      [clinicId, providerId, metric, months],
    ),
  );
  const goalBefore = (month: string | undefined) => before.find((goal) => goal.month === month);
  expectVersion(goalBefore(months[0])?.version ?? 0, input.expectedVersion);
  const goals = hydrate(
    tx,
    ProviderGoal,
    await rows(tx, SET, [
      clinicId,
      providerId,
      metric,
      targets.map(() => newId()),
      months,
      targets.map(({ target }) => target),
      tx.session.viewer.subject,
      tx.session.at,
    ]),
  );
  await audit(
    tx,
    clinicId,
    goals.map((goal) => ({
      action: 'providerGoal.set',
      entityType: 'ProviderGoal',
      entityId: goal.id,
      fromState: goalBefore(goal.month)?.target.toFixed() ?? null,
      toState: goal.target.toFixed(),
    })),
  );
  const [first] = goals;
  if (!first) throw new Error('a goal was set and is not there');
  return { id: first.id };
}
