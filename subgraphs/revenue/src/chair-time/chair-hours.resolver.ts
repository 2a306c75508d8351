import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  connectionOf,
  FirstArg,
  PagedList,
  reachable,
  reachableClinic,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { PeriodInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { periodAt } from '../clinics/calendar.loader';
import { clinicLoader, locationLoader, providerLoader } from '../clinics/directory.loader';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { listChairHours } from './chair-hours-list.service';
import { ChairHours } from './chair-hours.entity';
import { ChairHoursRecordInput } from './chair-hours.inputs';
import { recordChairHours } from './chair-hours.service';
import { ChairHoursPayload } from './chair-hours.types';
import { chairHoursLoader } from './chair-time.loader';

export const { Connection: ChairHoursConnection, ConnectionResolver: ChairHoursConnectionResolver } = connectionOf(
  () => ChairHours,
  'ChairHours',
  'records of chair time',
  'records of chair time',
);
type ChairHoursConnection = InstanceType<typeof ChairHoursConnection>;

@Resolver(() => ChairHours)
export class ChairHoursResolver {
  @Scopes(['finance:view_revenue'])
  @PagedList()
  @Query(() => ChairHoursConnection, { nullable: true, description: 'Available and used time of chairs.' })
  async chairHours(
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('locationIds', () => [ID], { nullable: true, description: 'Locations to include.' })
    locationIds: string[] | null,
    @Arg('providerIds', () => [ID], { nullable: true, description: 'Providers to include.' })
    providerIds: string[] | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<ChairHoursConnection | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined || !(await context.of(clinicLoader).load({ clinicId, id: clinicId }))) return null;
    const range = await periodAt(context, { clinicId }, period);
    const page = await listChairHours(
      await context.read(),
      clinicId,
      range,
      { locationIds: locationIds ?? null, providerIds: providerIds ?? null },
      { first, after },
    );
    return page as ChairHoursConnection;
  }

  @FieldResolver(() => Location, { description: 'Where the chair stands.' })
  location(@Root() { clinicId, locationId }: ChairHours, @Ctx() context: Context): Promise<Location | null> {
    return context.of(locationLoader).load({ clinicId, id: locationId });
  }

  @FieldResolver(() => Provider, { nullable: true, description: 'Provider who worked at it; null when shared.' })
  provider(@Root() { clinicId, providerId }: ChairHours, @Ctx() context: Context): Promise<Provider | null> | null {
    return providerId === null ? null : context.of(providerLoader).load({ clinicId, id: providerId });
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ChairHoursPayload, {
    description:
      'Records available and used blocks of a chair on a day; overlapping blocks are merged before minutes are counted.',
  })
  async chairHoursRecord(
    @Arg('input', () => ChairHoursRecordInput, { description: 'Data of the change.' }) input: ChairHoursRecordInput,
    @Ctx() context: Context,
  ): Promise<ChairHoursPayload> {
    const key = reachable(context.viewer, input.locationId);
    if (!key)
      throw refuseKit('NOT_FOUND', 'The location does not exist or is outside your reach.', ['input', 'locationId']);
    const { clinicId } = key;
    const { id } = await change(context, { clinicId, mutation: 'chairHoursRecord', input }, (tx) =>
      recordChairHours(tx, key, input),
    );
    return { chairHours: await context.of(chairHoursLoader).load({ clinicId, id }), userErrors: [] };
  }
}
