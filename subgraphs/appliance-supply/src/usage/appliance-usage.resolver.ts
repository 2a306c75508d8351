import { AfterArg, ClinicArg, CurrencyCode, FirstArg, PagedList, Scopes, type Context } from '@practice-graph/kit';
import { PeriodInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  clinicOfList,
  currencyOf,
  refuseAggregateOnly,
  refuseWithoutPatients,
  resolvedPeriod,
} from '../directory/directory.loader';
import {
  Clinic,
  clinicStub,
  Location,
  locationStub,
  Patient,
  patientStub,
  planStub,
  Provider,
  providerStub,
  TreatmentPlan,
} from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { SupplyLot } from '../lots/supply-lot.entity';
import { supplyLots } from '../lots/supply-lot.loader';
import { ApplianceRecord } from '../placements/appliance-record.entity';
import { applianceRecords } from '../placements/appliance-record.loader';
import { ApplianceUsage } from './appliance-usage.entity';
import { SupplyUsageFilter } from './appliance-usage.inputs';
import { applianceUsages, readUsages, reversalsOf, usageConditions } from './appliance-usage.loader';
import { applianceUsagePages } from './appliance-usage.types';
import { noteUsageRead } from './usage-read.service';

@Resolver(() => ApplianceUsage)
export class ApplianceUsageResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => applianceUsagePages.Connection, {
    nullable: true,
    description: 'Single uses of supplies, newest first.',
  })
  async applianceUsages(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { nullable: true, description: 'Business days of use; null for all.' })
    period: PeriodInput | null | undefined,
    @Arg('filter', () => SupplyUsageFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyUsageFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    refuseAggregateOnly(context.viewer);
    refuseWithoutPatients(context.viewer, filter?.patientId);
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    const range = period ? await resolvedPeriod(context, clinic, period) : null;
    const conditions = usageConditions(context.viewer, clinic, range, filter);
    const page = await readUsages(await context.read(), conditions, { first, after });
    noteUsageRead(context, clinic, page.nodes, { period: range, filter: filter ?? null });
    return page;
  }

  @FieldResolver(() => Clinic, { nullable: true, description: 'Clinic whose stock went down.' })
  clinic(@Root() usage: ApplianceUsage) {
    return clinicStub(usage.clinicId);
  }

  @FieldResolver(() => ApplianceRecord, {
    nullable: true,
    description: 'Appliance it was used for; null when only its kind is known.',
  })
  appliance(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    const { clinicId, applianceId } = usage;
    return applianceId && context.of(applianceRecords).load({ clinicId, id: applianceId });
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient it was used on; null when outside the caller's reach.",
  })
  patient(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return patientStub(context.viewer, usage.clinicId, usage.patientId);
  }

  @FieldResolver(() => TreatmentPlan, { nullable: true, description: 'Case that bears the cost; null outside a case.' })
  treatmentPlan(@Root() usage: ApplianceUsage) {
    return planStub(usage.clinicId, usage.treatmentPlanId);
  }

  @FieldResolver(() => Provider, { nullable: true, description: 'Provider or assistant who used it.' })
  provider(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return providerStub(context.viewer, usage.clinicId, usage.providerId);
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where the stock was taken from.' })
  location(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return locationStub(context.viewer, usage.clinicId, usage.locationId);
  }

  @FieldResolver(() => SupplyItem, { description: 'Item used.' })
  item(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: usage.clinicId, id: usage.itemId });
  }

  @FieldResolver(() => SupplyLot, { nullable: true, description: 'Lot used; null for items without lots.' })
  async lot(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    const lot = await context.of(supplyLots).load({ clinicId: usage.clinicId, id: usage.lotId });
    return lot?.lotNumber === '' ? null : lot;
  }

  @FieldResolver(() => ApplianceUsage, { nullable: true, description: 'Use that this one undoes.' })
  reverses(@Root() { clinicId, reversesId }: ApplianceUsage, @Ctx() context: Context) {
    return reversesId && context.of(applianceUsages).load({ clinicId, id: reversesId });
  }

  @FieldResolver(() => ApplianceUsage, { nullable: true, description: 'Row that undid this one.' })
  reversedBy(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return context.of(reversalsOf).load(usage);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() usage: ApplianceUsage, @Ctx() context: Context) {
    return currencyOf(context, usage.clinicId);
  }
}
