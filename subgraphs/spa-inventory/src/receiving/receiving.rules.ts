import { addDays, isExpired, type Day, type LotDispositionName } from '@practice-graph/practice';
import type { ReceivingCondition } from './receiving-condition.types';

export interface Arrival {
  readonly lotNumber: string;
  readonly condition: ReceivingCondition;
  readonly expirationDate: Day | null;
  /** Current business day at the place. */
  readonly today: Day;
  readonly minRemainingShelfLifeDays: number | null;
}

/** Why a received lot goes to quarantine, in words for the warning; null when it may be used (SPA-114). */
export function quarantineReason(arrival: Arrival): string | null {
  const { condition, expirationDate, today, minRemainingShelfLifeDays } = arrival;
  if (condition === 'DAMAGED') return 'came damaged';
  if (condition === 'TEMPERATURE_SUSPECT') return 'came with the temperature not kept';
  if (expirationDate === null) return null;
  if (isExpired({ expirationDate }, today)) return `had expired on ${expirationDate}`;
  if (minRemainingShelfLifeDays !== null && expirationDate < addDays(today, minRemainingShelfLifeDays))
    return `expires on ${expirationDate}, in less than the ${String(minRemainingShelfLifeDays)} days that must be left`;
  return null;
}

/** Disposition of a lot after a receipt: goods that may not be used hold the whole lot, a block that stands is kept. */
export const dispositionAfterReceipt = (present: LotDispositionName, reason: string | null): LotDispositionName =>
  present === 'AVAILABLE' && reason !== null ? 'QUARANTINE' : present;

/** Number under which goods without lots are kept: one lot per product and expiry. */
export const untrackedLotNumber = (expirationDate: Day | null): string =>
  expirationDate === null ? 'NO LOT' : `NO LOT ${expirationDate}`;
