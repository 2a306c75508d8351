import type { Context } from '@practice-graph/kit';
import { endOfMonth, idsOfFilter, startOfMonth, type DayRange, type ResolvedPeriod } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ProductionBreakdownRow, ProductionReport } from '../reports/production-report.types';
import { touchedMonths, type GoalProgressValue } from './goal-progress.rules';
import { goalsOfMonths, progressInRange } from './goal-progress.loader';
import { GoalMetric, GoalProgress } from './goal.types';

/**
 * Progress over the goals of the providers of a report in a range of it. A goal is of all production of a provider, so a
 * report that is narrowed by anything but providers has none.
 */
async function goalOf(
  context: Context,
  { clinicId, filter, resolved }: ProductionReport,
  range: DayRange,
  metric: GoalMetric,
  providerIds: readonly string[] | null,
): Promise<GoalProgressValue | null> {
  const { providerIds: _, includePending: _pending, attribution, ...others } = filter;
  const isNarrowed = attribution === 'SPLIT' || Object.values(others).some((member) => member != null);
  if (isNarrowed || context.viewer.restrictions['locations']) return null;
  const goals = await context
    .of(goalsOfMonths)
    .load({ clinicId, months: touchedMonths(resolved), metric, providerIds: null, before: null });
  return progressInRange(
    context,
    { clinicId, range, isOfMonths: isOfMonths(range, resolved) },
    goals.filter((goal) => providerIds?.includes(goal.providerId) ?? true),
  );
}

/** True for a range of whole months, the last of which may be cut where the report is. */
const isOfMonths = (range: DayRange, { step, to }: ResolvedPeriod): boolean =>
  step.unit === 'MONTHS' &&
  range.from === startOfMonth(range.from) &&
  (range.to === to || range.to === endOfMonth(range.to));

@Resolver(() => ProductionReport)
export class GoalOfReportResolver {
  @FieldResolver(() => GoalProgress, {
    nullable: true,
    description: 'Sum of the goals of the providers in scope with progress; null without goals.',
  })
  goal(
    @Root() report: ProductionReport,
    @Arg('metric', () => GoalMetric, {
      nullable: true,
      defaultValue: 'NET',
      description: 'Measure the goals are set on.',
    })
    metric: GoalMetric | null,
    @Ctx() context: Context,
  ): Promise<GoalProgress | null> {
    const providers = idsOfFilter(context.viewer, report.clinicId, 'providers', report.filter.providerIds);
    return goalOf(context, report, report.resolved, metric ?? 'NET', providers);
  }
}

@Resolver(() => ProductionBreakdownRow)
export class GoalOfBreakdownRowResolver {
  @FieldResolver(() => GoalProgress, {
    nullable: true,
    description: 'Goal with progress on rows of providers; null otherwise.',
  })
  goal(@Root() row: ProductionBreakdownRow, @Ctx() context: Context): Promise<GoalProgress | null> | null {
    const { report, isOfProvider, provider, isSuppressed, period } = row;
    if (!isOfProvider || !provider || isSuppressed) return null;
    return goalOf(context, report, period, 'NET', [provider.id]);
  }
}
