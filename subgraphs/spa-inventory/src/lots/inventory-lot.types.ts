import { connectionOf } from '@practice-graph/kit';
import { InventoryLot } from './inventory-lot.entity';

export const inventoryLotConnection = connectionOf(
  () => InventoryLot,
  'InventoryLot',
  'lots, first to expire first',
  'lots',
);
