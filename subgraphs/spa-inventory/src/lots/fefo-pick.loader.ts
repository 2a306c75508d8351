import { badInput, reachable, recordIdOf, ZERO, type Context, type Decimal } from '@practice-graph/kit';
import { businessDay, locationCopies, pickLots, type Day, type LotPick, type LotUse } from '@practice-graph/practice';
import { inventoryLots } from './inventory-lot.loader';
import type { FefoPick } from './fefo-pick.types';
import { lotsOnShelf, usableQuantity, type ShelfLot } from './shelf.service';

export interface PickQuestion {
  readonly productId: string;
  readonly locationId: string;
  readonly quantity: Decimal;
  readonly on: Day | null | undefined;
}

/**
 * What first-expiry-first-out would take for a use, by the rule that the use itself follows; when it falls short, what
 * there is. Null when product or place are outside the viewer's reach.
 */
export async function fefoPickOf(context: Context, question: PickQuestion): Promise<FefoPick | null> {
  const { quantity } = question;
  if (quantity.lte(0)) throw badInput('A pick takes more than nothing.', ['quantity']);
  const product = reachable(context.viewer, question.productId);
  const place = recordIdOf(question.locationId);
  if (!product || place?.clinicId !== product.clinicId) return null;
  const location = await context.of(locationCopies).load(place);
  if (!location) return null;
  const tx = await context.read();
  const shelf = { clinicId: product.clinicId, productId: product.id, locationId: place.id };
  const lots = await lotsOnShelf(tx, shelf, { lock: false });
  const use = { day: question.on ?? businessDay(context.now, location.timeZone) };
  const choice = pickLots(lots, quantity, use);
  const available = usableQuantity(lots, use.day);
  const missing = choice.isEnough ? ZERO : quantity.minus(choice.available);
  const taken = choice.isEnough ? choice.picks : pickAll(lots, choice.available, use);
  const records = await context
    .of(inventoryLots)
    .loadMany(taken.map((pick) => ({ clinicId: product.clinicId, id: pick.lotId })));
  return {
    lines: taken.map((pick, i) => {
      const lot = records[i];
      if (!lot || lot instanceof Error) throw new Error('stock of a lot that is not there');
      return { lot, quantity: pick.quantity };
    }),
    requested: quantity,
    available,
    shortfall: missing,
    skippedLots: [...choice.skipped],
  };
}

/** All that is usable, in its order. */
function pickAll(lots: readonly ShelfLot[], available: Decimal, use: LotUse): readonly LotPick[] {
  if (available.lte(0)) return [];
  const choice = pickLots(lots, available, use);
  return choice.isEnough ? choice.picks : [];
}
