import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, SCOPES, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

const ITEM = `query ($id: ID!) { supplyItem(id: $id) { offers { vendorSku packPrice unitCost rank } } }`;
const offersOf = async (id: string) => (await graph.get(p.me, ITEM, { id })).supplyItem.offers;

test('offers in force come preferred first, then cheapest per unit; the latest price of a pack counts (SUP-08)', async () => {
  const item = await p.anItem();
  const [north, south] = [p.id(newId()), p.id(newId())];
  const offer = (vendorSku: string, packPrice: string, more: object) =>
    p.saveOffer({ itemId: item, vendorId: north, vendorSku, packPrice, validFrom: '2026-01-01', ...more });
  await offer('box', '30.00', { packSize: '100' });
  await offer('box, new price', '33.33', { packSize: '100', validFrom: '2026-06-01' });
  await offer('box, next year', '99.00', { packSize: '100', validFrom: '2027-01-01' });
  await offer('box, only in May', '1.00', { packSize: '100', validFrom: '2026-05-01', validTo: '2026-05-31' });
  await offer('single', '0.50', {});
  await offer('preferred', '2.00', { vendorId: south, rank: 1, leadTimeDays: 3, minimumPacks: 2 });

  expect(await offersOf(item)).toEqual([
    { vendorSku: 'preferred', packPrice: '2.00', unitCost: '2', rank: 1 },
    { vendorSku: 'box, new price', packPrice: '33.33', unitCost: '0.3333', rank: null },
    { vendorSku: 'single', packPrice: '0.50', unitCost: '0.5', rank: null },
  ]);
  const { _entities } = await graph.get(
    p.me,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Vendor { supplyOffers { vendorSku validFrom } } } }`,
    { r: [{ __typename: 'Vendor', id: north }] },
  );
  expect(_entities[0].supplyOffers.map((o: { vendorSku: string }) => o.vendorSku)).toEqual([
    ...['box', 'single', 'box, new price', 'box, next year'],
  ]);
  const { supplyItems } = await graph.get(
    p.me,
    'query ($c: ID!, $v: [ID!]) { a: supplyItems(clinicId: $c, filter: { vendorIds: $v }) { totalCount } supplyItems(clinicId: $c, filter: { search: "preferred" }) { nodes { id } } }',
    { c: p.clinic, v: [south] },
  );
  expect(supplyItems.nodes).toEqual([{ id: item }]);
});

test('a change keeps what is left out; an explicit null empties; the version is checked', async () => {
  const item = await p.anItem();
  const vendorId = p.id(newId());
  const saved = await p.saveOffer({
    itemId: item,
    vendorId,
    packPrice: '10.00',
    packSize: '5',
    rank: 2,
    vendorSku: 'A1',
    validFrom: TODAY,
  });
  const { id } = saved.supplyOffer;

  const changed = await p.saveOffer({
    id,
    itemId: item,
    vendorId,
    packPrice: '12.00',
    rank: null,
    validFrom: TODAY,
    expectedVersion: 1,
  });

  expect(changed).toMatchObject({
    userErrors: [],
    supplyOffer: { packPrice: '12.00', packSize: '5', unitCost: '2.4', rank: null, vendorSku: 'A1', version: 2 },
  });
  await expectRefused(
    p,
    () => p.saveOffer({ id, itemId: item, vendorId, packPrice: '1.00', validFrom: TODAY, expectedVersion: 1 }),
    ['STALE_VERSION input.expectedVersion'],
  );
});

test('what cannot be an offer is refused and writes nothing', async () => {
  const item = await p.anItem();
  const vendorId = p.id(newId());
  const first = await p.saveOffer({ itemId: item, vendorId, packPrice: '1.00', validFrom: TODAY });
  const no = (input: object, codes: string[], as = p.me) =>
    expectRefused(
      p,
      () => p.saveOffer({ itemId: item, vendorId, packPrice: '1.00', validFrom: '2026-01-01', ...input }, as),
      codes,
    );

  await no({ validFrom: TODAY }, ['DUPLICATE input.validFrom']);
  await no({ validTo: '2025-12-31' }, ['INVALID input.validTo']);
  await no({ packPrice: '-1.00' }, ['INVALID input.packPrice']);
  await no({ packSize: '0' }, ['BAD_QUANTITY input.packSize']);
  await no({ packSize: '1.5' }, ['WHOLE_UNITS_ONLY input.packSize']);
  await no({ minimumPacks: 0 }, ['INVALID input.minimumPacks']);
  await no({ leadTimeDays: -1 }, ['INVALID input.leadTimeDays']);
  await no({ rank: 0 }, ['INVALID input.rank']);
  await no({ itemId: p.id(newId()) }, ['NOT_FOUND input.itemId']);
  await no({ vendorId: 'nonsense' }, ['NOT_FOUND input.vendorId']);
  await no({ id: p.id(newId()) }, ['NOT_FOUND input.id']);
  await no({ id: first.supplyOffer.id, vendorId: p.id(newId()) }, ['INVALID input.vendorId']);
  await no({ id: first.supplyOffer.id, itemId: await p.anItem() }, ['INVALID input.itemId']);
  const stranger = viewer({ clinicIds: [newId()], scopes: SCOPES });
  await no({}, ['NOT_FOUND input.itemId'], stranger);
});
