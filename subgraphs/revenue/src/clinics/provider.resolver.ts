import { Change, change, clinicOfInput, IdArg, loadById, Scopes, type Context } from '@practice-graph/kit';
import { PeriodInput, scopeOfRecord } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ProductionMeasures } from '../production/production-measures.types';
import { loadProduction } from '../production/production.loader';
import { periodAt } from './calendar.loader';
import { Clinic } from './clinic.entity';
import { ProviderInput } from './clinic.inputs';
import { ProviderPayload } from './clinic.types';
import { clinicLoader, providerLoader } from './directory.loader';
import { Provider } from './provider.entity';
import { saveProvider } from './provider.service';

@Resolver(() => Provider)
export class ProviderResolver {
  @Query(() => Provider, {
    nullable: true,
    description: "One provider; null when it does not exist or is outside the caller's reach.",
  })
  provider(@IdArg() id: string, @Ctx() context: Context): Promise<Provider | null> {
    return loadById(context, providerLoader, id);
  }

  @FieldResolver(() => Clinic, { description: "Clinic whose books the provider's production is in." })
  clinic(@Root() provider: Provider, @Ctx() context: Context): Promise<Clinic | null> {
    return context.of(clinicLoader).load({ clinicId: provider.clinicId, id: provider.clinicId });
  }

  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  async production(
    @Root() provider: Provider,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<ProductionMeasures | null> {
    const { clinicId, id } = provider;
    const days = await periodAt(context, { clinicId }, period);
    return loadProduction(context, scopeOfRecord(context.viewer, { clinicId, providerId: id }, days));
  }

  @Scopes(['directory:write'])
  @Change(() => ProviderPayload, {
    description: 'Creates or changes a provider; fills in a stub that an unknown reference left.',
  })
  async providerSave(
    @Arg('input', () => ProviderInput, { description: 'Data of the change.' }) input: ProviderInput,
    @Ctx() context: Context,
  ): Promise<ProviderPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'providerSave', input }, (tx) =>
      saveProvider(tx, clinicId, input),
    );
    return { provider: await context.of(providerLoader).load({ clinicId, id }), userErrors: [] };
  }
}
