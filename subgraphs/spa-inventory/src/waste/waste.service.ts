import { audit, type Decimal, findByKey, newId, prepared, refuseKit, type Tx } from '@practice-graph/kit';
import { clinicOf, locationOf, todayAt, type Day } from '@practice-graph/practice';
import { placeOf, rowOf } from '../directory/reference.service';
import { movementCost } from '../ledger/movement.rules';
import { lockStock, postMovements, type Movement } from '../ledger/movement.service';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { refuse } from '../refusals';
import type { WasteReason } from './waste-reason.types';
import { countsAsExpired } from './waste.rules';
import type { WasteInput } from './waste.inputs';

/** Waste to be written, with the id of its movement. */
export interface NewWaste {
  readonly id: string;
  readonly transactionId: string;
  readonly productId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly providerId: string | null;
  readonly appointmentId: string | null;
  readonly quantity: Decimal;
  readonly reason: WasteReason;
  readonly unitCost: Decimal;
  readonly cost: Decimal;
  readonly note: string | null;
  readonly businessDate: Day;
  readonly at: Date;
}

const INSERT = `
INSERT INTO waste_record (clinic_id, id, product_id, lot_id, location_id, provider_id, appointment_id, quantity, reason, unit_cost,
  cost, note, business_date, created_at, created_by)
SELECT $1, w.*, $15 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::numeric[], $9::text[],
  $10::numeric[], $11::numeric[], $12::text[], $13::date[], $14::timestamptz[]) AS w`;

/** Writes waste without its movements. */
export async function insertWaste(tx: Tx, clinicId: string, waste: readonly NewWaste[]): Promise<void> {
  if (waste.length === 0) return;
  const column = <K extends keyof NewWaste>(name: K) => waste.map((each) => each[name]);
  await prepared(tx, INSERT, [
    clinicId,
    column('id'),
    column('productId'),
    column('lotId'),
    column('locationId'),
    column('providerId'),
    column('appointmentId'),
    column('quantity'),
    column('reason'),
    column('unitCost'),
    column('cost'),
    column('note'),
    column('businessDate'),
    column('at'),
    tx.session.viewer.subject,
  ]);
}

/** The movement of waste: takes its quantity out of the lot. */
export const movementOfWaste = (waste: NewWaste): Movement => ({
  id: waste.transactionId,
  type: 'WASTE',
  productId: waste.productId,
  lotId: waste.lotId,
  locationId: waste.locationId,
  quantity: waste.quantity.neg(),
  unitCost: waste.unitCost,
  totalCost: waste.cost.neg(),
  patientId: null,
  providerId: waste.providerId,
  appointmentId: waste.appointmentId,
  usageId: null,
  wasteId: waste.id,
  receivingId: null,
  reason: waste.note,
  businessDate: waste.businessDate,
  at: waste.at,
  revenue: null,
  isExpired: countsAsExpired(waste.reason),
});

async function wastedLot(tx: Tx, clinicId: string, input: WasteInput): Promise<InventoryLot> {
  const path = ['input', 'lotId'];
  if (!input.lotId) throw refuse('INVALID', 'Say which lot was wasted.', path);
  const lot = await findByKey(tx, InventoryLot, { clinicId, id: rowOf(clinicId, input.lotId, path) });
  if (!lot) throw refuseKit('NOT_FOUND', 'The lot does not exist or is outside your reach.', path);
  return lot;
}

/**
 * Throws away some of a lot at a place; expired and blocked lots too (SPA-25). Refuses BAD_QUANTITY, INVALID without a
 * note for OTHER, and INSUFFICIENT_STOCK for more than is there and not reserved. Answers the row of the waste.
 */
export async function recordWaste(tx: Tx, clinicId: string, input: WasteInput): Promise<string> {
  if (input.quantity.lte(0)) throw refuse('BAD_QUANTITY', 'Waste is more than nothing.', ['input', 'quantity']);
  if (input.reason === 'OTHER' && !input.note?.trim())
    throw refuse('REASON_REQUIRED', 'Another reason needs a note.', ['input', 'note']);
  await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  const { viewer, at } = tx.session;
  const locationPath = ['input', 'locationId'];
  if (!input.locationId) throw refuse('INVALID', 'Say where the lot was wasted.', locationPath);
  const locationId = placeOf(viewer, clinicId, 'locations', input.locationId, locationPath);
  const providerId = input.providerId
    ? placeOf(viewer, clinicId, 'providers', input.providerId, ['input', 'providerId'])
    : null;
  const location = await locationOf(tx, { clinicId, id: locationId }, locationPath);
  const lot = await wastedLot(tx, clinicId, input);
  await lockStock(tx, clinicId, [{ lotId: lot.id, locationId }]);
  const waste: NewWaste = {
    id: newId(),
    transactionId: newId(),
    productId: lot.productId,
    lotId: lot.id,
    locationId,
    providerId,
    appointmentId: input.appointmentId ?? null,
    quantity: input.quantity,
    reason: input.reason,
    unitCost: lot.unitCost,
    cost: movementCost(input.quantity, lot.unitCost),
    note: input.note?.trim() ?? null,
    businessDate: todayAt(tx, location),
    at,
  };
  await insertWaste(tx, clinicId, [waste]);
  await postMovements(tx, clinicId, [movementOfWaste(waste)]);
  await audit(tx, clinicId, {
    action: 'waste.record',
    entityType: 'WasteRecord',
    entityId: waste.id,
    note: waste.reason,
  });
  return waste.id;
}
