import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { priceChangeRate, type ItemPurchases } from './purchase.rules';

const bought = (quantity: number, cost: number, quantityBefore: number, costBefore: number): ItemPurchases => ({
  ...{ quantity: new Decimal(quantity), cost: new Decimal(cost) },
  ...{ quantityBefore: new Decimal(quantityBefore), costBefore: new Decimal(costBefore) },
});

test.each([
  ['a tenth more per unit, whatever the quantities', [bought(10, 11, 100, 100)], '0.1'],
  ['half of the money dearer by a fifth', [bought(10, 12, 10, 10), bought(10, 10, 10, 10)], '0.1'],
  ['cheaper', [bought(4, 3, 4, 4)], '-0.25'],
  ['an item that is new does not count', [bought(4, 3, 4, 4), bought(9, 99, 0, 0)], '-0.25'],
  ['nothing to compare with', [bought(9, 99, 0, 0)], null],
  ['nothing bought', [], null],
])('%s', (_, items, rate) => {
  expect(priceChangeRate(items)?.toString() ?? null).toBe(rate);
});

test('equal unit costs never change, whatever was bought when', () => {
  const quantity = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(fc.array(fc.tuple(quantity, quantity, fc.integer({ min: 1, max: 90 })), { minLength: 1 }), (items) => {
      expect(
        priceChangeRate(items.map(([now, before, unit]) => bought(now, now * unit, before, before * unit)))?.toNumber(),
      ).toBe(0);
    }),
  );
});
