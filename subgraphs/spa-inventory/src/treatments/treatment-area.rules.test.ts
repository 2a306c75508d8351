import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { areasAddUp, areasPerUse } from './treatment-area.rules';

const d = (value: string | number) => new Decimal(value);

test('areas add up to the quantity, or there are none', () => {
  const areas = [
    { name: 'glabella', units: d('12.4') },
    { name: 'chin', units: d('0.1') },
  ];
  expect(areasAddUp(areas, d('12.5'))).toBe(true);
  expect(areasAddUp(areas, d('12.6'))).toBe(false);
  expect(areasAddUp([], d('12.5'))).toBe(true);
});

test('an area that does not fit into what is left of a lot goes on in the next one', () => {
  const areas = [
    { name: 'glabella', units: d(3) },
    { name: 'chin', units: d(2) },
  ];
  expect(areasPerUse(areas, [d(2), d(3)])).toEqual([
    [{ name: 'glabella', units: '2' }],
    [
      { name: 'glabella', units: '1' },
      { name: 'chin', units: '2' },
    ],
  ]);
});

test('however a treatment is split over lots, the areas of each use add up to its quantity and none is lost', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, parts, (units, cuts) => {
      const total = units.reduce((sum, n) => sum + n, 0);
      const quantities: Decimal[] = [];
      let left = total;
      for (const cut of cuts) {
        if (left <= 0) break;
        quantities.push(d(Math.min(cut, left)));
        left -= cut;
      }
      if (left > 0) quantities.push(d(left));
      const areas = units.map((n, i) => ({ name: `area ${String(i)}`, units: d(n) }));

      const split = areasPerUse(areas, quantities);

      split.forEach((part, i) => {
        expect(part.reduce((sum, area) => sum.plus(area.units), d(0)).toFixed()).toBe(quantities[i]?.toFixed());
      });
      for (const area of areas)
        expect(
          split
            .flat()
            .filter((part) => part.name === area.name)
            .reduce((sum, part) => sum.plus(part.units), d(0))
            .toFixed(),
        ).toBe(area.units.toFixed());
    }),
  );
});
