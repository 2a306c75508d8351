import { splitByLargestRemainder } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import type { ProductionStatus } from './production.types';

const ZERO = new Decimal(0);

/** What decides which part of net an insurer is expected to pay. */
export interface InsuranceShare {
  /** The insurer's part of gross when the entry was recorded. */
  readonly expected: Decimal;
  /** Write-offs of the insurer that count, signed. */
  readonly writtenOff: Decimal;
  readonly net: Decimal;
  /** +1 for an original, −1 for a reversal. */
  readonly sign: number;
}

/**
 * The insurer's part of net (E-15): write-offs of the insurer lower it first, all other adjustments lower the patient's
 * part first, and what exceeds a part goes to the other. So it is what was expected less what was written off, but
 * never below zero nor above net; the patient's part is the rest. Depends on sums only, not on the order of adjustments.
 */
export function insurancePortion({ expected, writtenOff, net, sign }: InsuranceShare): Decimal {
  const wanted = expected.minus(writtenOff);
  return sign < 0
    ? Decimal.min(Decimal.max(wanted, Decimal.min(net, ZERO)), ZERO)
    : Decimal.max(Decimal.min(wanted, Decimal.max(net, ZERO)), ZERO);
}

/** What of an unlinked adjustment changes the insurer's part: all of an insurer's write-off, nothing of others (E-15). */
export const unlinkedInsuranceChange = (category: string, amount: Decimal): Decimal =>
  category === 'INSURANCE_WRITEOFF' ? amount.neg() : ZERO;

/** Where a posted entry stands by what was collected of its net (E-15). */
export function postedStatus(net: Decimal, collected: Decimal): ProductionStatus {
  if (collected.lte(0)) return 'POSTED';
  return collected.gte(net) ? 'COLLECTED' : 'PARTIALLY_COLLECTED';
}

export type MilestoneKind = 'START' | 'DEBOND';

/** The milestone of a case that an entry of a category can reach, or null. */
export const milestoneOf = (category: string): MilestoneKind | null =>
  category === 'TREATMENT_START' ? 'START' : category === 'DEBOND' ? 'DEBOND' : null;

/**
 * Shares of other providers in the net of an entry (E-15): they stand as amounts of what the entry was worth when it was
 * recorded, and net is cut in their proportion by largest remainder; the credited provider takes what they leave.
 */
export function shareNet(net: Decimal, worth: Decimal, weights: readonly Decimal[]): Decimal[] {
  if (worth.isZero()) return weights.map(() => ZERO);
  const rest = weights.reduce((left, weight) => left.minus(weight), worth);
  return splitByLargestRemainder(net, [...weights, rest]).slice(0, weights.length);
}
