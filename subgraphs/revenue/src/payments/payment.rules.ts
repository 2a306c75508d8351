import { splitByLargestRemainder } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import type { ProductionStatus } from '../production/production.types';
import type { PaymentMethod } from './payment.types';

const ZERO = new Decimal(0);

/** Sum of amounts. */
export const total = (amounts: readonly Decimal[]): Decimal => amounts.reduce((sum, amount) => sum.plus(amount), ZERO);

/** How a payment was paid as a whole: by its one tender, or MIXED. */
export const methodOf = (tenders: readonly { readonly method: PaymentMethod }[]): PaymentMethod =>
  tenders.length === 1 && tenders[0] ? tenders[0].method : 'MIXED';

/** What of a payment was not refunded yet. */
export interface Refundable {
  /** Credit of the patient that settles nothing. */
  readonly credit: Decimal;
  /** What it collected, entry by entry. */
  readonly collected: readonly Decimal[];
  /** What was paid, tender by tender. */
  readonly tendered: readonly Decimal[];
}

/**
 * How a refund is cut: the patient's credit goes back first, because it settled nothing; the rest is taken from what was
 * collected, and the whole from the tenders, each in proportion to what is left of it, by largest remainder. The parts
 * add up to the refund, and none exceeds what is left.
 */
export function refundParts(amount: Decimal, left: Refundable): Refundable {
  const credit = Decimal.min(amount, left.credit);
  const settled = amount.minus(credit);
  const cut = (whole: Decimal, parts: readonly Decimal[]) =>
    whole.isZero() ? parts.map(() => ZERO) : splitByLargestRemainder(whole, parts);
  return { credit, collected: cut(settled, left.collected), tendered: cut(amount, left.tendered) };
}

const FOLLOWING: readonly ProductionStatus[] = ['POSTED', 'PARTIALLY_COLLECTED', 'COLLECTED'];

/** True of a status that follows what was collected: the entry counts and was not undone. */
export const followsPayments = (status: ProductionStatus): boolean => FOLLOWING.includes(status);

/** True of an entry that counts and stands: only such a one can be paid. */
export const isPayable = (entry: { readonly isReversal: boolean; readonly status: ProductionStatus }): boolean =>
  !entry.isReversal && followsPayments(entry.status);

/** True when an entry can take an amount without being paid beyond its net amount (REV-38). */
export const isWithinBalance = (amount: Decimal, net: Decimal, collected: Decimal): boolean =>
  amount.lte(Decimal.max(net.minus(collected), ZERO));
