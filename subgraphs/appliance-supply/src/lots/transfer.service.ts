import { audit, nameOf, newId, noteOf, type Decimal, type Tx } from '@practice-graph/kit';
import { clinicOf, lotProblem, pickLots, type LotPick } from '@practice-graph/practice';
import { watchStock } from '../alerts/stock-watch.service';
import { lockShelf, type LockedLot } from '../placements/shelf.service';
import { lotRefusal, refuse } from '../refusals';
import { useCost } from './lot-cost.rules';
import { writeBooks, type Movement } from './movement.service';
import { requirePostingDay, placeOf } from './posting-day.service';
import type { ReceiveResult } from './receive.service';
import { checkQuantity, goodOf, openStock, recordsWithoutLots, shelve, type StockedGood } from './stock-change.service';
import type { SupplyTransferInput } from './stock-change.inputs';

const QUANTITY = ['input', 'quantity'];

/** What leaves the giving place: of the lot, or first received first for goods without lots. */
function picksOf(
  shelf: readonly LockedLot[],
  { item, lot }: StockedGood,
  input: SupplyTransferInput,
): readonly LotPick[] {
  const use = { day: input.transferredOn };
  const short = (available: Decimal) =>
    refuse('INSUFFICIENT_STOCK', `${item.name}: only ${available.toFixed()} ${item.unit} can leave.`, QUANTITY);
  if (!lot) {
    const choice = pickLots(shelf, input.quantity, use);
    if (choice.isEnough) return choice.picks;
    if (choice.skipped.some((each) => each.reason === 'NOT_YET_RECEIVED'))
      throw refuse('LOT_NOT_YET_RECEIVED', `${item.name} was not there yet on that day.`, ['input', 'transferredOn']);
    throw short(choice.available);
  }
  const from = shelf.find((each) => each.lotId === lot.id);
  if (!from) throw refuse('NOT_FOUND', 'There is no such lot at this location.', ['input', 'lotId']);
  const reason = lotProblem(from, use);
  // Blocked goods stay where they are; they leave as waste or return.
  if (reason !== null && reason !== 'RESERVED')
    throw lotRefusal({ reason, lotNumber: lot.lotNumber }, ['input', 'lotId']);
  if (from.onHand.lt(input.quantity)) throw short(from.onHand);
  return [{ lotId: lot.id, quantity: input.quantity }];
}

/**
 * Moves a quantity from one location of the clinic to another: two movements that name each other, at the cost of the
 * goods, in one statement, so that quantity and value are conserved (C-S9).
 */
export async function transferStock(tx: Tx, clinicId: string, input: SupplyTransferInput): Promise<ReceiveResult> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const from = await placeOf(tx, clinicId, input.fromLocationId, ['input', 'fromLocationId']);
  const to = await placeOf(tx, clinicId, input.toLocationId, ['input', 'toLocationId']);
  if (from.id === to.id)
    throw refuse('SAME_LOCATION', 'The goods are at this location already.', ['input', 'toLocationId']);
  for (const place of [from, to]) await requirePostingDay(tx, place, input.transferredOn, ['input', 'transferredOn']);
  const good = await goodOf(tx, clinicId, input);
  const { item, lot } = good;
  if (!input.quantity.gt(0)) throw refuse('BAD_QUANTITY', 'The quantity must be more than zero.', QUANTITY);
  checkQuantity(input.quantity, item, QUANTITY);
  const lots = lot ? [lot] : await recordsWithoutLots(tx, item);
  const lotIds = lots.map((each) => each.id);
  const target = {
    ...{ itemId: item.id, lotIds, locationId: to.id, from: input.transferredOn },
    storageLocation: nameOf(input.storageLocation, ['input', 'storageLocation']),
  };
  await openStock(tx, clinicId, target);
  const shelf = await lockShelf(tx, clinicId, { locationIds: [from.id, to.id], itemIds: [item.id], lotIds });
  const given = shelf.filter((each) => each.locationId === from.id);
  const picks = picksOf(given, good, input);
  await shelve(tx, clinicId, { ...target, lotIds: picks.map((pick) => pick.lotId) });
  const reason = noteOf(input.reason, ['input', 'reason']);
  const movements = picks.flatMap(({ lotId, quantity }): Movement[] => {
    const unitCost = lot ? (given.find((each) => each.lotId === lotId)?.unitCost ?? null) : item.currentUnitCost;
    const [out, into] = [newId(), newId()];
    const common = { itemId: item.id, lotId, unitCost, usageId: null, reason, businessDate: input.transferredOn };
    const totalCost = useCost(quantity, unitCost);
    return [
      {
        ...{ ...common, id: out, counterpartId: into, type: 'TRANSFER_OUT', locationId: from.id },
        ...{ quantity: quantity.neg(), totalCost: totalCost?.neg() ?? null },
      },
      { ...common, id: into, counterpartId: out, type: 'TRANSFER_IN', locationId: to.id, quantity, totalCost },
    ];
  });
  const isMoved = await writeBooks(tx, clinicId, { movements });
  if (!isMoved) throw refuse('CONFLICT_RETRY', 'The stock changed meanwhile; send it again.');
  await watchStock(tx, clinicId, movements);
  await audit(
    tx,
    clinicId,
    picks.map(({ lotId }) => ({
      action: 'supply_stock.transfer',
      entityType: 'SupplyLot',
      entityId: lotId,
      note: reason,
    })),
  );
  return { lotIds: picks.map((p) => p.lotId), transactionIds: movements.map((m) => m.id), warnings: [] };
}
