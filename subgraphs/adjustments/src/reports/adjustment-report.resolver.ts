import {
  ClinicArg,
  Decimal,
  forbidden,
  reachable,
  reachableClinic,
  Refused,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import {
  buckets,
  clinicCopies,
  CompareInput,
  comparisonOf,
  Granularity,
  growth,
  isRestricted,
  PeriodInput,
  periodOf,
  todayAt,
  type Bucket,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { categoriesOf, CATEGORIES, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { AdjustmentFilter } from '../entries/adjustment-entry.inputs';
import { WriteOffDateBasis } from '../dating/write-off-date-basis.types';
import type { EntryFilter } from '../entries/entry-filter.service';
import { measuresOf } from '../measures/category-sums.loader';
import { WriteOffMeasures } from '../measures/write-off-measures.types';
import { byCategory } from '../measures/write-off.rules';
import { PerformanceRow } from '../performance/performance-row.types';
import { named, rowOf } from './adjustment-breakdown.loader';
import { breakdownSlices, rankedSlices, tellsOfFew } from './adjustment-breakdown.rules';
import { AdjustmentDimension, DIMENSIONS_MAX, membersText } from './adjustment-dimension.rules';
import { contractSums } from './contract-variance.service';
import { ledgerStart, reportSubjects, reportSums } from './adjustment-report.service';
import { peersReader } from './provider-peers.loader';
import { reportPatients } from './report-patients.service';
import { showsAllStates } from './report-question.service';
import { bucketsBefore, trendOf, type Trend } from './adjustment-trend.rules';
import { AdjustmentBreakdownRow, AdjustmentReport } from './adjustment-report.types';

/** Most rows of a breakdown; more are refused, not cut. */
const ROWS_MAX = 2_000;

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
    @ClinicArg() opaque: string,
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
    @Arg('basis', () => WriteOffDateBasis, {
      nullable: true,
      defaultValue: WriteOffDateBasis.ADJUSTMENT_DATE,
      description: 'Day under which insurance write-offs are counted; over all time the totals agree.',
    })
    askedBasis: WriteOffDateBasis | null,
    @Ctx() context: Context,
  ): Promise<AdjustmentReport | null> {
    const basis = askedBasis ?? 'ADJUSTMENT_DATE';
    const { viewer } = context;
    const clinicId = reachableClinic(viewer, opaque);
    if (clinicId === undefined) return null;
    const filter: EntryFilter = asked ?? {};
    const isOfOne = Boolean(filter.patientId ?? filter.treatmentPlanId ?? filter.invoiceId);
    if (filter.patientId && !viewer.scopes.includes('patient:read'))
      throw forbidden('A filter by patient needs the permission patient:read.');
    if (isOfOne && viewer.aggregateOnly)
      throw forbidden('Your role reads aggregates only; the account of one patient is not part of it.');

    // The same days under two bases differ by single entries, whatever their number of patients.
    if (basis !== 'ADJUSTMENT_DATE' && viewer.aggregateOnly)
      throw forbidden('Your role reads aggregates only; those of another dating basis would tell of single entries.');

    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const calendar = { today: todayAt(tx, clinic), fiscalYearStartMonth: clinic.fiscalYearStartMonth };
    const resolved = periodOf(period, calendar);
    const compared = comparisonOf(compareTo, resolved, calendar, ['compareTo']);
    const stretches = compared ? [resolved, compared] : [resolved];
    const question = { clinicId, filter, stretches, by: [], basis };
    const counts = viewer.aggregateOnly ? await reportPatients(tx, question) : [];
    const isFew = (stretch: number, what: 'CELLS' | 'MEASURES') =>
      tellsOfFew(
        counts.filter((of) => of.stretch === stretch),
        what,
      );
    if (isFew(0, 'CELLS'))
      throw forbidden('Fewer patients than the privacy limit stand behind this report, or beside it.');
    if (isOfOne) await this.noteRead(context, question);

    const sums = await reportSums(tx, question);
    const measuresAt = (stretch: number) =>
      measuresOf(context, clinicId, byCategory(sums.filter((sum) => sum.stretch === stretch)));
    const measures = await measuresAt(0);
    const isComparable = compared && !isFew(1, 'CELLS');
    const previous = isComparable ? await measuresAt(1) : null;
    return Object.assign(new AdjustmentReport(), {
      clinicId,
      filter,
      resolved,
      compared,
      basis,
      period: resolved,
      comparedTo: compared,
      currency: clinic.currency,
      asOf: tx.session.at,
      isRestricted: isRestricted(viewer),
      measures: isFew(0, 'MEASURES') ? null : measures,
      previous: isFew(1, 'MEASURES') ? null : previous,
      growth: measures && previous ? growth(measures.totalAdjustments, previous.totalAdjustments) : null,
    });
  }

  @FieldResolver(() => WriteOffMeasures, { description: 'Totals of the period.' })
  measures(@Root() report: AdjustmentReport): WriteOffMeasures {
    if (report.measures) return report.measures;
    throw forbidden(
      'Fewer patients than the privacy limit stand behind one of the totals; ask for categories or days with more.',
    );
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
    const { clinicId, filter, resolved, compared, basis } = report;
    const cut = (range: Bucket): Bucket[] =>
      granularity
        ? buckets(range.from, range.to, granularity)
        : [{ from: range.from, to: range.to, label: range.label }];
    const now = cut(resolved);
    const before = compared ? cut(compared).slice(0, now.length) : [];
    const tx = await context.read();
    const question = { clinicId, filter, stretches: [...now, ...before], by, basis };
    const shape = {
      by,
      categories: wantedOf(filter),
      ofAllStates: showsAllStates({ filter, by }),
    };
    const slicesOf = async (asked: typeof question, stretches: number) =>
      breakdownSlices({
        ...shape,
        stretches,
        compared: asked.stretches.length - stretches,
        sums: await reportSums(tx, asked),
        counts: context.viewer.aggregateOnly ? await reportPatients(tx, asked) : null,
      });
    const slices = await slicesOf(question, now.length);
    const count = Math.min(slices.length, limit ?? slices.length) * now.length;
    if (count > ROWS_MAX)
      throw new Refused({
        code: 'TOO_MANY_ROWS',
        message: `The breakdown would have ${String(count)} rows; at most ${String(ROWS_MAX)} are answered. Take a shorter period, longer buckets, fewer dimensions or a limit.`,
        path: ['breakdown'],
      });
    const shown = rankedSlices(await Promise.all(slices.map((slice) => named(context, clinicId, by, slice))), limit);
    // What lies before the report is read once, and only when a row is asked for its trend.
    let past: Promise<(slice: (typeof shown)[number], stretch: number) => Trend> | undefined;
    const readPast = async (unit: Granularity) => {
      const earlier = bucketsBefore(resolved.from, unit);
      const found = await slicesOf({ ...question, stretches: earlier }, earlier.length);
      const cellsOf = new Map(found.map(({ members, cells }) => [membersText(members), cells]));
      const start = await ledgerStart(tx, clinicId, basis);
      // One series for each slice, whatever its number of buckets: a row only says where in it it stands.
      const seriesOf = new Map(
        shown.map((slice) => {
          const cells = [...(cellsOf.get(membersText(slice.members)) ?? earlier.map(() => null)), ...slice.cells];
          const series = [...earlier, ...now].map((bucket, i) => {
            const cell = cells[i];
            return { ...bucket, amount: cell?.isSuppressed ? null : (cell?.amount ?? new Decimal(0)) };
          });
          return [slice, series] as const;
        }),
      );
      return (slice: (typeof shown)[number], stretch: number) =>
        trendOf(seriesOf.get(slice) ?? [], earlier.length + stretch, unit, start);
    };
    let contracts: ReturnType<typeof contractSums> | undefined;
    const contractOf = (slice: (typeof shown)[number], stretch: number) => async () =>
      (await (contracts ??= contractSums(tx, { ...question, stretches: now }, shape.ofAllStates)))(
        stretch,
        slice.members,
      );
    const peersOf = peersReader(context, {
      ...{ clinicId, filter, by, buckets: now, count },
      // Others are compared with whatever the filter shows.
      slices: () =>
        filter.providerIds
          ? slicesOf({ ...question, filter: { ...filter, providerIds: null } }, now.length)
          : Promise.resolve(slices),
    });
    return Promise.all(
      now.flatMap((bucket, stretch) =>
        shown.map((slice) =>
          rowOf(context, report, by, slice, stretch, bucket, {
            trendOf: granularity && (async () => (await (past ??= readPast(granularity)))(slice, stretch)),
            contractOf: contractOf(slice, stretch),
            peersOf: peersOf && (() => peersOf(slice, stretch)),
          }),
        ),
      ),
    );
  }
}

const invalid = (argument: string, message: string) =>
  new Refused({ code: 'INVALID', message, path: ['breakdown', argument] });
