import { addMonths, daysBetween, type Day } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';

/**
 * Months of treatment from the start to a day: whole months, and days of the month begun as a fraction of its length,
 * to two decimals. Zero when the day lies before the start.
 */
export function monthsBetween(start: Day, end: Day): Decimal {
  if (end <= start) return new Decimal(0);
  let months = 0;
  while (addMonths(start, months + 1) <= end) months++;
  const begun = addMonths(start, months);
  const length = daysBetween(begun, addMonths(start, months + 1));
  return new Decimal(months)
    .plus(new Decimal(daysBetween(begun, end)).div(length))
    .toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}
