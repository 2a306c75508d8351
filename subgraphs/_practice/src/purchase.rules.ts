import { Decimal } from 'decimal.js';

/** What was bought of one item in a period and in the one before it; costs of quantities of which the price is known. */
export interface ItemPurchases {
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly quantityBefore: Decimal;
  readonly costBefore: Decimal;
}

const RATE_DECIMALS = 6;

/**
 * Change of unit cost, weighted by what was bought now: what it cost over what the same quantities would have cost at the
 * prices before. Items bought in one of the periods only have nothing to be compared with; null when that leaves nothing.
 */
export function priceChangeRate(items: readonly ItemPurchases[]): Decimal | null {
  let now = new Decimal(0);
  let before = new Decimal(0);
  for (const item of items) {
    if (item.quantity.lte(0) || item.quantityBefore.lte(0)) continue;
    now = now.plus(item.cost);
    before = before.plus(item.costBefore.times(item.quantity).div(item.quantityBefore));
  }
  return before.lte(0) ? null : now.div(before).minus(1).toDecimalPlaces(RATE_DECIMALS, Decimal.ROUND_HALF_UP);
}
