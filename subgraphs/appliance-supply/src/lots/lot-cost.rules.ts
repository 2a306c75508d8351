import { Decimal } from 'decimal.js';

const UNIT_COST_DECIMALS = 6;

/** What was paid for a lot. */
export interface LotCost {
  readonly costedQuantity: Decimal;
  readonly receivedCost: Decimal;
  readonly uncostedQuantity: Decimal;
}

/** What was paid for a lot after a further receipt; a receipt without a price is remembered as such. */
export function withReceipt(cost: LotCost, quantity: Decimal, total: Decimal | null): LotCost {
  if (total === null) return { ...cost, uncostedQuantity: cost.uncostedQuantity.plus(quantity) };
  return {
    ...cost,
    costedQuantity: cost.costedQuantity.plus(quantity),
    receivedCost: cost.receivedCost.plus(total),
  };
}

/**
 * Moving average of the unit cost of a lot, or of an item, after a receipt: what was on hand at the old average, and what
 * came in. What was used before bore its own cost and has no part in it, so that uses add up to what was paid.
 */
export function movingAverage(old: Decimal | null, onHand: Decimal, quantity: Decimal, total: Decimal): Decimal {
  const before = old === null ? new Decimal(0) : Decimal.max(0, onHand);
  return before
    .times(old ?? 0)
    .plus(total)
    .div(before.plus(quantity))
    .toDecimalPlaces(UNIT_COST_DECIMALS, Decimal.ROUND_HALF_UP);
}

/** Cost of a quantity, rounded once to the cent (E-14); null when the unit cost is not known, never zero for want of it. */
export const useCost = (quantity: Decimal, unitCost: Decimal | null): Decimal | null =>
  unitCost === null ? null : quantity.times(unitCost).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
