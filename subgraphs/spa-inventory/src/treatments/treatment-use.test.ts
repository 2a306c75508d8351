import { recordIdOf } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  CLINIC_ID,
  aLot,
  aProduct,
  aSpa,
  aUse,
  id,
  INJECTOR,
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
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

const FIELDS = `usages { id quantity cost revenue areas { name units } fefoOverrideReason lot { lotNumber } patient { id } provider { id } location { id } isClockSkewed currency usedAt }
  transactions { type quantity quantityBefore quantityAfter unitCost totalCost businessDate } available skippedLots { lotNumber reason quantity }`;

test('a use takes the lot that expires first and goes on with the next one (SPA-120)', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'LATE', quantity: '3', expirationDate: '2026-09-10' });
  await aLot(graph, product, { lotNumber: 'SOON', quantity: '2', expirationDate: '2026-09-03', unitCost: '6.333333' });

  const used = await send(
    graph,
    'treatmentUseRecord',
    aUse(product, {
      quantity: '4',
      revenue: '52.01',
      areas: [
        { name: 'glabella', units: '2.5' },
        { name: 'forehead', units: '1.5' },
      ],
    }),
    FIELDS,
  );

  expect(used.userErrors).toEqual([]);
  expect(used.available).toBe('5');
  expect(used.usages).toMatchObject([
    {
      quantity: '2',
      cost: '12.67',
      revenue: '26.01',
      lot: { lotNumber: 'SOON' },
      areas: [{ name: 'glabella', units: '2' }],
    },
    {
      quantity: '2',
      cost: '12.50',
      revenue: '26.00',
      lot: { lotNumber: 'LATE' },
      areas: [
        { name: 'glabella', units: '0.5' },
        { name: 'forehead', units: '1.5' },
      ],
      currency: 'USD',
      patient: { id: id(patient(1)) },
      provider: { id: id(INJECTOR) },
      location: { id: id(NORTH) },
      usedAt: '2026-06-30T16:00:00.000Z',
      isClockSkewed: false,
      fefoOverrideReason: null,
    },
  ]);
  expect(used.transactions).toEqual([
    {
      type: 'TREATMENT_USE',
      quantity: '-2',
      quantityBefore: '2',
      quantityAfter: '0',
      unitCost: '6.333333',
      totalCost: '-12.67',
      businessDate: '2026-06-30',
    },
    {
      type: 'TREATMENT_USE',
      quantity: '-2',
      quantityBefore: '3',
      quantityAfter: '1',
      unitCost: '6.25',
      totalCost: '-12.50',
      businessDate: '2026-06-30',
    },
  ]);
});

test('what cannot be used is passed over, and a shortage says why (SPA-122)', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'GOOD', quantity: '3', expirationDate: '2026-12-01' });
  await aLot(graph, product, {
    lotNumber: 'HELD',
    quantity: '9',
    expirationDate: '2026-10-05',
    condition: 'TEMPERATURE_SUSPECT',
  });
  await aLot(graph, product, { lotNumber: 'OLD', quantity: '1', expirationDate: '2026-06-29' });
  const before = await snapshot(graph);

  const refused = await send(graph, 'treatmentUseRecord', aUse(product, { quantity: '4' }), FIELDS);

  expect(refused.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK', path: ['input', 'quantity'] }]);
  expect(refused.usages).toEqual([]);
  expect(refused.available).toBe('3');
  expect(refused.skippedLots).toEqual([
    // Received when it had expired, so it was put into quarantine at once.
    { lotNumber: 'OLD', reason: 'QUARANTINED', quantity: '1' },
    { lotNumber: 'HELD', reason: 'QUARANTINED', quantity: '9' },
  ]);
  expect(await snapshot(graph)).toEqual(before);
});

test('a lot is usable through the end of its last day in the zone of its location (SPA-24)', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: 'LAST-DAY', quantity: '1', expirationDate: '2026-06-30' });

  const used = await send(graph, 'treatmentUseRecord', aUse(product), FIELDS);

  expect(used.userErrors).toEqual([]);
  expect(used.usages).toHaveLength(1);
});

test('a named lot against the order needs a reason, which is kept (SPA-121)', async () => {
  const product = await aProduct(graph);
  const late = await aLot(graph, product, { lotNumber: 'L2', quantity: '5', expirationDate: '2026-12-10' });
  await aLot(graph, product, { lotNumber: 'L1', quantity: '5', expirationDate: '2026-09-03' });
  const before = await snapshot(graph);

  const refused = await send(graph, 'treatmentUseRecord', aUse(product, { lotId: late }), FIELDS);
  expect(refused.userErrors).toMatchObject([{ code: 'REASON_REQUIRED' }]);
  expect(await snapshot(graph)).toEqual(before);

  const used = await send(
    graph,
    'treatmentUseRecord',
    aUse(product, { lotId: late, fefoOverrideReason: 'same lot as last time' }),
    FIELDS,
  );
  expect(used.usages).toMatchObject([{ lot: { lotNumber: 'L2' }, fefoOverrideReason: 'same lot as last time' }]);
});

describe('refuses and writes nothing', () => {
  let product: string;
  let quarantined: string;
  let foreignLot: string;
  beforeAll(async () => {
    product = await aProduct(graph);
    await aLot(graph, product, { quantity: '10' });
    quarantined = await aLot(graph, product, { quantity: '10', condition: 'DAMAGED' });
    foreignLot = await aLot(graph, await aProduct(graph), { quantity: '10' });
  });
  const cases: [string, string, () => Record<string, unknown>][] = [
    ['zero', 'BAD_QUANTITY', () => ({ quantity: '0' })],
    ['a negative quantity', 'BAD_QUANTITY', () => ({ quantity: '-1' })],
    ['areas that do not add up', 'AREAS_MISMATCH', () => ({ quantity: '2', areas: [{ name: 'chin', units: '1.5' }] })],
    [
      'an area without units',
      'BAD_QUANTITY',
      () => ({
        areas: [
          { name: 'chin', units: '0' },
          { name: 'lip', units: '1' },
        ],
      }),
    ],
    ['an area without a name', 'INVALID', () => ({ areas: [{ name: ' ', units: '1' }] })],
    ['negative revenue', 'BAD_AMOUNT', () => ({ revenue: '-1.00' })],
    ['a quarantined lot', 'LOT_QUARANTINED', () => ({ lotId: quarantined })],
    ['a lot of another product', 'NOT_FOUND', () => ({ lotId: foreignLot })],
    ['more than a named lot has', 'INSUFFICIENT_STOCK', () => ({ quantity: '11' })],
    ['a location without the product', 'INSUFFICIENT_STOCK', () => ({ locationId: id(SOUTH) })],
    [
      'a patient of another clinic',
      'NOT_FOUND',
      () => ({ patientId: id(patient(1), '01890000-0000-7000-8000-000000000001') }),
    ],
    ['a location that is not known yet', 'CONFLICT_RETRY', () => ({ locationId: id(patient(9)) })],
  ];
  test.each(cases)('%s: %s', async (_, code, of) => {
    const before = await snapshot(graph);

    const refused = await send(graph, 'treatmentUseRecord', aUse(product, of()), FIELDS);

    expect(refused.userErrors).toMatchObject([{ code }]);
    expect(refused.usages).toEqual([]);
    expect(await snapshot(graph)).toEqual(before);
  });

  test('a product that waits for approval: PRODUCT_NOT_APPROVED', async () => {
    const { product: fresh } = await send(
      graph,
      'productSave',
      {
        clinicId: CLINIC_ID,
        sku: key(),
        name: 'New',
        category: 'FILLER',
        unitCost: '1',
        unitType: 'mL',
        reorderPoint: '0',
      },
      'product { id status }',
    );
    expect(fresh.status).toBe('PENDING_APPROVAL');

    const refused = await send(graph, 'treatmentUseRecord', aUse(fresh.id), FIELDS);

    expect(refused.userErrors).toMatchObject([{ code: 'PRODUCT_NOT_APPROVED' }]);
  });

  test('a restricted viewer at another location: NOT_FOUND', async () => {
    const refused = await send(
      graph,
      'treatmentUseRecord',
      aUse(product),
      FIELDS,
      manager({ restrictions: { locations: [SOUTH] } }),
    );

    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'locationId'] }]);
  });

  test('an outsider with all the right ids: NOT_FOUND', async () => {
    const before = await snapshot(graph);

    const refused = await send(graph, 'treatmentUseRecord', aUse(product), FIELDS, outsider());

    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await snapshot(graph)).toEqual(before);
  });
});

test.each([
  ["disposition = 'RECALLED'", 'LOT_RECALLED', 'RECALLED'],
  ["disposition = 'DAMAGED'", 'LOT_DAMAGED', 'DAMAGED'],
  ["expiration_date = '2026-06-29'", 'LOT_EXPIRED', 'EXPIRED'],
])('a named lot with %s is refused: %s (C-S6)', async (state, code, reason) => {
  const product = await aProduct(graph);
  const lot = await aLot(graph, product, { quantity: '10' });
  await graph.sql(`UPDATE inventory_lot SET ${state} WHERE id = $1`, [recordIdOf(lot)?.id]);
  const before = await snapshot(graph);

  const named = await send(graph, 'treatmentUseRecord', aUse(product, { lotId: lot }), FIELDS);
  const picked = await send(graph, 'treatmentUseRecord', aUse(product), FIELDS);

  expect(named.userErrors).toMatchObject([{ code, path: ['input', 'lotId'] }]);
  expect(named.skippedLots).toMatchObject([{ reason, quantity: '10' }]);
  expect(picked.userErrors).toMatchObject([{ code: 'INSUFFICIENT_STOCK' }]);
  expect(picked.skippedLots).toMatchObject([{ reason, quantity: '10' }]);
  expect(await snapshot(graph)).toEqual(before);
});

describe('the same key', () => {
  const MUTATION = `mutation ($input: TreatmentUseInput!) { treatmentUseRecord(input: $input) { ${FIELDS} userErrors { code } } }`;

  test('20 equal requests at once have one effect and one answer', async () => {
    const product = await aProduct(graph);
    await aLot(graph, product, { quantity: '30' });
    const input = { idempotencyKey: key(), ...aUse(product, { quantity: '1.5' }) };

    const answers = await Promise.all(Array.from({ length: 20 }, () => graph.get(manager(), MUTATION, { input })));

    const ids = new Set(answers.map((answer) => answer.treatmentUseRecord.usages[0]?.id));
    expect(ids.size).toBe(1);
    const read = await graph.get(manager(), `query ($id: ID!) { product(id: $id) { stock { onHand } } }`, {
      id: product,
    });
    expect(read.product.stock).toEqual([{ onHand: '28.5' }]);
  });

  test('with other data is refused', async () => {
    const product = await aProduct(graph);
    await aLot(graph, product, { quantity: '30' });
    const idempotencyKey = key();
    await graph.get(manager(), MUTATION, { input: { idempotencyKey, ...aUse(product) } });

    const again = await graph.get(manager(), MUTATION, {
      input: { idempotencyKey, ...aUse(product, { quantity: '2' }) },
    });

    expect(again.treatmentUseRecord.userErrors).toEqual([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    const read = await graph.get(manager(), `query ($id: ID!) { product(id: $id) { stock { onHand } } }`, {
      id: product,
    });
    expect(read.product.stock).toEqual([{ onHand: '29' }]);
  });
});

test('50 uses at once of the last 7 units: exactly 7 succeed and nothing is left (C-S7)', async () => {
  const product = await aProduct(graph);
  const lot = await aLot(graph, product, { quantity: '7' });

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      send(graph, 'treatmentUseRecord', aUse(product, { patientId: id(patient(n)) }), 'usages { id }'),
    ),
  );

  expect(answers.filter((answer) => answer.usages.length === 1)).toHaveLength(7);
  expect(answers.flatMap((answer) => answer.userErrors.map((error: { code: string }) => error.code))).toEqual(
    Array<string>(43).fill('INSUFFICIENT_STOCK'),
  );
  const read = await graph.get(
    manager(),
    `query ($id: ID!) { inventoryLot(id: $id) { currentQuantity status balance { received onHand used } } }`,
    { id: lot },
  );
  expect(read.inventoryLot).toEqual({
    currentQuantity: '0',
    status: 'DEPLETED',
    balance: { received: '7', onHand: '0', used: '7' },
  });
});
