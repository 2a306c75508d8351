import { gridCells, type GridInput } from './performance-grid.rules';

const grid = (changed: Partial<GridInput>): string[] =>
  gridCells({
    byLocation: true,
    byProvider: true,
    locations: [
      { id: 'A', active: true },
      { id: 'B', active: true },
      { id: 'shut', active: false },
    ],
    providers: [
      { id: 'x', active: true },
      { id: 'y', active: true },
      { id: 'left', active: false },
    ],
    hasUnassignedLocation: true,
    hasUnassignedProvider: true,
    facts: [],
    together: [],
    placesUnplaced: false,
    none: '0',
    ...changed,
  }).map((cell) => `${cell.locationId ?? '*'}${cell.providerId ?? '*'}`);

test.each<[string, Partial<GridInput>, string]>([
  ['without groups one cell stands for all together', { byLocation: false, byProvider: false }, '**'],
  ['active locations, and one for none, last', { byProvider: false }, 'A* B* 0*'],
  [
    'a shut location with anything in the range is shown',
    { byProvider: false, facts: [{ locationId: 'shut', providerId: '0' }] },
    'A* B* shut* 0*',
  ],
  ['active providers, and one for none, last', { byLocation: false }, '*x *y *0'],
  ['pairs without facts are only those without a provider', {}, 'A0 B0 00'],
  [
    'pairs with facts, one of them of somebody who left',
    {
      facts: [
        { locationId: 'A', providerId: 'x' },
        { locationId: 'B', providerId: 'left' },
        { locationId: '0', providerId: 'y' },
      ],
    },
    'Ax A0 Bleft B0 0y 00',
  ],
  [
    'pairs that work together while both are active',
    {
      together: [
        { locationId: 'A', providerId: 'y' },
        { locationId: 'shut', providerId: 'x' },
        { locationId: 'A', providerId: 'left' },
      ],
    },
    'Ay A0 B0 00',
  ],
  [
    'a provider of whom no place is known stands at every active one',
    { placesUnplaced: true, facts: [{ locationId: 'B', providerId: 'y' }] },
    'Ax A0 Bx By B0 00',
  ],
  [
    'a narrowed viewer has no rows for facts that name none',
    {
      locations: [{ id: 'A', active: true }],
      hasUnassignedLocation: false,
      hasUnassignedProvider: false,
      together: [{ locationId: 'A', providerId: 'x' }],
    },
    'Ax',
  ],
])('%s', (_, changed, cells) => {
  expect(grid(changed).join(' ')).toBe(cells);
});
