import {
  AfterArg,
  ApiField,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  connectionOf,
  CurrencyCode,
  FirstArg,
  IdArg,
  loadById,
  PagedList,
  reachable,
  reachableClinic,
  recordLoader,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { PeriodInput, requireRows } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { periodAt } from '../clinics/calendar.loader';
import { Clinic } from '../clinics/clinic.entity';
import { clinicLoader, locationLoader, providerLoader } from '../clinics/directory.loader';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { Patient } from '../patients/patient.entity';
import { patientLoader } from '../patients/patient.loader';
import { recordRead } from '../patients/patient-rows.loader';
import { UserError } from '../refusals';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { knownPlanLoader, treatmentPlanLoader } from '../treatment-plans/treatment-plan.loader';
import { listEntries } from './production-entry-list.service';
import { ProductionEntry } from './production-entry.entity';
import {
  ProductionEntryRecordInput,
  ProductionEntryReverseInput,
  ProductionFilter,
  ProductionOrder,
} from './production-entry.inputs';
import { productionEntryLoader, productionEntryRows, requireReadOfOne } from './production-entry.loader';
import { recordProduction } from './production-recording.service';
import { reverseEntry } from './production-reversal.service';

export const { Connection: ProductionEntryConnection, ConnectionResolver: ProductionEntryConnectionResolver } =
  connectionOf(() => ProductionEntry, 'ProductionEntry', 'production entries', 'production entries');
type ProductionEntryConnection = InstanceType<typeof ProductionEntryConnection>;

const knownProviderLoader = recordLoader(Provider);

@ObjectType('ProductionEntryPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the entry concerned; for a reversal the reversing entry.',
})
export class ProductionEntryPayload {
  @ApiField(() => ProductionEntry, {
    nullable: true,
    description: 'The entry concerned; for a reversal the reversing entry; null when refused.',
  })
  productionEntry: ProductionEntry | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

@Resolver(() => ProductionEntry)
export class ProductionEntryResolver {
  @Scopes(['finance:view_revenue'])
  @PagedList()
  @Query(() => ProductionEntryConnection, {
    nullable: true,
    description: 'Production entries, one per completed procedure, reversal or recognised part of a fee.',
  })
  async productionEntries(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, {
      nullable: true,
      description: 'Business days of the entries; null for all.',
    })
    period: PeriodInput | null,
    @Arg('filter', () => ProductionFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: ProductionFilter | null,
    @Arg('orderBy', () => ProductionOrder, {
      nullable: true,
      description: 'Order of the items; null takes the order named by the list.',
    })
    orderBy: ProductionOrder | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<ProductionEntryConnection | null> {
    requireRows(context.viewer);
    requireReadOfOne(context.viewer, filter);
    const clinic = reachableClinic(context.viewer, clinicId);
    if (clinic === undefined || !(await context.of(clinicLoader).load({ clinicId: clinic, id: clinic }))) return null;
    const range = period ? await periodAt(context, { clinicId: clinic }, period) : null;
    const page = await listEntries(await context.read(), clinic, range, filter, orderBy, { first, after });
    recordRead(context, productionEntryRows, page.nodes, { period: range, filter });
    return page as ProductionEntryConnection;
  }

  @Scopes(['finance:view_revenue'])
  @Query(() => ProductionEntry, { nullable: true, description: 'One production entry.' })
  productionEntry(@IdArg() id: string, @Ctx() context: Context): Promise<ProductionEntry | null> {
    requireRows(context.viewer);
    return loadById(context, productionEntryLoader, id);
  }

  @FieldResolver(() => Clinic, { description: 'Clinic that produced it.' })
  clinic(@Root() { clinicId }: ProductionEntry, @Ctx() context: Context): Promise<Clinic | null> {
    return context.of(clinicLoader).load({ clinicId, id: clinicId });
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where it was done.' })
  location(@Root() { clinicId, locationId }: ProductionEntry, @Ctx() context: Context): Promise<Location | null> {
    return context.of(locationLoader).load({ clinicId, id: locationId });
  }

  @FieldResolver(() => Provider, { nullable: true, description: 'Provider credited; null when none was named.' })
  provider(@Root() { clinicId, providerId }: ProductionEntry, @Ctx() context: Context): Promise<Provider | null> {
    return context.of(providerLoader).load({ clinicId, id: providerId });
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient treated; null when outside the caller's reach.",
  })
  patient(@Root() { clinicId, patientId }: ProductionEntry, @Ctx() context: Context): Promise<Patient | null> | null {
    return context.viewer.scopes.includes('patient:read')
      ? context.of(patientLoader).load({ clinicId, id: patientId })
      : null;
  }

  @FieldResolver(() => TreatmentPlan, { nullable: true, description: 'Case it belongs to; null outside a case.' })
  treatmentPlan(
    @Root() { clinicId, treatmentPlanId }: ProductionEntry,
    @Ctx() context: Context,
  ): Promise<TreatmentPlan | null> | null {
    return treatmentPlanId ? context.of(treatmentPlanLoader).load({ clinicId, id: treatmentPlanId }) : null;
  }

  @FieldResolver(() => Boolean, {
    description: 'True when the provider, procedure or case it names is not known here yet; it counts all the same.',
  })
  async hasUnresolvedReference(@Root() entry: ProductionEntry, @Ctx() context: Context): Promise<boolean> {
    const { clinicId, providerId, treatmentPlanId } = entry;
    const [provider, plan] = await Promise.all([
      context.of(knownProviderLoader).load({ clinicId, id: providerId }),
      treatmentPlanId ? context.of(knownPlanLoader).load({ clinicId, id: treatmentPlanId }) : null,
    ]);
    return (provider?.isStub ?? true) || (treatmentPlanId !== null && !plan);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() { clinicId }: ProductionEntry, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicLoader).load({ clinicId, id: clinicId }))?.currency;
  }

  @FieldResolver(() => ProductionEntry, { nullable: true, description: 'Entry that this one undoes.' })
  reverses(
    @Root() { clinicId, reversesId }: ProductionEntry,
    @Ctx() context: Context,
  ): Promise<ProductionEntry | null> | null {
    return reversesId ? context.of(productionEntryLoader).load({ clinicId, id: reversesId }) : null;
  }

  @FieldResolver(() => ProductionEntry, { nullable: true, description: 'Entry that undid this one.' })
  reversedBy(
    @Root() { clinicId, reversedById }: ProductionEntry,
    @Ctx() context: Context,
  ): Promise<ProductionEntry | null> | null {
    return reversedById ? context.of(productionEntryLoader).load({ clinicId, id: reversedById }) : null;
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ProductionEntryPayload, {
    description:
      'Records production of a completed procedure. The same clinic and procedure a second time returns the first entry.',
  })
  async productionEntryRecord(
    @Arg('input', () => ProductionEntryRecordInput, { description: 'Data of the change.' })
    input: ProductionEntryRecordInput,
    @Ctx() context: Context,
  ): Promise<ProductionEntryPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await recordProduction(context, clinicId, input);
    return { productionEntry: await context.of(productionEntryLoader).load({ clinicId, id }), userErrors: [] };
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => ProductionEntryPayload, {
    description:
      'Reverses a posted entry by an equal and opposite one; an entry is reversed at most once and a reversal never.',
  })
  async productionEntryReverse(
    @IdArg() id: string,
    @Arg('input', () => ProductionEntryReverseInput, { description: 'Data of the change.' })
    input: ProductionEntryReverseInput,
    @Ctx() context: Context,
  ): Promise<ProductionEntryPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The entry does not exist or is outside your reach.', ['id']);
    const { clinicId } = key;
    const reversal = await change(
      context,
      { clinicId, mutation: 'productionEntryReverse', input, also: { id } },
      (tx) => reverseEntry(tx, key, input),
    );
    return {
      productionEntry: await context.of(productionEntryLoader).load({ clinicId, id: reversal.id }),
      userErrors: [],
    };
  }
}
