import { clinicIdOf, recordIdOf, Scopes, type Context } from '@practice-graph/kit';
import {
  businessDay,
  clinicCopies,
  locationCopies,
  PeriodInput,
  periodOf,
  scopeOfKey,
  scopeOfRecord,
  type SliceScope,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { Clinic, Location, Provider } from '../directory/directory.types';
import { supplyRatiosOf } from './supply-ratio.rules';
import { supplyMeasures } from './supply-measures.loader';
import { PerformanceRow, SupplyMeasures, SupplyRatios } from './supply-measures.types';

const measuresIn = (context: Context, scope: SliceScope | null) => scope && context.of(supplyMeasures).load(scope);

@Resolver(() => PerformanceRow)
export class PerformanceRowResolver {
  @Scopes(['appliance:read'])
  @FieldResolver(() => SupplyMeasures, {
    nullable: true,
    description: 'Use of appliance supplies of the row, at the unit cost of the day of use.',
  })
  supplies(@Root() row: PerformanceRow, @Ctx() context: Context) {
    return measuresIn(context, scopeOfKey(context.viewer, row));
  }

  @Directive('@requires(fields: "production { net starts usedChairHours }")')
  @Scopes(['appliance:read', 'finance:view_revenue'])
  @FieldResolver(() => SupplyRatios, {
    nullable: true,
    description: 'Supply cost against production. Null when production did not answer.',
  })
  async supplyRatios(@Root() row: PerformanceRow, @Ctx() context: Context) {
    const { production } = row;
    if (!production) return null;
    const measures = await measuresIn(context, scopeOfKey(context.viewer, row));
    return measures && supplyRatiosOf(measures.cost, production);
  }
}

/** Scope of a clinic, or of one of its locations or providers, over a period in its own zone (E-13). */
async function scopeOver(
  context: Context,
  place: { clinicId: string; locationId?: string; providerId?: string },
  period: PeriodInput,
): Promise<SliceScope | null> {
  const clinic = await context.of(clinicCopies).load(place.clinicId);
  if (!clinic) return null;
  const location = place.locationId
    ? await context.of(locationCopies).load({ clinicId: place.clinicId, id: place.locationId })
    : null;
  const today = businessDay(context.now, (location ?? clinic).timeZone);
  const range = periodOf(period, { today, fiscalYearStartMonth: clinic.fiscalYearStartMonth });
  return scopeOfRecord(context.viewer, place, range);
}

const SUPPLIES = { nullable: true, description: 'Use of appliance supplies of the scope.' };
const PERIOD = { description: 'Days to report on.' };

@Resolver(() => Clinic)
export class ClinicResolver {
  @Scopes(['appliance:read'])
  @FieldResolver(() => SupplyMeasures, SUPPLIES)
  async supplies(
    @Root() clinic: Clinic,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicIdOf(clinic.id);
    return clinicId === undefined ? null : measuresIn(context, await scopeOver(context, { clinicId }, period));
  }
}

@Resolver(() => Location)
export class LocationResolver {
  @Scopes(['appliance:read'])
  @FieldResolver(() => SupplyMeasures, SUPPLIES)
  async supplies(
    @Root() location: Location,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ) {
    const key = recordIdOf(location.id);
    return key && measuresIn(context, await scopeOver(context, { ...key, locationId: key.id }, period));
  }
}

@Resolver(() => Provider)
export class ProviderResolver {
  @Scopes(['appliance:read'])
  @FieldResolver(() => SupplyMeasures, SUPPLIES)
  async supplies(
    @Root() provider: Provider,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ) {
    const key = recordIdOf(provider.id);
    return key && measuresIn(context, await scopeOver(context, { ...key, providerId: key.id }, period));
  }
}
