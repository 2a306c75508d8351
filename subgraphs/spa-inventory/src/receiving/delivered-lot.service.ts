import { Decimal, prepared, type Tx } from '@practice-graph/kit';
import { lotNumberKey, lotNumberText, type Day, type LotDispositionName } from '@practice-graph/practice';
import type { ReceivingCondition } from './receiving-condition.types';
import { untrackedLotNumber } from './receiving.rules';

/** A line of a delivery as checked: what came, of which lot, at which price. */
export interface DeliveryLine {
  /** Id of the lot if it is new. */
  readonly newLotId: string;
  readonly transactionId: string;
  readonly productId: string;
  /** Null for goods that are not tracked by lot. */
  readonly lotNumber: string | null;
  readonly batchNumber: string | null;
  readonly serialNumber: string | null;
  readonly isSerialTracked: boolean;
  readonly gtin: string | null;
  readonly expirationDate: Day | null;
  readonly manufacturedOn: Day | null;
  readonly quantity: Decimal;
  readonly rejected: Decimal;
  readonly condition: ReceivingCondition;
  readonly unitCost: Decimal;
  readonly storageLocation: string | null;
  readonly minRemainingShelfLifeDays: number | null;
  readonly requireExpirationDate: boolean;
  /** Where the line stands in the arguments. */
  readonly path: readonly string[];
}

export interface Delivery {
  readonly id: string;
  readonly locationId: string;
  readonly vendorId: string | null;
  readonly reason: string | null;
  readonly receivedAt: Date;
  readonly recordedAt: Date;
  readonly day: Day;
  /** Current business day at the place. */
  readonly today: Day;
  readonly notes: string | null;
  readonly lines: readonly DeliveryLine[];
}

export interface DeliveredLot {
  id: string;
  product_id: string;
  lot_key: string;
  serial_key: string;
  lot_number: string;
  expiration_date: Day | null;
  received_on: Day;
  initial_quantity: Decimal;
  unit_cost: Decimal;
  disposition: LotDispositionName;
  reason: string | null;
}

/** A line with its delivery and the number under which its lot is kept. */
export interface Entry {
  readonly delivery: Delivery;
  readonly line: DeliveryLine;
  readonly lotNumber: string;
  readonly lotKey: string;
  readonly serialKey: string;
}

export const entryOf = (delivery: Delivery, line: DeliveryLine): Entry => {
  const lotNumber = line.lotNumber === null ? untrackedLotNumber(line.expirationDate) : lotNumberText(line.lotNumber);
  return {
    delivery,
    line,
    lotNumber,
    lotKey: lotNumberKey(lotNumber),
    serialKey: line.isSerialTracked && line.serialNumber ? lotNumberKey(line.serialNumber) : '',
  };
};

export const lotText = (of: { productId: string; lotKey: string; serialKey: string }) =>
  `${of.productId}/${of.lotKey}/${of.serialKey}`;

const NEW_LOTS = `
INSERT INTO inventory_lot (clinic_id, id, product_id, lot_number, lot_key, serial_key, is_untracked, batch_number, serial_number, gtin,
  expiration_date, manufactured_on, received_on, vendor_id, receipt_reason, initial_quantity, unit_cost, disposition,
  created_at, created_by, updated_at, updated_by, version)
SELECT $1, l.*, 0, 0, 'AVAILABLE', $16, $17, $16, $17, 0 FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
  $7::boolean[], $8::text[], $9::text[], $10::text[], $11::date[], $12::date[], $13::date[], $14::uuid[], $15::text[]) AS l
ON CONFLICT (clinic_id, product_id, lot_key, serial_key) DO NOTHING`;

// NO KEY UPDATE lets the foreign keys of movements pass: a use holds a balance and refers to the lot, a receipt holds the
// lot and waits for the balance.
const LOCK_LOTS = `
SELECT l.id, l.product_id, l.lot_key, l.serial_key, l.lot_number, l.expiration_date, l.received_on, l.initial_quantity, l.unit_cost, l.disposition
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS k (product_id, lot_key, serial_key)
JOIN inventory_lot l ON l.clinic_id = $1 AND l.product_id = k.product_id AND l.lot_key = k.lot_key AND l.serial_key = k.serial_key
ORDER BY l.id FOR NO KEY UPDATE OF l`;

/** Makes the lots that are new and locks all of them, in the order of their ids. */
export async function lotsOf(tx: Tx, clinicId: string, entries: readonly Entry[]): Promise<Map<string, DeliveredLot>> {
  const { at, viewer } = tx.session;
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    const key = lotText({ ...entry, productId: entry.line.productId });
    if (!first.has(key)) first.set(key, entry);
  }
  // Made in the order of their keys: two deliveries of the same new lots then wait for each other and never in a circle.
  const sorted = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const column = <T>(of: (entry: Entry) => T) => sorted.map(of);
  await prepared(tx, NEW_LOTS, [
    clinicId,
    column(({ line }) => line.newLotId),
    column(({ line }) => line.productId),
    column(({ lotNumber }) => lotNumber),
    column(({ lotKey }) => lotKey),
    column(({ serialKey }) => serialKey),
    column(({ line }) => line.lotNumber === null),
    column(({ line }) => line.batchNumber),
    column(({ line }) => line.serialNumber),
    column(({ line }) => line.gtin),
    column(({ line }) => line.expirationDate),
    column(({ line }) => line.manufacturedOn),
    column(({ delivery }) => delivery.day),
    column(({ delivery }) => delivery.vendorId),
    column(({ delivery }) => delivery.reason),
    at,
    viewer.subject,
  ]);
  const found = await prepared<
    Omit<DeliveredLot, 'initial_quantity' | 'unit_cost'> & { initial_quantity: string; unit_cost: string }
  >(tx, LOCK_LOTS, [
    clinicId,
    column(({ line }) => line.productId),
    column(({ lotKey }) => lotKey),
    column(({ serialKey }) => serialKey),
  ]);
  return new Map(
    found.map((row) => [
      lotText({ productId: row.product_id, lotKey: row.lot_key, serialKey: row.serial_key }),
      {
        ...row,
        initial_quantity: new Decimal(row.initial_quantity),
        unit_cost: new Decimal(row.unit_cost),
        reason: null,
      },
    ]),
  );
}

const GROW_LOTS = `
UPDATE inventory_lot l SET initial_quantity = k.quantity, unit_cost = k.unit_cost, received_on = k.received_on,
  disposition = k.disposition,
  disposition_reason = coalesce(k.reason, l.disposition_reason),
  disposition_by = CASE WHEN k.disposition <> l.disposition THEN $8 ELSE l.disposition_by END,
  disposition_at = CASE WHEN k.disposition <> l.disposition THEN $9 ELSE l.disposition_at END,
  updated_at = $9, updated_by = $8, version = l.version + 1
FROM unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::date[], $6::text[], $7::text[])
  AS k (id, quantity, unit_cost, received_on, disposition, reason)
WHERE l.clinic_id = $1 AND l.id = k.id`;

export async function growLots(tx: Tx, clinicId: string, lots: readonly DeliveredLot[]): Promise<void> {
  await prepared(tx, GROW_LOTS, [
    clinicId,
    lots.map((lot) => lot.id),
    lots.map((lot) => lot.initial_quantity),
    lots.map((lot) => lot.unit_cost),
    lots.map((lot) => lot.received_on),
    lots.map((lot) => lot.disposition),
    lots.map((lot) => lot.reason),
    tx.session.viewer.subject,
    tx.session.at,
  ]);
}
