import { Decimal } from 'decimal.js';
import { movementCost, signedQuantity, unitCostAfterReceipt } from './movement.rules';

const d = (text: string) => new Decimal(text);

test.each([
  ['12.5', '6.25', '78.13'],
  ['-12.5', '6.25', '-78.13'],
  ['1', '2.675', '2.68'],
  ['-1', '1.005', '-1.01'],
  ['0.0001', '0.000001', '0.00'],
])('%s units at %s cost %s, rounded half up and away from zero', (quantity, unitCost, cost) => {
  expect(movementCost(d(quantity), d(unitCost)).toFixed(2)).toBe(cost);
});

test('the type alone decides whether goods come or go (SPA-45)', () => {
  expect(signedQuantity('RECEIVE', d('2')).toFixed()).toBe('2');
  expect(signedQuantity('TRANSFER_IN', d('2')).toFixed()).toBe('2');
  expect(signedQuantity('TREATMENT_USE', d('2')).toFixed()).toBe('-2');
  expect(signedQuantity('WASTE', d('2')).toFixed()).toBe('-2');
});

test('a lot costs the mean of its receipts by quantity, and one price stays as it is', () => {
  const present = { quantity: d('10'), unitCost: d('6.333333') };

  expect(unitCostAfterReceipt({ quantity: d('0'), unitCost: d('0') }, present).toFixed()).toBe('6.333333');
  expect(unitCostAfterReceipt(present, { quantity: d('7'), unitCost: d('6.333333') }).toFixed()).toBe('6.333333');
  expect(unitCostAfterReceipt(present, { quantity: d('20'), unitCost: d('7') }).toFixed()).toBe('6.777778');
});
