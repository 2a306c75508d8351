import fc from 'fast-check';
import { tellsWithheld, withheldCells } from './small-cell.rules';

const at = (...of: [string, string, number][]) =>
  withheldCells(of.map(([row, column, patients]) => ({ position: [row, column], patients })));

test('a single small cell takes the next smallest of its line with it, and that one the next of its own', () => {
  expect(at(['a', '1', 5], ['b', '1', 20], ['c', '1', 30])).toEqual([true, true, false]);
  expect(at(['a', '1', 5], ['b', '1', 20], ['a', '2', 40], ['b', '2', 50])).toEqual([true, true, true, true]);
  expect(at(['a', '1', 11], ['b', '1', 0], ['c', '1', 30])).toEqual([false, false, false]);
  expect(at(['a', '1', 10], ['b', '1', 0], ['c', '1', 30])).toEqual([true, false, true]);
});

test('no line of any table shows all but one of its cells', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 12, maxLength: 12 }), (counts) => {
      const cells = counts.map((patients, i) => ({ position: [String(i % 4), String(Math.floor(i / 4))], patients }));
      const hidden = withheldCells(cells);
      counts.forEach((count, i) => {
        if (count > 0 && count < 11) expect(hidden[i]).toBe(true);
      });
      for (const axis of [0, 1])
        for (const value of ['0', '1', '2', '3']) {
          const line = cells.flatMap(({ position }, i) => (position[axis] === value ? [hidden[i]] : []));
          expect(line.filter(Boolean)).not.toHaveLength(1);
        }
    }),
  );
});

test('some of the members that are withheld tell of the others next to the total; all of them, or none, do not', () => {
  const counted = [30, 14, 12, 1].map((patients, n) => ({ members: [String(n)], patients }));

  // The one patient is withheld, and the twelve of whom she would follow.
  expect(tellsWithheld(counted, ['2'])).toBe(true);
  expect(tellsWithheld(counted, ['0', '1', '2'])).toBe(true);
  expect(tellsWithheld(counted, ['2', '3'])).toBe(false);
  expect(tellsWithheld(counted, ['0'])).toBe(false);
  expect(tellsWithheld(counted, [])).toBe(false);
});
