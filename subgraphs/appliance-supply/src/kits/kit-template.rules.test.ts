import { Decimal } from 'decimal.js';
import { fittingKits, kitsFrom } from './kit-template.rules';

const line = (itemId: string, quantity: string, available: string) => ({
  ...{ itemId, quantity: new Decimal(quantity), available: new Decimal(available) },
});

test.each([
  ['the scarcest line decides', [line('a', '20', '100'), line('b', '0.5', '1.9')], 3, ['b']],
  ['two lines may limit alike', [line('a', '2', '5'), line('b', '1', '2'), line('c', '1', '9')], 2, ['a', 'b']],
  ['an item in two lines is taken twice', [line('a', '2', '7'), line('b', '1', '3'), line('a', '1', '7')], 2, ['a']],
  ['more than a number of the API can tell', [line('a', '0.0001', '1000000000')], 2_147_483_647, ['a']],
  ['nothing there makes none', [line('a', '1', '0'), line('b', '1', '4')], 0, ['a']],
])('kits from stock: %s', (_, stock, kits, limitedBy) => {
  expect(kitsFrom(stock)).toEqual({ kits, limitedBy });
});

const KITS = [
  { id: 'metal', applianceType: 'BRACKETS', applianceSystem: 'METAL' },
  { id: 'any', applianceType: 'BRACKETS', applianceSystem: null },
  { id: 'bands', applianceType: 'BANDS', applianceSystem: null },
];

test.each([
  ['the one of its system', 'BRACKETS', 'METAL', ['metal']],
  ['else the one for any system', 'BRACKETS', 'CERAMIC', ['any']],
  ['without a system the one for any', 'BRACKETS', null, ['any']],
  ['never one of another kind', 'TAD', null, []],
])('an appliance takes %s', (_, applianceType, applianceSystem, ids) => {
  expect(fittingKits(KITS, { applianceType, applianceSystem }).map((kit) => kit.id)).toEqual(ids);
});
