import {
  audit,
  findByKeys,
  nameOf,
  noteOf,
  reachable,
  recordIdOf,
  roundMoney,
  type Decimal,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import {
  clinicOf,
  gtin14,
  isWithin,
  LINE_MAX,
  LocationCopy,
  LOT_NUMBER_MAX,
  postingDayProblem,
  requireOpenMonths,
  todayAt,
} from '@practice-graph/practice';
import { watchRecalls } from '../alerts/recall-watch.service';
import { watchStock } from '../alerts/stock-watch.service';
import { withScans } from '../barcodes/scanned-receipt.service';
import { LINES_MAX } from '../defaults';
import { isPerishable } from '../items/cost-bucket.rules';
import { SupplyItem } from '../items/supply-item.entity';
import type { SupplyOrder } from '../orders/supply-order.entity';
import { isAwaited } from '../orders/supply-order.rules';
import { lockOrders, receiveOnOrders } from '../orders/supply-order.service';
import { refuse } from '../refusals';
import { postReceipts, type Receipt } from './receipt.service';
import type { SupplyLotReceiveLineInput } from './supply-lot.inputs';
import { shortShelfLife } from './supply-lot.rules';

const QUANTITY_DECIMALS = 4;

/** What is kept of a receipt for a retry: identifiers, and the warnings in words. */
export interface ReceiveResult {
  readonly lotIds: string[];
  readonly transactionIds: string[];
  readonly warnings: string[];
}

/** The clinic that a receipt is for: the one that its location carries. */
export function clinicOfLocation(viewer: Viewer, locationId: string): string {
  const key = reachable(viewer, locationId);
  if (!key) throw refuse('NOT_FOUND', 'There is no such location.', ['input', 'locationId']);
  return key.clinicId;
}

function recordIn(tx: Tx, clinicId: string, opaque: string, path: readonly string[], what: string): RecordKey {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId) throw refuse('NOT_FOUND', `There is no such ${what}.`, path);
  return key;
}

/** Units of a receipt; refuses what is not positive, too fine, or not whole where only whole units count. */
function quantityOf(line: SupplyLotReceiveLineInput, item: SupplyItem, path: readonly string[]): Decimal {
  if (!line.packs.gt(0))
    throw refuse('BAD_QUANTITY', 'The number of packs must be more than zero.', [...path, 'packs']);
  if (!line.packSize.gt(0))
    throw refuse('BAD_QUANTITY', 'The content of a pack must be more than zero.', [...path, 'packSize']);
  const quantity = line.packs.times(line.packSize);
  if (quantity.decimalPlaces() > QUANTITY_DECIMALS)
    throw refuse('BAD_QUANTITY', 'Packs times pack size may have at most four decimals.', [...path, 'packs']);
  if (quantity.gt(LINE_MAX))
    throw refuse('BAD_QUANTITY', `At most ${String(LINE_MAX)} units are received at once.`, [...path, 'packs']);
  if (item.wholeUnitsOnly && !quantity.isInteger())
    throw refuse('WHOLE_UNITS_ONLY', `${item.name} comes in whole units only.`, [...path, 'packs']);
  return quantity;
}

/** Price of the whole quantity, null when it is not known; refuses what no stock can cost. */
function totalOf({ packs, packPrice }: SupplyLotReceiveLineInput, quantity: Decimal, path: readonly string[]) {
  if (!packPrice) return null;
  const total = roundMoney(packs.times(packPrice));
  if (packPrice.isNegative())
    throw refuse('INVALID', 'The price of a pack may not be negative.', [...path, 'packPrice']);
  if (total.gt(LINE_MAX) || total.gt(quantity.times(LINE_MAX)))
    throw refuse('INVALID', 'The price is larger than can be kept.', [...path, 'packPrice']);
  return total;
}

/** Places of the lines by their opaque ids, with one statement for all of them. */
async function placesOf(tx: Tx, clinicId: string, lines: readonly SupplyLotReceiveLineInput[]) {
  const keys = [...new Set(lines.map((line) => line.locationId))].flatMap((opaque) => {
    const key = reachable(tx.session.viewer, opaque);
    return key?.clinicId === clinicId && isWithin(tx.session.viewer, 'locations', key.id) ? [{ opaque, key }] : [];
  });
  const known = new Map(
    (
      await findByKeys(
        tx,
        LocationCopy,
        keys.map(({ key }) => key),
      )
    ).map((location) => [location.id, location]),
  );
  return new Map(keys.map(({ opaque, key }) => [opaque, known.get(key.id) ?? null]));
}
type Places = Awaited<ReturnType<typeof placesOf>>;

/** The place of a line, after a look at whether goods can be received there on that day. */
function placeOf(tx: Tx, line: SupplyLotReceiveLineInput, places: Places, path: readonly string[]): string {
  const location = places.get(line.locationId);
  if (location === undefined) throw refuse('NOT_FOUND', 'There is no such location.', [...path, 'locationId']);
  if (location === null)
    throw refuse('CONFLICT_RETRY', 'The location is not known here yet; send it again in a moment.', [
      ...path,
      'locationId',
    ]);
  const problem = postingDayProblem({
    day: line.receivedOn,
    today: todayAt(tx, location),
    mayBackdate: tx.session.viewer.scopes.includes('records:backdate'),
  });
  if (problem) throw refuse(problem, 'The goods cannot be received on that day.', [...path, 'receivedOn']);
  return location.id;
}

/** Lot number of a line; needed for items tracked by lot, and refused for others, whose goods cannot be told apart. */
function lotNumberOf(line: SupplyLotReceiveLineInput, item: SupplyItem, path: readonly string[]): string | null {
  const number = line.lotNumber?.trim() ?? '';
  if (item.lotTracked && number === '')
    throw refuse('LOT_REQUIRED', `${item.name} is received by lot.`, [...path, 'lotNumber']);
  if (!item.lotTracked && number !== '')
    throw refuse('INVALID', `${item.name} is not tracked by lot.`, [...path, 'lotNumber']);
  if (number.length > LOT_NUMBER_MAX)
    throw refuse('INVALID', `A lot number has at most ${String(LOT_NUMBER_MAX)} characters.`, [...path, 'lotNumber']);
  return number === '' ? null : number;
}

type Orders = ReadonlyMap<string, SupplyOrder>;

/** The order that a line was received on: of this item, for this place, and still awaited. */
function orderOf(
  tx: Tx,
  clinicId: string,
  line: SupplyLotReceiveLineInput,
  { item, locationId, orders }: { item: SupplyItem; locationId: string; orders: Orders },
  path: readonly string[],
): SupplyOrder {
  const no = (code: Parameters<typeof refuse>[0], message: string, member = 'orderId') =>
    refuse(code, message, [...path, member]);
  const order = orders.get(recordIn(tx, clinicId, line.orderId ?? '', [...path, 'orderId'], 'order').id);
  if (!order) throw no('NOT_FOUND', 'There is no such order.');
  if (order.itemId !== item.id) throw no('INVALID', `Order ${order.number} is one of another item.`);
  if (order.locationId !== locationId) throw no('INVALID', `Order ${order.number} goes to another location.`);
  if (!isAwaited(order)) throw no('ILLEGAL_STATE_CHANGE', `Order ${order.number} is ${order.status}.`);
  if (line.receivedOn < order.orderedOn) throw no('INVALID', 'The goods came before they were ordered.', 'receivedOn');
  if (line.vendorId && reachable(tx.session.viewer, line.vendorId)?.id !== order.vendorId)
    throw no('INVALID', `Order ${order.number} went to another vendor.`, 'vendorId');
  return order;
}

/** GTIN on a pack as printed; null when there is none. */
function gtinOf(text: string | null | undefined, path: readonly string[]): string | null {
  const gtin = text?.trim() ?? '';
  if (gtin !== '' && gtin14(gtin) === null)
    throw refuse('INVALID', `"${gtin}" is not a GTIN of 8, 12, 13 or 14 digits with a right check digit.`, [
      ...path,
      'gtin',
    ]);
  return gtin === '' ? null : gtin;
}

const blank = (text: string | null | undefined): boolean => (text?.trim() ?? '') === '';

function receiptOf(
  tx: Tx,
  clinicId: string,
  line: SupplyLotReceiveLineInput,
  { items, places, orders }: { items: ReadonlyMap<string, SupplyItem>; places: Places; orders: Orders },
  reason: string | null | undefined,
  path: readonly string[],
): Receipt {
  if (blank(line.itemId))
    throw refuse('INVALID', 'Name the item that was received, or scan its code.', [...path, 'itemId']);
  const item = items.get(recordIn(tx, clinicId, line.itemId ?? '', [...path, 'itemId'], 'item').id);
  if (!item) throw refuse('NOT_FOUND', 'There is no such item.', [...path, 'itemId']);
  const locationId = placeOf(tx, line, places, path);
  const why = blank(line.reason) ? reason : line.reason;
  const order = line.orderId ? orderOf(tx, clinicId, line, { item, locationId, orders }, path) : null;
  if (!order && blank(why))
    throw refuse('REASON_REQUIRED', 'Goods without an order need a reason.', [...path, 'reason']);
  const quantity = quantityOf(line, item, path);
  const lotNumber = lotNumberOf(line, item, path);
  const expirationDate = lotNumber === null ? null : (line.expirationDate ?? null);
  const short = shortShelfLife(expirationDate, line.receivedOn);
  return {
    itemId: item.id,
    locationId,
    vendorId: line.vendorId
      ? recordIn(tx, clinicId, line.vendorId, [...path, 'vendorId'], 'vendor').id
      : (order?.vendorId ?? null),
    lotNumber,
    gtin: gtinOf(line.gtin, path),
    serialNumber: nameOf(line.serialNumber, [...path, 'serialNumber']),
    expirationDate,
    needsExpiry: lotNumber !== null && isPerishable(item.category),
    storageLocation: nameOf(line.storageLocation, [...path, 'storageLocation']),
    quantity,
    total: totalOf(line, quantity, path),
    receivedOn: line.receivedOn,
    reason: noteOf(why, blank(line.reason) ? ['input', 'reason'] : [...path, 'reason']),
    orderId: order?.id ?? null,
    disposition: short ? { to: 'QUARANTINE', reason: short } : { to: 'AVAILABLE', reason: null },
    path,
  };
}

/** Receives lots, all or nothing. `pathOf` tells where in the arguments a line stands. */
export async function receiveLots(
  tx: Tx,
  clinicId: string,
  asked: readonly SupplyLotReceiveLineInput[],
  reason: string | null | undefined,
  pathOf: (index: number) => readonly string[],
): Promise<ReceiveResult> {
  const clinic = await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  if (asked.length === 0) throw refuse('INVALID', 'There is nothing to receive.', ['input', 'lines']);
  if (asked.length > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `A receipt takes at most ${String(LINES_MAX)} lines.`, ['input', 'lines']);
  const lines = await withScans(tx, clinicId, asked, todayAt(tx, clinic), pathOf);
  const keys = lines.flatMap((line) => recordIdOf(line.itemId ?? '') ?? []).filter((key) => key.clinicId === clinicId);
  const items = new Map((await findByKeys(tx, SupplyItem, keys)).map((item) => [item.id, item]));
  const places = await placesOf(tx, clinicId, lines);
  const orders: Orders = await lockOrders(
    tx,
    clinicId,
    lines.flatMap((line) => reachable(tx.session.viewer, line.orderId ?? '')?.id ?? []),
  );
  const known = { items, places, orders };
  const receipts = lines.map((line, index) => receiptOf(tx, clinicId, line, known, reason, pathOf(index)));
  const months = new Map(receipts.map((receipt) => [receipt.receivedOn.slice(0, 7), receipt]));
  for (const { receivedOn, path } of months.values())
    await requireOpenMonths(tx, clinicId, [receivedOn], [...path, 'receivedOn']);
  await receiveOnOrders(
    tx,
    clinicId,
    receipts.flatMap(({ orderId, quantity, path }) => {
      const order = orders.get(orderId ?? '');
      return order ? [{ order, quantity, path: [...path, 'packs'] }] : [];
    }),
  );
  const received = await postReceipts(tx, clinicId, receipts);
  await watchRecalls(
    tx,
    clinicId,
    received.flatMap(({ lotId, recallNumber }) => (recallNumber === null ? [] : [lotId])),
  );
  await watchStock(tx, clinicId, receipts);
  const warnings = received.flatMap(({ lot, isNewLot, recallNumber }, index) => {
    const short = shortShelfLife(lot.expirationDate, receipts[index]?.receivedOn ?? '');
    const mark = lines.length > 1 ? `${String(index)}: ` : '';
    const goods = lot.lotNumber === '' ? (items.get(lot.itemId)?.name ?? 'The item') : `Lot ${lot.lotNumber}`;
    if (recallNumber !== null) return [`${mark}${goods} is under recall ${recallNumber} and blocked.`];
    if (short === null) return [];
    return [`${mark}Lot ${lot.lotNumber}: ${short}${isNewLot ? '; it is in quarantine' : ''}.`];
  });
  await audit(
    tx,
    clinicId,
    received.map(({ lotId }, index) => ({
      ...{ action: 'supply_lot.receive', entityType: 'SupplyLot', entityId: lotId },
      note: reason ?? lines[index]?.reason ?? null,
    })),
  );
  return {
    lotIds: [...new Set(received.map((r) => r.lotId))],
    transactionIds: received.map((r) => r.transactionId),
    warnings,
  };
}
