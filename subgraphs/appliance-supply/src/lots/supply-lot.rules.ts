import { Decimal } from 'decimal.js';
import { daysBetween, lotStatus, type LotDispositionName, type LotStatusName } from '@practice-graph/practice';
import { SHELF_LIFE_DAYS_MIN } from '../defaults';
import type { StockSeverity } from './supply-stock-level.types';

/** Why goods must not be used at once when they come in, in words; null when their shelf life is long enough (SPA-114). */
export function shortShelfLife(expirationDate: string | null, receivedOn: string): string | null {
  if (expirationDate === null) return null;
  const left = daysBetween(receivedOn, expirationDate);
  if (left < 0) return `expired on ${expirationDate}`;
  return left < SHELF_LIFE_DAYS_MIN
    ? `expires on ${expirationDate}, less than ${String(SHELF_LIFE_DAYS_MIN)} days after receipt`
    : null;
}

const CRITICAL_PART = new Decimal('0.1');

/** How scarce a supply is (SUP-41): OUT at nothing, CRITICAL at a tenth of the reorder point, LOW at the point itself. */
export function stockSeverity(available: Decimal, reorderPoint: Decimal): StockSeverity {
  if (available.lte(0)) return 'OUT';
  if (available.lte(reorderPoint.times(CRITICAL_PART))) return 'CRITICAL';
  return available.lte(reorderPoint) ? 'LOW' : 'OK';
}

/** Why a lot may not go from one disposition to another; null when it may. Recalls and damage are not undone by hand. */
export function dispositionProblem(from: LotDispositionName, to: LotDispositionName): string | null {
  if (to === 'RECALLED') return 'Only a recall marks a lot as recalled.';
  if (from === 'RECALLED') return 'The lot is under recall; only the end of the recall changes that.';
  if (from === 'DAMAGED') return 'A damaged lot may leave only as waste or return.';
  return from === to ? `The lot is ${to} already.` : null;
}

/** Status of a lot that lies at these places, on a day. */
export const statusOf = (
  lot: { disposition: LotDispositionName; expirationDate: string | null },
  places: readonly { onHand: Decimal }[],
  today: string,
): LotStatusName =>
  lotStatus(
    lot,
    places.reduce((sum, place) => sum.plus(place.onHand), new Decimal(0)),
    today,
  );

/** True for a lot that is in date, free and in stock. */
export const isUsable = (...args: Parameters<typeof statusOf>): boolean => statusOf(...args) === 'AVAILABLE';
