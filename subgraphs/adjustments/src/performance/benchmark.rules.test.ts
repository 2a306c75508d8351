import { Decimal } from 'decimal.js';
import { standingOf } from './benchmark.rules';

const dec = (text: string) => new Decimal(text);
const verdict = (numerator: string, denominator: string, benchmark: string | null = '0.02') =>
  standingOf(
    { numerator: dec(numerator), denominator: dec(denominator) },
    benchmark === null ? null : dec(benchmark),
    dec('0.2'),
  );

test.each([
  ['0', 'ON_TARGET', '-0.02'],
  ['1999.99', 'ON_TARGET', '0'],
  ['2000', 'WATCH', '0'],
  ['2399.99', 'WATCH', '0.004'],
  ['2400', 'WATCH', '0.004'],
  ['2400.01', 'OVER', '0.004'],
  ['-50', 'ON_TARGET', '-0.0205'],
])('discounts of %s over 100,000 stand %s against 2 %%', (numerator, standing, distance) => {
  const found = verdict(numerator, '100000');

  expect(found.standing).toBe(standing);
  expect(found.distance?.toFixed()).toBe(distance);
});

test('without a benchmark there is no verdict', () => {
  expect(verdict('5', '100', null)).toEqual({ distance: null, standing: 'NO_BENCHMARK' });
});

test('without positive production nothing is judged', () => {
  for (const production of ['0', '-100'])
    expect(verdict('5', production)).toEqual({ distance: null, standing: 'NOT_COMPUTED' });
  expect(standingOf({ numerator: null, denominator: null }, dec('0.02'), dec('0.2')).standing).toBe('NOT_COMPUTED');
});

test('a third is judged by its exact value', () => {
  expect(verdict('1', '3', '0.333333').standing).toBe('WATCH');
  expect(verdict('1', '3', '0.333334').standing).toBe('ON_TARGET');
});
