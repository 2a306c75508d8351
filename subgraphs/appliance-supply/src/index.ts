import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import { DIRECTORY_ENTITIES, directoryHandlers, PERIOD_PUBLISHES, periodHandlers } from '@practice-graph/practice';
import { KitLine, KitTemplate } from './kits/kit-template.entity';
import { SupplyOffer } from './offers/supply-offer.entity';
import { SupplyOrder, SupplyOrderCount } from './orders/supply-order.entity';
import { sweepStock } from './alerts/stock-watch.service';
import { SupplyAlert } from './alerts/supply-alert.entity';
import { SupplyItem } from './items/supply-item.entity';
import { SupplyLot } from './lots/supply-lot.entity';
import { SupplyStock } from './lots/supply-stock.entity';
import { SupplyTransaction } from './lots/supply-transaction.entity';
import { ItemsLotsUse1763690400000 } from './migrations/20261121-01-items-lots-use';
import { OffersKitsOrders17636900000082 } from './migrations/20261121-08-offers-kits-orders';
import { SupplyAlerts17636900000084 } from './migrations/20261121-08-alerts';
import { ReversalsTransfers17636900000081 } from './migrations/20261121-08-reversals-transfers';
import { Recalls17636900000093 } from './migrations/20261121-09-recalls';
import { Reports17636900000094 } from './migrations/20261121-09-reports';
import { SplitSlices17636900000095 } from './migrations/20261121-09-split-slices';
import { Vendors17636900000091 } from './migrations/20261121-09-vendors';
import { LooseGoods17637800000061 } from './migrations/20261122-06-loose-goods';
import { PostingMonths1763690400061 } from './migrations/20261121-06-posting-months';
import { verifyOrders, verifySlices, verifyStock } from './performance/supply-verifier.service';
import { ApplianceRecord } from './placements/appliance-record.entity';
import { verifyRecalls } from './recalls/recall-verifier.service';
import { SupplyRecall, SupplyRecallLot } from './recalls/supply-recall.entity';
import { resendFound } from './recalls/recall-found.service';
import { applyRecallState } from './recalls/supply-recall.service';
import { schema } from './schema';
import { ApplianceUsage } from './usage/appliance-usage.entity';
import { VendorCopy } from './vendors/vendor-copy.entity';
import { applyVendorSaved } from './vendors/vendor-copy.service';

export { importItems, type ImportedItem } from './items/supply-item.service';
export { sweepStock } from './alerts/stock-watch.service';
export { importKits, type ImportedKit } from './kits/kit-template.service';
export { importOffers, type ImportedOffer } from './offers/supply-offer.service';
export { importOrders, type ImportedOrder } from './orders/supply-order.service';
export { importLots, type ImportedLot } from './lots/lot-import.service';
export {
  importAppliances,
  importUsages,
  type ImportedAppliance,
  type ImportedUsage,
} from './usage/usage-import.service';

const HOUR_MS = 3_600_000;

/** Appliance supplies: items, lots, use and cost per case. */
export const applianceSupply: SubgraphDefinition = {
  name: 'appliance-supply',
  database: 'appliance_supply',
  roles: rolesOf('appliance_supply'),
  entities: [
    ...DIRECTORY_ENTITIES,
    SupplyItem,
    SupplyLot,
    SupplyStock,
    SupplyOffer,
    KitTemplate,
    KitLine,
    SupplyOrder,
    SupplyOrderCount,
    SupplyAlert,
    SupplyTransaction,
    ApplianceRecord,
    ApplianceUsage,
    SupplyRecall,
    SupplyRecallLot,
    VendorCopy,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [
    ItemsLotsUse1763690400000,
    PostingMonths1763690400061,
    ReversalsTransfers17636900000081,
    OffersKitsOrders17636900000082,
    SupplyAlerts17636900000084,
    Vendors17636900000091,
    Recalls17636900000093,
    Reports17636900000094,
    SplitSlices17636900000095,
    LooseGoods17637800000061,
  ],
  schema,
  publishes: {
    ...PERIOD_PUBLISHES,
    'recall.applied': ['spa-inventory'],
    // Nobody in the graph listens to it; partners may.
    'lot.recalled': [],
  },
  handlers: {
    ...directoryHandlers,
    ...periodHandlers('appliance-supply'),
    'vendor.saved': applyVendorSaved,
    'recall.started': applyRecallState,
    'recall.closed': applyRecallState,
  },
  chores: [{ name: 'stock-watch', everyMs: HOUR_MS, run: sweepStock }],
  verifiers: [verifySlices, verifyStock, verifyOrders, verifyRecalls],
  resync: resendFound,
};
