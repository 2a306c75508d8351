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
afterAll(async () => {
  const { differences } = await p.verify();
  await graph.stop();
  expect(differences).toEqual([]);
});

const ORDERS = `query ($c: ID!, $s: [SupplyOrderStatus!]) { supplyOrders(clinicId: $c, statuses: $s) { totalCount nodes { number ordered received pending status } } }`;
const ordersIn = async (statuses?: string[], as = p.me) =>
  (await graph.get(as, ORDERS, { c: p.clinic, s: statuses })).supplyOrders;
const STOCK = `query ($c: ID!, $i: [ID!]) { supplyStock(clinicId: $c, filter: { itemIds: $i }) { nodes {
  location { id } onHand available onOrder severity suggestedOrderQuantity suggestedOffer { vendorSku } value daysOfCover { value status } } } }`;
const stockOf = async (item: string, as = p.me) =>
  (await graph.get(as, STOCK, { c: p.clinic, i: [item] })).supplyStock.nodes;

describe('orders to vendors', () => {
  test('are received in part and in full; the receipt names its order, takes its vendor and needs no reason', async () => {
    const item = await p.anItem();
    const order = (await p.order({ itemId: item, quantity: '30' })).supplyOrder;
    expect(order).toMatchObject({ number: 'SO-000001', ordered: '30', received: '0', pending: '30', status: 'OPEN' });

    const first = await p.receive(item, { orderId: order.id, reason: null, packs: '1', packSize: '10' });

    expect(first).toMatchObject({ userErrors: [], transactions: [{ quantity: '10' }] });
    expect((await ordersIn(['PARTIAL_RECEIVED'])).nodes).toEqual([
      { number: 'SO-000001', ordered: '30', received: '10', pending: '20', status: 'PARTIAL_RECEIVED' },
    ]);
    await expectRefused(p, () => p.receive(item, { orderId: order.id, packs: '21' }), ['OVER_RECEIPT input.packs']);
    await p.receive(item, { orderId: order.id, packs: '20' });
    expect((await ordersIn(['RECEIVED'])).nodes).toMatchObject([{ received: '30', pending: '0', status: 'RECEIVED' }]);
    await expectRefused(p, () => p.receive(item, { orderId: order.id, packs: '1' }), [
      'ILLEGAL_STATE_CHANGE input.orderId',
    ]);
    const { supplyTransactions } = await graph.get(
      p.me,
      'query ($c: ID!, $i: [ID!]) { supplyTransactions(clinicId: $c, period: { month: "2026-06" }, filter: { itemIds: $i }) { nodes { order { number } } } }',
      { c: p.clinic, i: [item] },
    );
    expect(supplyTransactions.nodes).toEqual([{ order: { number: 'SO-000001' } }, { order: { number: 'SO-000001' } }]);
    const lots = await graph.sql('SELECT DISTINCT vendor_id FROM supply_lot WHERE clinic_id = $1', [p.clinicId]);
    expect(lots).toHaveLength(1);
  });

  test('the rest of a closed order will not come', async () => {
    const item = await p.anItem();
    const { id } = (await p.order({ itemId: item, quantity: '30', number: 'PO 7' })).supplyOrder;

    await expectRefused(p, () => p.closeShort(id, { reason: ' ' }), ['REASON_REQUIRED input.reason']);
    const closed = await p.closeShort(id, { reason: 'discontinued', expectedVersion: 1 });

    expect(closed.supplyOrder).toMatchObject({
      status: 'CLOSED_SHORT',
      pending: '0',
      closeReason: 'discontinued',
      version: 2,
    });
    await expectRefused(p, () => p.closeShort(id, { reason: 'again' }), ['ILLEGAL_STATE_CHANGE id']);
    await expectRefused(p, () => p.receive(item, { orderId: id }), ['ILLEGAL_STATE_CHANGE input.orderId']);
    expect((await stockOf(item))[0]).toMatchObject({ onOrder: '0' });
  });

  test('what does not fit is refused and writes nothing', async () => {
    const item = await p.anItem();
    const other = await p.anItem();
    const { id } = (await p.order({ itemId: item, quantity: '5', number: 'TAKEN' })).supplyOrder;
    const no = (input: object, codes: string[]) =>
      expectRefused(p, () => p.order({ itemId: item, quantity: '5', ...input }), codes);
    const noReceipt = (input: object, codes: string[], of = item) =>
      expectRefused(p, () => p.receive(of, { orderId: id, packs: '1', receivedOn: TODAY, ...input }), codes);

    await no({ number: 'TAKEN' }, ['DUPLICATE input.number']);
    await no({ number: ' ' }, ['INVALID input.number']);
    await no({ quantity: '0' }, ['BAD_QUANTITY input.quantity']);
    await no({ quantity: '1.5' }, ['WHOLE_UNITS_ONLY input.quantity']);
    await no({ orderedOn: '2026-07-01' }, ['FUTURE_DATE input.orderedOn']);
    await no({ expectedOn: '2026-05-01' }, ['INVALID input.expectedOn']);
    await no({ vendorId: 'nonsense' }, ['NOT_FOUND input.vendorId']);
    await no({ itemId: p.id(newId()) }, ['NOT_FOUND input.itemId']);
    await noReceipt({}, ['INVALID input.orderId'], other);
    await noReceipt({ locationId: p.southId }, ['INVALID input.orderId']);
    await noReceipt({ vendorId: p.id(newId()) }, ['INVALID input.vendorId']);
    await noReceipt({ receivedOn: '2026-05-31' }, ['INVALID input.receivedOn']);
    await noReceipt({ orderId: p.id(newId()) }, ['NOT_FOUND input.orderId']);
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    await expectRefused(p, () => p.closeShort(id, { reason: 'x' }, south), ['NOT_FOUND id']);
    expect((await ordersIn(undefined, south)).nodes).toEqual([]);
  });

  test('numbers given at once differ and pass over those given by hand', async () => {
    const item = await p.anItem();
    await p.order({ itemId: item, quantity: '1', number: 'SO-000004' });

    const orders = await Promise.all(Array.from({ length: 6 }, () => p.order({ itemId: item, quantity: '1' })));

    const numbers = orders.map((each) => each.supplyOrder.number as string);
    expect(new Set(numbers).size).toBe(6);
    expect(numbers).not.toContain('SO-000004');
  });
});

describe('stock levels (SUP-41)', () => {
  test('an item never received is seen to be out, and what to order of whom', async () => {
    const item = await p.anItem({ reorderPoint: '20', maxLevel: '100' });
    const vendorId = p.id(newId());
    await p.saveOffer({
      itemId: item,
      vendorId,
      packPrice: '9.00',
      packSize: '30',
      validFrom: '2026-01-01',
      vendorSku: 'X30',
    });

    expect(await stockOf(item)).toEqual([
      {
        ...{ location: null, onHand: '0', available: '0', onOrder: '0', severity: 'OUT', value: '0.00' },
        ...{ suggestedOrderQuantity: '120', suggestedOffer: { vendorSku: 'X30' } },
        daysOfCover: { value: null, status: 'ZERO_DENOMINATOR' },
      },
    ]);
    await p.order({ itemId: item, quantity: '60', vendorId });
    expect(await stockOf(item)).toMatchObject([
      { location: { id: p.northId }, onHand: '0', onOrder: '60', severity: 'OUT', suggestedOrderQuantity: '60' },
    ]);
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    expect(await stockOf(item, south)).toEqual([]);
  });

  test('LOW at the point, CRITICAL at a tenth of it; above it nothing is suggested', async () => {
    const item = await p.anItem({ reorderPoint: '20', maxLevel: '50' });
    const lotId = (await p.receive(item, { packs: '21' })).supplyLot.id;
    const after = async (delta: string) => {
      await p.adjust({ lotId, delta, reason: 'LOSS' });
      const [level] = await stockOf(item);
      return [level.available, level.severity, level.suggestedOrderQuantity];
    };

    expect(await stockOf(item)).toMatchObject([{ severity: 'OK', suggestedOrderQuantity: '0', suggestedOffer: null }]);
    expect(await after('-1')).toEqual(['20', 'LOW', '30']);
    expect(await after('-17')).toEqual(['3', 'LOW', '47']);
    expect(await after('-1')).toEqual(['2', 'CRITICAL', '48']);
    expect(await after('-2')).toEqual(['0', 'OUT', '50']);
  });

  test('goods that come back from a use of long ago are no negative use of late', async () => {
    const chief = viewer({ clinicIds: [p.clinicId], scopes: [...SCOPES, 'records:backdate'] });
    const item = await p.anItem();
    await p.receive(item, { receivedOn: '2026-02-01' }, chief);
    const { usages } = await p.deduct(await p.aPlaced(), [{ itemId: item }], { usedOn: '2026-03-01' }, chief);
    await p.reverse(usages[0].id);

    const { supplyItem } = await graph.get(
      p.me,
      'query ($id: ID!) { supplyItem(id: $id) { stock { onHand averageDailyUse daysOfCover { value status } } } }',
      { id: item },
    );
    expect(supplyItem.stock).toEqual([
      { onHand: '10', averageDailyUse: '0', daysOfCover: { value: null, status: 'ZERO_DENOMINATOR' } },
    ]);
  });

  test('what is no longer bought is not ordered, and nothing of it is suggested; what is on its way comes in', async () => {
    const item = await p.anItem({ sku: 'GONE', reorderPoint: '20', maxLevel: '50' });
    const { supplyOrder } = await p.order({ itemId: item, quantity: '10' });
    await p.saveItem({ id: item, sku: 'GONE', active: false, expectedVersion: 1 });
    const suggested = async () =>
      (
        await graph.get(p.me, 'query ($id: ID!) { supplyItem(id: $id) { stock { suggestedOrderQuantity } } }', {
          id: item,
        })
      ).supplyItem.stock;

    await expectRefused(p, () => p.order({ itemId: item, quantity: '10' }), ['ILLEGAL_STATE_CHANGE input.itemId']);
    expect(await suggested()).toEqual([{ suggestedOrderQuantity: '0' }]);
    expect((await p.receive(item, { orderId: supplyOrder.id, receivedOn: TODAY })).userErrors).toEqual([]);
    expect(await suggested()).toEqual([{ suggestedOrderQuantity: '0' }]);
  });

  test('a location lists what is low there, scarcest first, and what its stock is worth', async () => {
    const q = await aPractice(graph);
    const names = ['plenty', 'low', 'out'];
    const [plenty, low, out] = await Promise.all(
      names.map((name) => q.anItem({ name, reorderPoint: '5', maxLevel: '9' })),
    );
    await q.receive(plenty as string, { packs: '9' });
    await q.receive(low as string, { packs: '5', expirationDate: '2026-07-15' });
    const lotId = (await q.receive(out as string, { packs: '1' })).supplyLot.id;
    await q.adjust({ lotId, delta: '-1', reason: 'LOSS' });

    const ask = (as = q.me) =>
      graph.get(
        as,
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Location { lowSupplies { item { name } severity } supplyPosition { value expiringValue } }
           ... on Clinic { supplyPosition { currency value expiredValue blockedValue } } } }`,
        {
          r: [
            { __typename: 'Location', id: q.northId },
            { __typename: 'Location', id: q.southId },
            { __typename: 'Clinic', id: q.clinic },
          ],
        },
      );

    expect((await ask())._entities).toEqual([
      {
        lowSupplies: [
          { item: { name: 'out' }, severity: 'OUT' },
          { item: { name: 'low' }, severity: 'LOW' },
        ],
        supplyPosition: { value: '35.00', expiringValue: '12.50' },
      },
      { lowSupplies: [], supplyPosition: { value: '0.00', expiringValue: '0.00' } },
      { supplyPosition: { currency: 'USD', value: '35.00', expiredValue: '0.00', blockedValue: '0.00' } },
    ]);
    const south = viewer({ clinicIds: [q.clinicId], scopes: SCOPES, restrictions: { locations: [q.south] } });
    expect((await ask(south))._entities[0]).toEqual({ lowSupplies: null, supplyPosition: null });
  });
});
