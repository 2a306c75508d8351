import { audit, type Decimal, type Tx } from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { postReceipts } from './receipt.service';

/** A receipt as the demo loader gives it: units and their whole price. */
export interface ImportedLot {
  readonly lotId?: string;
  readonly itemId: string;
  readonly locationId: string;
  readonly vendorId?: string | null;
  readonly lotNumber: string | null;
  readonly gtin?: string | null;
  readonly expirationDate?: string | null;
  readonly quantity: Decimal;
  readonly totalCost: Decimal | null;
  readonly receivedOn: string;
  readonly storageLocation?: string | null;
}

/** Receives many lots of a clinic as they once came in, under one audit event; days and shelf life are not judged. */
export async function importLots(tx: Tx, clinicId: string, lots: readonly ImportedLot[]): Promise<readonly string[]> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const received = await postReceipts(
    tx,
    clinicId,
    lots.map((lot, index) => ({
      vendorId: null,
      gtin: null,
      serialNumber: null,
      expirationDate: null,
      needsExpiry: false,
      storageLocation: null,
      ...lot,
      total: lot.totalCost,
      reason: 'opening stock',
      disposition: { to: 'AVAILABLE' as const, reason: null },
      path: ['lots', String(index)],
    })),
  );
  await audit(tx, clinicId, { action: 'supply_lot.import', entityType: 'SupplyLot', rowCount: received.length });
  return received.map((r) => r.lotId);
}
