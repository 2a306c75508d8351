import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  FirstArg,
  forbidden,
  IdArg,
  loadById,
  reachable,
  reachableClinic,
  Scopes,
  type Context,
  type Page,
  type RecordKey,
} from '@practice-graph/kit';
import { clinicCopies, PeriodInput, periodOf, requireRows, todayAt, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  Clinic,
  Invoice,
  Location,
  Patient,
  ProductionEntry,
  Provider,
  referenceTo,
  TreatmentPlan,
} from '../directory/shared-records.types';
import { ReasonCode } from '../reason-codes/reason-code.entity';
import { codes, refuse } from '../refusals';
import { AdjustmentGroup, groupOf } from './adjustment-category.rules';
import { payloadOfMany } from './adjustment-decision.resolver';
import { AdjustmentEntry } from './adjustment-entry.entity';
import {
  AdjustmentFilter,
  AdjustmentOrder,
  AdjustmentRecordInput,
  AdjustmentsRecordInput,
} from './adjustment-entry.inputs';
import { entries, notePatientRead, reasons } from './adjustment-entry.loader';
import { AdjustmentEntryConnection, AdjustmentPayload, AdjustmentsPayload } from './adjustment-entry.types';
import { WriteOffDateBasis } from '../dating/write-off-date-basis.types';
import { listEntries } from './adjustment-list.service';
import { reverseAdjustment } from './adjustment-reversal.service';
import { recordAdjustment, recordAdjustments } from './adjustment.service';

const READ = [['finance:view_reports'], ['finance:approve_adjustments']] as const;
const PAGE =
  '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)';

const payloadOf = async (context: Context, kept: RecordKey): Promise<AdjustmentPayload> =>
  Object.assign(new AdjustmentPayload(), { adjustment: await context.of(entries).load(kept) });

const linked = (context: Context, entry: AdjustmentEntry, id: string | null) =>
  id === null ? null : context.of(entries).load({ clinicId: entry.clinicId, id });

@Resolver(() => AdjustmentEntry)
export class AdjustmentEntryResolver {
  @Scopes(...READ)
  @Query(() => AdjustmentEntry, { nullable: true, description: 'One adjustment.' })
  async adjustmentEntry(@IdArg() id: string, @Ctx() context: Context): Promise<AdjustmentEntry | null> {
    return shown(context, await loadById(context, entries, id));
  }

  @Scopes(...READ)
  @Directive(PAGE)
  @Query(() => AdjustmentEntryConnection, {
    nullable: true,
    description:
      'Adjustments with every state and reversal. With `statuses: [PENDING]` ordered by CREATED_AT it is the approval queue, with `categories: [RECOVERY]` the list of recoveries.',
  })
  async adjustmentEntries(
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, {
      nullable: true,
      description: 'Days on which the entries count; null for all.',
    })
    period: PeriodInput | null,
    @Arg('filter', () => AdjustmentFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: AdjustmentFilter | null,
    @Arg('basis', () => WriteOffDateBasis, {
      nullable: true,
      defaultValue: WriteOffDateBasis.ADJUSTMENT_DATE,
      description: 'Day that must lie in the period.',
    })
    basis: WriteOffDateBasis | null,
    @Arg('orderBy', () => AdjustmentOrder, {
      nullable: true,
      description: 'Order of the items; null takes the order named by the list.',
    })
    orderBy: AdjustmentOrder | null,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<Page<AdjustmentEntry> | null> {
    requireRows(context.viewer);
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    if (filter?.patientId && !context.viewer.scopes.includes('patient:read'))
      throw forbidden('A filter by patient needs the permission patient:read.');
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const calendar = { today: todayAt(tx, clinic), fiscalYearStartMonth: clinic.fiscalYearStartMonth };
    const days = period && periodOf(period, calendar);
    const page = await listEntries(tx, {
      ...{ clinicId, days, basis: basis ?? 'ADJUSTMENT_DATE', filter, orderBy, first, after },
    });
    // The person asked for is among the subjects, by hash; the trail keeps no identifier of one.
    const { patientId: _, ...asked } = filter ?? {};
    notePatientRead(context, page.nodes, { entityType: 'AdjustmentEntry', filter: { period, ...asked } });
    return page;
  }

  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentPayload, {
    description:
      'Records an adjustment. Policy makes it AUTO_APPROVED or PENDING; a likely duplicate is recorded and marked.',
  })
  async adjustmentRecord(
    @Arg('input', () => AdjustmentRecordInput, { description: 'Data of the change.' }) input: AdjustmentRecordInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'adjustmentRecord', input }, (tx) =>
      recordAdjustment(tx, input),
    );
    return payloadOf(context, kept);
  }

  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentsPayload, {
    description:
      'Records several adjustments, all or none; each is judged by policy with those before it. Refusals name the position.',
  })
  async adjustmentsRecord(
    @Arg('input', () => AdjustmentsRecordInput, { description: 'Data of the change.' }) input: AdjustmentsRecordInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentsPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const done = await change(context, { clinicId, mutation: 'adjustmentsRecord', input }, (tx) =>
      recordAdjustments(tx, input),
    );
    return payloadOfMany(context, clinicId, done);
  }

  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentPayload, {
    description:
      'Reverses an approved adjustment by an equal and opposite one, which follows the same approval policy. Once only, and never a reversal.',
  })
  async adjustmentReverse(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['id']);
    const kept = await change(
      context,
      { clinicId: key.clinicId, mutation: 'adjustmentReverse', input, also: key.id },
      (tx) => reverseAdjustment(tx, key, input),
    );
    return payloadOf(context, kept);
  }

  @FieldResolver(() => Clinic, { nullable: true, description: 'Whose books it is in.' })
  clinic(@Root() entry: AdjustmentEntry): Clinic {
    return Clinic.of(entry.clinicId);
  }

  @FieldResolver(() => Location, {
    nullable: true,
    description: 'Place it is credited to; null when none was named.',
  })
  location(@Root() entry: AdjustmentEntry): Location | null {
    return referenceTo(Location, entry.clinicId, entry.locationId);
  }

  @FieldResolver(() => Patient, {
    nullable: true,
    description: "Account concerned; null when outside the caller's reach.",
  })
  patient(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Patient | null {
    const mayRead = context.viewer.scopes.includes('patient:read');
    return mayRead ? referenceTo(Patient, entry.clinicId, entry.patientId) : null;
  }

  @FieldResolver(() => Provider, {
    nullable: true,
    description: 'Provider it is credited to; null is shown as Unassigned.',
  })
  provider(@Root() entry: AdjustmentEntry): Provider | null {
    return referenceTo(Provider, entry.clinicId, entry.providerId);
  }

  @FieldResolver(() => TreatmentPlan, { nullable: true, description: 'Case it belongs to.' })
  treatmentPlan(@Root() entry: AdjustmentEntry): TreatmentPlan | null {
    return referenceTo(TreatmentPlan, entry.clinicId, entry.treatmentPlanId);
  }

  @FieldResolver(() => ProductionEntry, { nullable: true, description: 'Production entry it explains.' })
  productionEntry(@Root() entry: AdjustmentEntry): ProductionEntry | null {
    return referenceTo(ProductionEntry, entry.clinicId, entry.productionEntryId);
  }

  @FieldResolver(() => Invoice, { nullable: true, description: 'Invoice it reduces.' })
  invoice(@Root() entry: AdjustmentEntry): Invoice | null {
    return referenceTo(Invoice, entry.clinicId, entry.invoiceId);
  }

  @FieldResolver(() => AdjustmentGroup, { description: 'Group of its category.' })
  group(@Root() entry: AdjustmentEntry): AdjustmentGroup {
    return groupOf(entry.category);
  }

  @FieldResolver(() => ReasonCode, { description: 'Standard reason.' })
  reasonCode(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<ReasonCode | null> {
    return context.of(reasons).load({ clinicId: entry.clinicId, code: entry.reason });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicCopies).load(entry.clinicId))?.currency;
  }

  @FieldResolver(() => AdjustmentEntry, { nullable: true, description: 'Entry that this one undoes.' })
  reverses(@Root() entry: AdjustmentEntry, @Ctx() context: Context) {
    return linked(context, entry, entry.reversesId);
  }

  @FieldResolver(() => AdjustmentEntry, { nullable: true, description: 'Entry that undid this one.' })
  reversedBy(@Root() entry: AdjustmentEntry, @Ctx() context: Context) {
    return linked(context, entry, entry.reversedById);
  }

  @FieldResolver(() => AdjustmentEntry, {
    nullable: true,
    description:
      'Entry of the same transaction, category, amount and day recorded within 24 hours before; null when there is none.',
  })
  possibleDuplicateOf(@Root() entry: AdjustmentEntry, @Ctx() context: Context) {
    return linked(context, entry, entry.possibleDuplicateOfId);
  }
}

/** Notes for the audit trail that one entry is shown. */
export function shown(context: Context, entry: AdjustmentEntry | null): AdjustmentEntry | null {
  if (entry) notePatientRead(context, [entry], { entityType: 'AdjustmentEntry', entityId: entry.id });
  return entry;
}
