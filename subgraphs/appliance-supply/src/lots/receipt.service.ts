import { Decimal, hydrate, insert, newId, prepared, type Tx } from '@practice-graph/kit';
import { holdRecalls, lotNumberKey, lotNumberText } from '@practice-graph/practice';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import { movingAverage, withReceipt } from './lot-cost.rules';
import { blockReceivedLots } from '../recalls/recalled-lots.service';
import { writeBooks } from './movement.service';
import { SupplyLot } from './supply-lot.entity';

/** A checked receipt: units and their whole price. */
export interface Receipt {
  readonly itemId: string;
  readonly locationId: string;
  readonly vendorId: string | null;
  /** As printed; null for goods without lots. */
  readonly lotNumber: string | null;
  readonly gtin: string | null;
  readonly serialNumber: string | null;
  readonly expirationDate: string | null;
  /** True when the lot must be known with its last day of use. */
  readonly needsExpiry: boolean;
  readonly storageLocation: string | null;
  readonly quantity: Decimal;
  /** Price of the whole quantity; null when not known. */
  readonly total: Decimal | null;
  readonly receivedOn: string;
  readonly reason: string | null;
  /** Order that the goods came in on. */
  readonly orderId?: string | null;
  /** What a new lot begins as. */
  readonly disposition: { to: SupplyLot['disposition']; reason: string | null };
  /** Row id of the lot if it is new; made here when left out. */
  readonly lotId?: string;
  /** Row id of the movement; made here when left out. */
  readonly transactionId?: string;
  readonly path: readonly string[];
}

/** What was written for a receipt, in the order of the receipts. */
export interface Received {
  readonly lotId: string;
  readonly transactionId: string;
  readonly isNewLot: boolean;
  readonly lot: SupplyLot;
  /** Number of the recall that blocks the lot. */
  readonly recallNumber: string | null;
}

const lotText = (itemId: string, vendorId: string | null, key: string) => `${itemId}/${vendorId ?? ''}/${key}`;
const NOTHING = new Decimal(0);
const keyOf = (receipt: Receipt) => (receipt.lotNumber === null ? '' : lotNumberKey(receipt.lotNumber));

// Uses hold the keys of items by their foreign keys while they wait for lots, hence no lock of the key here.
const LOCK_ITEMS = `SELECT * FROM supply_item WHERE clinic_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

const KNOWN_LOTS = `
SELECT l.* FROM unnest($2::uuid[], $3::uuid[], $4::text[]) k (item_id, vendor_id, number_key)
JOIN supply_lot l ON l.clinic_id = $1 AND l.item_id = k.item_id AND l.vendor_id IS NOT DISTINCT FROM k.vendor_id AND l.number_key = k.number_key
ORDER BY l.id FOR UPDATE OF l`;

const CHANGE_LOTS = `
UPDATE supply_lot l SET gtin = x.gtin, serial_number = x.serial_number, expiration_date = x.expiration_date, unit_cost = x.unit_cost,
  costed_quantity = x.costed_quantity, received_cost = x.received_cost, uncosted_quantity = x.uncosted_quantity, version = l.version + 1
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::date[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
  AS x (id, gtin, serial_number, expiration_date, unit_cost, costed_quantity, received_cost, uncosted_quantity)
WHERE l.clinic_id = $1 AND l.id = x.id`;

// Opens the stock rows in the order of their locks; what is there already keeps its quantity.
const OPEN_STOCK = `
INSERT INTO supply_stock AS s (clinic_id, lot_id, location_id, item_id, storage_location, received_on, on_hand, value, moves)
SELECT $1::uuid, x.lot_id, x.location_id, x.item_id, max(x.storage_location), min(x.received_on), 0, 0, 0
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[]) AS x (lot_id, location_id, item_id, storage_location, received_on)
GROUP BY x.lot_id, x.location_id, x.item_id ORDER BY x.lot_id, x.location_id
ON CONFLICT (clinic_id, lot_id, location_id) DO UPDATE SET received_on = least(s.received_on, excluded.received_on),
  storage_location = coalesce(excluded.storage_location, s.storage_location)`;

const ON_HAND = `
SELECT item_id, lot_id, sum(on_hand)::text AS on_hand FROM supply_stock
WHERE clinic_id = $1 AND item_id = ANY($2::uuid[]) AND on_hand > 0 GROUP BY item_id, lot_id`;

const AVERAGES = `
UPDATE supply_item i SET current_unit_cost = x.unit_cost FROM unnest($2::uuid[], $3::numeric[]) AS x (id, unit_cost)
WHERE i.clinic_id = $1 AND i.id = x.id`;

/** What is on hand of things by their ids, as receipts add to it. */
class Quantities {
  readonly #held = new Map<string, Decimal>();

  of(id: string): Decimal {
    return this.#held.get(id) ?? new Decimal(0);
  }

  add(id: string, quantity: Decimal): void {
    this.#held.set(id, this.of(id).plus(quantity));
  }
}

/** What is on hand of items, and of each of their lots, before the receipts; the lots are locked. */
async function onHandOf(tx: Tx, clinicId: string, itemIds: readonly string[]) {
  const [items, lots] = [new Quantities(), new Quantities()];
  for (const row of await prepared<{ item_id: string; lot_id: string; on_hand: string }>(tx, ON_HAND, [
    clinicId,
    itemIds,
  ])) {
    items.add(row.item_id, new Decimal(row.on_hand));
    lots.add(row.lot_id, new Decimal(row.on_hand));
  }
  return { items, lots };
}

/** Lots of the receipts, known ones locked in the order of their ids; new ones are made in memory. */
async function lotsOf(tx: Tx, clinicId: string, receipts: readonly Receipt[]) {
  const keys = new Map(receipts.map((r) => [lotText(r.itemId, r.vendorId, keyOf(r)), r]));
  const wanted = [...keys.values()];
  const found = await prepared(tx, KNOWN_LOTS, [
    clinicId,
    wanted.map((r) => r.itemId),
    wanted.map((r) => r.vendorId),
    wanted.map(keyOf),
  ]);
  const lots = new Map<string, SupplyLot>();
  for (const lot of hydrate(tx, SupplyLot, found)) lots.set(lotText(lot.itemId, lot.vendorId, lot.numberKey), lot);
  return { lots, known: new Set(lots.keys()) };
}

const newLot = (tx: Tx, clinicId: string, receipt: Receipt): SupplyLot =>
  Object.assign(new SupplyLot(), {
    clinicId,
    id: receipt.lotId ?? newId(),
    itemId: receipt.itemId,
    vendorId: receipt.vendorId,
    lotNumber: receipt.lotNumber === null ? '' : lotNumberText(receipt.lotNumber),
    numberKey: keyOf(receipt),
    gtin: receipt.gtin,
    serialNumber: receipt.serialNumber,
    expirationDate: receipt.expirationDate,
    unitCost: null,
    costedQuantity: new Decimal(0),
    receivedCost: new Decimal(0),
    uncostedQuantity: new Decimal(0),
    disposition: receipt.disposition.to,
    dispositionReason: receipt.disposition.reason,
    dispositionBy: receipt.disposition.to === 'AVAILABLE' ? null : tx.session.viewer.subject,
    version: 1,
  });

/** Adds a receipt to its lot. Refuses EXPIRY_MISMATCH when it is known with another date, EXPIRY_REQUIRED with none. */
function addTo(lot: SupplyLot, receipt: Receipt, stock: Quantities): void {
  if (lot.expirationDate !== null && receipt.expirationDate !== null && lot.expirationDate !== receipt.expirationDate)
    throw refuse('EXPIRY_MISMATCH', `Lot ${lot.lotNumber} is known to expire on ${lot.expirationDate}.`, [
      ...receipt.path,
      'expirationDate',
    ]);
  lot.expirationDate ??= receipt.expirationDate;
  if (receipt.needsExpiry && lot.expirationDate === null)
    throw refuse('EXPIRY_REQUIRED', `Lot ${lot.lotNumber} needs its last day of use.`, [
      ...receipt.path,
      'expirationDate',
    ]);
  lot.gtin ??= receipt.gtin;
  lot.serialNumber ??= receipt.serialNumber;
  Object.assign(lot, withReceipt(lot, receipt.quantity, receipt.total));
  if (receipt.total !== null)
    lot.unitCost = movingAverage(lot.unitCost, stock.of(lot.id), receipt.quantity, receipt.total);
  stock.add(lot.id, receipt.quantity);
}

async function saveAverages(
  tx: Tx,
  clinicId: string,
  items: readonly SupplyItem[],
  receipts: readonly Receipt[],
  stock: Quantities,
) {
  const averages = new Map(items.map((item) => [item.id, item.currentUnitCost]));
  for (const { itemId, quantity, total } of receipts) {
    if (total !== null)
      averages.set(itemId, movingAverage(averages.get(itemId) ?? null, stock.of(itemId), quantity, total));
    stock.add(itemId, quantity);
  }
  const changed = [...averages].filter(([, average]) => average !== null);
  await prepared(tx, AVERAGES, [clinicId, changed.map(([id]) => id), changed.map(([, average]) => average)]);
}

/**
 * Posts receipts: lots, stock, ledger and the moving average of the items, a fixed number of statements for all. Items
 * are locked first, in the order of their ids, so that no two receipts make the same lot; then lots, then stock.
 */
export async function postReceipts(
  tx: Tx,
  clinicId: string,
  receipts: readonly Receipt[],
): Promise<readonly Received[]> {
  if (receipts.length === 0) return [];
  await holdRecalls(tx, clinicId);
  const itemIds = [...new Set(receipts.map((r) => r.itemId))];
  const items = hydrate(tx, SupplyItem, await prepared(tx, LOCK_ITEMS, [clinicId, itemIds]));
  const { lots, known } = await lotsOf(tx, clinicId, receipts);
  const stock = await onHandOf(tx, clinicId, itemIds);
  const posted = receipts.map((receipt) => {
    const text = lotText(receipt.itemId, receipt.vendorId, keyOf(receipt));
    const lot = lots.get(text) ?? newLot(tx, clinicId, receipt);
    lots.set(text, lot);
    addTo(lot, receipt, stock.lots);
    return { receipt, lot, isNewLot: !known.has(text), transactionId: receipt.transactionId ?? newId() };
  });
  const made = [...lots].flatMap(([text, lot]) => (known.has(text) ? [] : [lot]));
  const changed = [...lots].flatMap(([text, lot]) => (known.has(text) ? [lot] : []));
  if (made.length > 0) await insert(tx, SupplyLot, made as never);
  if (changed.length > 0)
    await prepared(tx, CHANGE_LOTS, [
      clinicId,
      changed.map((l) => l.id),
      changed.map((l) => l.gtin),
      changed.map((l) => l.serialNumber),
      changed.map((l) => l.expirationDate),
      changed.map((l) => l.unitCost),
      changed.map((l) => l.costedQuantity),
      changed.map((l) => l.receivedCost),
      changed.map((l) => l.uncostedQuantity),
    ]);
  const recalled = await blockReceivedLots(
    tx,
    clinicId,
    [...lots.values()].map((lot) => lot.id),
  );
  await saveAverages(tx, clinicId, items, receipts, stock.items);
  await prepared(tx, OPEN_STOCK, [
    clinicId,
    posted.map((p) => p.lot.id),
    posted.map((p) => p.receipt.locationId),
    posted.map((p) => p.receipt.itemId),
    posted.map((p) => p.receipt.storageLocation),
    posted.map((p) => p.receipt.receivedOn),
  ]);
  await writeBooks(tx, clinicId, {
    movements: posted.map(({ receipt, lot, transactionId }) => ({
      id: transactionId,
      type: 'RECEIVE',
      itemId: receipt.itemId,
      lotId: lot.id,
      locationId: receipt.locationId,
      quantity: receipt.quantity,
      unitCost: receipt.total && movingAverage(null, NOTHING, receipt.quantity, receipt.total),
      totalCost: receipt.total,
      usageId: null,
      orderId: receipt.orderId ?? null,
      reason: receipt.reason,
      businessDate: receipt.receivedOn,
    })),
  });
  return posted.map(({ lot, isNewLot, transactionId }) => ({
    ...{ lotId: lot.id, transactionId, isNewLot, lot },
    recallNumber: recalled.get(lot.id) ?? null,
  }));
}
