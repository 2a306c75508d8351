import { percentile, sortedNumbers, table } from './numbers';

test.each([
  [[5, 1, 3], 0.5, 3],
  [[1, 2, 3, 4], 0.5, 2],
  [[10], 0.99, 10],
  [Array.from({ length: 200 }, (_, n) => n + 1), 0.99, 198],
  [[], 0.5, 0],
])('of %j the share %d lies at or below %d', (numbers, share, value) => {
  expect(percentile(sortedNumbers(numbers), share)).toBe(value);
});

test('a table has its first column to the left and its numbers to the right', () => {
  expect(table(['What', 'ms'], [['read', '1.50']])).toEqual(['| What | ms |', '| --- | --: |', '| read | 1.50 |']);
});
