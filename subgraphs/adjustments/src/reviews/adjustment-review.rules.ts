import { Decimal } from 'decimal.js';
import { CATEGORIES, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { byCategory, type CategorySums } from '../measures/write-off.rules';

/** Sums of a category as a review keeps them: amounts as text. */
export interface KeptSum {
  readonly category: AdjustmentCategory;
  readonly amount: string;
  readonly absolute: string;
  readonly effect: string;
  readonly unlinkedEffect: string;
  readonly count: number;
  readonly pending: string;
  readonly pendingEffect: string;
  readonly pendingCount: number;
}

const text = (amount: Decimal) => amount.toFixed(2);

/** Sums in the form and order in which a review keeps them; categories without any trace are left out. */
export const keptSums = (sums: CategorySums): KeptSum[] =>
  CATEGORIES.flatMap((category) => {
    const sum = sums.get(category);
    if (!sum) return [];
    const kept: KeptSum = {
      category,
      amount: text(sum.amount),
      absolute: text(sum.absolute),
      effect: text(sum.effect),
      unlinkedEffect: text(sum.unlinkedEffect),
      count: sum.count,
      pending: text(sum.pending),
      pendingEffect: text(sum.pendingEffect),
      pendingCount: sum.pendingCount,
    };
    return Object.values(kept).some((value) => value !== category && Number(value) !== 0) ? [kept] : [];
  });

/** Sums as a review kept them. */
export const sumsOfKept = (kept: readonly KeptSum[]): CategorySums =>
  byCategory(
    kept.map((of) => ({
      category: of.category,
      amount: new Decimal(of.amount),
      absolute: new Decimal(of.absolute),
      effect: new Decimal(of.effect),
      unlinkedEffect: new Decimal(of.unlinkedEffect),
      count: of.count,
      pending: new Decimal(of.pending),
      pendingEffect: new Decimal(of.pendingEffect),
      pendingCount: of.pendingCount,
    })),
  );

/** True when the month no longer has the totals that its review kept. */
export const isStale = (kept: readonly KeptSum[], now: CategorySums): boolean =>
  JSON.stringify(keptSums(sumsOfKept(kept))) !== JSON.stringify(keptSums(now));
