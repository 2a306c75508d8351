import { gtin14 } from './barcode.rules';
import type { Day } from './calendar.rules';
import { LOT_NUMBER_MAX, lotNumberKey, lotNumberText } from './lot.rules';

export const RECALL_CLASSES = ['CLASS_I', 'CLASS_II', 'CLASS_III'] as const;
export type RecallClassName = (typeof RECALL_CLASSES)[number];

/** What a recall covers, in one of the inventories. */
export interface RecallScope {
  /** Lot number as it is matched; null for a whole item. */
  readonly lotKey: string | null;
  /** GTINs of 14 digits that tell the maker's goods; empty when none is known. */
  readonly gtins: readonly string[];
  /** Item or product of this inventory; null when none was named or the one named belongs to the other inventory. */
  readonly itemId: string | null;
}

/** A lot that a recall may cover. */
export interface RecallableLot {
  readonly lotKey: string;
  readonly itemId: string;
  /** GTINs of the lot and its item, of 14 digits; empty when none is known. */
  readonly gtins: readonly string[];
  /** False for goods without lots, which no number can name. */
  readonly hasNumber: boolean;
}

/**
 * True when a recall covers a lot. A GTIN keeps other makers' goods with the same number out, but never a lot of which no
 * GTIN is known: a recall must not miss it. With neither a number nor an item only a GTIN that agrees counts, since else
 * everything would be covered.
 */
export function coversLot(scope: RecallScope, lot: RecallableLot): boolean {
  if (scope.lotKey !== null && !(lot.hasNumber && lot.lotKey === scope.lotKey)) return false;
  if (scope.itemId !== null && scope.itemId !== lot.itemId) return false;
  if (scope.gtins.length === 0 || lot.gtins.length === 0) return scope.lotKey !== null || scope.itemId !== null;
  return lot.gtins.some((gtin) => scope.gtins.includes(gtin));
}

/** What a recall names, in both inventories alike. */
export interface RecallTarget {
  readonly lotKey: string | null;
  readonly gtin: string | null;
  readonly itemId: string | null;
}

/**
 * True when a recall that stands names all of what another one would: the new one would block nothing more. One of a GTIN
 * alone does not: it leaves out lots of which none is known, which a number or an item would find.
 */
export const isWithinRecall = (narrow: RecallTarget, wide: RecallTarget): boolean =>
  (wide.lotKey === null || wide.lotKey === narrow.lotKey) &&
  (wide.gtin === null || wide.gtin === narrow.gtin) &&
  (wide.itemId === null || wide.itemId === narrow.itemId) &&
  (wide.lotKey !== null || wide.itemId !== null || (narrow.lotKey === null && narrow.itemId === null));

/** A recall as a caller describes it. */
export interface RecallDescription {
  readonly recallNumber: string;
  readonly lotNumber?: string | null | undefined;
  readonly gtin?: string | null | undefined;
  readonly itemId?: string | null | undefined;
  readonly reason: string;
  readonly announcedOn: Day;
}

export interface RecallProblem {
  readonly code: 'INVALID' | 'REASON_REQUIRED' | 'FUTURE_DATE';
  readonly message: string;
  readonly member: string;
}

const NUMBER_MAX = 80;
const REASON_MAX = 2_000;

/** What is wrong with the description of a recall; null when it can be started. `today` is the clinic's. */
export function recallProblem(recall: RecallDescription, today: Day): RecallProblem | null {
  const invalid = (member: string, message: string): RecallProblem => ({ code: 'INVALID', message, member });
  const number = recall.recallNumber.trim();
  if (number === '' || number.length > NUMBER_MAX)
    return invalid('recallNumber', 'The number of the recall must have 1 to 80 characters.');
  if (
    typeof recall.lotNumber === 'string' &&
    (recall.lotNumber.trim() === '' || recall.lotNumber.length > LOT_NUMBER_MAX)
  )
    return invalid('lotNumber', 'A lot number has 1 to 80 characters.');
  if (typeof recall.gtin === 'string' && gtin14(recall.gtin.trim()) === null)
    return invalid('gtin', `"${recall.gtin}" is not a GTIN of 8, 12, 13 or 14 digits with a right check digit.`);
  if (!recall.lotNumber && !recall.gtin && !recall.itemId)
    return invalid('lotNumber', 'Name what is recalled: a lot number, a GTIN or an item.');
  if (recall.reason.trim() === '')
    return { code: 'REASON_REQUIRED', message: 'Say why it is recalled.', member: 'reason' };
  if (recall.reason.trim().length > REASON_MAX)
    return invalid('reason', `A reason takes at most ${String(REASON_MAX)} characters.`);
  if (recall.announcedOn > today)
    return { code: 'FUTURE_DATE', message: 'The day of the announcement lies ahead.', member: 'announcedOn' };
  return null;
}

/** The parts of a description in the form in which they are kept and compared. */
export const recallParts = (recall: RecallDescription) => ({
  recallNumber: recall.recallNumber.trim(),
  lotNumber: recall.lotNumber ? lotNumberText(recall.lotNumber) : null,
  lotKey: recall.lotNumber ? lotNumberKey(recall.lotNumber) : null,
  gtin: recall.gtin ? gtin14(recall.gtin.trim()) : null,
  reason: recall.reason.trim(),
  announcedOn: recall.announcedOn,
});
