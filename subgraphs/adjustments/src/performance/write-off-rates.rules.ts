import type { Decimal } from 'decimal.js';
import { errorVolume, writeOffTotals, type CategorySums } from '../measures/write-off.rules';

/** What is divided and by what, for each rate of a row (ADJ-34 to ADJ-37, ADJ-80 to ADJ-86). */
export interface RateParts {
  readonly numerator: Decimal;
  readonly denominator: Decimal | null;
}

export interface Production {
  readonly gross: Decimal | null;
  readonly net: Decimal | null;
}

/** Parts of all rates: over gross production, bad debt over net, since net is what could have been collected. */
export function rateParts(sums: CategorySums, production: Production) {
  const totals = writeOffTotals(sums);
  const overGross = (numerator: Decimal): RateParts => ({ numerator, denominator: production.gross });
  const overNet = (numerator: Decimal): RateParts => ({ numerator, denominator: production.net });
  return {
    writeOffRate: overGross(totals.totalWriteOffs),
    controllableWriteOffRate: overGross(totals.controllableWriteOffs),
    adjustmentRate: overGross(totals.totalAdjustments),
    badDebtRate: overNet(totals.badDebtWriteOffs),
    netBadDebtRate: overNet(totals.netBadDebt),
    discountRate: overGross(totals.totalDiscounts),
    courtesyRate: overGross(totals.courtesyDiscounts),
    smallBalanceRate: overGross(totals.smallBalanceWriteOffs),
    promotionalRate: overGross(totals.promotionalDiscounts),
    errorCorrectionRate: overGross(errorVolume(sums)),
  };
}

export type RateName = keyof ReturnType<typeof rateParts>;
