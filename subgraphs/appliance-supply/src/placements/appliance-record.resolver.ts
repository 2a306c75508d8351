import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  FirstArg,
  IdArg,
  loadById,
  Money,
  PagedList,
  reachable,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf, refuseAggregateOnly } from '../directory/directory.loader';
import {
  Location,
  locationStub,
  Patient,
  patientStub,
  planStub,
  Provider,
  providerStub,
  TreatmentPlan,
} from '../directory/directory.types';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { usagesOfAppliances } from '../usage/appliance-usage.loader';
import { noteRead, noteUsageRead } from '../usage/usage-read.service';
import { ApplianceRecord } from './appliance-record.entity';
import { ApplianceRecordFilter, ApplianceRecordInput } from './appliance-record.inputs';
import { applianceCosts, applianceRecords, readAppliances } from './appliance-record.loader';
import { saveAppliance } from './appliance-record.service';
import { applianceRecordPages, ApplianceRecordPayload } from './deduction.types';
import { ApplianceEndInput } from './undoing.inputs';
import { endAppliance } from './undoing.service';

@Resolver(() => ApplianceRecord)
export class ApplianceRecordResolver {
  @Scopes(['appliance:read', 'patient:read'])
  @PagedList()
  @Query(() => applianceRecordPages.Connection, {
    nullable: true,
    description: 'Appliances of patients, newest first.',
  })
  async applianceRecords(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => ApplianceRecordFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: ApplianceRecordFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    refuseAggregateOnly(context.viewer);
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    const page = await readAppliances(await context.read(), context.viewer, clinic, filter, { first, after });
    noteRead(context, clinic, 'ApplianceRecord', page.nodes, filter ?? undefined);
    return page;
  }

  @Scopes(['appliance:read'])
  @Query(() => ApplianceRecord, { nullable: true, description: 'One appliance of a patient.' })
  async applianceRecord(@IdArg() id: string, @Ctx() context: Context) {
    refuseAggregateOnly(context.viewer);
    const record = await loadById(context, applianceRecords, id);
    if (record) noteRead(context, record.clinicId, 'ApplianceRecord', [record]);
    return record;
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceRecordPayload, {
    description: 'Records a planned, ordered or received appliance; no stock moves.',
  })
  async applianceRecordSave(
    @Arg('input', () => ApplianceRecordInput, { description: 'Data of the change.' })
    input: ApplianceRecordInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'applianceRecordSave', input }, (tx) =>
      saveAppliance(tx, clinicId, input),
    );
    const appliance = await context.of(applianceRecords).clear({ clinicId, id }).load({ clinicId, id });
    return { appliance, userErrors: [] };
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceRecordPayload, {
    description: 'Marks an appliance as removed or cancelled; no stock moves.',
  })
  async applianceRecordEnd(
    @IdArg() id: string,
    @Arg('input', () => ApplianceEndInput, { description: 'Data of the change.' })
    input: ApplianceEndInput,
    @Ctx() context: Context,
  ) {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'There is no such appliance.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation: 'applianceRecordEnd', input, also: key.id }, (tx) =>
      endAppliance(tx, key, input),
    );
    return { appliance: await context.of(applianceRecords).load(key), userErrors: [] };
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Patient who wears it; null when outside the caller's reach.",
  })
  patient(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    return patientStub(context.viewer, record.clinicId, record.patientId);
  }

  @FieldResolver(() => TreatmentPlan, { nullable: true, description: 'Case it belongs to.' })
  treatmentPlan(@Root() record: ApplianceRecord) {
    return planStub(record.clinicId, record.treatmentPlanId);
  }

  @FieldResolver(() => Provider, { nullable: true, description: 'Provider who placed it.' })
  provider(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    return providerStub(context.viewer, record.clinicId, record.providerId);
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where it was or will be placed.' })
  location(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    return locationStub(context.viewer, record.clinicId, record.locationId);
  }

  @FieldResolver(() => ApplianceRecord, {
    nullable: true,
    description: 'Lost or broken appliance that this one replaces; its use counts as rework.',
  })
  replaces(@Root() { clinicId, replacesId }: ApplianceRecord, @Ctx() context: Context) {
    return replacesId && context.of(applianceRecords).load({ clinicId, id: replacesId });
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [ApplianceUsage], { description: 'Supplies used for it.' })
  async usages(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    const usages = await context.of(usagesOfAppliances).load(record);
    noteUsageRead(context, record.clinicId, usages);
    return usages;
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the cost.' })
  currency(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    return currencyOf(context, record.clinicId);
  }

  @FieldResolver(() => Money, { description: 'Cost of the supplies used, reversed uses left out.' })
  supplyCost(@Root() record: ApplianceRecord, @Ctx() context: Context) {
    return context.of(applianceCosts).load(record);
  }
}
