import {
  Change,
  change,
  findByKey,
  forbidden,
  IdArg,
  reachableClinic,
  refuseKit,
  Scopes,
  stableId,
  transactFor,
  type Context,
  type Viewer,
} from '@practice-graph/kit';
import { PeriodInput, scopeOfRecord } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ProductionMeasures } from '../production/production-measures.types';
import { loadProduction } from '../production/production.loader';
import { periodAt } from './calendar.loader';
import { Clinic } from './clinic.entity';
import { ClinicInput } from './clinic.inputs';
import { changeClinic, createClinic } from './clinic.service';
import { ClinicPayload } from './clinic.types';
import { clinicLoader, locationsOfClinic, providersOfClinic } from './directory.loader';
import { Location } from './location.entity';
import { Provider } from './provider.entity';

const requireScope = (viewer: Viewer, scope: string, what: string) => {
  if (!viewer.scopes.includes(scope)) throw forbidden(`${what} needs the permission ${scope}.`);
};

@Resolver(() => Clinic)
export class ClinicResolver {
  @Directive('@listSize(assumedSize: 20)')
  @Query(() => [Clinic], { nullable: true, description: 'Clinics that the caller may see.' })
  async clinics(@Ctx() context: Context): Promise<Clinic[]> {
    const keys = context.viewer.clinicIds.map((id) => ({ clinicId: id, id }));
    const found = await Promise.all(keys.map((key) => context.of(clinicLoader).load(key)));
    return found.filter((clinic) => clinic !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  @Query(() => Clinic, {
    nullable: true,
    description: "One clinic; null when it does not exist or is outside the caller's reach.",
  })
  async clinic(@IdArg() id: string, @Ctx() context: Context): Promise<Clinic | null> {
    const clinicId = reachableClinic(context.viewer, id);
    return clinicId === undefined ? null : context.of(clinicLoader).load({ clinicId, id: clinicId });
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [Location], { description: 'Places of the clinic.' })
  locations(@Root() clinic: Clinic, @Ctx() context: Context): Promise<Location[]> {
    return context.of(locationsOfClinic).load(clinic.clinicId);
  }

  @Directive('@listSize(assumedSize: 30)')
  @FieldResolver(() => [Provider], { description: 'People who treat patients there.' })
  async providers(
    @Root() clinic: Clinic,
    @Arg('activeOnly', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'False also lists those who left.',
    })
    activeOnly: boolean | null,
    @Ctx() context: Context,
  ): Promise<Provider[]> {
    const all = await context.of(providersOfClinic).load(clinic.clinicId);
    return activeOnly === false ? all : all.filter((provider) => provider.active);
  }

  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  async production(
    @Root() clinic: Clinic,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<ProductionMeasures | null> {
    const days = await periodAt(context, { clinicId: clinic.clinicId }, period);
    return loadProduction(context, scopeOfRecord(context.viewer, { clinicId: clinic.clinicId }, days));
  }

  @Scopes(['platform:admin'], ['directory:write'])
  @Change(() => ClinicPayload, {
    description: 'Creates a clinic, which needs platform:admin, or changes one, which needs directory:write.',
  })
  async clinicSave(
    @Arg('input', () => ClinicInput, { description: 'Data of the change.' }) input: ClinicInput,
    @Ctx() context: Context,
  ): Promise<ClinicPayload> {
    if (input.id == null) return this.create(input, context);
    requireScope(context.viewer, 'directory:write', 'Changing a clinic');
    const clinicId = reachableClinic(context.viewer, input.id);
    if (clinicId === undefined)
      throw refuseKit('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'id']);
    await change(context, { clinicId, mutation: 'clinicSave', input }, (tx) => changeClinic(tx, clinicId, input));
    return { clinic: await context.of(clinicLoader).load({ clinicId, id: clinicId }), userErrors: [] };
  }

  /** The server makes the id, the same one when the same caller sends the same key again, and writes under it. */
  private async create(input: ClinicInput, context: Context): Promise<ClinicPayload> {
    requireScope(context.viewer, 'platform:admin', 'Creating a clinic');
    const clinicId = stableId(`clinic:${context.viewer.subject}:${input.idempotencyKey}`);
    const viewer = { ...context.viewer, clinicIds: [...new Set([...context.viewer.clinicIds, clinicId])] };
    await change(context, { clinicId, mutation: 'clinicSave', input, viewer }, (tx) =>
      createClinic(tx, clinicId, input),
    );
    // Who creates a clinic is not thereby within its reach, so the loaders of the request do not see it.
    const clinic = await transactFor(context.database, viewer, [clinicId], (tx) =>
      findByKey(tx, Clinic, { clinicId, id: clinicId }),
    );
    return { clinic, userErrors: [] };
  }
}
