import type { Context } from '@practice-graph/kit';
import { ProductionMeasures, type ProductionSums } from '../production/production-measures.types';
import { cellText } from './production-breakdown.rules';
import type { Members } from './production-dimension.rules';
import type { ReportQuestion } from './production-facts.service';
import { hasSlicedVisits, reportVisits, slicesFor, type ReportDirectory } from './production-report.service';

/**
 * Makes the measures of the cells of a question. What slices do not keep is read when the first cell is asked for it,
 * with one statement for all cells.
 */
export function measuredCells(
  context: Context,
  question: ReportQuestion,
  directory: ReportDirectory,
  currency: string,
): (stretch: number, members: Members, sums: ProductionSums) => ProductionMeasures {
  const isExact = hasSlicedVisits(slicesFor(context.viewer, question, directory), question.by);
  let counted: Promise<ReadonlyMap<string, number>> | undefined;
  const count = async () => {
    const found = await reportVisits(await context.read(), question);
    return new Map(found.map(({ stretch, members, visits }) => [cellText(stretch, members), visits]));
  };
  return (stretch, members, sums) =>
    new ProductionMeasures(currency, sums, {
      visits: isExact ? undefined : async () => (await (counted ??= count())).get(cellText(stretch, members)) ?? 0,
    });
}
