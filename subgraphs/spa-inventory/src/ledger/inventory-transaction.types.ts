import { connectionOf } from '@practice-graph/kit';
import { InventoryTransaction } from './inventory-transaction.entity';

export const inventoryTransactionConnection = connectionOf(
  () => InventoryTransaction,
  'InventoryTransaction',
  'stock movements, newest first',
  'stock movements',
);
