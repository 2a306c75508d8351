import type { Context } from '@practice-graph/kit';
import { cellText, type SliceCell, type SliceMembers } from '@practice-graph/practice';
import {
  CHAIR_SUMS,
  ProductionMeasures,
  type ChairSums,
  type ProductionSums,
} from '../production/production-measures.types';
import type { ReportQuestion } from './production-facts.service';
import {
  chairSlicesFor,
  hasSlicedVisits,
  reportVisits,
  slicesFor,
  sumsOfSlices,
  type ReportDirectory,
} from './production-report.service';

const NO_TIME: ChairSums = { availableMinutes: 0, usedMinutes: 0 };

/** Chair time of the cells of a question, with one statement; undefined where it has no meaning. */
export function chairTimeOf(
  context: Context,
  question: ReportQuestion,
  directory: ReportDirectory,
): (() => Promise<(SliceCell & { sums: ChairSums })[]>) | undefined {
  const selection = chairSlicesFor(context.viewer, question, directory);
  let found: ReturnType<typeof read> | undefined;
  const read = async () =>
    selection
      ? sumsOfSlices(await context.read(), { table: 'chair_slice', measures: CHAIR_SUMS }, selection, question)
      : [];
  return selection && (() => (found ??= read()));
}

/**
 * Makes the measures of the cells of a question. What the slices of production do not keep is read when the first cell
 * is asked for it, with one statement for all cells.
 */
export function measuredCells(
  context: Context,
  question: ReportQuestion,
  directory: ReportDirectory,
  currency: string,
  chairTime = chairTimeOf(context, question, directory),
): (stretch: number, members: SliceMembers, sums: ProductionSums) => ProductionMeasures {
  const isExact = hasSlicedVisits(slicesFor(context.viewer, question, directory), question.by);
  let counted: Promise<ReadonlyMap<string, number>> | undefined;
  const count = async () => {
    const found = await reportVisits(await context.read(), question);
    return new Map(found.map(({ stretch, members, visits }) => [cellText(stretch, members), visits]));
  };
  let sat: Promise<ReadonlyMap<string, ChairSums>> | undefined;
  const sit = async (read: NonNullable<typeof chairTime>) =>
    new Map((await read()).map(({ stretch, members, sums }) => [cellText(stretch, members), sums]));
  return (stretch, members, sums) => {
    const cell = cellText(stretch, members);
    return new ProductionMeasures(currency, sums, {
      chairTime: chairTime && (async () => (await (sat ??= sit(chairTime))).get(cell) ?? NO_TIME),
      visits: isExact ? undefined : async () => (await (counted ??= count())).get(cell) ?? 0,
    });
  };
}
