import { Decimal } from 'decimal.js';

export type OrderState = 'OPEN' | 'PARTIAL_RECEIVED' | 'RECEIVED' | 'CLOSED_SHORT';

export interface OrderedQuantity {
  readonly ordered: Decimal;
  readonly received: Decimal;
  readonly status: OrderState;
}

/** True while goods may still come on an order. */
export const isAwaited = ({ status }: Pick<OrderedQuantity, 'status'>): boolean =>
  status === 'OPEN' || status === 'PARTIAL_RECEIVED';

/** What is still to come: ordered less received, nothing once closed (C-S11). */
export const pendingOf = (order: OrderedQuantity): Decimal =>
  isAwaited(order) ? order.ordered.minus(order.received) : new Decimal(0);

/** Where an order stands after receipts; a function of the quantities alone. */
export const stateAfter = (order: Pick<OrderedQuantity, 'ordered' | 'received'>): OrderState => {
  if (order.received.isZero()) return 'OPEN';
  return order.received.lt(order.ordered) ? 'PARTIAL_RECEIVED' : 'RECEIVED';
};
