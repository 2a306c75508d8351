import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import { DIRECTORY_ENTITIES, directoryHandlers, PERIOD_PUBLISHES, periodHandlers } from '@practice-graph/practice';
import { SupplyItem } from './items/supply-item.entity';
import { SupplyLot } from './lots/supply-lot.entity';
import { SupplyStock } from './lots/supply-stock.entity';
import { SupplyTransaction } from './lots/supply-transaction.entity';
import { ItemsLotsUse1763690400000 } from './migrations/20261121-01-items-lots-use';
import { ReversalsTransfers17636900000081 } from './migrations/20261121-08-reversals-transfers';
import { Vendors17636900000091 } from './migrations/20261121-09-vendors';
import { PostingMonths1763690400061 } from './migrations/20261121-06-posting-months';
import { verifySlices, verifyStock } from './performance/supply-verifier.service';
import { ApplianceRecord } from './placements/appliance-record.entity';
import { schema } from './schema';
import { ApplianceUsage } from './usage/appliance-usage.entity';
import { VendorCopy } from './vendors/vendor-copy.entity';
import { applyVendorSaved } from './vendors/vendor-copy.service';

export { importItems, type ImportedItem } from './items/supply-item.service';
export { importLots, type ImportedLot } from './lots/receive.service';
export {
  importAppliances,
  importUsages,
  type ImportedAppliance,
  type ImportedUsage,
} from './usage/usage-import.service';

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
    SupplyTransaction,
    ApplianceRecord,
    ApplianceUsage,
    VendorCopy,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [
    ItemsLotsUse1763690400000,
    PostingMonths1763690400061,
    ReversalsTransfers17636900000081,
    Vendors17636900000091,
  ],
  schema,
  publishes: { ...PERIOD_PUBLISHES },
  handlers: { ...directoryHandlers, ...periodHandlers('appliance-supply'), 'vendor.saved': applyVendorSaved },
  verifiers: [verifySlices, verifyStock],
  // It owns nothing that other domains keep a copy of.
  resync: () => Promise.resolve(),
};
