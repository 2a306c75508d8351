import { Decimal } from 'decimal.js';

/** Digits of a share: 0.1667 is shown as 16.67 %. */
const SHARE_DECIMALS = 4;

// Whole numbers of any length, so that a split does not depend on the precision at which decimals are divided.
const whole = (amount: Decimal, decimals: number): bigint => BigInt(amount.toFixed(decimals).replace('.', ''));
const amountOf = (units: bigint, decimals: number): Decimal => new Decimal(`${units.toString()}e-${String(decimals)}`);

const floorDiv = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n ? a / b - 1n : a / b);

/**
 * Parts of a total in proportion to weights, by largest remainder: each part has at most `decimals` digits and the parts
 * add up to the total exactly (G-03). Of equal remainders the earlier part gets the odd unit; the parts of a negative
 * total are those of the positive one with the sign changed. Weights may be negative, but must add up to more than zero.
 */
export function splitByLargestRemainder(total: Decimal, weights: readonly Decimal[], decimals = 2): Decimal[] {
  if (total.decimalPlaces() > decimals)
    throw new RangeError(`${total.toFixed()} has more than ${String(decimals)} decimals`);
  if (total.isNegative()) return splitByLargestRemainder(total.neg(), weights, decimals).map((part) => part.neg());
  const fine = Math.max(0, ...weights.map((weight) => weight.decimalPlaces()));
  const shares = weights.map((weight) => whole(weight, fine));
  const all = shares.reduce((sum, share) => sum + share, 0n);
  if (all <= 0n) throw new RangeError('weights must add up to more than zero');
  const units = whole(total, decimals);
  const parts = shares.map((share, index) => {
    const floor = floorDiv(units * share, all);
    return { index, floor, remainder: units * share - floor * all };
  });
  const left = Number(units - parts.reduce((sum, part) => sum + part.floor, 0n));
  const first = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (const part of first.slice(0, left)) part.floor += 1n;
  return parts.map((part) => amountOf(part.floor, decimals));
}

/** A total in equal parts, the odd cents first: 100.00 in 3 is 33.34, 33.33, 33.33. */
export const splitEvenly = (total: Decimal, count: number, decimals = 2): Decimal[] =>
  splitByLargestRemainder(
    total,
    Array.from({ length: count }, () => new Decimal(1)),
    decimals,
  );

/**
 * Share of each amount in their sum, as fractions of four digits that add up to exactly 1 (D-14). Null for every amount
 * when the sum is zero or negative; a refund in a positive sum has a negative share.
 */
export function shares(amounts: readonly Decimal[]): (Decimal | null)[] {
  const total = amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0));
  if (!total.isPositive() || total.isZero()) return amounts.map(() => null);
  return splitByLargestRemainder(new Decimal(1), amounts, SHARE_DECIMALS);
}
