import {
  Change,
  change,
  ClinicArg,
  CurrencyCode,
  IdArg,
  reachable,
  reachableClinic,
  recordIdOf,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { AuditEvent, FinancialPeriodType, trailLoader, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Clinic } from '../clinics/clinic.entity';
import { clinicLoader } from '../clinics/directory.loader';
import { financialPeriods, openDaySheetCounts, pendingEntryCounts } from './financial-period.loader';
import {
  monthsOfPeriod,
  periodFrom,
  periodOfRowId,
  periodRowId,
  periodsOfYear,
  type PeriodSpan,
  type PeriodStep,
} from './financial-period.rules';
import { stepPeriod } from './financial-period.service';
import { FinancialPeriod, FinancialPeriodPayload, FinancialPeriodStatus } from './financial-period.types';

const clinicOf = (context: Context, clinicId: string): Promise<Clinic | null> =>
  context.of(clinicLoader).load({ clinicId, id: clinicId });

const load = (context: Context, { clinicId, fiscalYearStartMonth }: Clinic, span: PeriodSpan) =>
  context.of(financialPeriods).load({ ...span, clinicId, fiscalYearStartMonth });

/** The period behind an opaque identifier; null when it is none or outside the viewer's reach. */
async function periodById(context: Context, opaque: string): Promise<FinancialPeriod | null> {
  const key = recordIdOf(opaque);
  const clinic = key && reachable(context.viewer, opaque) ? await clinicOf(context, key.clinicId) : null;
  const span = key && clinic && periodOfRowId(key.id, clinic.fiscalYearStartMonth);
  return clinic && span ? load(context, clinic, span) : null;
}

/** A period that another domain names, by its identifier or by what it is. */
export async function periodOfReference(
  reference: Record<string, unknown>,
  context: Context,
): Promise<FinancialPeriod | null> {
  if (typeof reference['id'] === 'string') return periodById(context, reference['id']);
  const clinicId = reachableClinic(context.viewer, String(reference['clinicId']));
  const clinic = clinicId === undefined ? null : await clinicOf(context, clinicId);
  const type = String(reference['type']);
  if (!clinic || !(type in FinancialPeriodType)) return null;
  const span = periodFrom(type as FinancialPeriodType, String(reference['from']), clinic.fiscalYearStartMonth);
  return span && span.to === reference['to'] ? load(context, clinic, span) : null;
}

const trails = trailLoader('FinancialPeriod');

@Resolver(() => FinancialPeriod)
export class FinancialPeriodResolver {
  @Scopes(['finance:view_revenue'], ['finance:view_reports'])
  @Directive('@listSize(assumedSize: 17)')
  @Query(() => [FinancialPeriod], {
    nullable: true,
    description: 'Financial periods of a fiscal year; one lock for all four domains.',
  })
  async financialPeriods(
    @ClinicArg() opaque: string,
    @Arg('year', () => Int, { description: 'Fiscal year, named by the calendar year in which it starts.' })
    year: number,
    @Arg('type', () => FinancialPeriodType, { nullable: true, description: 'Length of the period.' })
    type: FinancialPeriodType | null | undefined,
    @Arg('statuses', () => [FinancialPeriodStatus], {
      nullable: true,
      description: 'States to include; null for all.',
    })
    statuses: FinancialPeriodStatus[] | null | undefined,
    @Ctx() context: Context,
  ): Promise<FinancialPeriod[] | null> {
    if (year < 1900 || year > 2999) throw refuseKit('INVALID', 'A year is between 1900 and 2999.', ['year']);
    const clinicId = reachableClinic(context.viewer, opaque);
    const clinic = clinicId === undefined ? null : await clinicOf(context, clinicId);
    if (!clinic) return null;
    const all = await Promise.all(
      periodsOfYear(year, clinic.fiscalYearStartMonth, type ?? null).map((span) => load(context, clinic, span)),
    );
    return all.filter((period) => !statuses || statuses.includes(period.status));
  }

  @FieldResolver(() => Clinic, { description: 'Whose period it is.' })
  clinic(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<Clinic | null> {
    return clinicOf(context, period.clinicUuid);
  }

  @FieldResolver(() => Int, { description: 'Day sheets still open, which block closing.' })
  openDaySheetCount(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<number> {
    return context.of(openDaySheetCounts).load(period);
  }

  @FieldResolver(() => Int, { description: 'Production entries still pending.' })
  pendingEntryCount(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<number> {
    return context.of(pendingEntryCounts).load(period);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<string | undefined> {
    return (await clinicOf(context, period.clinicUuid))?.currency;
  }

  @Scopes(['audit:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], { nullable: true, description: 'History of its states.' })
  async auditTrail(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<AuditEvent[]> {
    const keys = monthsOfPeriod(period).map((from) => ({
      clinicId: period.clinicUuid,
      id: periodRowId({ type: 'MONTH', from }),
    }));
    const found = await Promise.all(keys.map((key) => context.of(trails).load(key)));
    return found.flat().sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  @Scopes(['finance:close_periods'])
  @Change(() => FinancialPeriodPayload, {
    description:
      'Begins to close a period (OPEN to CLOSING): from now on no ledger accepts a posting into it, and each domain confirms that it has stopped.',
  })
  financialPeriodStartClosing(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<FinancialPeriodPayload> {
    return this.step(context, 'startClosing', id, input);
  }

  @Scopes(['finance:close_periods'])
  @Change(() => FinancialPeriodPayload, {
    description:
      'Closes a period (CLOSING to CLOSED); refused with OPEN_DAY_SHEETS while day sheets are open and with PERIOD_UNCONFIRMED until every domain has confirmed.',
  })
  financialPeriodClose(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<FinancialPeriodPayload> {
    return this.step(context, 'close', id, input);
  }

  @Scopes(['finance:close_periods'])
  @Change(() => FinancialPeriodPayload, { description: 'Locks a closed period for good (CLOSED to LOCKED).' })
  financialPeriodLock(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<FinancialPeriodPayload> {
    return this.step(context, 'lock', id, input);
  }

  @Scopes(['finance:close_periods'])
  @Change(() => FinancialPeriodPayload, {
    description: 'Reopens a closing or closed period (to OPEN); demands a reason. A locked period never reopens.',
  })
  financialPeriodReopen(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<FinancialPeriodPayload> {
    return this.step(context, 'reopen', id, input);
  }

  private async step(
    context: Context,
    step: PeriodStep,
    id: string,
    input: WorkflowStepInput,
  ): Promise<FinancialPeriodPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The period does not exist or is outside your reach.', ['id']);
    const mutation = `financialPeriod${step.slice(0, 1).toUpperCase()}${step.slice(1)}`;
    await change(context, { clinicId: key.clinicId, mutation, input, also: { id } }, (tx) =>
      stepPeriod(tx, key, step, input),
    );
    return { financialPeriod: await periodById(context, id), userErrors: [] };
  }
}
