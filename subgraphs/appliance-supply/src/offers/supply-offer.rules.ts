import { Decimal } from 'decimal.js';

const UNIT_COST_DECIMALS = 6;

/** What of an offer decides between offers, and how much of it is ordered. */
export interface OfferTerms {
  readonly id: string;
  readonly packPrice: Decimal;
  readonly packSize: Decimal;
  readonly minimumPacks: number;
  readonly rank: number | null;
}

/** Price of one unit to six decimals: pack price over pack size (SUP-65). */
export const offeredUnitCost = ({ packPrice, packSize }: Pick<OfferTerms, 'packPrice' | 'packSize'>): Decimal =>
  packPrice.div(packSize).toDecimalPlaces(UNIT_COST_DECIMALS, Decimal.ROUND_HALF_UP);

/** Order of offers: by the clinic's preference, unranked ones last, then cheapest per unit (SUP-08). */
export function bestOfferFirst(a: OfferTerms, b: OfferTerms): number {
  const byRank = (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER);
  // Compared without a division, so that a third of a cent decides as well.
  return byRank || a.packPrice.times(b.packSize).cmp(b.packPrice.times(a.packSize)) || (a.id < b.id ? -1 : 1);
}

export interface StockNeed {
  readonly available: Decimal;
  readonly onOrder: Decimal;
  readonly reorderPoint: Decimal;
  readonly maxLevel: Decimal;
  readonly wholeUnitsOnly: boolean;
  /** False for what is no longer bought. */
  readonly isBought: boolean;
}

/**
 * How much to order: up to the maximum level, less what is available and on its way, rounded up to whole packs and the
 * minimum of the offer; nothing above the reorder point, when enough is on its way, or of what is no longer bought (SUP-41).
 */
export function suggestedQuantity(need: StockNeed, offer: OfferTerms | null): Decimal {
  const missing = need.maxLevel.minus(need.available).minus(need.onOrder);
  if (!need.isBought || need.available.gt(need.reorderPoint) || missing.lte(0)) return new Decimal(0);
  if (!offer) return need.wholeUnitsOnly ? missing.ceil() : missing;
  const packs = Decimal.max(missing.div(offer.packSize).ceil(), offer.minimumPacks);
  return packs.times(offer.packSize);
}
