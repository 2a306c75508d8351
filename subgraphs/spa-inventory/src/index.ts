import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import { DIRECTORY_ENTITIES, directoryHandlers, PERIOD_PUBLISHES, periodHandlers } from '@practice-graph/practice';
import { InventoryTransaction } from './ledger/inventory-transaction.entity';
import { verifyInventory } from './ledger/verification.service';
import { InventoryLot } from './lots/inventory-lot.entity';
import { LotStock } from './lots/lot-stock.entity';
import { SpaInventory1795219200001 } from './migrations/20261121-01-spa-inventory';
import { PostingMonths1795219200061 } from './migrations/20261121-06-posting-months';
import { ProductBarcode } from './products/product-barcode.entity';
import { Product } from './products/product.entity';
import { ReceivedItem } from './receiving/received-item.entity';
import { ReceivingRecord } from './receiving/receiving-record.entity';
import { spaInventorySchema } from './schema';
import { LotUsage } from './treatments/lot-usage.entity';
import { resendVendors } from './vendors/vendor-facts.service';
import { Vendor } from './vendors/vendor.entity';
import { WasteRecord } from './waste/waste-record.entity';

/** The stock of medical spas: vendors, products, lots, the ledger of movements, use and waste. */
export const spaInventory: SubgraphDefinition = {
  name: 'spa-inventory',
  database: 'spa_inventory',
  roles: rolesOf('spa_inventory'),
  entities: [
    ...DIRECTORY_ENTITIES,
    InventoryLot,
    InventoryTransaction,
    LotStock,
    LotUsage,
    Product,
    ProductBarcode,
    ReceivedItem,
    ReceivingRecord,
    Vendor,
    WasteRecord,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [SpaInventory1795219200001, PostingMonths1795219200061],
  schema: spaInventorySchema,
  publishes: { 'vendor.saved': ['appliance-supply'], ...PERIOD_PUBLISHES },
  handlers: { ...directoryHandlers, ...periodHandlers('spa-inventory') },
  verifiers: [verifyInventory],
  resync: resendVendors,
};

export { importLots, importMovements, importProducts, importVendors } from './imports/import.service';
export type { ImportedMovement, LotRow, ProductRow, UseRow, VendorRow, WasteRow } from './imports/import-rows.types';
