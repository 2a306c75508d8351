import { Decimal } from '@practice-graph/kit';
import {
  importLots,
  importMovements,
  importProducts,
  importVendors,
  type ImportedMovement,
  type LotRow as ImportedLot,
  type ProductRow as ImportedProduct,
} from '@practice-graph/spa-inventory';
import { cents, inBatches, micros, milli, type Target } from './loading';
import type { LotRow, MovementRow, ProductRow, ReceiptRow } from './rows.types';

/** Movements of one transaction: it locks every balance that it touches, so that few large ones are quicker. */
const MOVEMENTS = 20_000;

/** Vendors, products, receipts, uses and waste of the spa of a clinic. */
export async function loadSpa(target: Target): Promise<void> {
  const { clinic, vendors, spa } = target.rows;
  const at = target.database.clock.now();
  await inBatches(target, 'vendors', vendors, (tx, batch) =>
    importVendors(
      tx,
      clinic.id,
      batch.map(({ clinicId: _, ...vendor }) => ({ ...vendor, at })),
    ),
  );
  await inBatches(target, 'products', spa.products, (tx, batch) =>
    importProducts(
      tx,
      clinic.id,
      batch.map((row) => productOf(row, at)),
    ),
  );
  const lots = new Map(spa.lots.map((lot) => [lot.id, lot]));
  await inBatches(target, 'spa lots', spa.receipts, (tx, batch) =>
    importLots(
      tx,
      clinic.id,
      batch.map((receipt) => lotOf(receipt, lots.get(receipt.lotId) as LotRow)),
    ),
  );
  await inBatches(
    target,
    'spa movements',
    spa.movements,
    (tx, batch) => importMovements(tx, clinic.id, batch.map(movementOf)),
    MOVEMENTS,
  );
}

const productOf = (row: ProductRow, at: Date): ImportedProduct => ({
  ...{ id: row.id, sku: row.sku, name: row.name, brand: row.brand, category: row.category },
  unitCost: micros(row.unitCostMicros),
  retailPrice: row.retailCents === null ? null : cents(row.retailCents),
  ...{ unitType: row.unitType, unitsPerPackage: new Decimal(row.unitsPerPackage) },
  ...{ reorderPoint: new Decimal(row.reorderPoint), requireExpirationDate: row.requireExpirationDate },
  ...{ preferredVendorId: row.vendorId, at },
  injectable: row.labelStabilityHours === null ? null : toxin(row.labelStabilityHours),
});

/** Preparation of a neurotoxin, with the hours that its label allows afterwards. */
const toxin = (labelStabilityHours: number): NonNullable<ImportedProduct['injectable']> => ({
  ...{ type: 'botulinum toxin type A', concentration: null, defaultDilutionMl: '2.5', dilutionsMl: ['1', '2.5', '4'] },
  ...{ reconstitutionRequired: true, labelStabilityHours: String(labelStabilityHours), policyStabilityHours: null },
  ...{ policyReference: null, volumePerSyringeMl: null, minimumDose: '4', maxPatientsPerVial: null },
});

const lotOf = (receipt: ReceiptRow, lot: LotRow): ImportedLot => ({
  ...{ id: lot.id, productId: lot.ofId, locationId: receipt.locationId, vendorId: lot.vendorId },
  ...{ lotNumber: lot.lotNumber, expirationDate: lot.expirationDate, day: receipt.date, at: new Date(receipt.at) },
  quantity: milli(receipt.quantityMilli),
  unitCost: micros(lot.unitCostMicros),
});

function movementOf(row: MovementRow): ImportedMovement {
  const taken = {
    ...{ id: row.id, productId: row.productId, lotId: row.lotId, locationId: row.locationId },
    ...{ quantity: milli(row.quantityMilli), at: new Date(row.at), day: row.date },
  };
  if (row.type === 'WASTE') return { ...taken, type: row.type, providerId: row.providerId, reason: row.wasteReason };
  return {
    ...{ ...taken, type: row.type, providerId: row.providerId, patientId: row.patientId },
    ...{ serviceName: row.serviceName, revenue: row.revenueCents === null ? null : cents(row.revenueCents) },
  };
}
