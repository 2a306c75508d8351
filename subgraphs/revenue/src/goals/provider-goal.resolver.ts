import {
  Change,
  change,
  ClinicArg,
  CurrencyCode,
  DateScalar,
  reachable,
  reachableClinic,
  Refused,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { endOfBusinessDay, idsOfFilter, type Day } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { clinicLoader, providerLoader } from '../clinics/directory.loader';
import { Provider } from '../clinics/provider.entity';
import { ProviderGoalSetInput } from './goal.inputs';
import { fiscalYearOf, monthsOfYear } from './goal-progress.rules';
import { goalsOfMonths, progressOfGoal, progressOfGoals, versionsOfGoal } from './goal-progress.loader';
import { setGoal } from './goal.service';
import { GoalMetric, GoalProgress } from './goal.types';
import { ProviderGoalPayload, ProviderGoalYear } from './goal-year.types';
import { ProviderGoal, ProviderGoalVersion } from './provider-goal.entity';
import { providerGoalLoader } from './provider-goal.loader';

const MONTH = /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/;

/** Goals of some providers over a fiscal year, one row per provider and metric that has any. */
async function goalYears(
  context: Context,
  of: {
    clinicId: string;
    year: number;
    metric: GoalMetric | null;
    providerIds: readonly string[] | null;
    asOf: Day | null;
  },
): Promise<ProviderGoalYear[]> {
  const { clinicId, year, metric, providerIds, asOf } = of;
  const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
  if (!clinic) return [];
  const goals = await context.of(goalsOfMonths).load({
    ...{ clinicId, metric, providerIds, months: monthsOfYear(year, clinic.fiscalYearStartMonth) },
    before: asOf === null ? null : endOfBusinessDay(asOf, clinic.timeZone),
  });
  const years = new Map<string, ProviderGoalYear>();
  for (const goal of goals) {
    const key = `${goal.providerId}/${goal.metric}`;
    const known = years.get(key);
    const months = [...(known?.months ?? []), Object.assign(goal, { asOf })];
    years.set(
      key,
      Object.assign(known ?? new ProviderGoalYear(), {
        clinicId,
        year,
        asOf,
        providerId: goal.providerId,
        metric: goal.metric,
        months,
      }),
    );
  }
  return [...years.values()];
}

@Resolver(() => ProviderGoal)
export class ProviderGoalResolver {
  @Scopes(['finance:view_revenue'])
  @Directive('@listSize(assumedSize: 30)')
  @Query(() => [ProviderGoalYear], {
    nullable: true,
    description: 'Goals of providers for a year, with the months that make it up.',
  })
  async providerGoals(
    @ClinicArg() opaque: string,
    @Arg('year', () => Int, { description: 'Calendar year in which the fiscal year starts.' }) year: number,
    @Arg('metric', () => GoalMetric, { nullable: true, description: 'Measure the goal is set on; null for all.' })
    metric: GoalMetric | null,
    @Arg('providerIds', () => [ID], { nullable: true, description: 'Providers to include.' })
    providerIds: string[] | null,
    @Arg('asOf', () => DateScalar, {
      nullable: true,
      description: 'Show the goals as they stood on this day; null for today.',
    })
    asOf: Day | null,
    @Ctx() context: Context,
  ): Promise<ProviderGoalYear[] | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined || !(await context.of(clinicLoader).load({ clinicId, id: clinicId }))) return null;
    if (year < 1900 || year > 2199)
      throw new Refused({ code: 'INVALID', message: 'A year lies between 1900 and 2199.', path: ['year'] });
    const wanted = idsOfFilter(context.viewer, clinicId, 'providers', providerIds);
    const years = await goalYears(context, {
      ...{ clinicId, year, providerIds: wanted },
      ...{ metric: metric ?? null, asOf: asOf ?? null },
    });
    const named = await Promise.all(
      years.map(async (of) => ({
        of,
        name: (await context.of(providerLoader).load({ clinicId, id: of.providerId }))?.name ?? '',
      })),
    );
    return named
      .sort((a, b) => (a.name === b.name ? (a.of.metric < b.of.metric ? -1 : 1) : a.name < b.name ? -1 : 1))
      .map(({ of }) => of);
  }

  @FieldResolver(() => Provider, { description: 'Whose goal it is.' })
  provider(@Root() { clinicId, providerId }: ProviderGoal, @Ctx() context: Context): Promise<Provider | null> {
    return context.of(providerLoader).load({ clinicId, id: providerId });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the target; meaningless for STARTS.' })
  async currency(@Root() { clinicId }: ProviderGoal, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicLoader).load({ clinicId, id: clinicId }))?.currency;
  }

  @FieldResolver(() => GoalProgress, { description: 'Progress up to today or to the end of a past month.' })
  progress(
    @Root() goal: ProviderGoal,
    @Arg('prorate', () => Boolean, {
      nullable: true,
      defaultValue: false,
      description:
        'True scales the target to the days on which the provider worked there when joining or leaving mid-month.',
    })
    prorate: boolean | null,
    @Ctx() context: Context,
  ): Promise<GoalProgress> {
    return progressOfGoal(context, goal, prorate ?? false);
  }

  @FieldResolver(() => ProviderGoalYear, { description: 'The year that the month is part of.' })
  async annual(@Root() goal: ProviderGoal, @Ctx() context: Context): Promise<ProviderGoalYear | null> {
    const { clinicId, providerId, metric } = goal;
    const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
    const year = fiscalYearOf(goal.month, clinic?.fiscalYearStartMonth ?? 1);
    const years = await goalYears(context, {
      clinicId,
      year,
      metric,
      providerIds: [providerId],
      asOf: goal.asOf ?? null,
    });
    return years[0] ?? null;
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [ProviderGoalVersion], { description: 'Earlier values, newest first.' })
  async history(@Root() goal: ProviderGoal, @Ctx() context: Context): Promise<ProviderGoalVersion[]> {
    const versions = await context.of(versionsOfGoal).load(goal);
    return versions.filter(({ version }) => version < goal.version);
  }

  @Scopes(['finance:manage_expenses'])
  @Change(() => ProviderGoalPayload, {
    description:
      "Sets a provider's goal for a month, or for a year spread over its months. The old goal stays in the history.",
  })
  async providerGoalSet(
    @Arg('providerId', () => ID, {
      description:
        'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
    })
    providerId: string,
    @Arg('input', () => ProviderGoalSetInput, { description: 'Data of the change.' }) input: ProviderGoalSetInput,
    @Ctx() context: Context,
  ): Promise<ProviderGoalPayload> {
    const key = reachable(context.viewer, providerId);
    if (!key) throw refuseKit('NOT_FOUND', 'The provider does not exist or is outside your reach.', ['providerId']);
    const { clinicId } = key;
    const { id } = await change(context, { clinicId, mutation: 'providerGoalSet', input, also: { providerId } }, (tx) =>
      setGoal(tx, key, input),
    );
    return { providerGoal: await context.of(providerGoalLoader).load({ clinicId, id }), userErrors: [] };
  }
}

@Resolver(() => ProviderGoalYear)
export class ProviderGoalYearResolver {
  @FieldResolver(() => Provider, { description: 'Whose goals they are.' })
  provider(@Root() { clinicId, providerId }: ProviderGoalYear, @Ctx() context: Context): Promise<Provider | null> {
    return context.of(providerLoader).load({ clinicId, id: providerId });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() { clinicId }: ProviderGoalYear, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicLoader).load({ clinicId, id: clinicId }))?.currency;
  }

  @FieldResolver(() => GoalProgress, { description: 'Progress over the months that have a goal.' })
  progress(@Root() { clinicId, months }: ProviderGoalYear, @Ctx() context: Context): Promise<GoalProgress> {
    return progressOfGoals(context, clinicId, months);
  }
}

@Resolver(() => Provider)
export class GoalOfProviderResolver {
  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProviderGoal, {
    nullable: true,
    description: 'Goal of one month with progress; null when none was set.',
  })
  async goal(
    @Root() { clinicId, id }: Provider,
    @Arg('month', () => String, { description: 'Calendar month, YYYY-MM.' }) month: string,
    @Arg('metric', () => GoalMetric, {
      nullable: true,
      defaultValue: 'NET',
      description: 'Measure the goal is set on.',
    })
    metric: GoalMetric | null,
    @Ctx() context: Context,
  ): Promise<ProviderGoal | null> {
    if (!MONTH.test(month))
      throw new Refused({ code: 'INVALID', message: 'A month is written YYYY-MM.', path: ['month'] });
    const goals = await context
      .of(goalsOfMonths)
      .load({ clinicId, months: [month], metric: metric ?? 'NET', providerIds: null, before: null });
    return goals.find((goal) => goal.providerId === id) ?? null;
  }
}
