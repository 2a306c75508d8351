import { reachable, reachableClinic, recordIdText, Refused, Scopes, type Context } from '@practice-graph/kit';
import {
  buckets,
  clinicCopies,
  CompareInput,
  comparisonOf,
  Granularity,
  growth,
  isRestricted,
  locationCopies,
  NIL_UUID,
  PeriodInput,
  periodOf,
  providerCopies,
  SMALL_CELL_MIN,
  todayAt,
  UNASSIGNED,
  type Bucket,
} from '@practice-graph/practice';
import { GraphQLError } from 'graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { Location, Provider, referenceTo } from '../directory/shared-records.types';
import {
  categoriesOf,
  CATEGORIES,
  type AdjustmentCategory,
  type AdjustmentGroup,
  type ApprovalStatus,
} from '../entries/adjustment-category.rules';
import { AdjustmentFilter } from '../entries/adjustment-entry.inputs';
import { reasons } from '../entries/adjustment-entry.loader';
import type { EntryFilter } from '../entries/entry-filter.service';
import { measuresOf } from '../measures/category-sums.loader';
import { byCategory } from '../measures/write-off.rules';
import { PerformanceRow } from '../performance/performance-row.types';
import type { ReasonCode } from '../reason-codes/reason-code.entity';
import { breakdownSlices, rankedSlices, type BreakdownSlice } from './adjustment-breakdown.rules';
import {
  AdjustmentDimension,
  DIMENSIONS_MAX,
  fixedLabel,
  membersText,
  type Members,
} from './adjustment-dimension.rules';
import { reportPatients, reportSubjects, reportSums } from './adjustment-report.service';
import { AdjustmentBreakdownRow, AdjustmentReport } from './adjustment-report.types';

/** Most rows of a breakdown; more are refused, not cut. */
const ROWS_MAX = 2_000;

const forbidden = (message: string) => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

/** Categories that a filter lets through; null for all. */
const wantedOf = ({ categories, groups }: EntryFilter): readonly AdjustmentCategory[] | null =>
  categories || groups
    ? CATEGORIES.filter(
        (category) =>
          (categories ?? CATEGORIES).includes(category) &&
          (groups?.flatMap(categoriesOf) ?? CATEGORIES).includes(category),
      )
    : null;

@Resolver(() => AdjustmentReport)
export class AdjustmentReportResolver {
  @Scopes(['finance:view_reports'])
  @Directive('@cost(weight: 5)')
  @Query(() => AdjustmentReport, {
    nullable: true,
    description: 'Write-offs and adjustments of a period: totals, comparison, rates over production and any breakdown.',
  })
  async adjustmentReport(
    @Arg('clinicId', () => ID, { description: 'Clinic concerned.' }) opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => AdjustmentFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    asked: AdjustmentFilter | null,
    @Arg('compareTo', () => CompareInput, {
      nullable: true,
      description: 'What to compare with; null compares with nothing.',
    })
    compareTo: CompareInput | null,
    @Ctx() context: Context,
  ): Promise<AdjustmentReport | null> {
    const { viewer } = context;
    const clinicId = reachableClinic(viewer, opaque);
    if (clinicId === undefined) return null;
    const filter: EntryFilter = asked ?? {};
    const isOfOne = Boolean(filter.patientId ?? filter.treatmentPlanId ?? filter.invoiceId);
    if (filter.patientId && !viewer.scopes.includes('patient:read'))
      throw forbidden('A filter by patient needs the permission patient:read.');
    if (isOfOne && viewer.aggregateOnly)
      throw forbidden('Your role reads aggregates only; the account of one patient is not part of it.');

    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const calendar = { today: todayAt(tx, clinic), fiscalYearStartMonth: clinic.fiscalYearStartMonth };
    const resolved = periodOf(period, calendar);
    const compared = comparisonOf(compareTo, resolved, calendar, ['compareTo']);
    const stretches = compared ? [resolved, compared] : [resolved];
    const question = { clinicId, filter, stretches, by: [] };
    const counts = viewer.aggregateOnly ? await reportPatients(tx, question) : [];
    const isSmall = (stretch: number) => counts.some((of) => of.stretch === stretch && of.patients < SMALL_CELL_MIN);
    if (isSmall(0)) throw forbidden('Fewer patients than the privacy limit stand behind this report.');
    if (isOfOne) await this.noteRead(context, { clinicId, filter, stretches });

    const sums = await reportSums(tx, question);
    const measuresAt = (stretch: number) =>
      measuresOf(context, clinicId, byCategory(sums.filter((sum) => sum.stretch === stretch)));
    const measures = await measuresAt(0);
    const previous = compared && !isSmall(1) ? await measuresAt(1) : null;
    return Object.assign(new AdjustmentReport(), {
      clinicId,
      filter,
      resolved,
      compared,
      period: resolved,
      comparedTo: compared,
      currency: clinic.currency,
      asOf: tx.session.at,
      isRestricted: isRestricted(viewer),
      measures,
      previous,
      growth: measures && previous ? growth(measures.totalAdjustments, previous.totalAdjustments) : null,
    });
  }

  /** A report of one account, case or invoice is a read of patients, and noted as such. */
  private async noteRead(context: Context, question: Parameters<typeof reportSubjects>[1]): Promise<void> {
    const { clinicId, filter } = question;
    const { patientId, ...rest } = filter;
    const key = patientId ? reachable(context.viewer, patientId) : undefined;
    const found = await reportSubjects(await context.read(), question);
    context.reads.push({
      clinicId,
      action: 'patient.read',
      entityType: 'AdjustmentReport',
      subjects: [...new Set([...found, ...(key?.clinicId === clinicId ? [key.id] : [])])],
      filter: rest,
      rowCount: found.length,
    });
  }

  @FieldResolver(() => PerformanceRow, {
    nullable: true,
    description:
      'Row of the scorecard for the clinic and period: gross production, rates, bridge and the measures of the other domains, without the filter and always by the adjustment date.',
  })
  performance(@Root() report: AdjustmentReport): PerformanceRow {
    return PerformanceRow.ofClinic(report.clinicId, report.resolved);
  }

  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [AdjustmentBreakdownRow], {
    description:
      'Totals split by up to three dimensions and, with a granularity, by time. Rows add up to the totals; dense over categories and buckets.',
  })
  async breakdown(
    @Root() report: AdjustmentReport,
    @Arg('by', () => [AdjustmentDimension], { description: 'What to split by; empty splits by time only.' })
    by: AdjustmentDimension[],
    @Arg('granularity', () => Granularity, {
      nullable: true,
      description: 'Length of the time buckets; null gives one bucket for the whole period.',
    })
    granularity: Granularity | null,
    @Arg('limit', () => Int, {
      nullable: true,
      description: 'Keeps the slices with the largest amounts, ties by name and then key; null keeps all.',
    })
    limit: number | null,
    @Ctx() context: Context,
  ): Promise<AdjustmentBreakdownRow[]> {
    if (by.length > DIMENSIONS_MAX || new Set(by).size < by.length)
      throw invalid('by', `Give up to ${String(DIMENSIONS_MAX)} different dimensions.`);
    if (limit !== null && limit < 1) throw invalid('limit', 'A limit is 1 or more.');
    const { clinicId, filter, resolved, compared } = report;
    const cut = (range: Bucket): Bucket[] =>
      granularity
        ? buckets(range.from, range.to, granularity)
        : [{ from: range.from, to: range.to, label: range.label }];
    const now = cut(resolved);
    const before = compared ? cut(compared).slice(0, now.length) : [];
    const tx = await context.read();
    const question = { clinicId, filter, stretches: [...now, ...before], by };
    const sums = await reportSums(tx, question);
    const slices = breakdownSlices({
      by,
      stretches: now.length,
      compared: before.length,
      sums,
      counts: context.viewer.aggregateOnly ? await reportPatients(tx, question) : null,
      categories: wantedOf(filter),
      ofAllStates: by.includes('APPROVAL_STATUS') || (filter.statuses ?? null) !== null,
    });
    const count = Math.min(slices.length, limit ?? slices.length) * now.length;
    if (count > ROWS_MAX)
      throw new Refused({
        code: 'TOO_MANY_ROWS',
        message: `The breakdown would have ${String(count)} rows; at most ${String(ROWS_MAX)} are answered. Take a shorter period, longer buckets, fewer dimensions or a limit.`,
        path: ['breakdown'],
      });
    const shown = rankedSlices(await Promise.all(slices.map((slice) => named(context, clinicId, by, slice))), limit);
    return Promise.all(
      now.flatMap((bucket, stretch) => shown.map((slice) => rowOf(context, report, by, slice, stretch, bucket))),
    );
  }
}

const invalid = (argument: string, message: string) =>
  new Refused({ code: 'INVALID', message, path: ['breakdown', argument] });

type NamedSlice = BreakdownSlice & { readonly label: string; readonly reason: ReasonCode | null };

/** A slice with its name; all names of a kind come with one statement. */
async function named(
  context: Context,
  clinicId: string,
  by: readonly AdjustmentDimension[],
  slice: BreakdownSlice,
): Promise<NamedSlice> {
  let reason: ReasonCode | null = null;
  const labels = await Promise.all(
    by.map(async (dimension, index) => {
      const member = slice.members[index] ?? NIL_UUID;
      const fixed = fixedLabel(dimension, member);
      if (fixed !== null) return fixed;
      if (dimension === 'REASON_CODE') {
        reason = await context.of(reasons).load({ clinicId, code: member });
        return reason?.label ?? member;
      }
      const key = { clinicId, id: member };
      const copy = await (dimension === 'PROVIDER'
        ? context.of(providerCopies).load(key)
        : context.of(locationCopies).load(key));
      return copy?.name ?? recordIdText(clinicId, member);
    }),
  );
  return { ...slice, reason, label: labels.join(', ') || 'All' };
}

/** Key of a slice: codes and identifiers as the API shows them. */
const keyOf = (clinicId: string, by: readonly AdjustmentDimension[], members: Members): string =>
  membersText(
    members.map((member, index) =>
      (by[index] === 'PROVIDER' || by[index] === 'LOCATION') && member !== NIL_UUID
        ? recordIdText(clinicId, member)
        : member,
    ),
  ) || 'all';

async function rowOf(
  context: Context,
  report: AdjustmentReport,
  by: readonly AdjustmentDimension[],
  slice: NamedSlice,
  stretch: number,
  bucket: Bucket,
): Promise<AdjustmentBreakdownRow> {
  const { clinicId } = report;
  const cell = slice.cells[stretch] as BreakdownSlice['cells'][number];
  const member = (dimension: AdjustmentDimension): string | null => slice.members[by.indexOf(dimension)] ?? null;
  const record = (dimension: 'PROVIDER' | 'LOCATION') => {
    const id = member(dimension);
    return id === NIL_UUID ? null : id;
  };
  const shownId = (dimension: 'PROVIDER' | 'LOCATION') => {
    const id = member(dimension);
    return id === NIL_UUID ? UNASSIGNED : id && recordIdText(clinicId, id);
  };
  const open = !cell.isSuppressed;
  return Object.assign(new AdjustmentBreakdownRow(), {
    key: keyOf(clinicId, by, slice.members),
    label: slice.label,
    period: bucket,
    category: member('CATEGORY') as AdjustmentCategory | null,
    group: member('GROUP') as AdjustmentGroup | null,
    reasonCode: slice.reason,
    providerId: shownId('PROVIDER'),
    provider: referenceTo(Provider, clinicId, record('PROVIDER')),
    locationId: shownId('LOCATION'),
    location: referenceTo(Location, clinicId, record('LOCATION')),
    approvalStatus: member('APPROVAL_STATUS') as ApprovalStatus | null,
    currency: report.currency,
    isSuppressed: cell.isSuppressed,
    measures: open ? await measuresOf(context, clinicId, cell.sums) : null,
    amount: open ? cell.amount : null,
    entryCount: open ? cell.count : null,
    share: cell.share,
    growth: cell.growth,
  });
}
