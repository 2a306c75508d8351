import { Decimal } from 'decimal.js';
import type { InventoryTransactionType } from './inventory-transaction-type.types';

const INCOMING: readonly InventoryTransactionType[] = ['RECEIVE', 'ADJUSTMENT_ADD', 'TRANSFER_IN'];

/** Signed change of stock: the type alone decides whether goods come or go (SPA-45). `amount` is more than zero. */
export const signedQuantity = (type: InventoryTransactionType, amount: Decimal): Decimal =>
  INCOMING.includes(type) ? amount : amount.neg();

/** Quantity times unit cost, rounded once, half up and away from zero, so that a counter-row nets to nothing (E-14). */
export const movementCost = (quantity: Decimal, unitCost: Decimal): Decimal =>
  quantity.times(unitCost).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

/**
 * What a unit of a lot costs after one more receipt: the mean of the prices by quantity, to six decimals. Receipts at one
 * price keep it exactly.
 */
export function unitCostAfterReceipt(
  present: { readonly quantity: Decimal; readonly unitCost: Decimal },
  receipt: { readonly quantity: Decimal; readonly unitCost: Decimal },
): Decimal {
  if (present.quantity.isZero() || present.unitCost.eq(receipt.unitCost)) return receipt.unitCost;
  const cost = present.quantity.times(present.unitCost).plus(receipt.quantity.times(receipt.unitCost));
  return cost.div(present.quantity.plus(receipt.quantity)).toDecimalPlaces(6, Decimal.ROUND_HALF_UP);
}
