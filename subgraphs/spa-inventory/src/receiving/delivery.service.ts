import { Decimal, newId, rows, type Tx } from '@practice-graph/kit';
import { holdRecalls } from '@practice-graph/practice';
import { movementCost, unitCostAfterReceipt } from '../ledger/movement.rules';
import { lockStock, openPlaces, postMovements, type Movement } from '../ledger/movement.service';
import { blockReceivedLots } from '../recalls/recall-lots.service';
import { refuse } from '../refusals';
import {
  entryOf,
  growLots,
  lotsOf,
  lotText,
  type DeliveredLot,
  type Delivery,
  type Entry,
} from './delivered-lot.service';
import { dispositionAfterReceipt, quarantineReason } from './receiving.rules';

export type { Delivery, DeliveryLine } from './delivered-lot.service';

export interface Delivered {
  readonly lotIds: readonly string[];
  readonly warnings: readonly string[];
}

/** Checks a line against its lot and adds it to the lot; answers the movement, null when nothing of it is taken in. */
function take(entry: Entry, lot: DeliveredLot, warnings: string[]): Movement | null {
  const { delivery, line } = entry;
  if (line.expirationDate !== null && line.expirationDate !== lot.expiration_date)
    throw refuse(
      'EXPIRY_MISMATCH',
      `Lot ${lot.lot_number} is known ${lot.expiration_date === null ? 'without an expiry' : `to expire on ${lot.expiration_date}`}.`,
      [...line.path, 'expirationDate'],
    );
  if (line.requireExpirationDate && lot.expiration_date === null)
    throw refuse('EXPIRY_REQUIRED', 'The product demands an expiry date.', [...line.path, 'expirationDate']);
  const accepted = line.condition === 'REJECTED' ? new Decimal(0) : line.quantity.minus(line.rejected);
  if (accepted.isZero()) return null;
  const cost = movementCost(accepted, line.unitCost);
  const reason = quarantineReason({
    lotNumber: lot.lot_number,
    condition: line.condition,
    expirationDate: lot.expiration_date,
    today: delivery.today,
    minRemainingShelfLifeDays: line.minRemainingShelfLifeDays,
  });
  if (reason !== null && lot.disposition === 'AVAILABLE') {
    lot.disposition = dispositionAfterReceipt(lot.disposition, reason);
    lot.reason = reason;
    warnings.push(`Lot ${lot.lot_number} went to quarantine: it ${reason}.`);
  }
  lot.unit_cost = unitCostAfterReceipt(
    { quantity: lot.initial_quantity, unitCost: lot.unit_cost },
    { quantity: accepted, unitCost: line.unitCost },
  );
  lot.initial_quantity = lot.initial_quantity.plus(accepted);
  if (delivery.day < lot.received_on) lot.received_on = delivery.day;
  return {
    id: line.transactionId,
    type: 'RECEIVE',
    productId: line.productId,
    lotId: lot.id,
    locationId: delivery.locationId,
    quantity: accepted,
    unitCost: line.unitCost,
    totalCost: cost,
    patientId: null,
    providerId: null,
    appointmentId: null,
    usageId: null,
    wasteId: null,
    receivingId: delivery.id,
    reason: delivery.reason,
    businessDate: delivery.day,
    at: delivery.recordedAt,
    revenue: null,
    isExpired: false,
  };
}

const RECORDS = `
INSERT INTO receiving_record (clinic_id, id, location_id, vendor_id, reason, received_at, notes, received_by)
SELECT $1, r.*, $8 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[]) AS r`;

const ITEMS = `
INSERT INTO received_item (clinic_id, receiving_id, line, product_id, lot_id, quantity, rejected, condition, unit_cost, landed_unit_cost)
SELECT $1, i.*, i.unit_cost FROM unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::numeric[], $7::numeric[], $8::text[], $9::numeric[])
  AS i (receiving_id, line, product_id, lot_id, quantity, rejected, condition, unit_cost)`;

async function insertRecords(tx: Tx, clinicId: string, deliveries: readonly Delivery[]): Promise<void> {
  await rows(tx, RECORDS, [
    clinicId,
    deliveries.map((each) => each.id),
    deliveries.map((each) => each.locationId),
    deliveries.map((each) => each.vendorId),
    deliveries.map((each) => each.reason),
    deliveries.map((each) => each.receivedAt),
    deliveries.map((each) => each.notes),
    tx.session.viewer.subject,
  ]);
}

/**
 * Writes deliveries: lots made or added to, balances, the ledger. Refuses EXPIRY_MISMATCH when a lot is known with
 * another expiry and EXPIRY_REQUIRED when the product demands one. Locks lots, then balances, each in their order.
 */
export async function writeDeliveries(tx: Tx, clinicId: string, deliveries: readonly Delivery[]): Promise<Delivered> {
  const entries = deliveries.flatMap((delivery) => delivery.lines.map((line) => entryOf(delivery, line)));
  await holdRecalls(tx, clinicId);
  const lots = await lotsOf(tx, clinicId, entries);
  const warnings: string[] = [];
  const lotOf = (entry: Entry): DeliveredLot => {
    const lot = lots.get(lotText({ ...entry, productId: entry.line.productId }));
    if (!lot) throw new Error('a lot that was just made is missing');
    return lot;
  };
  const movements = entries.flatMap((entry) => take(entry, lotOf(entry), warnings) ?? []);
  await growLots(tx, clinicId, [...lots.values()]);
  const received = [...lots.values()].map((lot) => lot.id);
  warnings.push(...(await blockReceivedLots(tx, clinicId, received)));
  await insertRecords(tx, clinicId, deliveries);
  await rows(tx, ITEMS, [
    clinicId,
    entries.map(({ delivery }) => delivery.id),
    entries.map(({ delivery, line }) => delivery.lines.indexOf(line) + 1),
    entries.map(({ line }) => line.productId),
    entries.map((entry) => lotOf(entry).id),
    entries.map(({ line }) => line.quantity),
    entries.map(({ line }) => (line.condition === 'REJECTED' ? line.quantity : line.rejected)),
    entries.map(({ line }) => line.condition),
    entries.map(({ line }) => line.unitCost),
  ]);
  const places = entries.map((entry) => ({
    lotId: lotOf(entry).id,
    locationId: entry.delivery.locationId,
    productId: entry.line.productId,
    storageLocation: entry.line.storageLocation,
  }));
  await openPlaces(tx, clinicId, places);
  await lockStock(tx, clinicId, places);
  await postMovements(tx, clinicId, movements);
  return { lotIds: [...new Set(entries.map((entry) => lotOf(entry).id))], warnings };
}

/** Ids of a new line. */
export const newLineIds = () => ({ newLotId: newId(), transactionId: newId() });
