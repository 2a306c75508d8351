import type { Decimal } from 'decimal.js';
import {
  daysBetween,
  expiryUrgency,
  isExpired,
  type AlertSeverity,
  type RecallClassName,
} from '@practice-graph/practice';
import type { StockSeverity } from '../lots/supply-stock-level.types';
import type { SupplyAlertType } from './supply-alert.entity';

/** A cause of an alert as it is now, in words for people. */
export interface Cause {
  readonly type: SupplyAlertType;
  readonly severity: AlertSeverity;
  readonly rank: number;
  readonly message: string;
}

const STOCK = {
  LOW: { type: 'LOW_STOCK', severity: 'WARNING', rank: 1 },
  CRITICAL: { type: 'CRITICAL_STOCK', severity: 'CRITICAL', rank: 2 },
  OUT: { type: 'OUT_OF_STOCK', severity: 'CRITICAL', rank: 3 },
} as const;

export interface StockAtPlace {
  readonly item: string;
  readonly unit: string;
  readonly place: string;
  readonly available: Decimal;
  readonly reorderPoint: Decimal;
}

/** What is wrong with the stock of an item at a place (SUP-41); null when nothing is. */
export function stockCause(severity: StockSeverity, of: StockAtPlace): Cause | null {
  if (severity === 'OK') return null;
  const left =
    severity === 'OUT'
      ? `${of.item}: nothing is available at ${of.place}.`
      : `${of.item}: ${of.available.toFixed()} ${of.unit} left at ${of.place}, reorder point ${of.reorderPoint.toFixed()}.`;
  return { ...STOCK[severity], message: left };
}

const EXPIRY_RANKS = { INFO: 1, WARNING: 2, CRITICAL: 3 } as const;

/** What is wrong with the shelf life of a lot that lies at a place; null while there is time. */
export function expiryCause(
  lot: {
    readonly lotNumber: string;
    readonly expirationDate: string | null;
    readonly item: string;
    readonly place: string;
  },
  today: string,
): Cause | null {
  const { expirationDate: day } = lot;
  if (day === null) return null;
  const what = `${lot.item}, lot ${lot.lotNumber}, at ${lot.place}`;
  if (isExpired(lot, today))
    return { type: 'EXPIRED', severity: 'CRITICAL', rank: 4, message: `${what}: expired on ${day}.` };
  const severity = expiryUrgency(daysBetween(today, day));
  return (
    severity && {
      type: 'EXPIRING_SOON',
      severity,
      rank: EXPIRY_RANKS[severity],
      message: `${what}: expires on ${day}.`,
    }
  );
}

/** A lot, or goods without lots, under recall; class I and II need an act at once. */
export const recallCause = (
  lot: { readonly lotNumber: string; readonly item: string },
  recall: { readonly recallNumber: string; readonly recallClass: RecallClassName },
): Cause => ({
  type: 'RECALL',
  severity: recall.recallClass === 'CLASS_III' ? 'WARNING' : 'CRITICAL',
  rank: recall.recallClass === 'CLASS_III' ? 1 : 2,
  message: `${lot.lotNumber === '' ? lot.item : `${lot.item}, lot ${lot.lotNumber}`}: under recall ${recall.recallNumber}.`,
});
