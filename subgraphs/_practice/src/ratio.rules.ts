import { Decimal } from 'decimal.js';

export type RatioStatusName = 'COMPUTED' | 'ZERO_DENOMINATOR' | 'UNAVAILABLE';

/** A quotient with both of its parts, so that rows can be added and divided again. */
export interface RatioValue {
  readonly numerator: Decimal | null;
  readonly denominator: Decimal | null;
  readonly value: Decimal | null;
  readonly status: RatioStatusName;
}

/** Decimals shown of a quotient; its parts stay unrounded. */
const RATIO_DECIMALS = 6;

/** A quotient one part of which is not known. */
export const UNAVAILABLE: RatioValue = { numerator: null, denominator: null, value: null, status: 'UNAVAILABLE' };

type Amount = Decimal | number | string;

/**
 * Numerator over denominator, rounded half up to six decimals (G-02, G-04). Never zero, infinite or not a number for
 * want of a denominator: a zero denominator is ZERO_DENOMINATOR, an unknown part UNAVAILABLE.
 */
export function ratio(numerator: Amount | null | undefined, denominator: Amount | null | undefined): RatioValue {
  if (numerator === null || numerator === undefined || denominator === null || denominator === undefined)
    return UNAVAILABLE;
  const above = new Decimal(numerator);
  const below = new Decimal(denominator);
  if (below.isZero()) return { numerator: above, denominator: below, value: null, status: 'ZERO_DENOMINATOR' };
  const value = above.div(below).toDecimalPlaces(RATIO_DECIMALS, Decimal.ROUND_HALF_UP);
  return { numerator: above, denominator: below, value, status: 'COMPUTED' };
}

/** The ratio of several rows: sums divided by sums, never the mean of quotients. One unknown row makes it unknown. */
export function consolidatedRatio(ratios: readonly RatioValue[]): RatioValue {
  let above = new Decimal(0);
  let below = new Decimal(0);
  for (const { numerator, denominator } of ratios) {
    if (numerator === null || denominator === null) return UNAVAILABLE;
    above = above.plus(numerator);
    below = below.plus(denominator);
  }
  return ratio(above, below);
}

export type GrowthStatusName = 'COMPUTED' | 'NEW' | 'FLAT_ZERO' | 'NEGATIVE_BASE';
export type GrowthDirectionName = 'UP' | 'DOWN' | 'FLAT' | 'NEW';

/** Movement of an amount against the one it is compared with. */
export interface GrowthValue {
  readonly previous: Decimal;
  readonly absolute: Decimal;
  readonly growthRate: Decimal | null;
  readonly growthStatus: GrowthStatusName;
  readonly direction: GrowthDirectionName;
}

/** Changes below half a percent are shown as flat (POINT-73). */
const FLAT_BELOW = new Decimal('0.005');

const direction = (absolute: Decimal, base: Decimal): GrowthDirectionName => {
  if (absolute.abs().lt(base.abs().times(FLAT_BELOW))) return 'FLAT';
  return absolute.isNegative() ? 'DOWN' : 'UP';
};

/** Change of an amount, its rate as a fraction over a positive base only (D-12); the absolute change is always given. */
export function growth(current: Decimal, previous: Decimal): GrowthValue {
  const absolute = current.minus(previous);
  if (previous.isZero())
    return current.isZero()
      ? { previous, absolute, growthRate: null, growthStatus: 'FLAT_ZERO', direction: 'FLAT' }
      : { previous, absolute, growthRate: null, growthStatus: 'NEW', direction: 'NEW' };
  if (previous.isNegative())
    return {
      previous,
      absolute,
      growthRate: null,
      growthStatus: 'NEGATIVE_BASE',
      direction: absolute.isZero() ? 'FLAT' : direction(absolute, previous),
    };
  return {
    previous,
    absolute,
    growthRate: absolute.div(previous).toDecimalPlaces(RATIO_DECIMALS, Decimal.ROUND_HALF_UP),
    growthStatus: 'COMPUTED',
    direction: direction(absolute, previous),
  };
}
