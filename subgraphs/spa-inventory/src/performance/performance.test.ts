import { clinicIdText, Decimal, stableId, systemViewer, transact, type Viewer } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { importLots, importMovements, importProducts, type ImportedMovement } from '..';
import {
  aSpa,
  CLINIC,
  CLINIC_ID,
  id,
  INJECTOR,
  manager,
  NORTH,
  NURSE,
  OTHER_CLINIC,
  outsider,
  patient,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
const row = (kind: string, n = 0) => stableId(`performance ${kind} ${String(n)}`);
const LOT = row('lot');
const at = (day: string) => new Date(`${day}T18:00:00Z`);
let made = 0;
const use = (
  day: string,
  n: number,
  of: { locationId?: string; providerId?: string; quantity?: string; revenue?: string } = {},
): ImportedMovement => ({
  type: 'TREATMENT_USE',
  id: row('use', ++made),
  productId: row('product'),
  lotId: LOT,
  locationId: of.locationId ?? NORTH,
  patientId: patient(n),
  providerId: of.providerId ?? INJECTOR,
  quantity: new Decimal(of.quantity ?? '10'),
  revenue: of.revenue === undefined ? null : new Decimal(of.revenue),
  at: at(day),
  day,
});
const waste = (
  day: string,
  reason: 'DRAW_UP_LOSS' | 'STABILITY_EXCEEDED',
  providerId: string | null,
): ImportedMovement => ({
  type: 'WASTE',
  id: row('use', ++made),
  productId: row('product'),
  lotId: LOT,
  locationId: NORTH,
  providerId,
  quantity: new Decimal('2.5'),
  reason,
  at: at(day),
  day,
});

beforeAll(async () => {
  graph = await aSpa();
  await transact(graph.running.database, systemViewer(CLINIC, 'import'), CLINIC, async (tx) => {
    await importProducts(tx, CLINIC, [
      {
        id: row('product'),
        sku: 'P',
        name: 'P',
        category: 'NEUROTOXIN',
        unitCost: new Decimal('6.25'),
        unitType: 'unit',
        unitsPerPackage: new Decimal(100),
        reorderPoint: new Decimal(0),
        at: at('2026-01-01'),
      },
    ]);
    const receipt = {
      id: LOT,
      productId: row('product'),
      lotNumber: 'RC-1',
      expirationDate: '2027-01-31',
      quantity: new Decimal(1000),
      unitCost: new Decimal('6.25'),
      at: at('2026-01-01'),
      day: '2026-01-01',
    };
    await importLots(tx, CLINIC, [
      { ...receipt, locationId: NORTH },
      { ...receipt, locationId: SOUTH },
    ]);
    await importMovements(tx, CLINIC, [
      use('2026-04-30', 1),
      use('2026-05-02', 1, { revenue: '150.00' }),
      use('2026-05-02', 2, { revenue: '100.00', quantity: '0.5' }),
      use('2026-05-31', 1, { locationId: SOUTH, providerId: NURSE }),
      waste('2026-05-31', 'DRAW_UP_LOSS', INJECTOR),
      waste('2026-05-31', 'STABILITY_EXCEEDED', null),
      use('2026-06-15', 3),
      ...Array.from({ length: 11 }, (_, n) => use('2026-03-10', 100 + n, { providerId: NURSE, quantity: '1' })),
    ]);
  });
});
afterAll(() => graph.stop());

const FIELDS = `clinicId locationId providerId from to
  spa { currency usedCost wasteCost expiredCost wasteRate { numerator denominator value status } useCount patientCount revenue profit profitMargin { value status } }
  spaRatios { costRate { numerator denominator value status } wasteRate { value status } }`;
const QUERY = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { ${FIELDS} } } }`;
const cell = (of: Record<string, unknown> = {}) => ({
  __typename: 'PerformanceRow',
  clinicId: CLINIC_ID,
  locationId: null,
  providerId: null,
  from: '2026-05-01',
  to: '2026-05-31',
  production: { net: '1000.00' },
  ...of,
});
const ask = async (
  rows: readonly unknown[],
  as: Viewer = manager({ scopes: ['inventory:read', 'finance:view_revenue'] }),
) => (await graph.get(as, QUERY, { r: rows }))._entities;

test('a row sums use and waste of its scope and range, and its ratios use the production it is given', async () => {
  const [total] = await ask([cell()]);

  expect(total).toEqual({
    clinicId: CLINIC_ID,
    locationId: null,
    providerId: null,
    from: '2026-05-01',
    to: '2026-05-31',
    spa: {
      currency: 'USD',
      // 10 x 6.25 + 0.5 x 6.25 (3.125, rounded once) + 10 x 6.25
      usedCost: '128.13',
      wasteCost: '31.26',
      expiredCost: '15.63',
      wasteRate: { numerator: '31.26', denominator: '159.39', value: '0.196123', status: 'COMPUTED' },
      useCount: 3,
      patientCount: 2,
      revenue: '250.00',
      profit: '90.61',
      profitMargin: { value: '0.36244', status: 'COMPUTED' },
    },
    spaRatios: {
      costRate: { numerator: '159.39', denominator: '1000', value: '0.15939', status: 'COMPUTED' },
      wasteRate: { value: '0.03126', status: 'COMPUTED' },
    },
  });
});

test('rows by location and provider, unassigned among them, add up to the total', async () => {
  const by = (locationId: string | null, providerId: string | null) => cell({ locationId, providerId });
  const rows = await ask([
    by(id(NORTH), null),
    by(id(SOUTH), null),
    by(null, id(INJECTOR)),
    by(null, id(NURSE)),
    by(null, 'unassigned'),
    by(id(NORTH), id(INJECTOR)),
    by(id(SOUTH), id(INJECTOR)),
    by('unassigned', null),
  ]);

  expect(
    rows.map((each: { spa: { usedCost: string; wasteCost: string } }) => [each.spa.usedCost, each.spa.wasteCost]),
  ).toEqual([
    ['65.63', '31.26'],
    ['62.50', '0.00'],
    ['65.63', '15.63'],
    ['62.50', '0.00'],
    ['0.00', '15.63'],
    ['65.63', '15.63'],
    ['0.00', '0.00'],
    ['0.00', '0.00'],
  ]);
});

test('edge days count from day slices, and patients of several months are counted once (E-09)', async () => {
  const rows = await ask([
    cell({ from: '2026-04-30', to: '2026-06-15' }),
    cell({ from: '2026-05-02', to: '2026-05-30' }),
  ]);

  expect(
    rows.map((each: { spa: { usedCost: string; useCount: number; patientCount: number } }) => [
      each.spa.usedCost,
      each.spa.useCount,
      each.spa.patientCount,
    ]),
  ).toEqual([
    ['253.13', 5, 3],
    ['65.63', 2, 2],
  ]);
});

test('any number of rows takes the same number of statements', async () => {
  const cells = Array.from({ length: 60 }, (_, n) =>
    cell({ locationId: n % 2 ? id(NORTH) : id(SOUTH), from: `2026-0${String((n % 5) + 1)}-01`, to: '2026-06-15' }),
  );
  const one = await graph.statements(() => ask(cells.slice(0, 1)));
  const many = await graph.statements(() => ask(cells));

  // The clinic, the slices, the patients.
  expect(one).toHaveLength(3);
  expect(many).toHaveLength(3);
});

test('without production the ratios are null and the measures stay', async () => {
  const [none, zero] = await ask([cell({ production: null }), cell({ production: { net: '0.00' } })]);

  expect(none.spaRatios).toBeNull();
  expect(none.spa.usedCost).toBe('128.13');
  expect(zero.spaRatios.costRate).toEqual({
    numerator: '159.39',
    denominator: '0',
    value: null,
    status: 'ZERO_DENOMINATOR',
  });
});

test('a row outside reach or restriction has no measures, and nothing tells why', async () => {
  const foreign = cell({ clinicId: clinicIdText(OTHER_CLINIC) });
  const [other, malformed, swapped] = await ask([
    foreign,
    cell({ clinicId: 'x' }),
    cell({ locationId: id(NORTH, OTHER_CLINIC) }),
  ]);
  expect([other.spa, malformed.spa, swapped.spa]).toEqual([null, null, null]);
  expect(
    (await ask([cell()], { ...outsider(), scopes: ['inventory:read', 'finance:view_revenue'] })).map(
      (each: { spa: unknown }) => each.spa,
    ),
  ).toEqual([null]);

  const narrowed = manager({
    scopes: ['inventory:read', 'finance:view_revenue'],
    restrictions: { locations: [SOUTH] },
  });
  const [all, north, south] = await ask(
    [cell(), cell({ locationId: id(NORTH) }), cell({ locationId: id(SOUTH) })],
    narrowed,
  );
  expect([all.spa.usedCost, north.spa, south.spa.usedCost]).toEqual(['62.50', null, '62.50']);
});

test('readers of aggregates see no row of fewer than 11 patients (E-06)', async () => {
  const analyst = manager({ scopes: ['inventory:read', 'finance:view_revenue'], aggregateOnly: true });
  const [few, enough, none] = await ask(
    [cell(), cell({ from: '2026-03-01', to: '2026-03-31' }), cell({ from: '2026-01-01', to: '2026-01-31' })],
    analyst,
  );

  expect(few.spa).toBeNull();
  expect(few.spaRatios).toBeNull();
  expect(enough.spa).toMatchObject({ usedCost: '68.75', patientCount: 11 });
  expect(none.spa).toMatchObject({ usedCost: '0.00' });
});

test('a single small row takes the next smallest with it, since it would follow from the total', async () => {
  const analyst = manager({ scopes: ['inventory:read', 'finance:view_revenue'], aggregateOnly: true });
  const march = { from: '2026-03-01', to: '2026-05-31' };
  const [nurse, injector, nobody] = await ask(
    [id(NURSE), id(INJECTOR), 'unassigned'].map((providerId) => cell({ ...march, providerId })),
    analyst,
  );

  // The nurse treated 12 patients and the injector 2.
  expect([nurse.spa, injector.spa]).toEqual([null, null]);
  expect(nobody.spa).toMatchObject({ usedCost: '0.00', wasteCost: '15.63' });
  // Asked for alone the nurse stays withheld too, since another request tells the total.
  const [alone] = await ask([cell({ ...march, providerId: id(NURSE) })], analyst);
  expect(alone.spa).toBeNull();
});

test('ratios need the permission of both domains, the measures only their own', async () => {
  const answer = await graph.ask(manager({ scopes: ['inventory:read'] }), QUERY, { r: [cell()] });

  expect(answer.data._entities[0].spa.usedCost).toBe('128.13');
  expect(answer.data._entities[0].spaRatios).toBeNull();
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('clinic, location and provider show the same measures, and what the stock is worth', async () => {
  const reference = (typename: string, opaque: string) => ({ __typename: typename, id: opaque });
  const read = await graph.get(
    manager(),
    `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Clinic { id spa(period: { month: "2026-05" }) { usedCost patientCount } inventoryPosition { currency value expiredValue expiringValue blockedValue } }
      ... on Location { id spa(period: { month: "2026-05" }) { usedCost patientCount } inventoryPosition { value } }
      ... on Provider { id spa(period: { month: "2026-05" }) { usedCost patientCount } } } }`,
    {
      r: [
        reference('Clinic', CLINIC_ID),
        reference('Location', id(NORTH)),
        reference('Provider', id(NURSE)),
        reference('Clinic', clinicIdText(OTHER_CLINIC)),
        reference('Location', id(NORTH, OTHER_CLINIC)),
      ],
    },
  );

  // Received 2 x 6250.00; used 62.50 x 4 + 3.13 + 11 x 6.25, wasted 2 x 15.63.
  expect(read._entities).toEqual([
    {
      id: CLINIC_ID,
      spa: { usedCost: '128.13', patientCount: 2 },
      inventoryPosition: {
        currency: 'USD',
        value: '12146.86',
        expiredValue: '0.00',
        expiringValue: '0.00',
        blockedValue: '0.00',
      },
    },
    { id: id(NORTH), spa: { usedCost: '65.63', patientCount: 2 }, inventoryPosition: { value: '5959.36' } },
    { id: id(NURSE), spa: { usedCost: '62.50', patientCount: 1 } },
    null,
    null,
  ]);
});
