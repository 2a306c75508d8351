import {
  AfterArg,
  FirstArg,
  PagedList,
  reachable,
  reachableClinic,
  Scopes,
  type Context,
  type Page,
} from '@practice-graph/kit';
import {
  clinicCopies,
  isWithin,
  locationCopies,
  PeriodInput,
  periodOf,
  requireRows,
  scopeOfRecord,
  todayAt,
  type ResolvedPeriod,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';
import {
  entriesOfInvoice,
  entriesOfPatients,
  entriesOfProduction,
  notePatientRead,
} from '../entries/adjustment-entry.loader';
import { AdjustmentEntryConnection } from '../entries/adjustment-entry.types';
import { caseSums, measuresOf, measuresOfScope, patientSums, type AccountSums } from '../measures/category-sums.loader';
import { WriteOffMeasures } from '../measures/write-off-measures.types';
import { Clinic, Invoice, Location, Patient, ProductionEntry, Provider, TreatmentPlan } from './shared-records.types';

const PERIOD = { description: 'Days to report on.' };
const OF_SCOPE = { nullable: true, description: 'Write-offs and adjustments of the scope.' };

/** Days of a period in the clinic's calendar, today cut in the given zone; null while the clinic is not known here. */
async function daysOf(
  context: Context,
  clinicId: string,
  period: PeriodInput,
  timeZone?: string,
): Promise<ResolvedPeriod | null> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  if (!clinic) return null;
  const today = todayAt(await context.read(), { timeZone: timeZone ?? clinic.timeZone });
  return periodOf(period, { today, fiscalYearStartMonth: clinic.fiscalYearStartMonth });
}

/** Measures of an account of one patient or case: nothing for readers of aggregates, noted for the audit trail. */
async function measuresOfAccount(
  context: Context,
  key: { clinicId: string; id: string },
  entityType: string,
  load: () => Promise<AccountSums>,
): Promise<WriteOffMeasures | null> {
  if (context.viewer.aggregateOnly) return null;
  const { sums, patientIds, rowCount } = await load();
  context.reads.push({
    clinicId: key.clinicId,
    action: 'patient.read',
    entityType,
    entityId: key.id,
    subjects: entityType === 'Patient' ? [key.id] : patientIds,
    rowCount,
  });
  return measuresOf(context, key.clinicId, sums);
}

@Resolver(() => Clinic)
export class ClinicResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => WriteOffMeasures, OF_SCOPE)
  async writeOffs(
    @Root() clinic: Clinic,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<WriteOffMeasures | null> {
    const days = await daysOf(context, clinic.clinicId, period);
    return days && measuresOfScope(context, scopeOfRecord(context.viewer, { clinicId: clinic.clinicId }, days));
  }
}

@Resolver(() => Location)
export class LocationResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => WriteOffMeasures, OF_SCOPE)
  async writeOffs(
    @Root() { key }: Location,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<WriteOffMeasures | null> {
    const copy = await context.of(locationCopies).load(key);
    const days = await daysOf(context, key.clinicId, period, copy?.timeZone);
    const place = { clinicId: key.clinicId, locationId: key.id };
    return days && measuresOfScope(context, scopeOfRecord(context.viewer, place, days));
  }
}

@Resolver(() => Provider)
export class ProviderResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => WriteOffMeasures, OF_SCOPE)
  async writeOffs(
    @Root() { key }: Provider,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
  ): Promise<WriteOffMeasures | null> {
    const days = await daysOf(context, key.clinicId, period);
    const place = { clinicId: key.clinicId, providerId: key.id };
    return days && measuresOfScope(context, scopeOfRecord(context.viewer, place, days));
  }
}

@Resolver(() => Patient)
export class PatientResolver {
  @Scopes(['finance:view_reports', 'patient:read'])
  @FieldResolver(() => WriteOffMeasures, {
    nullable: true,
    description: "Write-offs and adjustments on the patient's account.",
  })
  async writeOffs(
    @Root() { key }: Patient,
    @Arg('period', () => PeriodInput, { nullable: true, description: 'Null for all time.' })
    period: PeriodInput | null,
    @Ctx() context: Context,
  ): Promise<WriteOffMeasures | null> {
    const days = period && (await daysOf(context, key.clinicId, period));
    if (period && !days) return null;
    return measuresOfAccount(context, key, 'Patient', () =>
      context.of(patientSums).load({ ...key, from: days?.from ?? null, to: days?.to ?? null }),
    );
  }

  @Scopes(['finance:view_reports', 'patient:read'])
  @PagedList()
  @FieldResolver(() => AdjustmentEntryConnection, {
    nullable: true,
    description: "Adjustments on the patient's account, newest first.",
  })
  async adjustmentEntries(
    @Root() { key }: Patient,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<Page<AdjustmentEntry>> {
    requireRows(context.viewer);
    const page = await context.of(entriesOfPatients).load({ ...key, first, after });
    notePatientRead(context, page.nodes, { entityType: 'Patient', entityId: key.id });
    return page;
  }
}

@Resolver(() => TreatmentPlan)
export class TreatmentPlanResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => WriteOffMeasures, {
    nullable: true,
    description: 'Write-offs and adjustments booked to the case, over all time.',
  })
  writeOffs(@Root() { key }: TreatmentPlan, @Ctx() context: Context): Promise<WriteOffMeasures | null> {
    return measuresOfAccount(context, key, 'TreatmentPlan', () =>
      context.of(caseSums).load({ ...key, from: null, to: null }),
    );
  }
}

@Resolver(() => ProductionEntry)
export class ProductionEntryResolver {
  @Scopes(['finance:view_reports'])
  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [AdjustmentEntry], {
    nullable: true,
    description: 'Adjustments that name this entry, pending ones and those without effect on net production included.',
  })
  async adjustmentEntries(@Root() { key }: ProductionEntry, @Ctx() context: Context): Promise<AdjustmentEntry[]> {
    requireRows(context.viewer);
    const found = await context.of(entriesOfProduction).load(key);
    notePatientRead(context, found, { entityType: 'ProductionEntry', entityId: key.id });
    return found;
  }
}

@Resolver(() => Invoice)
export class InvoiceResolver {
  @Scopes(['finance:view_reports'])
  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [AdjustmentEntry], { nullable: true, description: 'Adjustments that name this invoice.' })
  async adjustmentEntries(@Root() { key }: Invoice, @Ctx() context: Context): Promise<AdjustmentEntry[]> {
    requireRows(context.viewer);
    const found = await context.of(entriesOfInvoice).load(key);
    notePatientRead(context, found, { entityType: 'Invoice', entityId: key.id });
    return found;
  }
}

type Reference = Record<string, unknown>;

/** A record of another domain within reach; null for anything else, so that nothing tells whether it exists (G-14). */
const record =
  <T extends { id: string; key: { clinicId: string; id: string } }>(
    kind: new () => T,
    restricted?: 'locations' | 'providers',
  ) =>
  (reference: Reference, context: Context): T | null => {
    const id = String(reference['id']);
    const key = reachable(context.viewer, id);
    if (!key || (restricted && !isWithin(context.viewer, restricted, key.id))) return null;
    return Object.assign(new kind(), { id, key });
  };

/** How references to records of other domains are answered: without a look-up, since only their identifier is known. */
export const sharedReferences = {
  Clinic: (reference: Reference, context: Context): Clinic | null => {
    const clinicId = reachableClinic(context.viewer, String(reference['id']));
    return clinicId === undefined ? null : Clinic.of(clinicId);
  },
  Location: record(Location, 'locations'),
  Provider: record(Provider, 'providers'),
  Patient: record(Patient),
  TreatmentPlan: record(TreatmentPlan),
  ProductionEntry: record(ProductionEntry),
  Invoice: record(Invoice),
};
