import { Decimal } from 'decimal.js';
import type { InventoryTransactionType } from './inventory-transaction-type.types';

const INCOMING: readonly InventoryTransactionType[] = ['RECEIVE', 'ADJUSTMENT_ADD', 'TRANSFER_IN'];

/** Signed change of stock: the type alone decides whether goods come or go (SPA-45). `amount` is more than zero. */
export const signedQuantity = (type: InventoryTransactionType, amount: Decimal): Decimal =>
  INCOMING.includes(type) ? amount : amount.neg();

/** Quantity times unit cost, rounded once, half up and away from zero, so that a counter-row nets to nothing (E-14). */
export const movementCost = (quantity: Decimal, unitCost: Decimal): Decimal =>
  quantity.times(unitCost).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

/** What a unit costs after several receipts: all that was paid over all that came, to six decimals. */
export const averageUnitCost = (receivedCost: Decimal, receivedQuantity: Decimal): Decimal =>
  receivedQuantity.isZero()
    ? new Decimal(0)
    : receivedCost.div(receivedQuantity).toDecimalPlaces(6, Decimal.ROUND_HALF_UP);
