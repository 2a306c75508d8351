import type { TestSubgraph } from '@practice-graph/kit/testing';
import { systemViewer, transactFor } from '@practice-graph/kit';
import { spaInventory } from '..';
import { aProduct, aSpa, CLINIC, CLINIC_ID, id, key, manager, NORTH, outsider, send, snapshot } from '../../test/story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

const FIELDS = `vendor { id name contactName email phone address { street street2 city state zipCode country } accountNumber paymentTerms taxId preferred categories version products { sku } }`;
const vendor = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  clinicId: CLINIC_ID,
  name: 'Vendor 01',
  ...of,
});
const address = { street: '1 Pier', city: 'Boston', state: 'MA', zipCode: '02110', country: 'US' };

test('a vendor keeps what was given; its tax number is masked (SPA-95, SPA-96)', async () => {
  const { vendor: saved, userErrors } = await send(
    graph,
    'vendorSave',
    vendor({
      contactName: 'VN-1',
      email: 'orders@example.com',
      phone: '+1 555 0100',
      address,
      accountNumber: 'A-1',
      paymentTerms: 'NET30',
      taxId: '12-3456789',
      preferred: true,
      categories: ['NEUROTOXIN'],
    }),
    FIELDS,
  );

  expect(userErrors).toEqual([]);
  expect(saved).toMatchObject({
    name: 'Vendor 01',
    contactName: 'VN-1',
    address: { ...address, street2: null },
    taxId: '******6789',
    preferred: true,
    categories: ['NEUROTOXIN'],
    version: 1,
    products: [],
  });

  const { vendor: changed } = await send(
    graph,
    'vendorSave',
    vendor({ id: saved.id, name: 'Vendor One', phone: null, expectedVersion: 1 }),
    FIELDS,
  );
  expect(changed).toMatchObject({
    name: 'Vendor One',
    phone: null,
    email: 'orders@example.com',
    address: { city: 'Boston' },
    preferred: true,
    version: 2,
  });
});

test('the tax number needs its own permission, the rest of the answer stays (E-05)', async () => {
  const { vendor: saved } = await send(graph, 'vendorSave', vendor({ taxId: '12-3456789' }), FIELDS);

  const answer = await graph.ask(
    manager({ scopes: ['inventory:read'] }),
    `query ($id: ID!) { vendor(id: $id) { name taxId } }`,
    { id: saved.id },
  );

  expect(answer.data).toEqual({ vendor: { name: 'Vendor 01', taxId: null } });
  expect(answer.errors).toMatchObject([{ path: ['vendor', 'taxId'], extensions: { code: 'FORBIDDEN' } }]);
});

test('vendors are listed preferred first, and found by words', async () => {
  await send(graph, 'vendorSave', vendor({ name: 'Zeta 100%', preferred: true }), FIELDS);
  const list = async (args: string) =>
    (
      await graph.get(
        manager(),
        `query ($c: ID!) { vendors(clinicId: $c, ${args}) { totalCount nodes { name } pageInfo { endCursor hasNextPage } } }`,
        { c: CLINIC_ID },
      )
    ).vendors;

  expect((await list('first: 3')).nodes.map((each: { name: string }) => each.name)).toEqual([
    'Vendor One',
    'Zeta 100%',
    'Vendor 01',
  ]);
  expect((await list('search: "100%"')).nodes).toEqual([{ name: 'Zeta 100%' }]);
  expect((await list('preferredOnly: true')).totalCount).toBe(2);
  const first = await list('first: 1');
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect((await list(`first: 1, after: "${String(first.pageInfo.endCursor)}"`)).nodes).toEqual([{ name: 'Zeta 100%' }]);
});

test('products of N vendors take one statement', async () => {
  for (let n = 0; n < 3; n++) {
    const { vendor: saved } = await send(graph, 'vendorSave', vendor({ name: `Maker ${String(n)}` }), FIELDS);
    await aProduct(graph, { preferredVendorId: saved.id });
  }
  const statements = await graph.statements(() =>
    graph.get(
      manager(),
      `query ($c: ID!) { vendors(clinicId: $c) { nodes { name products { sku status unitCost } } } }`,
      { c: CLINIC_ID },
    ),
  );

  // The page, the products, and what is left of each for their state.
  expect(statements).toHaveLength(3);
});

describe('refuses and writes nothing', () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ['no name', 'INVALID', { name: ' ' }],
    ['a malformed e-mail address', 'INVALID', { email: 'nowhere' }],
    ['a country that does not exist', 'INVALID', { address: { ...address, country: 'QQ' } }],
    ['a postal code of another form', 'INVALID', { address: { ...address, zipCode: 'ABC' } }],
    ['a vendor that does not exist', 'NOT_FOUND', { id: id(NORTH) }],
  ];
  test.each(cases)('%s: %s', async (_, code, of) => {
    const before = await snapshot(graph);
    const refused = await send(graph, 'vendorSave', vendor(of), FIELDS);
    expect(refused.userErrors).toMatchObject([{ code }]);
    expect(refused.vendor).toBeNull();
    expect(await snapshot(graph)).toEqual(before);
  });

  test('a stale version: STALE_VERSION', async () => {
    const { vendor: saved } = await send(graph, 'vendorSave', vendor(), FIELDS);
    const refused = await send(graph, 'vendorSave', vendor({ id: saved.id, expectedVersion: 7 }), FIELDS);
    expect(refused.userErrors).toMatchObject([{ code: 'STALE_VERSION' }]);
  });

  test('an outsider: NOT_FOUND', async () => {
    expect((await send(graph, 'vendorSave', vendor(), FIELDS, outsider())).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });
});

test('the other inventory is told of every state of a vendor, and of all of them again on request (E-22)', async () => {
  const { vendor: saved } = await send(graph, 'vendorSave', vendor({ name: 'Told 1' }), FIELDS);
  await send(graph, 'vendorSave', vendor({ id: saved.id, name: 'Told 2', preferred: true }), FIELDS);

  const told = (await graph.events()).filter(({ event }) => (event.data as { name: string }).name.startsWith('Told'));
  expect(told.map(({ subscriber, event }) => [subscriber, event.type, event.data])).toEqual([
    ['appliance-supply', 'vendor.saved', expect.objectContaining({ name: 'Told 1', preferred: false, version: 1 })],
    ['appliance-supply', 'vendor.saved', expect.objectContaining({ name: 'Told 2', preferred: true, version: 2 })],
  ]);

  const before = (await graph.events()).map(({ event }) => event.id);
  await transactFor(graph.running.database, systemViewer(CLINIC), [CLINIC], (tx) => spaInventory.resync(tx, CLINIC));
  const after = (await graph.events()).map(({ event }) => event.id);
  // What waits still under the same key is replaced; only the newest state of each vendor is told again.
  expect(after.every((each) => before.includes(each))).toBe(true);
});

test('the same key twice makes one vendor', async () => {
  const input = { ...vendor({ name: 'Once' }), idempotencyKey: key() };
  const first = await send(graph, 'vendorSave', input, FIELDS);
  const second = await send(graph, 'vendorSave', input, FIELDS);
  expect(second.vendor.id).toBe(first.vendor.id);
  expect(await graph.sql(`SELECT count(*)::int AS n FROM vendor WHERE name = 'Once'`)).toEqual([{ n: 1 }]);
});
