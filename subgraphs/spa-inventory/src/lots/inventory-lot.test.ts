import { fixedClock } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC_ID,
  id,
  INJECTOR,
  manager,
  NORTH,
  NURSE,
  patient,
  send,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
let product: string;
let vendor: string;
beforeAll(async () => {
  graph = await aSpa();
  product = await aProduct(graph);
  vendor = (await send(graph, 'vendorSave', { clinicId: CLINIC_ID, name: 'Maker' }, 'vendor { id }')).vendor.id;
  await aLot(graph, product, {
    lotNumber: 'FREE',
    quantity: '5',
    expirationDate: '2026-09-10',
    batchNumber: 'B-7',
    manufacturedOn: '2025-01-01',
  });
  await aLot(graph, product, { lotNumber: 'FREE', quantity: '4', expirationDate: '2026-09-10', locationId: id(SOUTH) });
  await aLot(graph, product, { lotNumber: 'SOON', quantity: '2', expirationDate: '2026-07-10' });
  await aLot(graph, product, { lotNumber: 'HELD', quantity: '3', expirationDate: '2026-08-10', condition: 'DAMAGED' });
  await aLot(graph, product, { lotNumber: 'USED-UP', quantity: '1', expirationDate: '2026-07-01' });
  await send(graph, 'treatmentUseRecord', aUse(product, { quantity: '1', patientId: id(patient(7)) }), 'usages { id }');
  await send(
    graph,
    'stockReceive',
    {
      clinicId: CLINIC_ID,
      locationId: id(NORTH),
      vendorId: vendor,
      reason: 'gift',
      receivedAt: '2026-06-01T14:00:00Z',
      lines: [
        { productId: await aProduct(graph, { requireExpirationDate: false }), quantity: '1', lotNumber: 'FOREVER' },
      ],
    },
    'lots { id }',
  );
});
afterAll(() => graph.stop());

const list = async (filter: Record<string, unknown>, first = 50) =>
  (
    await graph.get(
      manager(),
      `query ($c: ID!, $f: LotFilter, $n: Int) { inventoryLots(clinicId: $c, filter: $f, first: $n) { totalCount nodes { lotNumber status daysToExpiry } pageInfo { hasNextPage endCursor } } }`,
      { c: CLINIC_ID, f: filter, n: first },
    )
  ).inventoryLots;
const numbers = async (filter: Record<string, unknown>) =>
  (await list(filter)).nodes.map((lot: { lotNumber: string }) => lot.lotNumber);

test('lots are listed first to expire first, those without an expiry last', async () => {
  expect((await list({})).nodes).toEqual([
    { lotNumber: 'USED-UP', status: 'DEPLETED', daysToExpiry: 1 },
    { lotNumber: 'SOON', status: 'AVAILABLE', daysToExpiry: 10 },
    { lotNumber: 'HELD', status: 'QUARANTINE', daysToExpiry: 41 },
    { lotNumber: 'FREE', status: 'AVAILABLE', daysToExpiry: 72 },
    { lotNumber: 'FOREVER', status: 'AVAILABLE', daysToExpiry: null },
  ]);
});

test('a filter by state agrees with the state that is shown', async () => {
  expect(await numbers({ statuses: ['AVAILABLE'] })).toEqual(['SOON', 'FREE', 'FOREVER']);
  expect(await numbers({ statuses: ['DEPLETED', 'QUARANTINE'] })).toEqual(['USED-UP', 'HELD']);
  expect(await numbers({ statuses: [] })).toEqual([]);
});

test('lots are found by place, number, vendor and nearness of expiry', async () => {
  expect(await numbers({ locationIds: [id(SOUTH)] })).toEqual(['FREE']);
  expect(await numbers({ lotNumber: ' free' })).toEqual(['FREE']);
  expect(await numbers({ vendorIds: [vendor] })).toEqual(['FOREVER']);
  expect(await numbers({ expiringWithinDays: 10 })).toEqual(['USED-UP', 'SOON']);
});

test('pages follow each other without a gap, also across lots without an expiry', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: { nodes: { lotNumber: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } = (
      await graph.get(
        manager(),
        `query ($c: ID!, $a: String) { inventoryLots(clinicId: $c, first: 2, after: $a) { nodes { lotNumber } pageInfo { hasNextPage endCursor } } }`,
        { c: CLINIC_ID, a: after },
      )
    ).inventoryLots;
    seen.push(...page.nodes.map((lot) => lot.lotNumber));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);

  expect(seen).toEqual(['USED-UP', 'SOON', 'HELD', 'FREE', 'FOREVER']);
});

test('a lot expires by the day of its place: at 1 in the morning in New York it is still yesterday in Los Angeles (SPA-24)', async () => {
  const night = await aSpa({ clock: fixedClock('2026-06-30T05:30:00Z') });
  try {
    const item = await aProduct(night);
    // Received in Los Angeles, where it is the last day of use; nothing of it lies in New York yet.
    const answer = await send(
      night,
      'stockReceive',
      {
        clinicId: CLINIC_ID,
        locationId: id(SOUTH),
        reason: 'x',
        receivedAt: '2026-06-29T20:00:00Z',
        lines: [{ productId: item, quantity: '3', lotNumber: 'EDGE', expirationDate: '2026-06-29' }],
      },
      'lots { id status availableQuantity }',
    );
    expect(answer.lots).toMatchObject([{ status: 'AVAILABLE', availableQuantity: '3' }]);

    const pick = async (locationId: string) =>
      (
        await night.get(
          manager(),
          `query ($p: ID!, $l: ID!) { fefoPick(productId: $p, locationId: $l, quantity: "1") { available skippedLots { lotNumber reason } } }`,
          { p: item, l: locationId },
        )
      ).fefoPick;
    expect(await pick(id(SOUTH))).toEqual({ available: '3', skippedLots: [] });
    await send(
      night,
      'stockReceive',
      {
        clinicId: CLINIC_ID,
        locationId: id(NORTH),
        reason: 'x',
        receivedAt: '2026-06-30T04:30:00Z',
        lines: [{ productId: await aProduct(night), quantity: '1', lotNumber: 'N', expirationDate: '2026-12-01' }],
      },
      'lots { id }',
    );
    await night.sql(
      `INSERT INTO lot_stock (clinic_id, lot_id, location_id, product_id, on_hand) SELECT clinic_id, lot_id, $1, product_id, 2 FROM lot_stock WHERE on_hand = 3`,
      [NORTH],
    );
    expect(await pick(id(NORTH))).toEqual({ available: '0', skippedLots: [{ lotNumber: 'EDGE', reason: 'EXPIRED' }] });
  } finally {
    await night.stop();
  }
});

test('a pick shows what a use would take and what is passed over, and holds nothing (SPA-120, SPA-122)', async () => {
  const pick = async (quantity: string, on: string | null = null) =>
    (
      await graph.get(
        manager(),
        `query ($p: ID!, $l: ID!, $q: Quantity!, $on: Date) { fefoPick(productId: $p, locationId: $l, quantity: $q, on: $on) { lines { lot { lotNumber } quantity } requested available shortfall skippedLots { lotNumber reason quantity } } }`,
        { p: product, l: id(NORTH), q: quantity, on },
      )
    ).fefoPick;

  expect(await pick('4')).toEqual({
    lines: [
      { lot: { lotNumber: 'SOON' }, quantity: '2' },
      { lot: { lotNumber: 'FREE' }, quantity: '2' },
    ],
    requested: '4',
    available: '7',
    shortfall: '0',
    skippedLots: [{ lotNumber: 'HELD', reason: 'QUARANTINED', quantity: '3' }],
  });
  expect(await pick('9')).toMatchObject({
    lines: [{ quantity: '2' }, { quantity: '5' }],
    available: '7',
    shortfall: '2',
  });
  expect(await pick('4', '2026-07-11')).toMatchObject({
    lines: [{ lot: { lotNumber: 'FREE' }, quantity: '4' }],
    available: '5',
    skippedLots: [{ lotNumber: 'SOON', reason: 'EXPIRED' }, { lotNumber: 'HELD' }],
  });
});

test('uses are listed newest first by patient, provider, vendor and category, and a patient shows their own (Q12)', async () => {
  await send(
    graph,
    'treatmentUseRecord',
    aUse(product, { quantity: '1', providerId: id(NURSE), serviceName: 'forehead lines', chartId: 'CH-1' }),
    'usages { id }',
  );
  const uses = async (filter: Record<string, unknown>) =>
    (
      await graph.get(
        manager(),
        `query ($c: ID!, $f: SpaFilter) { lotUsages(clinicId: $c, period: { preset: TODAY }, filter: $f) { totalCount nodes { provider { id } serviceName chartId lot { lotNumber } } } }`,
        { c: CLINIC_ID, f: filter },
      )
    ).lotUsages;

  expect((await uses({})).nodes).toMatchObject([
    { provider: { id: id(NURSE) }, serviceName: 'forehead lines', chartId: 'CH-1', lot: { lotNumber: 'SOON' } },
    { provider: { id: id(INJECTOR) }, lot: { lotNumber: 'USED-UP' } },
  ]);
  expect((await uses({ patientId: id(patient(7)) })).totalCount).toBe(1);
  expect((await uses({ providerIds: [id(NURSE)] })).totalCount).toBe(1);
  expect((await uses({ categories: ['FILLER'] })).totalCount).toBe(0);
  expect((await uses({ vendorIds: [vendor] })).totalCount).toBe(0);
  expect((await uses({ wasteReasons: ['TRAINING'] })).totalCount).toBe(0);

  const read = await graph.get(
    manager(),
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Patient { lotUsages(first: 5) { totalCount nodes { quantity lot { lotNumber product { name } } } } } } }`,
    { r: [{ __typename: 'Patient', id: id(patient(7)) }] },
  );
  expect(read._entities).toEqual([
    {
      lotUsages: {
        totalCount: 1,
        nodes: [{ quantity: '1', lot: { lotNumber: 'USED-UP', product: { name: 'Neurotoxin A 100U' } } }],
      },
    },
  ]);
});

test('a range that ends before it begins is refused by its code', async () => {
  const answer = await graph.ask(
    manager(),
    `query ($c: ID!) { lotUsages(clinicId: $c, period: { range: { from: "2026-02-02", to: "2026-02-01" } }) { totalCount } }`,
    { c: CLINIC_ID },
  );
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_RANGE' } }]);
});
