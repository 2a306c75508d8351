import { newId, recordIdOf } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
const vendor = newId();
const other = newId();
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  const [bracket, wire] = [await p.anItem(), await p.anItem()];
  const clerk = { ...p.me, scopes: [...SCOPES, 'records:backdate'] };
  const from = (id: string, of: object) => ({ vendorId: p.id(id), ...of });
  // May: 10 brackets at 2.50 and 10 wires at 1.00. June: 20 brackets at 3.00, 5 wires at 1.00, and a gift without a price.
  await p.receive(bracket, from(vendor, { packPrice: '2.50', receivedOn: '2026-05-12', lotNumber: 'B-1' }), clerk);
  await p.receive(wire, from(vendor, { packPrice: '1.00', receivedOn: '2026-05-20' }), clerk);
  const order = await p.order({
    itemId: bracket,
    vendorId: p.id(vendor),
    quantity: '20',
    orderedOn: '2026-06-01',
    expectedOn: '2026-06-08',
  });
  const late = await p.order({
    itemId: wire,
    vendorId: p.id(vendor),
    quantity: '5',
    orderedOn: '2026-06-01',
    expectedOn: '2026-06-05',
  });
  await p.receive(
    bracket,
    from(vendor, {
      packs: '20',
      packPrice: '3.00',
      receivedOn: '2026-06-08',
      orderId: order.supplyOrder.id,
      lotNumber: 'B-2',
    }),
  );
  await p.receive(
    wire,
    from(vendor, {
      packs: '5',
      packPrice: '1.00',
      receivedOn: '2026-06-09',
      orderId: late.supplyOrder.id,
      locationId: p.northId,
    }),
  );
  await p.receive(await p.anItem(), from(vendor, { packPrice: null, receivedOn: '2026-06-10' }));
  await p.receive(bracket, from(other, { packPrice: '9.99', receivedOn: '2026-06-11' }));
  await graph.get(
    p.me,
    `mutation ($input: RecallInput!) { supplyRecallApply(input: $input) { userErrors { code } } }`,
    {
      input: {
        ...{
          idempotencyKey: newId(),
          clinicId: p.clinic,
          recallNumber: 'Z-1',
          recallClass: 'CLASS_III',
          lotNumber: 'b-2',
        },
        ...{ reason: 'label', announcedOn: '2026-06-29' },
      },
    },
  );
});
afterAll(() => graph.stop());

const QUERY = `query ($r: [_Any!]!, $c: ID!, $p: PeriodInput!) { _entities(representations: $r) { ... on Vendor { supplyPurchases(clinicId: $c, period: $p) {
  currency spend receiptCount onTime { numerator denominator value } leadTime { numerator denominator value } priceChangeRate recalledLotCount } } } }`;
const purchases = async (ids: string[], month = '2026-06', as = p.me) =>
  (
    await graph.get(as, QUERY, {
      r: ids.map((id) => ({ __typename: 'Vendor', id: p.id(id) })),
      ...{ c: p.clinic, p: { month } },
    })
  )._entities.map((of: { supplyPurchases: unknown }) => of.supplyPurchases);

test('spend, deliveries, punctuality, lead time, prices and recalls of a vendor are those of its receipts (SUP-53)', async () => {
  const [june] = await purchases([vendor]);

  expect(june).toEqual({
    ...{ currency: 'USD', spend: '65.00', receiptCount: 3, recalledLotCount: 1 },
    onTime: { numerator: '1', denominator: '2', value: '0.5' },
    leadTime: { numerator: '15', denominator: '2', value: '7.5' },
    // 20 × 3.00 + 5 × 1.00 over 20 × 2.50 + 5 × 1.00; the period before is as long: 2 to 31 May.
    priceChangeRate: '0.181818',
  });
});

test('without a period before there is no change of price, and without orders nothing to be on time', async () => {
  const [may] = await purchases([vendor], '2026-05');

  expect(may).toMatchObject({
    ...{ spend: '35.00', receiptCount: 2, priceChangeRate: null, recalledLotCount: 0 },
    ...{ onTime: { numerator: '0', denominator: '0', value: null }, leadTime: { denominator: '0', value: null } },
  });
});

test('several vendors take as many statements as one, and an unknown one bought nothing', async () => {
  const count = async (ids: string[]) => (await graph.statements(() => purchases(ids))).length;

  expect(await count([vendor, other, newId()])).toBe(await count([vendor]));
  const [, theirs, nobody] = await purchases([vendor, other, newId()]);
  expect([theirs, nobody]).toMatchObject([
    { spend: '99.90', receiptCount: 1 },
    { spend: '0.00', receiptCount: 0, priceChangeRate: null },
  ]);
});

test('a viewer of one place sees what came there; another clinic and an outsider see nothing', async () => {
  const south = recordIdOf(p.southId)?.id ?? '';
  const [narrowed] = await purchases([vendor], '2026-06', { ...p.me, restrictions: { locations: [south] } });
  expect(narrowed).toMatchObject({ spend: '0.00', receiptCount: 0 });

  const outsider = viewer({ clinicIds: [newId()], scopes: SCOPES });
  const answer = await graph.get(outsider, QUERY, {
    r: [{ __typename: 'Vendor', id: p.id(vendor) }],
    c: p.clinic,
    p: { month: '2026-06' },
  });
  expect(answer._entities).toEqual([null]);
  const foreign = await aPractice(graph);
  expect(
    (
      await graph.get(p.me, QUERY, {
        r: [{ __typename: 'Vendor', id: p.id(vendor) }],
        c: foreign.clinic,
        p: { month: '2026-06' },
      })
    )._entities,
  ).toEqual([{ supplyPurchases: null }]);
});
