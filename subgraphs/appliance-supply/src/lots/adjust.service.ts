import { audit, Decimal, newId, noteOf, type Tx } from '@practice-graph/kit';
import { clinicOf, firstToExpire, todayAt } from '@practice-graph/practice';
import { watchStock } from '../alerts/stock-watch.service';
import { lockShelf, type LockedLot } from '../placements/shelf.service';
import { refuse } from '../refusals';
import { useCost } from './lot-cost.rules';
import { writeBooks } from './movement.service';
import { placeOf } from './posting-day.service';
import type { ReceiveResult } from './receive.service';
import { checkQuantity, goodOf, openStock, recordsWithoutLots, type StockedGood } from './stock-change.service';
import type { SupplyAdjustReason, SupplyStockAdjustInput } from './stock-change.inputs';
import type { SupplyTransactionType } from './supply-transaction.entity';

interface Meaning {
  readonly words: string;
  /** Kind of movement that takes away, and that adds; null where the reason does not work that way. */
  readonly less: SupplyTransactionType | null;
  readonly more: SupplyTransactionType | null;
}

const MEANINGS: Record<SupplyAdjustReason, Meaning> = {
  DAMAGE: { words: 'damaged', less: 'WASTE', more: null },
  EXPIRED: { words: 'expired', less: 'WASTE', more: null },
  LOSS: { words: 'missing', less: 'ADJUSTMENT_REMOVE', more: null },
  FOUND: { words: 'found', less: null, more: 'ADJUSTMENT_ADD' },
  CORRECTION: { words: 'correction', less: 'ADJUSTMENT_REMOVE', more: 'ADJUSTMENT_ADD' },
  VENDOR_RETURN: { words: 'returned to the vendor', less: 'RETURN_VENDOR', more: null },
};

const DELTA = ['input', 'delta'];

/** Kind of the movement; refuses a sign that the reason cannot have. */
function typeOf({ reason, delta }: SupplyStockAdjustInput): SupplyTransactionType {
  const type = delta.isNegative() ? MEANINGS[reason].less : MEANINGS[reason].more;
  if (type === null)
    throw refuse('BAD_QUANTITY', `With ${reason} stock ${delta.isNegative() ? 'grows' : 'shrinks'}.`, DELTA);
  return type;
}

interface Part {
  readonly lotId: string;
  readonly delta: Decimal;
}

/** What is missing, taken from the lots of a place, blocked ones too: they leave the stock in no other way. */
function partsOf(lots: readonly LockedLot[], delta: Decimal, { item }: StockedGood): Part[] {
  let missing = delta.neg();
  const parts: Part[] = [];
  for (const lot of [...lots].sort(firstToExpire)) {
    const quantity = Decimal.min(missing, lot.onHand);
    if (quantity.gt(0)) parts.push({ lotId: lot.lotId, delta: quantity.neg() });
    missing = missing.minus(quantity);
  }
  if (missing.lte(0)) return parts;
  const there = lots.reduce((sum, lot) => sum.plus(lot.onHand), new Decimal(0));
  throw refuse('INSUFFICIENT_STOCK', `${item.name}: only ${there.toFixed()} ${item.unit} are there.`, DELTA);
}

/** Record that takes what was found: the lot, or the first in which goods without lots stand. */
async function recordFor(tx: Tx, { item, lot }: StockedGood): Promise<string> {
  const [record] = lot ? [lot] : await recordsWithoutLots(tx, item);
  if (!record)
    throw refuse('NOT_FOUND', `${item.name} was never received; receive what was found.`, ['input', 'itemId']);
  return record.id;
}

/** Corrects the stock of a lot, or of goods without lots, at a place, on the current day of the place (SUP-45). */
export async function adjustStock(tx: Tx, clinicId: string, input: SupplyStockAdjustInput): Promise<ReceiveResult> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const location = await placeOf(tx, clinicId, input.locationId, ['input', 'locationId']);
  const good = await goodOf(tx, clinicId, input);
  const { item, lot } = good;
  checkQuantity(input.delta, item, DELTA);
  const type = typeOf(input);
  const today = todayAt(tx, location);
  const gains = input.delta.gt(0) ? await recordFor(tx, good) : null;
  if (gains !== null)
    await openStock(tx, clinicId, {
      ...{ itemId: item.id, lotIds: [gains], locationId: location.id, storageLocation: null, from: today },
    });
  const lotIds = [gains, lot?.id].flatMap((id) => id ?? []);
  const shelf = await lockShelf(tx, clinicId, { locationIds: [location.id], itemIds: [item.id], lotIds });
  const lots = lot ? shelf.filter((each) => each.lotId === lot.id) : shelf;
  const parts = gains === null ? partsOf(lots, input.delta, good) : [{ lotId: gains, delta: input.delta }];
  const note = noteOf(input.note, ['input', 'note']);
  const reason = note === null ? MEANINGS[input.reason].words : `${MEANINGS[input.reason].words}: ${note}`;
  const movements = parts.map(({ lotId, delta }) => {
    const unitCost = lot ? (shelf.find((each) => each.lotId === lotId)?.unitCost ?? null) : item.currentUnitCost;
    return {
      ...{ id: newId(), type, itemId: item.id, lotId, locationId: location.id, quantity: delta, unitCost },
      ...{ totalCost: useCost(delta, unitCost), usageId: null, reason, businessDate: today },
    };
  });
  const isMoved = await writeBooks(tx, clinicId, { movements });
  if (!isMoved) throw refuse('CONFLICT_RETRY', 'The stock changed meanwhile; send it again.');
  await watchStock(tx, clinicId, movements);
  await audit(
    tx,
    clinicId,
    parts.map(({ lotId }) => ({
      action: 'supply_stock.adjust',
      entityType: 'SupplyLot',
      entityId: lotId,
      note: reason,
    })),
  );
  return {
    lotIds: parts.map((part) => part.lotId),
    transactionIds: movements.map((movement) => movement.id),
    warnings: [],
  };
}
