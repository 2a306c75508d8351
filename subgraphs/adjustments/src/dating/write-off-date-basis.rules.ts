import type { Day } from '@practice-graph/practice';
import type { Decimal } from 'decimal.js';

/** Day under which insurance write-offs are counted (REV-59). */
export const WriteOffDateBasis = {
  ADJUSTMENT_DATE: 'ADJUSTMENT_DATE',
  PROCEDURE_DATE: 'PROCEDURE_DATE',
  CLAIM_ESTIMATE_THEN_PAYMENT: 'CLAIM_ESTIMATE_THEN_PAYMENT',
  PAYMENT_DATE: 'PAYMENT_DATE',
} as const;
export type WriteOffDateBasis = keyof typeof WriteOffDateBasis;

/** What of an insurance write-off its dating depends on. */
export interface DatedWriteOff {
  readonly amount: Decimal;
  readonly adjustmentDate: Day;
  readonly procedureDate: Day | null;
  readonly claimDate: Day | null;
  readonly estimatedAmount: Decimal | null;
  readonly paymentDate: Day | null;
}

/** Part of a write-off that counts on a day. */
export interface DatedPart {
  readonly day: Day;
  readonly amount: Decimal;
}

/** The day on which a write-off counts first under a basis; a date that it lacks falls back to its adjustment date. */
export function firstDay(writeOff: DatedWriteOff, basis: WriteOffDateBasis): Day {
  const { adjustmentDate, procedureDate, claimDate, paymentDate } = writeOff;
  const day = {
    ADJUSTMENT_DATE: adjustmentDate,
    PROCEDURE_DATE: procedureDate,
    CLAIM_ESTIMATE_THEN_PAYMENT: claimDate,
    PAYMENT_DATE: paymentDate,
  }[basis];
  return day ?? adjustmentDate;
}

/**
 * The parts in which a write-off counts under a basis: whole on one day, or the estimate on the day of the claim and its
 * correction on the day of payment. They always add up to the amount, so that over all time every basis agrees (C-R12).
 */
export function datedParts(writeOff: DatedWriteOff, basis: WriteOffDateBasis): DatedPart[] {
  const { amount, estimatedAmount, paymentDate, adjustmentDate } = writeOff;
  const day = firstDay(writeOff, basis);
  if (basis !== 'CLAIM_ESTIMATE_THEN_PAYMENT' || estimatedAmount === null || estimatedAmount.eq(amount))
    return [{ day, amount }];
  return [
    { day, amount: estimatedAmount },
    { day: paymentDate ?? adjustmentDate, amount: amount.minus(estimatedAmount) },
  ];
}
