import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  aLot,
  aProduct,
  aSpa,
  CLINIC_ID,
  id,
  key,
  manager,
  NORTH,
  outsider,
  patient,
  send,
  snapshot,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
let product: string;
beforeAll(async () => {
  graph = await aSpa();
  product = await aProduct(graph, { minRemainingShelfLifeDays: 30 });
});
afterAll(() => graph.stop());

const FIELDS = `receiving { id receivedAt receivedBy notes location { id } items { quantity rejected condition unitCost landedUnitCost currency lot { lotNumber } product { id } } }
  lots { id lotNumber status disposition dispositionReason receivedOn expirationDate initialQuantity currentQuantity unitCost stock { location { id } storageLocation onHand available } } warnings`;
const delivery = (...lines: Record<string, unknown>[]): Record<string, unknown> => ({
  clinicId: CLINIC_ID,
  locationId: id(NORTH),
  reason: 'opening stock',
  receivedAt: '2026-06-30T14:00:00Z',
  lines,
});
const line = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  productId: product,
  quantity: '10',
  lotNumber: key(),
  expirationDate: '2027-01-31',
  ...of,
});

test('a delivery makes its lots, with quantity and shelf per place (SPA-112, SPA-113)', async () => {
  const received = await send(
    graph,
    'stockReceive',
    {
      ...delivery(
        line({
          lotNumber: ' ab-12 ',
          quantity: '12.5',
          rejected: '2.5',
          unitCost: '6.123456',
          storageLocation: 'fridge 1',
        }),
        line({ lotNumber: 'CD-1', condition: 'REJECTED' }),
      ),
      notes: 'two boxes',
    },
    FIELDS,
  );

  expect(received.userErrors).toEqual([]);
  expect(received.warnings).toEqual([]);
  expect(received.receiving).toMatchObject({
    receivedAt: '2026-06-30T14:00:00.000Z',
    receivedBy: 'test-user',
    notes: 'two boxes',
    location: { id: id(NORTH) },
    items: [
      {
        quantity: '12.5',
        rejected: '2.5',
        condition: 'GOOD',
        unitCost: '6.123456',
        landedUnitCost: '6.123456',
        currency: 'USD',
        lot: { lotNumber: 'AB-12' },
        product: { id: product },
      },
      { quantity: '10', rejected: '10', condition: 'REJECTED', lot: { lotNumber: 'CD-1' } },
    ],
  });
  expect(received.lots).toMatchObject([
    {
      lotNumber: 'AB-12',
      status: 'AVAILABLE',
      receivedOn: '2026-06-30',
      initialQuantity: '10',
      currentQuantity: '10',
      unitCost: '6.123456',
      stock: [{ location: { id: id(NORTH) }, storageLocation: 'fridge 1', onHand: '10', available: '10' }],
    },
    { lotNumber: 'CD-1', status: 'DEPLETED', currentQuantity: '0' },
  ]);
});

test('more of a known lot at another place adds to the one lot (D-23), at the mean of the prices', async () => {
  await aLot(graph, product, { lotNumber: 'TWICE', quantity: '10', unitCost: '6.00', expirationDate: '2027-05-31' });

  const received = await send(
    graph,
    'stockReceive',
    {
      ...delivery(line({ lotNumber: 'twice', quantity: '30', unitCost: '7.00', expirationDate: '2027-05-31' })),
      locationId: id(SOUTH),
    },
    FIELDS,
  );

  expect(received.lots).toMatchObject([
    {
      lotNumber: 'TWICE',
      initialQuantity: '40',
      currentQuantity: '40',
      unitCost: '6.75',
      stock: [{ onHand: '10' }, { onHand: '30' }],
    },
  ]);
  const [{ value }] = (await graph.sql<{ value: string }>(
    `SELECT sum(s.value) AS value FROM lot_stock s JOIN inventory_lot l ON l.id = s.lot_id AND l.lot_number = 'TWICE'`,
  )) as [{ value: string }];
  expect(value).toBe('270.00');
});

test('goods that may not be used go to quarantine with a warning (SPA-114)', async () => {
  const received = await send(
    graph,
    'stockReceive',
    delivery(
      line({ lotNumber: 'Q1', condition: 'TEMPERATURE_SUSPECT' }),
      line({ lotNumber: 'Q2', expirationDate: '2026-06-29' }),
      line({ lotNumber: 'Q3', expirationDate: '2026-07-29' }),
      line({ lotNumber: 'Q4', expirationDate: '2026-07-30' }),
    ),
    FIELDS,
  );

  expect(
    received.lots.map((lot: { lotNumber: string; disposition: string; status: string }) => [
      lot.lotNumber,
      lot.disposition,
      lot.status,
    ]),
  ).toEqual([
    ['Q1', 'QUARANTINE', 'QUARANTINE'],
    ['Q2', 'QUARANTINE', 'QUARANTINE'],
    ['Q3', 'QUARANTINE', 'QUARANTINE'],
    ['Q4', 'AVAILABLE', 'AVAILABLE'],
  ]);
  expect(received.warnings).toEqual([
    'Lot Q1 went to quarantine: it came with the temperature not kept.',
    'Lot Q2 went to quarantine: it had expired on 2026-06-29.',
    'Lot Q3 went to quarantine: it expires on 2026-07-29, in less than the 30 days that must be left.',
  ]);
  expect(received.lots[0].stock).toMatchObject([{ onHand: '10', available: '0' }]);
});

test('goods that are not tracked by lot are kept without one', async () => {
  const gauze = await aProduct(graph, { category: 'CONSUMABLE', trackByLot: false, requireExpirationDate: false });
  const received = await send(
    graph,
    'stockReceive',
    delivery({ productId: gauze, quantity: '50' }, { productId: gauze, quantity: '20' }),
    FIELDS,
  );
  expect(received.lots).toMatchObject([{ currentQuantity: '70' }]);

  const used = await send(
    graph,
    'treatmentUseRecord',
    { productId: gauze, locationId: id(NORTH), patientId: id(patient(1)), providerId: id(patient(2)), quantity: '1' },
    'transactions { lot { id } }',
  );
  expect(used.transactions).toEqual([{ lot: null }]);
  const listed = await graph.get(
    manager(),
    `query ($c: ID!, $p: ID!) { inventoryLots(clinicId: $c, filter: { productIds: [$p] }) { totalCount } }`,
    { c: CLINIC_ID, p: gauze },
  );
  expect(listed.inventoryLots.totalCount).toBe(0);
});

test('of goods tracked by serial number each piece is a lot of its own', async () => {
  const device = await aProduct(graph, { category: 'DEVICE', trackBySerial: true, requireExpirationDate: false });
  const piece = (serialNumber: string | null, quantity = '1') => ({
    productId: device,
    quantity,
    lotNumber: 'D-1',
    serialNumber,
  });
  const received = await send(graph, 'stockReceive', delivery(piece('S1'), piece('S2')), FIELDS);
  expect(received.lots).toHaveLength(2);

  expect((await send(graph, 'stockReceive', delivery(piece(null)), FIELDS)).userErrors).toMatchObject([
    { code: 'SERIAL_REQUIRED' },
  ]);
  expect((await send(graph, 'stockReceive', delivery(piece('S3', '2')), FIELDS)).userErrors).toMatchObject([
    { code: 'BAD_QUANTITY' },
  ]);
});

describe('refuses and writes nothing', () => {
  const ANOTHER = '01890000-0000-7000-8000-000000000001';
  const cases: [string, string, () => Record<string, unknown>][] = [
    [
      'the same lot with another expiry',
      'EXPIRY_MISMATCH',
      () => delivery(line(), line({ lotNumber: 'KNOWN', expirationDate: '2027-02-01' })),
    ],
    ['a lot without its number', 'LOT_REQUIRED', () => delivery(line({ lotNumber: ' ' }))],
    ['a lot without its expiry', 'EXPIRY_REQUIRED', () => delivery(line({ expirationDate: null }))],
    ['made after it expires', 'INVALID', () => delivery(line({ manufacturedOn: '2027-01-31' }))],
    ['no quantity', 'BAD_QUANTITY', () => delivery(line({ quantity: null }))],
    ['more rejected than came', 'BAD_QUANTITY', () => delivery(line({ rejected: '10.5' }))],
    ['a negative price', 'BAD_AMOUNT', () => delivery(line({ unitCost: '-1' }))],
    ['a cost that no table holds', 'BAD_AMOUNT', () => delivery(line({ quantity: '99999999', unitCost: '99999999' }))],
    ['more than a place holds', 'BAD_QUANTITY', () => delivery(line({ quantity: '1000000001' }))],
    ['a lot number that no recall could name', 'INVALID', () => delivery(line({ lotNumber: 'x'.repeat(81) }))],
    ['made after it came', 'INVALID', () => delivery(line({ manufacturedOn: '2026-07-15' }))],
    ['no lines', 'INVALID', () => delivery()],
    ['no reason', 'REASON_REQUIRED', () => ({ ...delivery(line()), reason: ' ' })],
    ['tomorrow', 'FUTURE_DATE', () => ({ ...delivery(line()), receivedAt: '2026-07-01T05:00:00Z' })],
    ['too long ago', 'BACKDATED_TOO_FAR', () => ({ ...delivery(line()), receivedAt: '2026-05-30T12:00:00Z' })],
    ['a product of another clinic', 'NOT_FOUND', () => delivery(line({ productId: id(NORTH, ANOTHER) }))],
    ['a vendor that does not exist', 'NOT_FOUND', () => ({ ...delivery(line()), vendorId: id(NORTH) })],
  ];
  beforeAll(async () => {
    await aLot(graph, product, { lotNumber: 'KNOWN', expirationDate: '2027-01-31' });
  });
  test.each(cases)('%s: %s', async (_, code, input) => {
    const before = await snapshot(graph);

    const refused = await send(graph, 'stockReceive', input(), FIELDS);

    expect(refused.userErrors).toMatchObject([{ code }]);
    expect(refused.lots).toEqual([]);
    expect(await snapshot(graph)).toEqual(before);
  });

  test('records:backdate lifts the limit', async () => {
    const as = manager({ scopes: [...manager().scopes, 'records:backdate'] });
    const received = await send(
      graph,
      'stockReceive',
      { ...delivery(line()), receivedAt: '2026-01-30T12:00:00Z' },
      FIELDS,
      as,
    );
    expect(received.userErrors).toEqual([]);
    expect(received.lots).toMatchObject([{ receivedOn: '2026-01-30' }]);
  });

  test('a clinic that is not known here yet: CONFLICT_RETRY', async () => {
    const as = manager({ clinicIds: ['01890000-0000-7000-8000-0000000000aa'] });
    const refused = await send(
      graph,
      'stockReceive',
      { ...delivery(line()), clinicId: '01890000-0000-7000-8000-0000000000aa' },
      FIELDS,
      as,
    );
    expect(refused.userErrors).toMatchObject([{ code: 'CONFLICT_RETRY' }]);
  });

  test('an outsider: NOT_FOUND', async () => {
    const refused = await send(graph, 'stockReceive', delivery(line()), FIELDS, outsider());
    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'clinicId'] }]);
  });

  test('without the permission: FORBIDDEN', async () => {
    const answer = await graph.ask(
      manager({ scopes: ['inventory:read'] }),
      `mutation ($input: StockReceiveInput!) { stockReceive(input: $input) { userErrors { code } } }`,
      { input: { idempotencyKey: key(), ...delivery(line()) } },
    );
    expect(answer.data.stockReceive).toBeNull();
    expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('two deliveries of the same new lot at once make one lot', async () => {
  const lotNumber = key();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => send(graph, 'stockReceive', delivery(line({ lotNumber }), line()), FIELDS)),
  );
  expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
  expect(new Set(answers.map((answer) => answer.lots[0].id)).size).toBe(1);
  const read = await graph.get(
    manager(),
    `query ($id: ID!) { inventoryLot(id: $id) { initialQuantity currentQuantity } }`,
    { id: answers[0].lots[0].id },
  );
  expect(read.inventoryLot).toEqual({ initialQuantity: '80', currentQuantity: '80' });
});
