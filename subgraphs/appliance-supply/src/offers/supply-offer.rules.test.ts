import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { bestOfferFirst, offeredUnitCost, suggestedQuantity } from './supply-offer.rules';

const d = (value: string | number) => new Decimal(value);
const offer = (id: string, packPrice: string, packSize: string, rank: number | null = null, minimumPacks = 1) => ({
  ...{ id, packPrice: d(packPrice), packSize: d(packSize), rank, minimumPacks },
});

test.each([
  ['12.34', '100', '0.1234'],
  ['10.00', '3', '3.333333'],
  ['0.01', '1000', '0.00001'],
  ['99.99', '1', '99.99'],
])('a pack of %s for %s units costs %s each', (price, size, cost) => {
  expect(offeredUnitCost({ packPrice: d(price), packSize: d(size) }).toFixed()).toBe(cost);
});

test('offers: the preferred first, then the cheapest per unit, whatever the pack (SUP-08)', () => {
  const offers = [
    offer('dear', '5.00', '1'),
    offer('box', '33.33', '10'),
    offer('second', '9.00', '1', 2),
    offer('third of a cent less', '99.98', '30'),
    offer('first', '99.00', '1', 1),
  ];

  expect(offers.sort(bestOfferFirst).map((each) => each.id)).toEqual([
    ...['first', 'second', 'third of a cent less', 'box', 'dear'],
  ]);
});

const need = (available: string, onOrder = '0') => ({
  ...{
    available: d(available),
    onOrder: d(onOrder),
    reorderPoint: d(20),
    maxLevel: d(100),
    wholeUnitsOnly: true,
    isBought: true,
  },
});

test.each([
  ['above the reorder point nothing', need('21'), offer('o', '1', '10'), '0'],
  ['at the point up to the maximum, in whole packs', need('20'), offer('o', '1', '30'), '90'],
  ['at least the minimum of the offer', need('20'), offer('o', '1', '30', null, 5), '150'],
  ['less what is on its way', need('0', '85'), offer('o', '1', '10'), '20'],
  ['nothing when enough is on its way', need('0', '100'), offer('o', '1', '10'), '0'],
  ['without an offer the difference itself', need('5.5'), null, '95'],
])('to order: %s (SUP-41)', (_, of, from, quantity) => {
  expect(suggestedQuantity(of, from).toFixed()).toBe(quantity);
});

test('what is suggested fills up to the maximum, in whole packs, and never by a needless pack', () => {
  const quantity = fc.integer({ min: 0, max: 5_000 }).map(d);
  const pack = fc.integer({ min: 1, max: 400 }).map(d);
  fc.assert(
    fc.property(
      quantity,
      quantity,
      pack,
      fc.integer({ min: 1, max: 5 }),
      (available, onOrder, packSize, minimumPacks) => {
        const of = {
          available,
          onOrder,
          reorderPoint: d(5_000),
          maxLevel: d(6_000),
          wholeUnitsOnly: true,
          isBought: true,
        };
        const suggested = suggestedQuantity(of, { ...offer('o', '1', '1'), packSize, minimumPacks });
        const packs = suggested.div(packSize);
        const after = available.plus(onOrder).plus(suggested);
        if (available.plus(onOrder).gte(6_000)) return suggested.isZero();
        return packs.isInteger() && after.gte(6_000) && (packs.eq(minimumPacks) || after.minus(packSize).lt(6_000));
      },
    ),
  );
});
