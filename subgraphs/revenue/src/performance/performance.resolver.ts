import { ClinicArg, CurrencyCode, Decimal, loadById, reachableClinic, Scopes, type Context } from '@practice-graph/kit';
import { Granularity, PeriodInput, scopeOfKey } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { periodAt } from '../clinics/calendar.loader';
import { Clinic } from '../clinics/clinic.entity';
import {
  clinicLoader,
  locationLoader,
  locationsOfClinic,
  providerLoader,
  providersOfClinic,
} from '../clinics/directory.loader';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { ProductionMeasures } from '../production/production-measures.types';
import { loadProduction } from '../production/production.loader';
import { PerformanceDimension, PerformanceFilter } from './performance.inputs';
import { performanceGrid } from './performance.service';
import { ContributionMeasures, PerformanceReport, PerformanceRow } from './performance.types';

const clinicOf = (context: Context, row: PerformanceRow): Promise<Clinic | null> => {
  const clinicId = reachableClinic(context.viewer, row.clinicId);
  return clinicId === undefined ? Promise.resolve(null) : context.of(clinicLoader).load({ clinicId, id: clinicId });
};

@Resolver(() => PerformanceRow)
export class PerformanceResolver {
  @Scopes(['finance:view_revenue'])
  @Directive('@cost(weight: 20)')
  @Query(() => PerformanceReport, {
    nullable: true,
    description:
      'The cross-domain scorecard: one row per location, provider and time bucket, dense (rows with no production are present),\nso that production, write-offs, appliance supplies and spa stock stand side by side. Each domain adds its measures to the row.\nAt most 2,000 rows; a larger grid is refused with TOO_MANY_ROWS.',
  })
  async performanceReport(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('groupBy', () => [PerformanceDimension], {
      nullable: true,
      defaultValue: ['LOCATION'],
      description: 'What each row stands for; empty gives one row per bucket for the whole clinic.',
    })
    groupBy: PerformanceDimension[] | null,
    @Arg('granularity', () => Granularity, {
      nullable: true,
      description: 'Length of the buckets; null gives one bucket for the whole period.',
    })
    granularity: Granularity | null,
    @Arg('filter', () => PerformanceFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: PerformanceFilter | null,
    @Ctx() context: Context,
  ): Promise<PerformanceReport | null> {
    const id = reachableClinic(context.viewer, clinicId);
    const clinic = id === undefined ? null : await context.of(clinicLoader).load({ clinicId: id, id });
    if (!clinic) return null;
    const [days, locations, providers] = await Promise.all([
      periodAt(context, { clinicId: clinic.clinicId }, period),
      context.of(locationsOfClinic).load(clinic.clinicId),
      context.of(providersOfClinic).load(clinic.clinicId),
    ]);
    const dimensions = groupBy ?? [];
    return performanceGrid(await context.read(), {
      clinic,
      locations,
      providers,
      period: days,
      byLocation: dimensions.includes('LOCATION'),
      byProvider: dimensions.includes('PROVIDER'),
      granularity: granularity ?? null,
      filter: filter ?? null,
    });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of all amounts of the row.' })
  async currency(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<string | undefined> {
    return (await clinicOf(context, row))?.currency;
  }

  @FieldResolver(() => Clinic, { description: 'Clinic of the row.' })
  clinic(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<Clinic | null> {
    return clinicOf(context, row);
  }

  @FieldResolver(() => Location, {
    nullable: true,
    description: 'Location of the row; null on the row `unassigned` and for all together.',
  })
  location(@Root() { locationId }: PerformanceRow, @Ctx() context: Context): Promise<Location | null> | null {
    return locationId === null ? null : loadById(context, locationLoader, locationId);
  }

  @FieldResolver(() => Provider, {
    nullable: true,
    description: 'Provider of the row; null on the row `unassigned` and for all together.',
  })
  provider(@Root() { providerId }: PerformanceRow, @Ctx() context: Context): Promise<Provider | null> | null {
    return providerId === null ? null : loadById(context, providerLoader, providerId);
  }

  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProductionMeasures, { nullable: true, description: 'Production of the row.' })
  production(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<ProductionMeasures | null> {
    return loadProduction(context, scopeOfKey(context.viewer, row));
  }

  @Directive('@requires(fields: "supplies { cost wasteCost } spa { usedCost wasteCost }")')
  @Scopes(['finance:view_revenue', 'appliance:read', 'inventory:read'])
  @FieldResolver(() => ContributionMeasures, {
    nullable: true,
    description:
      'What is left of net production after appliance supplies, spa product and waste, to pay people and rooms. Null when one of the domains did not answer.',
  })
  async contribution(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<ContributionMeasures | null> {
    const { supplies, spa } = row;
    if (!supplies || !spa) return null;
    const production = await loadProduction(context, scopeOfKey(context.viewer, row));
    if (!production) return null;
    const parts = [supplies.cost, supplies.wasteCost, spa.usedCost, spa.wasteCost];
    return new ContributionMeasures(production, Decimal.sum(...parts.map((part) => new Decimal(part))));
  }
}
