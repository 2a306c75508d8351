import { recordIdText, type Context, type RecordKey } from '@practice-graph/kit';
import { Ctx, Directive, FieldResolver, ID, Query, Resolver } from 'type-graphql';
import { Clinic } from './clinic.entity';
import { ClinicResolver } from './clinic.resolver';
import { locationsOfClinic, providersOfClinic } from './directory.loader';
import { ViewerCard } from './viewer.types';

/** Opaque ids of what the viewer is narrowed to, as far as it is known; null when not narrowed. */
async function narrowedTo(
  context: Context,
  kind: 'locations' | 'providers',
  ofClinic: (clinicId: string) => Promise<readonly RecordKey[]>,
): Promise<string[] | null> {
  const only = context.viewer.restrictions[kind];
  if (only === undefined) return null;
  const found = await Promise.all(context.viewer.clinicIds.map((id) => ofClinic(id)));
  return found
    .flat()
    .filter((record) => only.includes(record.id))
    .map((record) => recordIdText(record.clinicId, record.id));
}

@Resolver(() => ViewerCard)
export class ViewerResolver {
  @Query(() => ViewerCard, {
    nullable: true,
    description: 'The caller as the graph sees it; needs no permission.',
  })
  viewer(@Ctx() { viewer }: Context): ViewerCard {
    return {
      subject: viewer.subject,
      role: viewer.role,
      scopes: [...viewer.scopes],
      isAggregateOnly: viewer.aggregateOnly,
    };
  }

  @Directive('@listSize(assumedSize: 20)')
  @FieldResolver(() => [Clinic], { description: 'Clinics within reach.' })
  clinics(@Ctx() context: Context): Promise<Clinic[]> {
    return new ClinicResolver().clinics(context);
  }

  @FieldResolver(() => [ID], {
    nullable: true,
    description: 'Locations that answers are narrowed to; null when not narrowed.',
  })
  locationIds(@Ctx() context: Context): Promise<string[] | null> {
    return narrowedTo(context, 'locations', (id) => context.of(locationsOfClinic).load(id));
  }

  @FieldResolver(() => [ID], {
    nullable: true,
    description: 'Providers that answers are narrowed to; null when not narrowed.',
  })
  providerIds(@Ctx() context: Context): Promise<string[] | null> {
    return narrowedTo(context, 'providers', (id) => context.of(providersOfClinic).load(id));
  }
}
