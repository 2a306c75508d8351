import { audit, Decimal, findByKeys, newId, refuseKit, ZERO, type Tx } from '@practice-graph/kit';
import {
  businessDay,
  clinicOf,
  LINE_MAX,
  locationOf,
  LOT_NUMBER_MAX,
  postingDayProblem,
  requireOpenMonths,
  todayAt,
  type Day,
} from '@practice-graph/practice';
import { placeOf, rowOf } from '../directory/reference.service';
import { Product } from '../products/product.entity';
import { refuse } from '../refusals';
import { requireVendor } from '../vendors/vendor.service';
import { newLineIds, writeDeliveries, type DeliveryLine } from './delivery.service';
import type { ReceiveLineInput, StockReceiveInput } from './receiving.inputs';

/** What a receipt did, as it is kept for a retry. */
export interface ReceiptKept {
  readonly receivingId: string;
  readonly lotIds: readonly string[];
  readonly warnings: readonly string[];
}

const LINES_MAX = 500;

async function productsOf(tx: Tx, clinicId: string, input: StockReceiveInput): Promise<Product[]> {
  const path = (index: number) => ['input', 'lines', String(index), 'productId'];
  const ids = input.lines.map((line, index) => {
    if (!line.productId) throw refuse('INVALID', 'Say which product came.', path(index));
    return rowOf(clinicId, line.productId, path(index));
  });
  const found = await findByKeys(
    tx,
    Product,
    [...new Set(ids)].map((id) => ({ clinicId, id })),
  );
  return ids.map((id, index) => {
    const product = found.find((each) => each.id === id);
    if (!product) throw refuseKit('NOT_FOUND', 'The product does not exist or is outside your reach.', path(index));
    if (!product.trackInventory) throw refuse('INVALID', 'No stock is kept of the product.', path(index));
    return product;
  });
}

// A default value of the schema arrives as it is printed there: as text.
const rejectedOf = (line: ReceiveLineInput): Decimal => new Decimal(line.rejected ?? 0);

function checkQuantity(line: ReceiveLineInput, product: Product, path: readonly string[]): void {
  if (!line.quantity || line.quantity.lte(0))
    throw refuse('BAD_QUANTITY', 'Say how much came, more than zero.', [...path, 'quantity']);
  const rejected = rejectedOf(line);
  if (rejected.isNegative() || rejected.gt(line.quantity))
    throw refuse('BAD_QUANTITY', 'Rejected is part of what came.', [...path, 'rejected']);
  if (product.trackBySerial && !line.quantity.eq(1))
    throw refuse('BAD_QUANTITY', 'Of goods tracked by serial each piece is a line.', [...path, 'quantity']);
  if (line.quantity.gt(LINE_MAX))
    throw refuse('BAD_QUANTITY', `At most ${String(LINE_MAX)} units are received at once.`, [...path, 'quantity']);
  const unitCost = line.unitCost ?? product.unitCost;
  if (unitCost.isNegative()) throw refuse('BAD_AMOUNT', 'A cost is not negative.', [...path, 'unitCost']);
  if (unitCost.times(line.quantity).gt(LINE_MAX))
    throw refuse('BAD_AMOUNT', 'The cost is larger than can be kept.', [...path, 'unitCost']);
}

/** A line as it can be written. Refuses what the product demands and the line lacks. */
function checkedLine(line: ReceiveLineInput, product: Product, day: Day, path: readonly string[]): DeliveryLine {
  checkQuantity(line, product, path);
  const lotNumber = line.lotNumber?.trim() ? line.lotNumber : null;
  if (product.trackByLot && lotNumber === null)
    throw refuse('LOT_REQUIRED', 'The product is tracked by lot.', [...path, 'lotNumber']);
  if ((lotNumber ?? '').length > LOT_NUMBER_MAX)
    throw refuse('INVALID', `A lot number has at most ${String(LOT_NUMBER_MAX)} characters.`, [...path, 'lotNumber']);
  if (product.trackBySerial && !line.serialNumber?.trim())
    throw refuse('SERIAL_REQUIRED', 'The product is tracked by serial number.', [...path, 'serialNumber']);
  if (line.manufacturedOn && line.expirationDate && line.manufacturedOn >= line.expirationDate)
    throw refuse('INVALID', 'The day of production lies before the expiry.', [...path, 'manufacturedOn']);
  if (line.manufacturedOn && line.manufacturedOn > day)
    throw refuse('INVALID', 'Goods come after they were made.', [...path, 'manufacturedOn']);
  return {
    ...newLineIds(),
    productId: product.id,
    lotNumber,
    batchNumber: line.batchNumber ?? null,
    serialNumber: line.serialNumber ?? null,
    isSerialTracked: product.trackBySerial,
    gtin: null,
    expirationDate: line.expirationDate ?? null,
    manufacturedOn: line.manufacturedOn ?? null,
    quantity: line.quantity ?? ZERO,
    rejected: rejectedOf(line),
    condition: line.condition ?? 'GOOD',
    unitCost: line.unitCost ?? product.unitCost,
    storageLocation: line.storageLocation ?? null,
    minRemainingShelfLifeDays: product.minRemainingShelfLifeDays,
    requireExpirationDate: product.requireExpirationDate,
    path,
  };
}

function checkDay(tx: Tx, day: Day, today: Day): void {
  const problem = postingDayProblem({
    day,
    today,
    mayBackdate: tx.session.viewer.scopes.includes('records:backdate'),
  });
  if (problem) throw refuse(problem, `${day} cannot be posted to on ${today}.`, ['input', 'receivedAt']);
}

/**
 * Receives goods without a purchase order (SPA-112 to SPA-115). Refuses REASON_REQUIRED, LOT_REQUIRED, SERIAL_REQUIRED,
 * EXPIRY_REQUIRED, EXPIRY_MISMATCH, BAD_QUANTITY, BAD_AMOUNT, FUTURE_DATE, BACKDATED_TOO_FAR and PERIOD_CLOSED; all lines or none.
 */
export async function receiveStock(tx: Tx, clinicId: string, input: StockReceiveInput): Promise<ReceiptKept> {
  if (input.reason.trim() === '') throw refuse('REASON_REQUIRED', 'Say why without an order.', ['input', 'reason']);
  if (input.lines.length === 0 || input.lines.length > LINES_MAX)
    throw refuse('INVALID', 'A delivery has 1 to 500 lines.', ['input', 'lines']);
  await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  const locationPath = ['input', 'locationId'];
  const locationId = placeOf(tx.session.viewer, clinicId, 'locations', input.locationId, locationPath);
  const location = await locationOf(tx, { clinicId, id: locationId }, locationPath);
  const today = todayAt(tx, location);
  const day = businessDay(input.receivedAt, location.timeZone);
  checkDay(tx, day, today);
  await requireOpenMonths(tx, clinicId, [day], ['input', 'receivedAt']);
  const vendorId = input.vendorId ? rowOf(clinicId, input.vendorId, ['input', 'vendorId']) : null;
  if (vendorId) await requireVendor(tx, { clinicId, id: vendorId }, ['input', 'vendorId']);
  const products = await productsOf(tx, clinicId, input);
  const lines = products.flatMap((product, index) => {
    const line = input.lines[index];
    return line ? [checkedLine(line, product, day, ['input', 'lines', String(index)])] : [];
  });
  const id = newId();
  const delivered = await writeDeliveries(tx, clinicId, [
    {
      id,
      locationId,
      vendorId,
      reason: input.reason.trim(),
      receivedAt: input.receivedAt,
      recordedAt: tx.session.at,
      day,
      today,
      notes: input.notes ?? null,
      lines,
    },
  ]);
  const discontinued = products.filter((product) => product.storedStatus === 'DISCONTINUED');
  await audit(tx, clinicId, {
    action: 'stock.receive',
    entityType: 'ReceivingRecord',
    entityId: id,
    note: input.reason.trim(),
  });
  return {
    receivingId: id,
    lotIds: delivered.lotIds,
    warnings: [
      ...delivered.warnings,
      ...[...new Set(discontinued.map((product) => `${product.name} is discontinued.`))],
    ],
  };
}
