import { PagedList, Scopes, type Context } from '@practice-graph/kit';
import {
  clinicCopies,
  isWithin,
  PeriodInput,
  scopeOfRecord,
  StockPosition,
  stockPositionsOf,
} from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { periodAt } from '../directory/period.loader';
import { Clinic, Location, Patient, Provider } from '../directory/references.types';
import { usagesOf } from '../treatments/lot-usage.loader';
import { lotUsageConnection } from '../treatments/lot-usage.types';
import { measuresOf } from './spa-measures.loader';
import { SpaMeasures } from './spa-measures.types';

const stockPositions = stockPositionsOf({ stock: 'lot_stock', lots: 'inventory_lot' });

const { Connection: LotUsageConnection } = lotUsageConnection;
type LotUsageConnection = InstanceType<typeof LotUsageConnection>;

@Resolver(() => Clinic)
export class ClinicResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => SpaMeasures, { description: 'Use and waste of spa products of the scope.', nullable: true })
  async spa(
    @Root() clinic: Clinic,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<SpaMeasures | null> {
    const days = await periodAt(context, clinic, period);
    return days && measuresOf(context, scopeOfRecord(context.viewer, { clinicId: clinic.clinicId }, days));
  }

  @Scopes(['inventory:read'])
  @FieldResolver(() => StockPosition, { description: 'Value of all products in stock.', nullable: true })
  async inventoryPosition(@Root() clinic: Clinic, @Ctx() context: Context): Promise<StockPosition | null> {
    return positionOf(context, clinic.clinicId, context.viewer.restrictions['locations'] ?? null);
  }
}

@Resolver(() => Location)
export class LocationResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => SpaMeasures, { description: 'Use and waste of spa products of the scope.', nullable: true })
  async spa(
    @Root() location: Location,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<SpaMeasures | null> {
    const place = { clinicId: location.clinicId, locationId: location.rowId };
    const days = await periodAt(context, place, period);
    return days && measuresOf(context, scopeOfRecord(context.viewer, place, days));
  }

  @Scopes(['inventory:read'])
  @FieldResolver(() => StockPosition, { description: 'Value of the products in stock there.', nullable: true })
  async inventoryPosition(@Root() location: Location, @Ctx() context: Context): Promise<StockPosition | null> {
    return isWithin(context.viewer, 'locations', location.rowId)
      ? positionOf(context, location.clinicId, [location.rowId])
      : null;
  }
}

@Resolver(() => Provider)
export class ProviderResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => SpaMeasures, { description: 'Use and waste of spa products of the scope.', nullable: true })
  async spa(
    @Root() provider: Provider,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<SpaMeasures | null> {
    const days = await periodAt(context, provider, period);
    return (
      days &&
      measuresOf(
        context,
        scopeOfRecord(context.viewer, { clinicId: provider.clinicId, providerId: provider.rowId }, days),
      )
    );
  }
}

@Resolver(() => Patient)
export class PatientResolver {
  @Scopes(['inventory:read', 'patient:read'])
  @PagedList()
  @FieldResolver(() => LotUsageConnection, { description: 'What the patient received, newest first.', nullable: true })
  async lotUsages(
    @Root() patient: Patient,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<LotUsageConnection | null> {
    return context.of(usagesOf).load({
      clinicId: patient.clinicId,
      id: patient.rowId,
      of: 'patient_id',
      first,
      after,
    }) as Promise<LotUsageConnection>;
  }
}

async function positionOf(
  context: Context,
  clinicId: string,
  locationIds: readonly string[] | null,
): Promise<StockPosition | null> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  return clinic && { currency: clinic.currency, ...(await context.of(stockPositions).load({ clinicId, locationIds })) };
}
