import {
  audit,
  Decimal,
  expectVersion,
  findByKey,
  findByKeys,
  insert,
  newId,
  noteOf,
  prepared,
  reachable,
  rows,
  sqlState,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, isWithin, todayAt, type WorkflowStepInput } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { checkQuantity } from '../lots/stock-change.service';
import { placeOf } from '../lots/posting-day.service';
import { refuse } from '../refusals';
import { SupplyOrder } from './supply-order.entity';
import type { SupplyOrderRecordInput } from './supply-order.inputs';
import { isAwaited, stateAfter } from './supply-order.rules';

const at = (member: string) => ['input', member];

function keyIn(tx: Tx, clinicId: string, opaque: string, member: string, what: string) {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId) throw refuse('NOT_FOUND', `There is no such ${what}.`, at(member));
  return key;
}

const COUNT = `
INSERT INTO supply_order_count AS c (clinic_id, last) VALUES ($1, 1)
ON CONFLICT (clinic_id) DO UPDATE SET last = c.last + 1 RETURNING last`;

const TAKEN = 'SELECT 1 FROM supply_order WHERE clinic_id = $1 AND number = $2';

/** The next number of the clinic that nobody gave by hand; writers wait for each other on the count. */
async function nextNumber(tx: Tx, clinicId: string): Promise<string> {
  for (;;) {
    const [row] = await prepared<{ last: number }>(tx, COUNT, [clinicId]);
    const number = `SO-${String(row?.last).padStart(6, '0')}`;
    if ((await prepared(tx, TAKEN, [clinicId, number])).length === 0) return number;
  }
}

async function numberOf(tx: Tx, clinicId: string, given: string | null | undefined): Promise<string> {
  if (given === null || given === undefined) return nextNumber(tx, clinicId);
  const number = given.trim();
  if (number === '' || number.length > 80) throw refuse('INVALID', 'number takes 1 to 80 characters.', at('number'));
  return number;
}

const duplicate = (error: unknown): never => {
  if (sqlState(error) === '23505') throw refuse('DUPLICATE', 'Another order has this number.', at('number'));
  throw error;
};

/** Notes an order to a vendor; until it is received or closed its rest counts as on order. */
export async function recordOrder(tx: Tx, clinicId: string, input: SupplyOrderRecordInput): Promise<{ id: string }> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const location = await placeOf(tx, clinicId, input.locationId, at('locationId'));
  const item = await findByKey(tx, SupplyItem, keyIn(tx, clinicId, input.itemId, 'itemId', 'item'));
  if (!item) throw refuse('NOT_FOUND', 'There is no such item.', at('itemId'));
  if (!item.active) throw refuse('ILLEGAL_STATE_CHANGE', `${item.name} is no longer bought.`, at('itemId'));
  const vendor = keyIn(tx, clinicId, input.vendorId, 'vendorId', 'vendor');
  checkQuantity(input.quantity.gt(0) ? input.quantity : new Decimal(0), item, at('quantity'));
  const today = todayAt(tx, location);
  if (input.orderedOn > today)
    throw refuse('FUTURE_DATE', `${input.orderedOn} lies in the future; today is ${today}.`, at('orderedOn'));
  if (input.expectedOn && input.expectedOn < input.orderedOn)
    throw refuse('INVALID', 'The goods cannot come before they were ordered.', at('expectedOn'));
  const id = newId();
  await insert(tx, SupplyOrder, {
    ...{ clinicId, id, number: await numberOf(tx, clinicId, input.number), itemId: item.id, vendorId: vendor.id },
    ...{ locationId: location.id, ordered: input.quantity, received: new Decimal(0), orderedOn: input.orderedOn },
    ...{ expectedOn: input.expectedOn ?? null, status: 'OPEN', closeReason: null, version: 1 },
  } as never).catch(duplicate);
  await audit(tx, clinicId, {
    action: 'supply_order.record',
    entityType: 'SupplyOrder',
    entityId: id,
    toState: 'OPEN',
  });
  return { id };
}

/** Closes an order of which the rest will not come; it needs a reason. */
export async function closeOrderShort(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<{ id: string }> {
  await clinicOf(tx, key.clinicId, 'APPLIANCE_SUPPLY');
  const order = await findByKey(tx, SupplyOrder, key, { lock: 'UPDATE' });
  if (!order || !isWithin(tx.session.viewer, 'locations', order.locationId))
    throw refuse('NOT_FOUND', 'There is no such order.', ['id']);
  expectVersion(order.version, input.expectedVersion);
  if (!isAwaited(order))
    throw refuse('ILLEGAL_STATE_CHANGE', `The order is ${order.status}; nothing is to come of it.`, ['id']);
  const reason = noteOf(input.reason, at('reason'));
  if (reason === null) throw refuse('REASON_REQUIRED', 'Say why the rest will not come.', at('reason'));
  await rows(
    tx,
    `UPDATE supply_order SET status = 'CLOSED_SHORT', close_reason = $3, version = version + 1 WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, reason],
  );
  await audit(tx, key.clinicId, {
    action: 'supply_order.close_short',
    entityType: 'SupplyOrder',
    entityId: key.id,
    fromState: order.status,
    toState: 'CLOSED_SHORT',
    note: reason,
  });
  return { id: key.id };
}

/** Orders that receipts name, locked in the order of their ids, before items and lots are. */
export async function lockOrders(tx: Tx, clinicId: string, ids: readonly string[]): Promise<Map<string, SupplyOrder>> {
  if (ids.length === 0) return new Map();
  const keys = [...new Set(ids)].map((id) => ({ clinicId, id }));
  const orders = await findByKeys(tx, SupplyOrder, keys, { lock: 'UPDATE' });
  return new Map(orders.map((order) => [order.id, order]));
}

/** What came in on an order; `path` names the argument of the quantity. */
export interface OrderReceipt {
  readonly order: SupplyOrder;
  readonly quantity: Decimal;
  readonly path: readonly string[];
}

const RECEIVE = `
UPDATE supply_order o SET received = x.received, status = x.status, version = o.version + 1
FROM unnest($2::uuid[], $3::numeric[], $4::text[]) AS x (id, received, status) WHERE o.clinic_id = $1 AND o.id = x.id`;

/** Adds receipts to their orders, checked on their sum; more than was ordered is refused (C-S11). */
export async function receiveOnOrders(tx: Tx, clinicId: string, receipts: readonly OrderReceipt[]): Promise<void> {
  if (receipts.length === 0) return;
  const received = new Map<string, { order: SupplyOrder; received: Decimal }>();
  for (const { order, quantity, path } of receipts) {
    const sum = (received.get(order.id)?.received ?? order.received).plus(quantity);
    if (sum.gt(order.ordered))
      throw refuse(
        'OVER_RECEIPT',
        `Of order ${order.number} ${order.ordered.minus(sum.minus(quantity)).toFixed()} are still to come.`,
        path,
      );
    received.set(order.id, { order, received: sum });
  }
  const changed = [...received.values()];
  await prepared(tx, RECEIVE, [
    clinicId,
    changed.map(({ order }) => order.id),
    changed.map((each) => each.received),
    changed.map((each) => stateAfter({ ordered: each.order.ordered, received: each.received })),
  ]);
}

/** An order as the demo loader gives it. */
export type ImportedOrder = Pick<
  SupplyOrder,
  'id' | 'number' | 'itemId' | 'vendorId' | 'locationId' | 'ordered' | 'orderedOn' | 'expectedOn'
>;

/** Notes many open orders of a clinic with one statement, under one audit event. */
export async function importOrders(tx: Tx, clinicId: string, orders: readonly ImportedOrder[]): Promise<void> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  await insert(
    tx,
    SupplyOrder,
    orders.map((order) => ({
      ...{ ...order, clinicId, received: new Decimal(0), status: 'OPEN', closeReason: null, version: 1 },
    })) as never,
  );
  await audit(tx, clinicId, { action: 'supply_order.import', entityType: 'SupplyOrder', rowCount: orders.length });
}
