import {
  importAppliances,
  importItems,
  importLots,
  importUsages,
  type ImportedUsage,
} from '@practice-graph/appliance-supply';
import { Decimal } from '@practice-graph/kit';
import { loadSupplyCatalogue } from './load-catalogue';
import { cents, inBatches, milli, type Target } from './loading';
import type { LotRow, UsageRow } from './rows.types';

/** Uses of one transaction: it locks every lot of what it uses, so that few large ones are quicker than many small ones. */
const USES = 20_000;

/** One item in so many is to be ordered earlier than its stock suggests, so that something is low at most places. */
const SCARCE_EVERY = 11;
const SCARCE_AT = 4;
const SCARCE = 6.5;

/** Items, receipts and uses of the appliance supplies of a clinic. */
export async function loadSupplies(target: Target): Promise<void> {
  const { clinic, supplies } = target.rows;
  const lots = new Map(supplies.lots.map((lot) => [lot.id, lot]));
  await inBatches(target, 'supply items', supplies.items, (tx, batch) =>
    importItems(
      tx,
      clinic.id,
      batch.map(({ clinicId: _, reorderPoint, maxLevel, ...item }, index) => ({
        ...item,
        lotTracked: true,
        reorderPoint: new Decimal(reorderPoint).times(index % SCARCE_EVERY === SCARCE_AT ? SCARCE : 1),
        maxLevel: new Decimal(maxLevel).times(index % SCARCE_EVERY === SCARCE_AT ? SCARCE : 1),
      })) as never,
    ),
  );
  await inBatches(target, 'supply lots', supplies.receipts, (tx, batch) =>
    importLots(
      tx,
      clinic.id,
      batch.map((receipt) => {
        const lot = lots.get(receipt.lotId) as LotRow;
        return {
          ...{ lotId: lot.id, itemId: lot.ofId, locationId: receipt.locationId, vendorId: lot.vendorId },
          ...{ lotNumber: lot.lotNumber, expirationDate: lot.expirationDate, receivedOn: receipt.date },
          quantity: milli(receipt.quantityMilli),
          totalCost: cents(receipt.totalCents),
        };
      }),
    ),
  );
  await inBatches(target, 'appliances', supplies.appliances, (tx, batch) =>
    importAppliances(
      tx,
      clinic.id,
      batch.map(({ clinicId: _, planId, ...appliance }) => ({
        ...{ ...appliance, treatmentPlanId: planId },
        status: appliance.removedOn === null ? 'PLACED' : 'REMOVED',
      })),
    ),
  );
  await inBatches(
    target,
    'supplies used',
    supplies.usages,
    (tx, batch) => importUsages(tx, clinic.id, batch.map(usageOf)),
    USES,
  );
  await loadSupplyCatalogue(target);
}

const usageOf = (row: UsageRow): ImportedUsage => ({
  ...{
    id: row.id,
    applianceId: row.applianceId,
    applianceType: row.applianceType,
    applianceSystem: row.applianceSystem,
  },
  ...{ patientId: row.patientId, treatmentPlanId: row.planId, providerId: row.providerId, locationId: row.locationId },
  ...{
    itemId: row.itemId,
    lotId: row.lotId,
    usedOn: row.date,
    quantity: milli(row.quantityMilli),
    isRework: row.isRework,
  },
});
