import { DateTimeScalar, type UserErrorShape } from '@practice-graph/kit';
import type { DayRange } from '@practice-graph/practice';
import { Field, ID, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import type { KeptSum } from './adjustment-review.rules';

@ObjectType('AdjustmentReview', { simpleResolvers: true, description: 'Management review of a month.' })
export class AdjustmentReview {
  clinicId: string;
  days: DayRange;
  /** Null when the review is missing, or keeps totals of more than the viewer may see. */
  kept: readonly KeptSum[] | null;

  @Field(() => String, { description: 'Calendar month, YYYY-MM.' })
  month: string;

  @Field(() => ID, { nullable: true, description: 'User who reviewed it; null when the review is missing.' })
  reviewedBy: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was reviewed; null when the review is missing.',
  })
  reviewedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Remarks of the reviewer.' })
  notes: string | null;

  @Field(() => String, { nullable: true, description: 'Ledger position up to which the kept totals count.' })
  sourceHighWaterMark: string | null;

  @Field(() => Boolean, {
    description: 'True when entries came into the month after its review, so that kept and present totals differ.',
  })
  isStale: boolean;
}

@ObjectType('AdjustmentReviewPayload', { simpleResolvers: true, description: 'Result of a change: the signed review.' })
export class AdjustmentReviewPayload {
  @Field(() => AdjustmentReview, { nullable: true, description: 'The signed review; null when refused.' })
  adjustmentReview: AdjustmentReview | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
