import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { approvalReasons, largestWindowSum, type DatedAmount } from './approval.rules';

const dec = (text: string | number) => new Decimal(text);
const question = {
  amount: dec('20'),
  cumulative: dec('20'),
  threshold: dec('250.00'),
  reasonRequiresApproval: false,
};

test.each([
  ['249.99', []],
  ['250.00', ['AMOUNT_THRESHOLD']],
  ['-250.00', ['AMOUNT_THRESHOLD']],
  ['-249.99', []],
  ['9000', ['AMOUNT_THRESHOLD']],
])('an amount of %s needs a decision for %j', (amount, reasons) => {
  expect(approvalReasons({ ...question, amount: dec(amount), cumulative: dec(amount).abs() })).toEqual(reasons);
});

test('small amounts that together are exactly the threshold need a decision', () => {
  expect(approvalReasons({ ...question, cumulative: dec('250.00') })).toEqual(['CUMULATIVE_THRESHOLD']);
  expect(approvalReasons({ ...question, cumulative: dec('249.99') })).toEqual([]);
});

test('a reason that demands it needs a decision whatever the amount', () => {
  expect(approvalReasons({ ...question, reasonRequiresApproval: true })).toEqual(['REASON_CODE']);
});

test('the window holds its first and its last day and not the one before', () => {
  const at = (day: number): DatedAmount => ({ day, amount: dec(100) });
  expect(largestWindowSum(at(0), [at(-29)], 30).toFixed(2)).toBe('200.00');
  expect(largestWindowSum(at(0), [at(-30)], 30).toFixed(2)).toBe('100.00');
  expect(largestWindowSum(at(0), [at(29)], 30).toFixed(2)).toBe('200.00');
  expect(largestWindowSum(at(0), [at(30)], 30).toFixed(2)).toBe('100.00');
});

test('amounts before and after that no single window holds are not added up', () => {
  const at = (day: number): DatedAmount => ({ day, amount: dec(100) });
  expect(largestWindowSum(at(0), [at(-20), at(20)], 30).toFixed(2)).toBe('200.00');
});

test('a window of no days looks at the amount alone', () => {
  expect(largestWindowSum({ day: 0, amount: dec(5) }, [{ day: 0, amount: dec(100) }], 0).toFixed(2)).toBe('5.00');
});

const cents = fc.integer({ min: 1, max: 40_000 }).map((n) => dec(n).div(100));
const dated = fc.record({ day: fc.integer({ min: -60, max: 60 }), amount: cents });

test('lowering the threshold never takes an adjustment out of approval (C-A6)', () => {
  fc.assert(
    fc.property(
      dated,
      fc.array(dated, { maxLength: 8 }),
      cents,
      cents,
      fc.boolean(),
      (added, others, a, b, demanded) => {
        const cumulative = largestWindowSum(added, others, 30);
        const needs = (threshold: Decimal) =>
          approvalReasons({ amount: added.amount, cumulative, threshold, reasonRequiresApproval: demanded }).length > 0;
        return !needs(Decimal.max(a, b)) || needs(Decimal.min(a, b));
      },
    ),
  );
});

test('however an amount is split over thirty days and in whatever order, its last part meets the whole sum', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ day: fc.integer({ min: 0, max: 29 }), amount: cents }), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      (parts, pick) => {
        const last = parts[pick % parts.length] as DatedAmount;
        const whole = parts.reduce((sum, part) => sum.plus(part.amount), dec(0));
        return largestWindowSum(
          last,
          parts.filter((part) => part !== last),
          30,
        ).eq(whole);
      },
    ),
  );
});
