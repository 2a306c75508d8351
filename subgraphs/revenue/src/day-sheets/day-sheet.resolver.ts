import {
  AfterArg,
  ApiField,
  Change,
  change,
  ClinicArg,
  connectionOf,
  Decimal,
  FirstArg,
  PagedList,
  reachable,
  reachableClinic,
  refuseKit,
  Scopes,
  type Context,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { AuditEvent, PeriodInput, requireRows, scopeOfRecord, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { periodAt } from '../clinics/calendar.loader';
import { clinicLoader, locationLoader } from '../clinics/directory.loader';
import { Location } from '../clinics/location.entity';
import { ProductionEntry } from '../production/production-entry.entity';
import { ProductionEntryConnection } from '../production/production-entry.resolver';
import { PRODUCTION_SUMS, ProductionMeasures, type ProductionSums } from '../production/production-measures.types';
import { loadProduction } from '../production/production.loader';
import { UserError } from '../refusals';
import { DaySheet, DaySheetStatus } from './day-sheet.entity';
import { daySheetLoader, entriesOfSheets, sheetOfPlace, sheetTrails } from './day-sheet.loader';
import { closeDaySheet, listDaySheets, reopenDaySheet } from './day-sheet.service';

export const { Connection: DaySheetConnection, ConnectionResolver: DaySheetConnectionResolver } = connectionOf(
  () => DaySheet,
  'DaySheet',
  'day sheets, newest day first',
  'day sheets',
);
type DaySheetConnection = InstanceType<typeof DaySheetConnection>;

@ObjectType('DaySheetPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the day sheet after the change.',
})
export class DaySheetPayload {
  @ApiField(() => DaySheet, { nullable: true, description: 'The day sheet after the change; null when refused.' })
  daySheet: DaySheet | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

const ID_ARGUMENT = { description: 'Identifier of the record asked for or changed.' };
const INPUT_ARGUMENT = { description: 'Data of the change.' };

/** Sums as they were frozen: counts as numbers, amounts exact. */
const sumsOf = (frozen: Readonly<Record<string, string>>): ProductionSums =>
  Object.fromEntries(
    Object.entries(PRODUCTION_SUMS).map(([name, kind]) => {
      const sum = frozen[name] ?? '0';
      return [name, kind === 'COUNT' ? Number(sum) : new Decimal(sum)];
    }),
  ) as ProductionSums;

@Resolver(() => DaySheet)
export class DaySheetResolver {
  @Scopes(['finance:view_revenue'])
  @PagedList()
  @Query(() => DaySheetConnection, { nullable: true, description: 'Day sheets, newest day first.' })
  async daySheets(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('locationIds', () => [ID], { nullable: true, description: 'Locations to include.' })
    locationIds: string[] | null | undefined,
    @Arg('statuses', () => [DaySheetStatus], { nullable: true, description: 'States to include; null for all.' })
    statuses: DaySheetStatus[] | null | undefined,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<DaySheetConnection | null> {
    requireRows(context.viewer);
    const clinic = reachableClinic(context.viewer, clinicId);
    if (clinic === undefined || !(await context.of(clinicLoader).load({ clinicId: clinic, id: clinic }))) return null;
    const range = await periodAt(context, { clinicId: clinic }, period);
    const filter = { locationIds: locationIds ?? null, statuses: statuses ?? null };
    return (await listDaySheets(await context.read(), clinic, range, filter, { first, after })) as DaySheetConnection;
  }

  @FieldResolver(() => Location, { description: 'Whose day it is.' })
  location(@Root() { clinicId, locationId }: DaySheet, @Ctx() context: Context): Promise<Location | null> {
    return context.of(locationLoader).load({ clinicId, id: locationId });
  }

  @FieldResolver(() => ProductionMeasures, { description: 'Totals of its entries; frozen when it was closed.' })
  async measures(@Root() sheet: DaySheet, @Ctx() context: Context): Promise<ProductionMeasures | null> {
    requireRows(context.viewer);
    const { clinicId, locationId, businessDate, frozen } = sheet;
    // What was frozen is of all providers: who may see some of them gets theirs, summed anew.
    if (frozen === null || context.viewer.restrictions['providers'] !== undefined)
      return loadProduction(
        context,
        scopeOfRecord(context.viewer, { clinicId, locationId }, { from: businessDate, to: businessDate }),
      );
    const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
    return clinic && new ProductionMeasures(clinic.currency, sumsOf(frozen));
  }

  @PagedList()
  @FieldResolver(() => ProductionEntryConnection, { description: 'Its entries.' })
  async entries(
    @Root() { clinicId, id }: DaySheet,
    @FirstArg() first: number | null,
    @AfterArg() after: string | null,
    @Ctx() context: Context,
  ): Promise<InstanceType<typeof ProductionEntryConnection>> {
    requireRows(context.viewer);
    const page = await context.of(entriesOfSheets).load({ clinicId, id, first, after });
    return page as InstanceType<typeof ProductionEntryConnection>;
  }

  @Scopes(['audit:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], { nullable: true, description: 'History of closing and reopening.' })
  auditTrail(@Root() sheet: DaySheet, @Ctx() context: Context): Promise<AuditEvent[]> {
    return context.of(sheetTrails).load(sheet);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => DaySheetPayload, { description: 'Closes a day sheet: its entries and totals are frozen.' })
  daySheetClose(
    @Arg('id', () => ID, ID_ARGUMENT) id: string,
    @Arg('input', () => WorkflowStepInput, INPUT_ARGUMENT) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<DaySheetPayload> {
    return this.step(context, 'daySheetClose', id, input, closeDaySheet);
  }

  @Scopes(['finance:close_periods'])
  @Change(() => DaySheetPayload, { description: 'Reopens a closed day sheet of an open period; the reason is kept.' })
  daySheetReopen(
    @Arg('id', () => ID, ID_ARGUMENT) id: string,
    @Arg('input', () => WorkflowStepInput, INPUT_ARGUMENT) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<DaySheetPayload> {
    return this.step(context, 'daySheetReopen', id, input, reopenDaySheet);
  }

  private async step(
    context: Context,
    mutation: string,
    id: string,
    input: WorkflowStepInput,
    work: (tx: Tx, key: RecordKey, input: WorkflowStepInput) => Promise<{ id: string }>,
  ): Promise<DaySheetPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The day sheet does not exist or is outside your reach.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation, input, also: { id } }, (tx) => work(tx, key, input));
    return { daySheet: await context.of(daySheetLoader).load(key), userErrors: [] };
  }
}

@Resolver(() => ProductionEntry)
export class EntryDaySheetResolver {
  @FieldResolver(() => DaySheet, {
    nullable: true,
    description: 'Day sheet it stands on; null before it is posted.',
  })
  daySheet(@Root() entry: ProductionEntry, @Ctx() context: Context): Promise<DaySheet | null> | null {
    return entry.status === 'PENDING' || entry.status === 'VOIDED' ? null : context.of(sheetOfPlace).load(entry);
  }
}
