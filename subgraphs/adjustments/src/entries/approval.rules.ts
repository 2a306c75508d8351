import { Decimal } from 'decimal.js';
import type { ApprovalReason } from './adjustment-category.rules';

/** A counting or waiting adjustment of the same patient: its day, and its amount without sign. */
export interface DatedAmount {
  /** Days since some fixed day; only differences matter. */
  readonly day: number;
  readonly amount: Decimal;
}

/**
 * The largest sum that a new amount takes part in, over any window of that many days that contains its day. Taking the
 * largest window, earlier or later, makes the rule blind to the order in which parts of a split amount are recorded.
 */
export function largestWindowSum(added: DatedAmount, others: readonly DatedAmount[], windowDays: number): Decimal {
  const ends = [added.day, ...others.map((other) => other.day)].filter(
    (end) => end >= added.day && end - added.day < windowDays,
  );
  return ends
    .map((end) =>
      others
        .filter((other) => other.day <= end && end - other.day < windowDays)
        .reduce((sum, other) => sum.plus(other.amount), added.amount),
    )
    .reduce((largest, sum) => Decimal.max(largest, sum), added.amount);
}

export interface ApprovalQuestion {
  /** Amount of the adjustment, with its sign. */
  readonly amount: Decimal;
  /** Sum of the patient's adjustments in the window, this one included; null where the rule does not apply. */
  readonly cumulative: Decimal | null;
  /** Amount without sign from which a decision is needed; exactly this amount needs one. Null when no amount does. */
  readonly threshold: Decimal | null;
  readonly reasonRequiresApproval: boolean;
}

/** Why an adjustment needs a decision (ADJ-61); empty when it is approved by itself. */
export function approvalReasons(question: ApprovalQuestion): readonly ApprovalReason[] {
  const { threshold } = question;
  const reasons: ApprovalReason[] = [];
  if (threshold && question.amount.abs().gte(threshold)) reasons.push('AMOUNT_THRESHOLD');
  else if (threshold && question.cumulative?.gte(threshold)) reasons.push('CUMULATIVE_THRESHOLD');
  if (question.reasonRequiresApproval) reasons.push('REASON_CODE');
  return reasons;
}
