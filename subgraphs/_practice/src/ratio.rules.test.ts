import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { consolidatedRatio, growth, ratio } from './ratio.rules';
import { shares, splitByLargestRemainder, splitEvenly } from './split.rules';

const d = (amount: string | number) => new Decimal(amount);
const texts = (amounts: readonly (Decimal | null)[], digits = 2) =>
  amounts.map((amount) => amount?.toFixed(digits) ?? null);
const cents = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((n) => d(n).div(100));

test('a ratio has both parts and a value of six decimals, rounded half up', () => {
  const rate = ratio(d('1700'), d('100000'));
  expect([rate.numerator?.toFixed(), rate.denominator?.toFixed(), rate.value?.toFixed(4), rate.status]).toEqual([
    '1700',
    '100000',
    '0.0170',
    'COMPUTED',
  ]);
  expect(ratio(2, 3).value?.toFixed()).toBe('0.666667');
  expect(ratio(-2, 3).value?.toFixed()).toBe('-0.666667');
  expect(ratio(d('0.0000005'), 1).value?.toFixed()).toBe('0.000001');
  expect(ratio(900, 80600).value?.toFixed(4)).toBe('0.0112');
  expect(ratio(18940, 100000).value?.toFixed(4)).toBe('0.1894');
});

test('nothing is divided by zero, and an unknown part makes the ratio unknown', () => {
  expect(ratio(5, 0)).toMatchObject({ value: null, status: 'ZERO_DENOMINATOR' });
  expect(ratio(5, 0).numerator?.toFixed()).toBe('5');
  expect(ratio(null, 5)).toEqual({ numerator: null, denominator: null, value: null, status: 'UNAVAILABLE' });
  expect(ratio(5, undefined).status).toBe('UNAVAILABLE');
});

test('a consolidated ratio is the sum over the sum, not the mean', () => {
  expect(consolidatedRatio([ratio(24000, 400000), ratio(9000, 60000)]).value?.toFixed(4)).toBe('0.0717');
  expect(consolidatedRatio([ratio(1, 0), ratio(1, 4)]).value?.toFixed()).toBe('0.5');
  expect(consolidatedRatio([ratio(1, 4), ratio(null, 4)]).status).toBe('UNAVAILABLE');
});

test.each([
  [100, 150, '0.5', 'COMPUTED', 'UP'],
  [100, 0, '-1', 'COMPUTED', 'DOWN'],
  [0, 50, undefined, 'NEW', 'NEW'],
  [0, 0, undefined, 'FLAT_ZERO', 'FLAT'],
  [-20, 10, undefined, 'NEGATIVE_BASE', 'UP'],
  [-20, -20, undefined, 'NEGATIVE_BASE', 'FLAT'],
  [1000, 1004, '0.004', 'COMPUTED', 'FLAT'],
  [1000, 1005, '0.005', 'COMPUTED', 'UP'],
  [1000, 995, '-0.005', 'COMPUTED', 'DOWN'],
  [1000, 1000, '0', 'COMPUTED', 'FLAT'],
])('growth from %d to %d', (previous, current, rate, status, direction) => {
  const change = growth(d(current), d(previous));
  expect(change.growthRate?.toFixed()).toBe(rate);
  expect([change.growthStatus, change.direction]).toEqual([status, direction]);
  expect(change.absolute.toNumber()).toBe(current - previous);
});

test('a total is split without losing a cent, odd cents first (G-03)', () => {
  expect(texts(splitEvenly(d('100.00'), 3))).toEqual(['33.34', '33.33', '33.33']);
  expect(texts(splitEvenly(d('-100.00'), 3))).toEqual(['-33.34', '-33.33', '-33.33']);
  expect(texts(splitByLargestRemainder(d('655.00'), [d('57.1'), d('4.4'), d('38.5')]))).toEqual([
    '374.01',
    '28.82',
    '252.17',
  ]);
  expect(texts(splitByLargestRemainder(d('5650.00'), [d('0.28'), d('0.62'), d('0.10')]))).toEqual([
    '1582.00',
    '3503.00',
    '565.00',
  ]);
  const months = splitEvenly(d('3503.00'), 22);
  expect(new Set(texts(months))).toEqual(new Set(['159.23', '159.22']));
  expect(() => splitByLargestRemainder(d('1'), [d(0), d(0)])).toThrow(RangeError);
  expect(() => splitByLargestRemainder(d('1.005'), [d(1)])).toThrow(RangeError);
});

test('shares add up to exactly one, refunds included', () => {
  expect(texts(shares([d(1), d(1), d(1), d(3)]), 4)).toEqual(['0.1667', '0.1667', '0.1666', '0.5000']);
  expect(texts(shares([d(120), d(-20)]), 4)).toEqual(['1.2000', '-0.2000']);
  expect(shares([d(20), d(-20)])).toEqual([null, null]);
  expect(shares([d(10), d(-20)])).toEqual([null, null]);
  expect(shares([])).toEqual([]);
});

test('parts always add up to the whole and are never a cent off their exact share', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(cents, weights, (total, numbers) => {
      fc.pre(numbers.some((n) => n > 0));
      const whole = numbers.reduce((a, b) => a + b, 0);
      const parts = splitByLargestRemainder(total, numbers.map(d));
      expect(parts.reduce((a, b) => a.plus(b), d(0)).toFixed(2)).toBe(total.toFixed(2));
      for (const [i, part] of parts.entries())
        expect(
          part
            .minus(total.times(numbers[i] ?? 0).div(whole))
            .abs()
            .lt('0.01'),
        ).toBe(true);
    }),
  );
});
