import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { movingAverage, useCost, withReceipt } from './lot-cost.rules';
import { shortShelfLife, stockSeverity } from './supply-lot.rules';

const d = (value: string | number) => new Decimal(value);
const NOTHING = { costedQuantity: d(0), receivedCost: d(0), uncostedQuantity: d(0) };

test('what was paid for a lot, with and without a price', () => {
  const first = withReceipt(NOTHING, d(3), d('10.00'));
  const unpriced = withReceipt(first, d(5), null);
  const second = withReceipt(unpriced, d(1), d('2.00'));

  expect([second.costedQuantity, second.receivedCost, second.uncostedQuantity].map(String)).toEqual(['4', '12', '5']);
});

test.each([
  [null, 0, 10, '25.00', '2.5'],
  [null, 7, 10, '25.00', '2.5'],
  ['2.5', 5, 10, '40.00', '3.5'],
  ['2.5', 0, 10, '40.00', '4'],
])('moving average %s with %d on hand, and %d for %s come in: %s', (old, onHand, quantity, total, average) => {
  expect(movingAverage(old === null ? null : d(old), d(onHand), d(quantity), d(total)).toFixed()).toBe(average);
});

test.each([
  ['3', '0.005', '0.02'],
  ['1', '0.005', '0.01'],
  ['-1', '0.005', '-0.01'],
  ['2.5', '3.333333', '8.33'],
])('%s at %s cost %s, rounded once and away from zero', (quantity, unit, cost) => {
  expect(useCost(d(quantity), d(unit))?.toFixed(2)).toBe(cost);
});

test('an unknown unit cost stays unknown', () => {
  expect(useCost(d(3), null)).toBeNull();
});

test('boxes and pieces convert exactly both ways (C-S12)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 1_000 }), (packs, size) => {
      expect(d(packs).times(size).div(size).toFixed()).toBe(String(packs));
    }),
  );
});

test.each([
  ['10', 'OK'],
  ['5', 'LOW'],
  ['0.6', 'LOW'],
  ['0.5', 'CRITICAL'],
  ['0', 'OUT'],
])('%s available at a reorder point of 5 is %s (SUP-41)', (available, severity) => {
  expect(stockSeverity(d(available), d(5))).toBe(severity);
});

test.each([
  [null, null],
  ['2026-07-30', null],
  ['2026-07-29', 'expires on 2026-07-29, less than 30 days after receipt'],
  ['2026-06-30', 'expires on 2026-06-30, less than 30 days after receipt'],
  ['2026-06-29', 'expired on 2026-06-29'],
])('goods received on 30 June that expire on %s: %s', (expiry, words) => {
  expect(shortShelfLife(expiry, '2026-06-30')).toBe(words);
});
