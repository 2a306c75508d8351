import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { isWithinBalance, methodOf, refundParts, total } from './payment.rules';

const money = (text: string) => new Decimal(text);
const texts = (amounts: readonly Decimal[]) => amounts.map((amount) => amount.toFixed(2));

test('a refund gives the credit back first, then from entries and tenders in proportion, to the cent', () => {
  const parts = refundParts(money('100.00'), {
    credit: money('10.00'),
    collected: [money('100.00'), money('50.00'), money('50.00')],
    tendered: [money('70.00'), money('140.00')],
  });

  expect(parts.credit.toFixed(2)).toBe('10.00');
  expect(texts(parts.collected)).toEqual(['45.00', '22.50', '22.50']);
  expect(texts(parts.tendered)).toEqual(['33.33', '66.67']);
});

test('the parts of any refund add up to it and none exceeds what is left', () => {
  const cents = fc.integer({ min: 1, max: 1_000_000 }).map((n) => new Decimal(n).div(100));
  fc.assert(
    fc.property(
      fc.array(cents, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 4 }),
      (collected, credit, percent, tenders) => {
        const rest = new Decimal(credit).div(100);
        const whole = total(collected).plus(rest);
        const tendered = Array.from({ length: tenders }, () =>
          whole.div(tenders).toDecimalPlaces(2, Decimal.ROUND_DOWN),
        );
        tendered[0] = whole.minus(total(tendered.slice(1)));
        const amount = Decimal.max('0.01', whole.times(percent).div(100).toDecimalPlaces(2, Decimal.ROUND_DOWN));

        const parts = refundParts(amount, { credit: rest, collected, tendered });

        expect(total(parts.collected).plus(parts.credit).toFixed(2)).toBe(amount.toFixed(2));
        expect(total(parts.tendered).toFixed(2)).toBe(amount.toFixed(2));
        parts.collected.forEach((part, n) => expect(part.lte(collected[n] ?? 0)).toBe(true));
        parts.tendered.forEach((part, n) => expect(part.lte(tendered[n] ?? 0)).toBe(true));
      },
    ),
    { numRuns: 200 },
  );
});

test('one tender names the method, two make a mixed payment', () => {
  expect(methodOf([{ method: 'CASH' }])).toBe('CASH');
  expect(methodOf([{ method: 'CARD' }, { method: 'CARD' }])).toBe('MIXED');
});

test.each([
  ['100.00', '0.00', '100.00', true],
  ['100.00', '0.00', '100.01', false],
  ['100.00', '120.00', '0.01', false],
  ['-50.00', '0.00', '0.01', false],
])('net %s with %s collected takes %s: %s', (net, collected, amount, isWithin) => {
  expect(isWithinBalance(money(amount), money(net), money(collected))).toBe(isWithin);
});
