import { Decimal } from 'decimal.js';
import { exceedsLabel, isProductStep, productStatus, type StoredInjectable } from './product.rules';
import { stockSeverity } from './product-stock.rules';

const d = (text: string) => new Decimal(text);

test('out of stock follows from stock and is never decided (SPA-07)', () => {
  expect(productStatus('ACTIVE', true, d('0'))).toBe('OUT_OF_STOCK');
  expect(productStatus('ACTIVE', true, d('0.1'))).toBe('ACTIVE');
  expect(productStatus('ACTIVE', false, d('0'))).toBe('ACTIVE');
  expect(productStatus('DISCONTINUED', true, d('0'))).toBe('DISCONTINUED');
  expect(productStatus('PENDING_APPROVAL', true, d('0'))).toBe('PENDING_APPROVAL');
});

test.each([
  ['PENDING_APPROVAL', 'ACTIVE', true],
  ['PENDING_APPROVAL', 'DISCONTINUED', false],
  ['ACTIVE', 'DISCONTINUED', true],
  ['ACTIVE', 'ACTIVE', false],
  ['DISCONTINUED', 'ACTIVE', true],
  ['DISCONTINUED', 'DISCONTINUED', false],
  ['ACTIVE', 'OUT_OF_STOCK', false],
] as const)('from %s to %s: %s', (from, to, isStep) => {
  expect(isProductStep(from, to)).toBe(isStep);
});

test('a policy of more hours than the label exceeds it (SPA-34)', () => {
  const injectable = (labelStabilityHours: string | null, policyStabilityHours: string | null) =>
    ({ labelStabilityHours, policyStabilityHours }) as StoredInjectable;
  expect(exceedsLabel(injectable('24', '72'))).toBe(true);
  expect(exceedsLabel(injectable('24', '24.0'))).toBe(false);
  expect(exceedsLabel(injectable('24', null))).toBe(false);
  expect(exceedsLabel(injectable(null, '72'))).toBe(false);
});

test.each([
  ['0', '20', 'OUT'],
  ['2', '20', 'CRITICAL'],
  ['2.1', '20', 'LOW'],
  ['20', '20', 'LOW'],
  ['20.1', '20', 'OK'],
  ['1', '0', 'OK'],
])('%s available with a reorder point of %s is %s', (available, reorderPoint, severity) => {
  expect(stockSeverity(d(available), d(reorderPoint))).toBe(severity);
});
