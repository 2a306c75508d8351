import { Decimal } from 'decimal.js';
import { CATEGORIES, categoriesOf, type AdjustmentCategory } from '../entries/adjustment-category.rules';

/** Sums of one category over some scope; reversals are in them with the opposite sign. */
export interface CategorySum {
  readonly category: AdjustmentCategory;
  readonly amount: Decimal;
  /** Amounts without sign; a reversal takes away what its original added. */
  readonly absolute: Decimal;
  /** Part of the amount that reduces net production. */
  readonly effect: Decimal;
  /** Part of the effect that names no production entry. */
  readonly unlinkedEffect: Decimal;
  /** Originals minus reversals. */
  readonly count: number;
  /** Amount that waits for a decision; it is in none of the above. */
  readonly pending: Decimal;
  /** Part of the waiting amount that would reduce net production. */
  readonly pendingEffect: Decimal;
  readonly pendingCount: number;
}

/** Sums of a scope by category; categories without entries are zero. */
export type CategorySums = ReadonlyMap<AdjustmentCategory, CategorySum>;

const ZERO = new Decimal(0);

/** Indexes sums by category, adding up what comes more than once. */
export function byCategory(sums: Iterable<CategorySum>): CategorySums {
  const all = new Map<AdjustmentCategory, CategorySum>();
  for (const sum of sums) {
    const before = all.get(sum.category);
    all.set(
      sum.category,
      before
        ? {
            category: sum.category,
            amount: before.amount.plus(sum.amount),
            absolute: before.absolute.plus(sum.absolute),
            effect: before.effect.plus(sum.effect),
            unlinkedEffect: before.unlinkedEffect.plus(sum.unlinkedEffect),
            count: before.count + sum.count,
            pending: before.pending.plus(sum.pending),
            pendingEffect: before.pendingEffect.plus(sum.pendingEffect),
            pendingCount: before.pendingCount + sum.pendingCount,
          }
        : sum,
    );
  }
  return all;
}

const total = (
  sums: CategorySums,
  categories: readonly AdjustmentCategory[],
  of: (sum: CategorySum) => Decimal,
): Decimal =>
  categories.reduce((all, category) => {
    const found = sums.get(category);
    return found ? all.plus(of(found)) : all;
  }, ZERO);

const amountOf =
  (sums: CategorySums) =>
  (...categories: readonly AdjustmentCategory[]): Decimal =>
    total(sums, categories, (sum) => sum.amount);

const countOf = (sums: CategorySums, categories: readonly AdjustmentCategory[]): number =>
  categories.reduce((all, category) => all + (sums.get(category)?.count ?? 0), 0);

/** Totals of D-15 and of bad debt over sums by category. */
export interface WriteOffTotals {
  readonly insuranceWriteOffs: Decimal;
  readonly courtesyDiscounts: Decimal;
  readonly professionalDiscounts: Decimal;
  readonly familyDiscounts: Decimal;
  readonly badDebtWriteOffs: Decimal;
  readonly smallBalanceWriteOffs: Decimal;
  readonly promotionalDiscounts: Decimal;
  readonly timingAdjustments: Decimal;
  readonly errorCorrections: Decimal;
  readonly otherAdjustments: Decimal;
  readonly totalWriteOffs: Decimal;
  readonly controllableWriteOffs: Decimal;
  readonly totalDiscounts: Decimal;
  readonly totalCorrections: Decimal;
  readonly totalAdjustments: Decimal;
  readonly netProductionEffect: Decimal;
  readonly badDebtRecoveries: Decimal;
  readonly netBadDebt: Decimal;
  readonly writeOffCount: number;
  readonly adjustmentCount: number;
  readonly pending: Decimal;
  readonly pendingCount: number;
}

/** All totals of a scope: write-offs, discounts and corrections are disjoint, recoveries are in none of them. */
export function writeOffTotals(sums: CategorySums): WriteOffTotals {
  const amount = amountOf(sums);
  const totalWriteOffs = amount(...categoriesOf('WRITE_OFF'));
  const totalDiscounts = amount(...categoriesOf('DISCOUNT'));
  const totalCorrections = amount(...categoriesOf('CORRECTION'));
  return {
    insuranceWriteOffs: amount('INSURANCE_WRITEOFF'),
    courtesyDiscounts: amount('COURTESY_DISCOUNT'),
    professionalDiscounts: amount('PROFESSIONAL_DISCOUNT'),
    familyDiscounts: amount('FAMILY_DISCOUNT'),
    badDebtWriteOffs: amount('BAD_DEBT'),
    smallBalanceWriteOffs: amount('SMALL_BALANCE'),
    promotionalDiscounts: amount('PROMOTIONAL'),
    timingAdjustments: amount('TIMING_ADJUSTMENT'),
    errorCorrections: amount('ERROR_CORRECTION'),
    otherAdjustments: amount('OTHER'),
    totalWriteOffs,
    controllableWriteOffs: amount('BAD_DEBT', 'SMALL_BALANCE'),
    totalDiscounts,
    totalCorrections,
    totalAdjustments: totalWriteOffs.plus(totalDiscounts).plus(totalCorrections),
    netProductionEffect: total(sums, CATEGORIES, (sum) => sum.effect),
    badDebtRecoveries: amount('RECOVERY'),
    netBadDebt: amount('BAD_DEBT').minus(amount('RECOVERY')),
    writeOffCount: countOf(sums, categoriesOf('WRITE_OFF')),
    adjustmentCount: countOf(
      sums,
      CATEGORIES.filter((category) => category !== 'RECOVERY'),
    ),
    pending: total(sums, CATEGORIES, (sum) => sum.pending),
    pendingCount: CATEGORIES.reduce((all, category) => all + (sums.get(category)?.pendingCount ?? 0), 0),
  };
}

export interface BridgeStep {
  readonly category: AdjustmentCategory;
  readonly amount: Decimal;
}

/** The way from gross to net production by the adjustment ledger, beside the net that revenue shows. */
export interface Bridge {
  readonly gross: Decimal;
  readonly steps: readonly BridgeStep[];
  readonly net: Decimal;
  readonly revenueNet: Decimal;
  readonly difference: Decimal;
  readonly unlinkedAdjustments: Decimal;
  readonly netIfApproved: Decimal;
}

/** Bridge from gross to net (ADJ-04): gross minus all steps is net; the difference is what revenue has yet to take over. */
export function bridge(sums: CategorySums, gross: Decimal, revenueNet: Decimal): Bridge {
  const steps = CATEGORIES.map((category) => ({ category, amount: sums.get(category)?.effect ?? ZERO })).filter(
    (step) => !step.amount.isZero(),
  );
  const net = steps.reduce((rest, step) => rest.minus(step.amount), gross);
  return {
    gross,
    steps,
    net,
    revenueNet,
    difference: revenueNet.minus(net),
    unlinkedAdjustments: total(sums, CATEGORIES, (sum) => sum.unlinkedEffect),
    netIfApproved: net.minus(total(sums, CATEGORIES, (sum) => sum.pendingEffect)),
  };
}

/** Error corrections by amount without sign, so that opposite mistakes do not cancel out in the rate. */
export const errorVolume = (sums: CategorySums): Decimal => sums.get('ERROR_CORRECTION')?.absolute ?? ZERO;
