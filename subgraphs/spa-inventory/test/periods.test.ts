import type { TestSubgraph } from '@practice-graph/kit/testing';
import { tellPeriod } from '@practice-graph/practice/testing';
import { aLot, aProduct, aSpa, aUse, CLINIC, CLINIC_ID, id, key, NORTH, send, snapshot } from './story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

test('stock moves in open months only: receiving, using and wasting in a closed one are refused', async () => {
  const productId = await aProduct(graph);
  const lotId = await aLot(graph, productId);
  await tellPeriod(graph, CLINIC, '2026-06', 'CLOSING');
  const before = await snapshot(graph);
  const codes = async (mutation: string, input: Record<string, unknown>) =>
    (await send(graph, mutation, input, '__typename')).userErrors.map((e: { code: string }) => e.code);

  expect(
    await codes('stockReceive', {
      ...{ clinicId: CLINIC_ID, locationId: id(NORTH), reason: 'more', receivedAt: '2026-06-30T14:00:00Z' },
      lines: [{ productId, quantity: '1', lotNumber: key(), expirationDate: '2026-12-31' }],
    }),
  ).toEqual(['PERIOD_CLOSED']);
  expect(await codes('treatmentUseRecord', aUse(productId))).toEqual(['PERIOD_CLOSED']);
  expect(await codes('wasteRecord', { lotId, locationId: id(NORTH), quantity: '1', reason: 'DAMAGED' })).toEqual([
    'PERIOD_CLOSED',
  ]);
  expect(await snapshot(graph)).toEqual(before);
  expect((await graph.events()).map(({ subscriber, event }) => [subscriber, event.type, event.data])).toEqual([
    ['revenue', 'period.confirmed', { month: '2026-06-01', domain: 'spa-inventory', version: 2 }],
  ]);

  await tellPeriod(graph, CLINIC, '2026-06', 'OPEN', 3);
  expect(await codes('treatmentUseRecord', aUse(productId))).toEqual([]);
});
