import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  forbidden,
  reachableClinic,
  Refused,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { clinicCopies, endOfMonth, isRestricted, todayAt, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { measuresOf } from '../measures/category-sums.loader';
import { WriteOffMeasures } from '../measures/write-off-measures.types';
import { PerformanceRow } from '../performance/performance-row.types';
import { sumsOfKept } from './adjustment-review.rules';
import { completeReview, reviewedMonths, type ReviewedMonth } from './adjustment-review.service';
import { AdjustmentReview, AdjustmentReviewPayload } from './adjustment-review.types';

/** Kept totals are of the whole clinic, so a reader of a part sees who reviewed, but not what. */
function shown(context: Context, clinicId: string, { first, review, isStale }: ReviewedMonth): AdjustmentReview {
  return Object.assign(new AdjustmentReview(), {
    clinicId,
    days: { from: first, to: endOfMonth(first) },
    kept: isRestricted(context.viewer) ? null : (review?.sums ?? null),
    month: first.slice(0, 7),
    reviewedBy: review?.reviewedBy ?? null,
    reviewedAt: review?.reviewedAt ?? null,
    notes: review?.notes ?? null,
    sourceHighWaterMark: review?.sourceHighWaterMark ?? null,
    isStale,
  });
}

@Resolver(() => AdjustmentReview)
export class AdjustmentReviewResolver {
  @Scopes(['finance:view_reports'])
  @Directive('@listSize(assumedSize: 12)')
  @Query(() => [AdjustmentReview], {
    nullable: true,
    description: 'Management reviews of the months of a year; months not reviewed are listed too.',
  })
  async adjustmentReviews(
    @ClinicArg() opaque: string,
    @Arg('year', () => Int, { description: 'Calendar year.' }) year: number,
    @Ctx() context: Context,
  ): Promise<AdjustmentReview[] | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    if (year < 1900 || year > 9999)
      throw new Refused({ code: 'INVALID', message: 'A year lies between 1900 and 9999.', path: ['year'] });
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const today = todayAt(tx, clinic);
    const ended = Array.from({ length: 12 }, (_, i) => `${String(year)}-${String(i + 1).padStart(2, '0')}-01`).filter(
      (first) => endOfMonth(first) < today,
    );
    return (await reviewedMonths(tx, clinicId, ended)).map((month) => shown(context, clinicId, month));
  }

  @Scopes(['finance:approve_adjustments'])
  @Change(() => AdjustmentReviewPayload, {
    description: 'Signs off the management review of a month and keeps its totals.',
  })
  async adjustmentReviewComplete(
    @ClinicArg() opaque: string,
    @Arg('month', () => String, { description: 'Calendar month, YYYY-MM.' }) month: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentReviewPayload> {
    const clinicId = clinicOfInput(context.viewer, opaque, ['clinicId']);
    if (isRestricted(context.viewer))
      throw forbidden('Your role sees a part of the clinic; a review is of the whole month.');
    const { first } = await change(
      context,
      { clinicId, mutation: 'adjustmentReviewComplete', input, also: month },
      (tx) => completeReview(tx, clinicId, month, input),
    );
    const [kept] = await reviewedMonths(await context.read(), clinicId, [first]);
    return Object.assign(new AdjustmentReviewPayload(), {
      adjustmentReview: kept ? shown(context, clinicId, kept) : null,
    });
  }

  @FieldResolver(() => WriteOffMeasures, {
    nullable: true,
    description: 'Totals kept at the review; null when the review is missing.',
  })
  measures(@Root() { clinicId, kept }: AdjustmentReview, @Ctx() context: Context): Promise<WriteOffMeasures | null> {
    return kept ? measuresOf(context, clinicId, sumsOfKept(kept)) : Promise.resolve(null);
  }

  @FieldResolver(() => PerformanceRow, {
    nullable: true,
    description: 'Row of the scorecard for the month: gross production and rates as of now.',
  })
  performance(@Root() review: AdjustmentReview): PerformanceRow {
    return PerformanceRow.ofClinic(review.clinicId, review.days);
  }
}
