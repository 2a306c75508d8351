import { Decimal } from 'decimal.js';

// Amounts, quantities and ratios never pass through a binary float. 40 digits hold every sum of numeric(18,6) exactly.
Decimal.set({ precision: 40, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 40 });

// The driver calls toPostgres on parameters, inside arrays too.
(Decimal.prototype as unknown as { toPostgres: () => string }).toPostgres = function toPostgres(this: Decimal) {
  return this.toFixed();
};

export { Decimal };

export const ZERO = new Decimal(0);

/** Rounds an amount to its minor digits, half up and away from zero, so that a reversal nets to exactly zero (G-02). */
export const roundMoney = (amount: Decimal): Decimal => amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);

/** Exact sum. */
export const sum = (amounts: Iterable<Decimal>): Decimal => {
  let total = ZERO;
  for (const amount of amounts) total = total.plus(amount);
  return total;
};
