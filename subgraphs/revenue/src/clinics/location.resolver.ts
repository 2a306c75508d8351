import { Change, change, clinicOfInput, DateScalar, IdArg, loadById, Scopes, type Context } from '@practice-graph/kit';
import { PeriodInput, scopeOfRecord, type Day } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ProductionMeasures } from '../production/production-measures.types';
import { loadProduction } from '../production/production.loader';
import { periodAt } from './calendar.loader';
import { Clinic } from './clinic.entity';
import { LocationInput } from './clinic.inputs';
import { LocationPayload } from './clinic.types';
import { clinicLoader, locationLoader } from './directory.loader';
import { Location } from './location.entity';
import { saveLocation } from './location.service';

@Resolver(() => Location)
export class LocationResolver {
  @Query(() => Location, {
    nullable: true,
    description: "One location; null when it does not exist or is outside the caller's reach.",
  })
  location(@IdArg() id: string, @Ctx() context: Context): Promise<Location | null> {
    return loadById(context, locationLoader, id);
  }

  @FieldResolver(() => Clinic, { description: 'Clinic whose books it is in.' })
  clinic(@Root() location: Location, @Ctx() context: Context): Promise<Clinic | null> {
    return context.of(clinicLoader).load({ clinicId: location.clinicId, id: location.clinicId });
  }

  @Directive('@listSize(assumedSize: 20)')
  @FieldResolver(() => [DateScalar], { description: 'Days on which it is closed against its weekly pattern.' })
  async closedDates(
    @Root() location: Location,
    @Arg('period', () => PeriodInput, { description: 'Days asked for.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<Day[]> {
    const { from, to } = await periodAt(context, location, period);
    return location.closedDates.filter((day) => day >= from && day <= to);
  }

  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  async production(
    @Root() location: Location,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<ProductionMeasures | null> {
    const days = await periodAt(context, location, period);
    const { clinicId, id } = location;
    return loadProduction(context, scopeOfRecord(context.viewer, { clinicId, locationId: id }, days));
  }

  @Scopes(['directory:write'])
  @Change(() => LocationPayload, { description: 'Creates or changes a location.' })
  async locationSave(
    @Arg('input', () => LocationInput, { description: 'Data of the change.' }) input: LocationInput,
    @Ctx() context: Context,
  ): Promise<LocationPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'locationSave', input }, (tx) =>
      saveLocation(tx, clinicId, input),
    );
    return { location: await context.of(locationLoader).load({ clinicId, id }), userErrors: [] };
  }
}
