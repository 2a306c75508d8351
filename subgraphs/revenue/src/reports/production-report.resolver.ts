import { ClinicArg, reachable, reachableClinic, recordIdOf, Refused, Scopes, type Context } from '@practice-graph/kit';
import {
  buckets,
  CompareInput,
  comparisonOf,
  distinctMembers,
  Granularity,
  growth,
  isRestricted,
  PeriodInput,
  periodOf,
  rankedBreakdown,
  slicesOfBreakdown,
  SMALL_CELL_MIN,
  tellsWithheld,
  type Bucket,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { calendarOf } from '../clinics/calendar.loader';
import { clinicLoader, locationsOfClinic, providersOfClinic } from '../clinics/directory.loader';
import { ProductionFilter } from '../production/production-entry.inputs';
import { requireReadOfOne } from '../production/production-entry.loader';
import { named, rowOf } from './production-breakdown.loader';
import {
  denseSlices,
  DIMENSIONS_MAX,
  expectedFixed,
  ProductionDimension,
  type Expected,
} from './production-dimension.rules';
import type { ReportFilter, ReportQuestion } from './production-facts.service';
import { chairTimeOf, measuredCells } from './production-measures.loader';
import {
  chosenMembers,
  NO_PRODUCTION,
  patientsLeftOut,
  reportPatients,
  reportSubjects,
  reportSums,
} from './production-report.service';
import { ProductionBreakdownRow, ProductionReport } from './production-report.types';

/** Most rows of a breakdown; more are refused, not cut. */
const ROWS_MAX = 2_000;

const invalid = (argument: string, message: string) =>
  new Refused({ code: 'INVALID', message, path: ['breakdown', argument] });

/** Too few patients behind a report, or behind what its filter leaves out, so that one from all would tell of them. */
const isSmall = (patients: number) => patients > 0 && patients < SMALL_CELL_MIN;

/** Row of the clinic that an opaque identifier names. */
const rowIdOf = (clinicId: string, opaque: string): string | undefined => {
  const key = recordIdOf(opaque);
  return key?.clinicId === clinicId ? key.id : undefined;
};

/** Places and people of the clinic that the viewer may see, with those now active. */
async function directoryOf(context: Context, clinicId: string) {
  const [locations, providers] = await Promise.all([
    context.of(locationsOfClinic).load(clinicId),
    context.of(providersOfClinic).load(clinicId),
  ]);
  return {
    locations,
    providers,
    ids: { locationIds: locations.map(({ id }) => id), providerIds: providers.map(({ id }) => id) },
  };
}
type Directory = Awaited<ReturnType<typeof directoryOf>>;

/** Members that a breakdown shows although they produced nothing: what is active and passes the filter. */
function expectedOf(clinicId: string, filter: ReportFilter, { locations, providers }: Directory): Expected {
  const chosen = (
    records: readonly { id: string; active: boolean }[],
    opaque: readonly string[] | null | undefined,
  ) => {
    const wanted = opaque && new Set(opaque.map((text) => rowIdOf(clinicId, text)));
    return records.filter((record) => record.active && (!wanted || wanted.has(record.id))).map(({ id }) => id);
  };
  return {
    CATEGORY: expectedFixed('CATEGORY', filter.categories),
    PHASE: expectedFixed('PHASE', filter.phases),
    LOCATION: chosen(locations, filter.locationIds),
    PROVIDER: chosen(providers, filter.providerIds),
  };
}

@Resolver(() => ProductionReport)
export class ProductionReportResolver {
  @Scopes(['finance:view_revenue'])
  @Directive('@cost(weight: 5)')
  @Query(() => ProductionReport, {
    nullable: true,
    description: 'Production of a period: totals, comparison, goal progress and any breakdown.',
  })
  async productionReport(
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => ProductionFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    asked: ProductionFilter | null,
    @Arg('compareTo', () => CompareInput, {
      nullable: true,
      description: 'What to compare with; null compares with nothing.',
    })
    compareTo: CompareInput | null,
    @Ctx() context: Context,
  ): Promise<ProductionReport | null> {
    const { viewer } = context;
    const clinicId = reachableClinic(viewer, opaque);
    const clinic = clinicId === undefined ? null : await context.of(clinicLoader).load({ clinicId, id: clinicId });
    if (clinicId === undefined || !clinic) return null;
    const filter: ReportFilter = asked ?? {};
    const isOfOne = requireReadOfOne(viewer, filter);
    const calendar = await calendarOf(context, clinicId);
    const resolved = periodOf(period, calendar);
    const compared = comparisonOf(compareTo, resolved, calendar, ['compareTo']);
    const question = { clinicId, filter, stretches: compared ? [resolved, compared] : [resolved], by: [] };
    const isHidden = await this.tooFewPatients(context, question);
    if (isHidden[0])
      throw new Refused({
        code: 'FORBIDDEN',
        message: 'Fewer patients than the privacy limit stand behind this report or what it leaves out.',
        path: null,
      });
    if (isOfOne) await this.noteRead(context, question);

    const { ids } = await directoryOf(context, clinicId);
    const tx = await context.read();
    const sums = await reportSums(tx, question, ids);
    const measure = measuredCells(context, question, ids, clinic.currency);
    const at = (stretch: number) =>
      measure(stretch, [], sums.find((sum) => sum.stretch === stretch)?.sums ?? NO_PRODUCTION);
    const measures = at(0);
    const previous = compared && !isHidden[1] ? at(1) : null;
    return Object.assign(new ProductionReport(), {
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
      growth: previous ? growth(measures.net, previous.net) : null,
    });
  }

  /** For a reader of aggregates: which stretches must not be shown. */
  private async tooFewPatients(context: Context, question: ReportQuestion): Promise<readonly boolean[]> {
    if (!context.viewer.aggregateOnly) return [];
    const tx = await context.read();
    const narrowed = chosenMembers(context.viewer, question);
    const [counts, leftOut, tables] = await Promise.all([
      reportPatients(tx, question),
      patientsLeftOut(tx, question),
      Promise.all(narrowed.map((of) => reportPatients(tx, of.question))),
    ]);
    const at = (counted: typeof counts, stretch: number) => counted.filter((of) => of.stretch === stretch);
    return question.stretches.map(
      (_, stretch) =>
        isSmall(at(counts, stretch)[0]?.patients ?? 0) ||
        isSmall(leftOut[stretch] ?? 0) ||
        narrowed.some(({ chosen }, n) => tellsWithheld(at(tables[n] ?? [], stretch), chosen)),
    );
  }

  /** A report of one patient, case or procedure is a read of patients, and noted as such. */
  private async noteRead(context: Context, question: ReportQuestion): Promise<void> {
    const { clinicId, filter } = question;
    const { patientId, ...rest } = filter;
    const key = patientId == null ? undefined : reachable(context.viewer, patientId);
    const found = await reportSubjects(await context.read(), question);
    context.reads.push({
      clinicId,
      action: 'patient.read',
      entityType: 'ProductionReport',
      subjects: [...new Set([...found, ...(key?.clinicId === clinicId ? [key.id] : [])])],
      filter: rest,
      rowCount: found.length,
    });
  }

  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [ProductionBreakdownRow], {
    description:
      'Totals split by up to three dimensions and, with a granularity, by time. Dense: values without production are present with zeros.',
  })
  async breakdown(
    @Root() report: ProductionReport,
    @Arg('by', () => [ProductionDimension], { description: 'What to split by; empty splits by time only.' })
    by: ProductionDimension[],
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
  ): Promise<ProductionBreakdownRow[]> {
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
    const directory = await directoryOf(context, clinicId);
    const tx = await context.read();
    const question = { clinicId, filter, stretches: [...now, ...before], by };
    // People sit at places where nothing is booked; such pairs are rows too, so that hours add up.
    const chairTime = chairTimeOf(context, question, directory.ids);
    const sat = by.length > 0 ? await chairTime?.() : undefined;
    const sums = await reportSums(tx, question, directory.ids);
    const slices = slicesOfBreakdown({
      slices: denseSlices(by, distinctMembers([...sums, ...(sat ?? [])]), expectedOf(clinicId, filter, directory)),
      stretches: now.length,
      compared: before.length,
      sums,
      counts: context.viewer.aggregateOnly ? await reportPatients(tx, question) : null,
      nothing: NO_PRODUCTION,
      amountOf: ({ gross, adjustments }) => gross.minus(adjustments),
    });
    const count = Math.min(slices.length, limit ?? slices.length) * now.length;
    if (count > ROWS_MAX)
      throw new Refused({
        code: 'TOO_MANY_ROWS',
        message: `The breakdown would have ${String(count)} rows; at most ${String(ROWS_MAX)} are answered. Take a shorter period, longer buckets, fewer dimensions or a limit.`,
        path: ['breakdown'],
      });
    const shown = rankedBreakdown(await Promise.all(slices.map((slice) => named(context, clinicId, by, slice))), limit);
    const measure = measuredCells(context, question, directory.ids, report.currency, chairTime);
    return now.flatMap((bucket, stretch) =>
      shown.flatMap((slice) => {
        const cell = slice.cells[stretch];
        if (!cell) return [];
        const measures = cell.isSuppressed ? null : measure(stretch, slice.members, cell.sums);
        return [rowOf(report, by, slice, cell, bucket, measures)];
      }),
    );
  }
}
