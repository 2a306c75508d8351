import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { rankedBreakdown, slicesOfBreakdown, type BreakdownFacts } from './breakdown.rules';
import { NIL_UUID } from './performance-key';

const d = (amount: number) => new Decimal(amount);
const facts = (of: Partial<BreakdownFacts<number>>): BreakdownFacts<number> => ({
  ...{ stretches: 1, compared: 0, sums: [], counts: null, nothing: 0, amountOf: d },
  ...of,
});

test('a slice that is found once has a cell in every stretch, and growth against the same position before', () => {
  const [slice] = slicesOfBreakdown(
    facts({
      ...{ stretches: 2, compared: 2 },
      sums: [
        { stretch: 0, members: ['a'], sums: 30 },
        { stretch: 2, members: ['a'], sums: 20 },
        { stretch: 3, members: ['a'], sums: 5 },
      ],
    }),
  );

  expect(
    slice?.cells.map((cell) => [cell.amount.toNumber(), cell.growth?.growthStatus, cell.growth?.absolute.toNumber()]),
  ).toEqual([
    [30, 'COMPUTED', 10],
    [0, 'COMPUTED', -5],
  ]);
});

test('shares of all cells add up to one, whatever the amounts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 8 }), (amounts) => {
      const slices = slicesOfBreakdown(
        facts({ sums: amounts.map((sums, i) => ({ stretch: 0, members: [String(i)], sums })) }),
      );
      const all = slices.flatMap((slice) => slice.cells.map((cell) => cell.share ?? d(0)));
      expect(all.reduce((sum, share) => sum.plus(share), d(0)).toNumber()).toBe(1);
    }),
  );
});

test('a small cell is withheld with the next smallest, without share, growth and rank', () => {
  const counted = [5, 20, 30].map((patients, i) => ({ stretch: 0, members: [String(i)], patients }));
  const slices = slicesOfBreakdown(
    facts({ sums: [900, 20, 30].map((sums, i) => ({ stretch: 0, members: [String(i)], sums })), counts: counted }),
  );

  expect(slices.map((slice) => slice.cells[0]?.isSuppressed)).toEqual([true, true, false]);
  expect(slices.map((slice) => slice.cells[0]?.share === null)).toEqual([true, true, false]);
  const ranked = rankedBreakdown(
    slices.map((slice) => ({ ...slice, label: slice.members.join() })),
    null,
  );
  expect(ranked.map((slice) => slice.label)).toEqual(['2', '0', '1']);
});

test('the largest come first, ties by name; a limit keeps the first', () => {
  const slices = slicesOfBreakdown(
    facts({
      sums: [
        [NIL_UUID, 5],
        ['b', 7],
        ['a', 7],
      ].map(([member, sums]) => ({ stretch: 0, members: [String(member)], sums: Number(sums) })),
    }),
  ).map((slice) => ({ ...slice, label: slice.members[0] === NIL_UUID ? 'Unassigned' : String(slice.members[0]) }));

  expect(rankedBreakdown(slices, null).map((slice) => slice.label)).toEqual(['a', 'b', 'Unassigned']);
  expect(rankedBreakdown(slices, 1).map((slice) => slice.label)).toEqual(['a']);
});
