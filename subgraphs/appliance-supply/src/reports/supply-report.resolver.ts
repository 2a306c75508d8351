import { ClinicArg, forbidden, reachable, Refused, Scopes, type Context } from '@practice-graph/kit';
import {
  buckets,
  calendarAt,
  cellText,
  clinicCopies,
  CompareInput,
  comparisonOf,
  Granularity,
  growth,
  isRestricted,
  PeriodInput,
  periodOf,
  rankedBreakdown,
  requireRows,
  slicesOfBreakdown,
  SMALL_CELL_MIN,
  tellsWithheld,
  type Bucket,
  type SliceMembers,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { CostBasis } from '../case-cost/supply-cost.types';
import { clinicOfList, refuseWithoutPatients } from '../directory/directory.loader';
import { measuresOf, type SupplyMeasures } from '../performance/supply-measures.types';
import { SupplyUsageFilter } from '../usage/appliance-usage.inputs';
import { named, rowOf } from './supply-breakdown.loader';
import { DIMENSIONS_MAX, SupplyDimension } from './supply-dimension.rules';
import { chosenMembers, type ReportQuestion } from './supply-facts.service';
import { SupplyBreakdownRow, SupplyReport } from './supply-report.types';
import { nothingUsed, reportDistinct, reportSubjects, reportSums, type ReportSums } from './supply-sums.service';

/** Most rows of a breakdown; more are refused, not cut. */
const ROWS_MAX = 2_000;

const invalid = (argument: string, message: string) =>
  new Refused({ code: 'INVALID', message, path: ['breakdown', argument] });

const isSmall = (patients: number) => patients > 0 && patients < SMALL_CELL_MIN;

/** Makes the measures of the cells of a question; different cases are counted when the first cell is asked for them. */
function measuredCells(context: Context, question: ReportQuestion, currency: string) {
  let counted: Promise<ReadonlyMap<string, number>> | undefined;
  const count = async () => {
    const found = await reportDistinct(await context.read(), 'CASE', question);
    return new Map(found.map((cell) => [cellText(cell.stretch, cell.members), cell.count]));
  };
  return (stretch: number, members: SliceMembers, sums: ReportSums): SupplyMeasures =>
    measuresOf(sums, currency, async () => (await (counted ??= count())).get(cellText(stretch, members)) ?? 0);
}

/** For a reader of aggregates: refuses a report behind which, or behind what it leaves out, too few patients stand. */
async function refuseTooFew(context: Context, question: ReportQuestion): Promise<void> {
  const tx = await context.read();
  const narrowed = chosenMembers(context.viewer, question);
  const [shown, all, tables] = await Promise.all([
    reportDistinct(tx, 'PATIENT', question),
    reportDistinct(tx, 'PATIENT', { ...question, filter: {} }),
    Promise.all(narrowed.map((of) => reportDistinct(tx, 'PATIENT', of.question))),
  ]);
  const at = (cells: typeof shown, stretch: number) => cells.find((cell) => cell.stretch === stretch)?.count ?? 0;
  const tells = (stretch: number) =>
    narrowed.some(({ chosen }, n) => {
      const cells = (tables[n] ?? []).filter((cell) => cell.stretch === stretch);
      return tellsWithheld(
        cells.map(({ members, count }) => ({ members, patients: count })),
        chosen,
      );
    });
  for (const stretch of question.stretches.keys())
    if (isSmall(at(shown, stretch)) || isSmall(at(all, stretch) - at(shown, stretch)) || tells(stretch))
      throw forbidden('Fewer patients than the privacy limit stand behind this report or what it leaves out.');
}

/** A report of one patient or case is a read of patients, and noted as such. */
async function noteReadOfOne(context: Context, question: ReportQuestion): Promise<void> {
  const { clinicId, filter } = question;
  if (!filter.patientId && !filter.treatmentPlanId) return;
  requireRows(context.viewer);
  const key = filter.patientId ? reachable(context.viewer, filter.patientId) : undefined;
  const found = await reportSubjects(await context.read(), question);
  const { patientId: _, ...rest } = filter;
  context.reads.push({
    ...{ clinicId, action: 'patient.read', entityType: 'SupplyReport', filter: rest, rowCount: found.length },
    subjects: [...new Set([...found, ...(key?.clinicId === clinicId ? [key.id] : [])])],
  });
}

@Resolver(() => SupplyReport)
export class SupplyReportResolver {
  @Scopes(['inventory:read'])
  @Directive('@cost(weight: 5)')
  @Query(() => SupplyReport, {
    nullable: true,
    description: 'Use of supplies in a period: totals, comparison and any breakdown.',
  })
  async supplyReport(
    @ClinicArg() opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => SupplyUsageFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    asked: SupplyUsageFilter | null,
    @Arg('compareTo', () => CompareInput, {
      nullable: true,
      description: 'What to compare with; null compares with nothing.',
    })
    compareTo: CompareInput | null,
    @Arg('costBasis', () => CostBasis, {
      nullable: true,
      defaultValue: CostBasis.AT_USE,
      description: 'Unit cost to value the use with.',
    })
    costBasis: CostBasis | null,
    @Ctx() context: Context,
  ): Promise<SupplyReport | null> {
    const { viewer } = context;
    refuseWithoutPatients(viewer, asked?.patientId);
    const clinicId = clinicOfList(context, opaque);
    const clinic = clinicId === null ? null : await context.of(clinicCopies).load(clinicId);
    if (clinicId === null || !clinic) return null;
    const calendar = calendarAt(context.now, clinic);
    const resolved = periodOf(period, calendar);
    const compared = comparisonOf(compareTo, resolved, calendar, ['compareTo']);
    const basis = costBasis ?? CostBasis.AT_USE;
    const stretches = compared ? [resolved, compared] : [resolved];
    const question: ReportQuestion = { clinicId, filter: asked ?? {}, basis, stretches, by: [] };
    await noteReadOfOne(context, question);
    if (viewer.aggregateOnly) await refuseTooFew(context, question);

    const tx = await context.read();
    const sums = await reportSums(tx, question);
    const measure = measuredCells(context, question, clinic.currency);
    const at = (stretch: number) =>
      measure(stretch, [], sums.find((sum) => sum.stretch === stretch)?.sums ?? nothingUsed(question));
    const measures = at(0);
    const previous = compared ? at(1) : null;
    return Object.assign(new SupplyReport(), {
      ...{ clinicId, filter: question.filter, resolved, compared, period: resolved, comparedTo: compared },
      ...{ currency: clinic.currency, costBasis: basis, asOf: tx.session.at, isRestricted: isRestricted(viewer) },
      ...{ measures, previous, growth: previous ? growth(measures.cost, previous.cost) : null },
    });
  }

  @Directive('@listSize(assumedSize: 100)')
  @FieldResolver(() => [SupplyBreakdownRow], {
    description: 'Totals split by up to three dimensions and, with a granularity, by time. Rows add up to the totals.',
  })
  async breakdown(
    @Root() report: SupplyReport,
    @Arg('by', () => [SupplyDimension], { description: 'What to split by; empty splits by time only.' })
    by: SupplyDimension[],
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
  ): Promise<SupplyBreakdownRow[]> {
    if (by.length > DIMENSIONS_MAX || new Set(by).size < by.length)
      throw invalid('by', `Give up to ${String(DIMENSIONS_MAX)} different dimensions.`);
    if (limit !== null && limit < 1) throw invalid('limit', 'A limit is 1 or more.');
    const { clinicId, filter, resolved, compared, costBasis, currency } = report;
    const cut = ({ from, to, label }: Bucket): Bucket[] =>
      granularity ? buckets(from, to, granularity) : [{ from, to, label }];
    const now = cut(resolved);
    const before = compared ? cut(compared).slice(0, now.length) : [];
    const question = { clinicId, filter, basis: costBasis, stretches: [...now, ...before], by };
    const tx = await context.read();
    const counts = context.viewer.aggregateOnly ? await reportDistinct(tx, 'PATIENT', question) : null;
    const sums = await reportSums(tx, question);
    const nothing = nothingUsed(question);
    const slices = slicesOfBreakdown({
      ...{ stretches: now.length, compared: before.length, nothing, amountOf: (of: ReportSums) => of.cost },
      // Split by time only, a period without any use still has its buckets.
      sums: sums.length > 0 || by.length > 0 ? sums : [{ stretch: 0, members: [], sums: nothing }],
      counts: counts && counts.map(({ count, ...cell }) => ({ ...cell, patients: count })),
    });
    const count = Math.min(slices.length, limit ?? slices.length) * now.length;
    if (count > ROWS_MAX)
      throw new Refused({
        code: 'TOO_MANY_ROWS',
        message: `The breakdown would have ${String(count)} rows; at most ${String(ROWS_MAX)} are answered. Take a shorter period, longer buckets, fewer dimensions or a limit.`,
        path: ['breakdown'],
      });
    const all = await Promise.all(slices.map((slice) => named(context, clinicId, by, slice)));
    const shown = rankedBreakdown(all, limit);
    const measure = measuredCells(context, { ...question, stretches: now }, currency);
    return now.flatMap((bucket, stretch) =>
      shown.flatMap((slice) => {
        const cell = slice.cells[stretch];
        if (!cell) return [];
        const measures = cell.isSuppressed ? null : measure(stretch, slice.members, cell.sums);
        return [rowOf(context, report, by, slice, cell, bucket, measures)];
      }),
    );
  }
}
