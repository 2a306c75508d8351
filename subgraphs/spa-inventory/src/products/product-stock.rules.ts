import { Decimal } from 'decimal.js';
import type { StockSeverity } from './stock-severity.types';

const CRITICAL_SHARE = new Decimal('0.1');

/** How scarce a product is at a place: out, at or below a tenth of its reorder point, at or below it, or fine. */
export function stockSeverity(available: Decimal, reorderPoint: Decimal): StockSeverity {
  if (available.lte(0)) return 'OUT';
  if (available.lte(reorderPoint.times(CRITICAL_SHARE))) return 'CRITICAL';
  return available.lte(reorderPoint) ? 'LOW' : 'OK';
}

/** Days over which the mean use per day is taken. */
export const USE_DAYS = 90;
