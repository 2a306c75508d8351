import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC_ID,
  id,
  key,
  manager,
  NORTH,
  outsider,
  send,
  snapshot,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

const FIELDS = `product { id clinic { id } sku name brand category currency unitCost retailPrice markup { numerator denominator value status } commissionRate unitType unitsPerPackage reorderPoint
  barcodes { gtin unitsPerPack } injectable { type dilutionsMl reconstitutionRequired labelStabilityHours policyStabilityHours exceedsLabel minimumDose } storage { minTemperatureC maxTemperatureC refrigerated frozen lightSensitive instructions }
  trackInventory trackByLot trackBySerial requireExpirationDate overReceiptTolerance status version createdBy updatedBy }`;
const product = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  clinicId: CLINIC_ID,
  sku: key(),
  name: 'Filler 1 mL',
  category: 'FILLER',
  unitCost: '310.50',
  unitType: 'mL',
  reorderPoint: '4',
  ...of,
});
const injectable = {
  type: 'botulinum toxin type A',
  reconstitutionRequired: true,
  labelStabilityHours: '24',
  dilutionsMl: ['2.5', '4'],
  minimumDose: '4',
};

test('a new product waits for approval, has the defaults of the contract and its markup (SPA-01 to SPA-08)', async () => {
  const { product: saved, userErrors } = await send(
    graph,
    'productSave',
    product({
      sku: 'FIL-1',
      retailPrice: '700.00',
      commissionRate: '0.1',
      injectable,
      storage: { minTemperatureC: '2', maxTemperatureC: '8', refrigerated: true },
      barcodes: [{ gtin: '0301781123453', unitsPerPack: '1' }],
    }),
    FIELDS,
  );

  expect(userErrors).toEqual([]);
  expect(saved).toMatchObject({
    clinic: { id: CLINIC_ID },
    currency: 'USD',
    unitCost: '310.5',
    retailPrice: '700.00',
    markup: { numerator: '389.5', denominator: '310.5', value: '1.254428', status: 'COMPUTED' },
    unitsPerPackage: '1',
    barcodes: [{ gtin: '00301781123453', unitsPerPack: '1' }],
    injectable: {
      type: 'botulinum toxin type A',
      dilutionsMl: ['2.5', '4'],
      labelStabilityHours: '24',
      policyStabilityHours: null,
      exceedsLabel: false,
      minimumDose: '4',
    },
    storage: {
      minTemperatureC: '2',
      maxTemperatureC: '8',
      refrigerated: true,
      frozen: false,
      lightSensitive: false,
      instructions: null,
    },
    trackInventory: true,
    trackByLot: true,
    trackBySerial: false,
    requireExpirationDate: true,
    overReceiptTolerance: '0',
    status: 'PENDING_APPROVAL',
    version: 1,
  });

  const { product: changed } = await send(
    graph,
    'productSave',
    product({ id: saved.id, sku: 'FIL-1', name: 'Filler', storage: null, expectedVersion: 1 }),
    FIELDS,
  );
  expect(changed).toMatchObject({
    name: 'Filler',
    storage: null,
    retailPrice: '700.00',
    barcodes: [{ gtin: '00301781123453' }],
    injectable: { minimumDose: '4' },
    version: 2,
  });
});

test('the state follows from approval and stock (SPA-07)', async () => {
  const item = await aProduct(graph);
  const status = async () =>
    (await graph.get(manager(), `query ($id: ID!) { product(id: $id) { status } }`, { id: item })).product.status;
  const set = async (to: string) =>
    (
      await graph.get(
        manager(),
        `mutation ($id: ID!, $to: ProductStatus!, $key: String!) { productStatusSet(id: $id, to: $to, input: { idempotencyKey: $key }) { product { status } userErrors { code } } }`,
        { id: item, to, key: key() },
      )
    ).productStatusSet;

  expect(await status()).toBe('OUT_OF_STOCK');
  await aLot(graph, item, { quantity: '1' });
  expect(await status()).toBe('ACTIVE');
  expect((await set('ACTIVE')).userErrors).toEqual([{ code: 'ILLEGAL_STATE_CHANGE' }]);
  expect((await set('OUT_OF_STOCK')).userErrors).toEqual([{ code: 'ILLEGAL_STATE_CHANGE' }]);
  expect(await set('DISCONTINUED')).toEqual({ product: { status: 'DISCONTINUED' }, userErrors: [] });
  // What is left of a discontinued product may be used up.
  expect((await send(graph, 'treatmentUseRecord', aUse(item), 'usages { id }')).usages).toHaveLength(1);
  expect(await set('ACTIVE')).toEqual({ product: { status: 'OUT_OF_STOCK' }, userErrors: [] });
});

describe('refuses and writes nothing', () => {
  let taken: string;
  let stocked: string;
  beforeAll(async () => {
    taken = await aProduct(graph, { sku: 'TAKEN', barcodes: [{ gtin: '10301781123450', unitsPerPack: '10' }] });
    stocked = await aProduct(graph, { sku: 'STOCKED', unitType: 'unit', unitsPerPackage: '100' });
    await aLot(graph, stocked, { quantity: '5' });
  });
  const cases: [string, string, () => Record<string, unknown>][] = [
    ['an SKU that is taken', 'DUPLICATE', () => ({ sku: 'TAKEN' })],
    ['a barcode that is taken', 'DUPLICATE', () => ({ barcodes: [{ gtin: '10301781123450', unitsPerPack: '1' }] })],
    [
      'a wrong check digit',
      'BARCODE_UNREADABLE',
      () => ({ barcodes: [{ gtin: '00301781123454', unitsPerPack: '1' }] }),
    ],
    [
      'the same barcode twice',
      'DUPLICATE',
      () => ({
        barcodes: [
          { gtin: '00608821000447', unitsPerPack: '1' },
          { gtin: '0608821000447', unitsPerPack: '2' },
        ],
      }),
    ],
    ['a negative cost', 'BAD_AMOUNT', () => ({ unitCost: '-1' })],
    ['an empty package', 'BAD_QUANTITY', () => ({ unitsPerPackage: '0' })],
    ['a negative reorder point', 'BAD_QUANTITY', () => ({ reorderPoint: '-1' })],
    ['a share above one', 'INVALID', () => ({ commissionRate: '1.5' })],
    [
      'more stability than the label without a policy',
      'POLICY_REQUIRED',
      () => ({ injectable: { ...injectable, policyStabilityHours: '72' } }),
    ],
    [
      'temperatures the wrong way round',
      'INVALID',
      () => ({ storage: { minTemperatureC: '8', maxTemperatureC: '2' } }),
    ],
    ['another unit while there is stock', 'IN_USE', () => ({ id: stocked, sku: 'STOCKED', unitType: 'mL' })],
    [
      'another package while there is stock',
      'IN_USE',
      () => ({ id: stocked, sku: 'STOCKED', unitType: 'unit', unitsPerPackage: '50' }),
    ],
    ['a product that does not exist', 'NOT_FOUND', () => ({ id: id(NORTH) })],
    ['a vendor that does not exist', 'NOT_FOUND', () => ({ preferredVendorId: id(NORTH) })],
    ['a stale version', 'STALE_VERSION', () => ({ id: taken, sku: 'TAKEN', expectedVersion: 99 })],
  ];
  test.each(cases)('%s: %s', async (_, code, of) => {
    const before = await snapshot(graph);
    const refused = await send(graph, 'productSave', product(of()), FIELDS);
    expect(refused.userErrors).toMatchObject([{ code }]);
    expect(refused.product).toBeNull();
    expect(await snapshot(graph)).toEqual(before);
  });

  test('a capability that is switched off: CAPABILITY_OFF, and reads go on (E-07)', async () => {
    await graph.sql(`UPDATE clinic_copy SET capabilities = '{PRODUCTION}' WHERE name = 'Harbour Group'`);
    const refused = await send(graph, 'productSave', product(), FIELDS);
    const read = await graph.get(manager(), `query ($id: ID!) { product(id: $id) { sku } }`, { id: taken });
    await graph.sql(`UPDATE clinic_copy SET capabilities = '{PRODUCTION,SPA_INVENTORY}' WHERE name = 'Harbour Group'`);
    expect(refused.userErrors).toMatchObject([{ code: 'CAPABILITY_OFF' }]);
    expect(read.product).toEqual({ sku: 'TAKEN' });
  });

  test('an outsider: NOT_FOUND', async () => {
    expect((await send(graph, 'productSave', product(), FIELDS, outsider())).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });
});

test('stock per product and location, scarcest first, with what it is worth and how long it lasts', async () => {
  const item = await aProduct(graph, { name: 'Scarce', category: 'SUPPLEMENT', reorderPoint: '20', unitCost: '2.50' });
  await aLot(graph, item, { quantity: '30', expirationDate: '2026-08-31' });
  await aLot(graph, item, { quantity: '2', locationId: id(SOUTH), expirationDate: '2026-07-31' });
  await aLot(graph, item, { quantity: '50', locationId: id(SOUTH), condition: 'DAMAGED' });
  await send(graph, 'treatmentUseRecord', aUse(item, { quantity: '12' }), 'usages { id }');
  const QUERY = `query ($c: ID!, $f: ProductStockFilter) { productStock(clinicId: $c, filter: $f) { totalCount nodes { product { name } location { id } onHand reserved available reorderPoint severity daysOfCover { numerator denominator value status } currency value nextExpiration } } }`;
  const ask = async (f: Record<string, unknown>, as = manager()) =>
    (await graph.get(as, QUERY, { c: CLINIC_ID, f })).productStock;

  expect(await ask({ categories: ['SUPPLEMENT'] })).toEqual({
    totalCount: 2,
    nodes: [
      {
        product: { name: 'Scarce' },
        location: { id: id(SOUTH) },
        onHand: '52',
        reserved: '0',
        available: '2',
        reorderPoint: '20',
        severity: 'CRITICAL',
        daysOfCover: { numerator: '2', denominator: '0', value: null, status: 'ZERO_DENOMINATOR' },
        currency: 'USD',
        value: '130.00',
        nextExpiration: '2026-07-31',
      },
      {
        product: { name: 'Scarce' },
        location: { id: id(NORTH) },
        onHand: '18',
        reserved: '0',
        available: '18',
        reorderPoint: '20',
        severity: 'LOW',
        daysOfCover: { numerator: '18', denominator: '0.133333', value: '135', status: 'COMPUTED' },
        currency: 'USD',
        value: '45.00',
        nextExpiration: '2026-08-31',
      },
    ],
  });
  expect((await ask({ categories: ['SUPPLEMENT'], severities: ['LOW'] })).nodes).toMatchObject([{ severity: 'LOW' }]);
  expect(
    (await ask({ categories: ['SUPPLEMENT'] }, manager({ restrictions: { locations: [NORTH] } }))).nodes,
  ).toMatchObject([{ location: { id: id(NORTH) } }]);
  const own = await graph.get(
    manager(),
    `query ($id: ID!) { product(id: $id) { stock { location { id } available } lots { lotNumber } all: lots(availableOnly: false) { status } } }`,
    { id: item },
  );
  expect(own.product.stock).toHaveLength(2);
  expect(own.product.lots).toHaveLength(2);
  expect(own.product.all.map((lot: { status: string }) => lot.status).sort()).toEqual([
    'AVAILABLE',
    'AVAILABLE',
    'QUARANTINE',
  ]);
});

test('products are found by words, state and barcode', async () => {
  const list = async (filter: Record<string, unknown>) =>
    (
      await graph.get(
        manager(),
        `query ($c: ID!, $f: ProductFilter) { products(clinicId: $c, filter: $f) { nodes { sku } } }`,
        { c: CLINIC_ID, f: filter },
      )
    ).products.nodes.map((each: { sku: string }) => each.sku);

  expect(await list({ search: '1030178' })).toEqual(['TAKEN']);
  expect(await list({ search: 'stocked' })).toEqual(['STOCKED']);
  expect(await list({ statuses: ['PENDING_APPROVAL'] })).toEqual(['FIL-1']);
  expect(await list({ statuses: [] })).toEqual([]);
});
