import { Decimal } from 'decimal.js';
import {
  isFefoOverride,
  lotProblem,
  pickLots,
  type LotOnShelf,
  type LotUse,
  type PassedOverLot,
  type SkippedLotReasonName,
} from '@practice-graph/practice';

/** A line of a deduction, checked: so much of an item, of a chosen lot or first to expire first. */
export interface DeductionLine {
  readonly index: number;
  readonly itemId: string;
  readonly quantity: Decimal;
  readonly lotId: string | null;
  readonly hasReason: boolean;
}

export type DeductionProblem =
  | { readonly kind: 'LOT'; readonly reason: SkippedLotReasonName; readonly lotNumber: string }
  | { readonly kind: 'UNKNOWN_LOT' }
  | { readonly kind: 'OVERRIDE_WITHOUT_REASON' }
  | { readonly kind: 'NOT_YET_RECEIVED' }
  | { readonly kind: 'SHORT'; readonly requested: Decimal; readonly available: Decimal };

/** What a line takes, or why it cannot. `available` is what was usable of the item before any line took from it. */
export interface DeductionPlan {
  readonly line: DeductionLine;
  readonly available: Decimal;
  readonly picks: readonly { readonly lotId: string; readonly quantity: Decimal }[];
  readonly skipped: readonly PassedOverLot[];
  readonly isOverride: boolean;
  readonly problem: DeductionProblem | null;
}

export type ShelfLot = LotOnShelf & { readonly itemId: string };

const NOTHING = new Decimal(0);
const total = (quantities: readonly Decimal[]) => quantities.reduce((sum, q) => sum.plus(q), NOTHING);

const usable = (lots: readonly LotOnShelf[], use: LotUse) =>
  total(lots.filter((lot) => lot.onHand.gt(0) && lotProblem(lot, use) === null).map((lot) => lot.onHand));

/** True when only the day of use stands against what is there: on a later day the lots would suffice (SUP-62). */
const isOnlyTooEarly = (lots: readonly LotOnShelf[], needed: Decimal, use: LotUse): boolean =>
  total(
    lots
      .filter((lot) => {
        const problem = lot.onHand.gt(0) ? lotProblem(lot, use) : 'RESERVED';
        return problem === null || problem === 'NOT_YET_RECEIVED';
      })
      .map((lot) => lot.onHand),
  ).gte(needed);

/**
 * Plans all lines of a deduction at one place. Lines that name a lot take first, then the others, first to expire first
 * and over several lots; lines of the same item are checked on their sum (SUP-44, SUP-47). The plans are in the order of
 * the lines.
 */
export function planDeduction(
  shelf: readonly ShelfLot[],
  lines: readonly DeductionLine[],
  use: LotUse,
): readonly DeductionPlan[] {
  const left = new Map(shelf.map((lot) => [lot.lotId, lot.onHand]));
  const lotsOf = (itemId: string): LotOnShelf[] =>
    shelf.filter((lot) => lot.itemId === itemId).map((lot) => ({ ...lot, onHand: left.get(lot.lotId) ?? NOTHING }));
  const plans = new Map<number, DeductionPlan>();
  const asked = (itemId: string) => total(lines.filter((line) => line.itemId === itemId).map((line) => line.quantity));
  const take = (plan: DeductionPlan) => {
    for (const { lotId, quantity } of plan.picks) left.set(lotId, (left.get(lotId) ?? NOTHING).minus(quantity));
    plans.set(plan.line.index, plan);
  };
  for (const line of [...lines.filter((l) => l.lotId !== null), ...lines.filter((l) => l.lotId === null)]) {
    const lots = lotsOf(line.itemId);
    const available = usable(
      shelf.filter((lot) => lot.itemId === line.itemId),
      use,
    );
    const base = { line, available, picks: [], skipped: [], isOverride: false, problem: null };
    if (line.lotId === null) {
      const choice = pickLots(lots, line.quantity, use);
      if (choice.isEnough) take({ ...base, picks: choice.picks, skipped: choice.skipped });
      else
        take({
          ...base,
          skipped: choice.skipped,
          problem: isOnlyTooEarly(lots, line.quantity, use)
            ? { kind: 'NOT_YET_RECEIVED' }
            : { kind: 'SHORT', requested: asked(line.itemId), available },
        });
    } else take({ ...base, ...chosen(lots, line, use) });
  }
  return lines.flatMap((line) => plans.get(line.index) ?? []);
}

/** What a line takes of the lot that it names. */
function chosen(lots: readonly LotOnShelf[], line: DeductionLine, use: LotUse): Partial<DeductionPlan> {
  const lot = lots.find((l) => l.lotId === line.lotId);
  if (!lot) return { problem: { kind: 'UNKNOWN_LOT' } };
  const reason = lotProblem(lot, use);
  if (reason !== null && reason !== 'RESERVED')
    return {
      problem: { kind: 'LOT', reason, lotNumber: lot.lotNumber },
      skipped: [{ lotId: lot.lotId, lotNumber: lot.lotNumber, reason, quantity: lot.onHand }],
    };
  if (lot.onHand.lt(line.quantity))
    return { problem: { kind: 'SHORT', requested: line.quantity, available: lot.onHand } };
  const isOverride = isFefoOverride(lot, lots, use);
  if (isOverride && !line.hasReason) return { problem: { kind: 'OVERRIDE_WITHOUT_REASON' } };
  return { isOverride, picks: [{ lotId: lot.lotId, quantity: line.quantity }] };
}
