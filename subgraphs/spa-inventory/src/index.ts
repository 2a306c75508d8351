import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import { DIRECTORY_ENTITIES, directoryHandlers, PERIOD_PUBLISHES, periodHandlers } from '@practice-graph/practice';
import { InventoryTransaction } from './ledger/inventory-transaction.entity';
import { verifyInventory } from './ledger/verification.service';
import { InventoryLot } from './lots/inventory-lot.entity';
import { LotStock } from './lots/lot-stock.entity';
import { SpaInventory1795219200001 } from './migrations/20261121-01-spa-inventory';
import { PostingMonths1795219200061 } from './migrations/20261121-06-posting-months';
import { ProductBarcode } from './products/product-barcode.entity';
import { Recalls17636900000092 } from './migrations/20261121-09-recalls';
import { Product } from './products/product.entity';
import { applyRecallApplied, resendRecalls } from './recalls/recall-facts.service';
import { RecallLot } from './recalls/recall-lot.entity';
import { RecallPatient } from './recalls/recall-patient.entity';
import { Recall } from './recalls/recall.entity';
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
    Recall,
    RecallLot,
    RecallPatient,
    ReceivedItem,
    ReceivingRecord,
    Vendor,
    WasteRecord,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [SpaInventory1795219200001, PostingMonths1795219200061, Recalls17636900000092],
  schema: spaInventorySchema,
  publishes: {
    ...PERIOD_PUBLISHES,
    'vendor.saved': ['appliance-supply'],
    'recall.started': ['appliance-supply'],
    'recall.closed': ['appliance-supply'],
    // Nobody in the graph listens to it; partners may.
    'lot.recalled': [],
  },
  handlers: { ...directoryHandlers, ...periodHandlers('spa-inventory'), 'recall.applied': applyRecallApplied },
  verifiers: [verifyInventory],
  resync: async (tx, clinicId) => {
    await resendVendors(tx, clinicId);
    await resendRecalls(tx, clinicId);
  },
};

export { importLots, importMovements, importProducts, importVendors } from './imports/import.service';
export type { ImportedMovement, LotRow, ProductRow, UseRow, VendorRow, WasteRow } from './imports/import-rows.types';
export { eventsOfRecalls } from './recalls/recall-facts.service';
export { updateRecallPatient } from './recalls/recall-patient.service';
export { startRecall } from './recalls/recall.service';
