import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  aLot,
  aProduct,
  aSpa,
  CLINIC_ID,
  id,
  INJECTOR,
  manager,
  NORTH,
  NURSE,
  outsider,
  send,
  snapshot,
  SOUTH,
} from '../../test/story';

let graph: TestSubgraph;
let product: string;
let lot: string;
beforeAll(async () => {
  graph = await aSpa();
  product = await aProduct(graph);
  lot = await aLot(graph, product, { quantity: '100', unitCost: '6.333333' });
});
afterAll(() => graph.stop());

const FIELDS =
  'waste { id quantity reason cost currency note product { id } lot { id } location { id } provider { id } appointmentId createdBy }';

test('waste costs its quantity at the cost of the lot (SPA-53)', async () => {
  const wasted = await send(
    graph,
    'wasteRecord',
    {
      lotId: lot,
      locationId: id(NORTH),
      quantity: '2.5',
      reason: 'DRAW_UP_LOSS',
      providerId: id(INJECTOR),
      appointmentId: 'A-17',
    },
    FIELDS,
  );

  expect(wasted.userErrors).toEqual([]);
  expect(wasted.waste).toMatchObject({
    quantity: '2.5',
    reason: 'DRAW_UP_LOSS',
    cost: '15.83',
    currency: 'USD',
    product: { id: product },
    lot: { id: lot },
    location: { id: id(NORTH) },
    provider: { id: id(INJECTOR) },
    appointmentId: 'A-17',
    createdBy: 'test-user',
  });
  const read = await graph.get(
    manager(),
    `query ($c: ID!, $lot: ID!) { inventoryTransactions(clinicId: $c, period: { preset: TODAY }, filter: { types: [WASTE], lotIds: [$lot] }) { nodes { type quantity totalCost quantityBefore quantityAfter patient { id } usage { id } } } }`,
    { c: CLINIC_ID, lot },
  );
  expect(read.inventoryTransactions.nodes).toEqual([
    {
      type: 'WASTE',
      quantity: '-2.5',
      totalCost: '-15.83',
      quantityBefore: '100',
      quantityAfter: '97.5',
      patient: null,
      usage: null,
    },
  ]);
});

test('expired and quarantined stock leaves as waste, never by use (SPA-25)', async () => {
  const expired = await aLot(graph, product, { lotNumber: 'GONE', quantity: '3', expirationDate: '2026-06-29' });

  const wasted = await send(
    graph,
    'wasteRecord',
    { lotId: expired, locationId: id(NORTH), quantity: '3', reason: 'EXPIRED_UNUSED' },
    FIELDS,
  );

  expect(wasted.waste).toMatchObject({ quantity: '3', provider: null });
});

describe('refuses and writes nothing', () => {
  const cases: [string, string, () => Record<string, unknown>][] = [
    ['more than is there', 'INSUFFICIENT_STOCK', () => ({ quantity: '1000' })],
    ['at a place where none of it is', 'INSUFFICIENT_STOCK', () => ({ locationId: id(SOUTH) })],
    ['nothing', 'BAD_QUANTITY', () => ({ quantity: '0' })],
    ['another reason without a note', 'REASON_REQUIRED', () => ({ reason: 'OTHER' })],
    ['no lot', 'INVALID', () => ({ lotId: null })],
    ['no place', 'INVALID', () => ({ locationId: null })],
    ['a lot of another clinic', 'NOT_FOUND', () => ({ lotId: id(NORTH, '01890000-0000-7000-8000-000000000001') })],
  ];
  test.each(cases)('%s: %s', async (_, code, of) => {
    const before = await snapshot(graph);

    const refused = await send(
      graph,
      'wasteRecord',
      { lotId: lot, locationId: id(NORTH), quantity: '1', reason: 'TRAINING', ...of() },
      FIELDS,
    );

    expect(refused.userErrors).toMatchObject([{ code }]);
    expect(refused.waste).toBeNull();
    expect(await snapshot(graph)).toEqual(before);
  });

  test('an outsider: NOT_FOUND', async () => {
    const refused = await send(
      graph,
      'wasteRecord',
      { lotId: lot, locationId: id(NORTH), quantity: '1', reason: 'TRAINING' },
      FIELDS,
      outsider(),
    );
    expect(refused.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

test('waste is listed by reason, provider and product, newest first', async () => {
  await send(
    graph,
    'wasteRecord',
    { lotId: lot, locationId: id(NORTH), quantity: '1', reason: 'TRAINING', providerId: id(NURSE) },
    FIELDS,
  );
  const list = async (filter: Record<string, unknown>) =>
    (
      await graph.get(
        manager(),
        `query ($c: ID!, $f: SpaFilter) { wasteRecords(clinicId: $c, period: { preset: CURRENT_MONTH }, filter: $f) { totalCount nodes { reason } } }`,
        { c: CLINIC_ID, f: filter },
      )
    ).wasteRecords;

  expect(await list({})).toEqual({
    totalCount: 3,
    nodes: [{ reason: 'TRAINING' }, { reason: 'EXPIRED_UNUSED' }, { reason: 'DRAW_UP_LOSS' }],
  });
  expect(await list({ wasteReasons: ['EXPIRED_UNUSED'] })).toEqual({
    totalCount: 1,
    nodes: [{ reason: 'EXPIRED_UNUSED' }],
  });
  expect(await list({ providerIds: [id(NURSE)] })).toEqual({ totalCount: 1, nodes: [{ reason: 'TRAINING' }] });
  expect(await list({ providerIds: ['unassigned'] })).toEqual({ totalCount: 1, nodes: [{ reason: 'EXPIRED_UNUSED' }] });
  expect(await list({ productIds: [] })).toEqual({ totalCount: 0, nodes: [] });
  expect((await list({ patientId: id(NURSE) })).totalCount).toBe(0);
});
