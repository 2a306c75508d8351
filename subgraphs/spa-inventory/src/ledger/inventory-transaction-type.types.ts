import { registerEnumType } from 'type-graphql';

export const InventoryTransactionType = {
  RECEIVE: 'RECEIVE',
  ADJUSTMENT_ADD: 'ADJUSTMENT_ADD',
  ADJUSTMENT_REMOVE: 'ADJUSTMENT_REMOVE',
  TREATMENT_USE: 'TREATMENT_USE',
  TRANSFER_OUT: 'TRANSFER_OUT',
  TRANSFER_IN: 'TRANSFER_IN',
  WASTE: 'WASTE',
  DAMAGE: 'DAMAGE',
  EXPIRATION: 'EXPIRATION',
  RECALL: 'RECALL',
  RETURN_VENDOR: 'RETURN_VENDOR',
  SALE: 'SALE',
  SAMPLE: 'SAMPLE',
  RECONSTITUTION: 'RECONSTITUTION',
} as const;
export type InventoryTransactionType = (typeof InventoryTransactionType)[keyof typeof InventoryTransactionType];
registerEnumType(InventoryTransactionType, {
  name: 'InventoryTransactionType',
  description: 'Why stock moved.',
  valuesConfig: {
    RECEIVE: { description: 'Goods came in.' },
    ADJUSTMENT_ADD: { description: 'Found in excess, by hand or count.' },
    ADJUSTMENT_REMOVE: { description: 'Missing, by hand or count.' },
    TREATMENT_USE: { description: 'Used on a patient.' },
    TRANSFER_OUT: { description: 'Left a place for transit.' },
    TRANSFER_IN: { description: 'Came from transit to a place.' },
    WASTE: { description: 'Thrown away, with a waste record that tells why.' },
    DAMAGE: { description: 'Damaged.' },
    EXPIRATION: { description: 'Disposed of after expiry.' },
    RECALL: { description: 'Removed by a recall.' },
    RETURN_VENDOR: { description: 'Sent back to the vendor.' },
    SALE: { description: 'Sold over the counter.' },
    SAMPLE: { description: 'Given as a sample.' },
    RECONSTITUTION: { description: 'Taken out of the lot into an open vial.' },
  },
});

export const InventoryTransactionStatus = {
  PENDING: 'PENDING',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
  REVERSED: 'REVERSED',
} as const;
export type InventoryTransactionStatus = (typeof InventoryTransactionStatus)[keyof typeof InventoryTransactionStatus];
registerEnumType(InventoryTransactionStatus, {
  name: 'InventoryTransactionStatus',
  description: 'Where a movement stands.',
  valuesConfig: {
    PENDING: { description: 'Waits for approval; the quantity is held.' },
    COMPLETED: { description: 'Stock moved.' },
    CANCELLED: { description: 'Given up; nothing moved.' },
    REVERSED: { description: 'Undone by a counter-row.' },
  },
});
