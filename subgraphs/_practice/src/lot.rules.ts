import { Decimal } from 'decimal.js';
import type { Day } from './calendar.rules';

/** Stored decision on a lot. */
export type LotDispositionName = 'AVAILABLE' | 'QUARANTINE' | 'RECALLED' | 'DAMAGED';

/** Present state of a lot, derived; the first that applies counts, in this order. */
export const LOT_STATUSES = ['RECALLED', 'DAMAGED', 'QUARANTINE', 'EXPIRED', 'DEPLETED', 'AVAILABLE'] as const;
export type LotStatusName = (typeof LOT_STATUSES)[number];

export const SKIPPED_LOT_REASONS = [
  'EXPIRED',
  'RECALLED',
  'QUARANTINED',
  'DAMAGED',
  'RESERVED',
  'EXPIRES_TOO_EARLY',
  'NOT_YET_RECEIVED',
] as const;
export type SkippedLotReasonName = (typeof SKIPPED_LOT_REASONS)[number];

/** What decides whether a lot may be used. */
export interface LotState {
  readonly disposition: LotDispositionName;
  /** Last day of use; null for lots that do not expire. */
  readonly expirationDate: Day | null;
}

/** True after the last day of use. A lot is usable through the end of that day in the zone of its location (SPA-24). */
export const isExpired = (lot: Pick<LotState, 'expirationDate'>, today: Day): boolean =>
  lot.expirationDate !== null && today > lot.expirationDate;

/** Status of a lot on a day; `onHand` is what is left of it in all places. */
export function lotStatus(lot: LotState, onHand: Decimal, today: Day): LotStatusName {
  if (lot.disposition !== 'AVAILABLE') return lot.disposition;
  if (isExpired(lot, today)) return 'EXPIRED';
  return onHand.gt(0) ? 'AVAILABLE' : 'DEPLETED';
}

/** Quantity of a lot at a place that is free: on hand less reserved, and zero while the lot may not be used at all. */
export const availableQuantity = (lot: LotState, onHand: Decimal, reserved: Decimal, today: Day): Decimal =>
  lotStatus(lot, onHand, today) === 'AVAILABLE' ? Decimal.max(0, onHand.minus(reserved)) : new Decimal(0);

/** A lot on the shelf of one location. */
export interface LotOnShelf extends LotState {
  readonly lotId: string;
  readonly lotNumber: string;
  readonly receivedDate: Day;
  readonly onHand: Decimal;
  readonly reserved: Decimal;
}

/** The day of use at the location, and the day through which the goods must last where that is later. */
export interface LotUse {
  readonly day: Day;
  readonly neededThrough?: Day;
}

export interface LotPick {
  readonly lotId: string;
  readonly quantity: Decimal;
}

/** A lot that was passed over, why, and how much of it stayed behind. */
export interface PassedOverLot {
  readonly lotId: string;
  readonly lotNumber: string;
  readonly reason: SkippedLotReasonName;
  readonly quantity: Decimal;
}

/** What first-expiry-first-out takes, or that usable stock falls short of the need. */
export type LotChoice =
  | { readonly isEnough: true; readonly picks: readonly LotPick[]; readonly skipped: readonly PassedOverLot[] }
  | { readonly isEnough: false; readonly available: Decimal; readonly skipped: readonly PassedOverLot[] };

/** Why a lot may not be used on a day, or null when something of it may. The one rule for every kind of use. */
export function lotProblem(lot: LotOnShelf, use: LotUse): SkippedLotReasonName | null {
  if (lot.disposition === 'RECALLED') return 'RECALLED';
  if (lot.disposition === 'DAMAGED') return 'DAMAGED';
  if (lot.disposition === 'QUARANTINE') return 'QUARANTINED';
  if (isExpired(lot, use.day)) return 'EXPIRED';
  if (use.neededThrough !== undefined && isExpired(lot, use.neededThrough)) return 'EXPIRES_TOO_EARLY';
  if (lot.receivedDate > use.day) return 'NOT_YET_RECEIVED';
  return lot.onHand.gt(lot.reserved) ? null : 'RESERVED';
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Order in which lots are used: earliest expiry first, lots without one last, then earliest received, then by id (SPA-120). */
export function firstToExpire(a: LotOnShelf, b: LotOnShelf): number {
  if (a.expirationDate !== b.expirationDate) {
    if (a.expirationDate === null) return 1;
    if (b.expirationDate === null) return -1;
    return compare(a.expirationDate, b.expirationDate);
  }
  return compare(a.receivedDate, b.receivedDate) || compare(a.lotId, b.lotId);
}

const passedOver = (lot: LotOnShelf, reason: SkippedLotReasonName, quantity: Decimal): PassedOverLot => ({
  lotId: lot.lotId,
  lotNumber: lot.lotNumber,
  reason,
  quantity,
});

/**
 * Takes a quantity from the lots of one location, first to expire first, over as many lots as it needs. Skipped are the
 * lots that came before the last one used and could not be; when usable stock does not suffice nothing is taken, and
 * every lot that has something left is told with its reason (SPA-120 to SPA-122). `needed` must be more than zero.
 */
export function pickLots(lots: readonly LotOnShelf[], needed: Decimal, use: LotUse): LotChoice {
  const picks: LotPick[] = [];
  const skipped: PassedOverLot[] = [];
  const held: PassedOverLot[] = [];
  let missing = needed;
  for (const lot of [...lots].sort(firstToExpire)) {
    if (lot.onHand.lte(0)) continue;
    if (missing.lte(0)) break;
    const reason = lotProblem(lot, use);
    if (reason !== null) {
      skipped.push(passedOver(lot, reason, lot.onHand));
      continue;
    }
    const quantity = Decimal.min(missing, lot.onHand.minus(lot.reserved));
    picks.push({ lotId: lot.lotId, quantity });
    if (lot.reserved.gt(0)) held.push(passedOver(lot, 'RESERVED', lot.reserved));
    missing = missing.minus(quantity);
  }
  if (missing.lte(0)) return { isEnough: true, picks, skipped };
  return { isEnough: false, available: needed.minus(missing), skipped: [...skipped, ...held] };
}

/** True when a caller who names a lot passes over another usable one that expires earlier (SPA-121). */
export const isFefoOverride = (chosen: LotOnShelf, lots: readonly LotOnShelf[], use: LotUse): boolean =>
  lots.some((lot) => lot.lotId !== chosen.lotId && lotProblem(lot, use) === null && expiresEarlier(lot, chosen));

const expiresEarlier = (a: LotOnShelf, b: LotOnShelf): boolean =>
  a.expirationDate !== null && (b.expirationDate === null || a.expirationDate < b.expirationDate);

/** Longest lot number that is taken in; recalls and receipts agree on it, so that what was received can be recalled. */
export const LOT_NUMBER_MAX = 80;

/** Units in one change, and whole amounts of one line: more is a slip, and sums must fit what the tables hold. */
export const LINE_MAX = 1_000_000_000;

/** A lot number as it is shown: trimmed and in upper case. */
export const lotNumberText = (printed: string): string => printed.normalize('NFKC').trim().toUpperCase();

/** A lot number as it is matched: without regard to case and blanks, so that "ab 12" on one pack is AB12 on another. */
export const lotNumberKey = (printed: string): string => lotNumberText(printed).replace(/\s+/g, '');
