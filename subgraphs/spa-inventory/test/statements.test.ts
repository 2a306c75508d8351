import type { TestSubgraph } from '@practice-graph/kit/testing';
import { aLot, aProduct, aSpa, aUse, CLINIC_ID, id, manager, NORTH, patient, send } from './story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
  for (let n = 0; n < 4; n++) {
    const product = await aProduct(graph);
    const lot = await aLot(graph, product, { quantity: '10' });
    await aLot(graph, product, { quantity: '10' });
    await send(
      graph,
      'treatmentUseRecord',
      aUse(product, { patientId: id(patient(n)), quantity: '12' }),
      'usages { id }',
    );
    await send(
      graph,
      'wasteRecord',
      { lotId: lot, locationId: id(NORTH), quantity: '0.5', reason: 'TRAINING' },
      'waste { id }',
    );
  }
});
afterAll(() => graph.stop());

const PERIOD = 'period: { preset: CURRENT_MONTH }';
const LISTS: [string, string][] = [
  [
    'products',
    `products(clinicId: "${CLINIC_ID}", first: N) { nodes { sku status currency markup { value } barcodes { gtin } stock { onHand severity } lots { lotNumber status currentQuantity } preferredVendor { name } } }`,
  ],
  [
    'inventoryLots',
    `inventoryLots(clinicId: "${CLINIC_ID}", first: N) { nodes { lotNumber status currentQuantity availableQuantity daysToExpiry product { name } vendor { name } stock { onHand location { id } } balance { received used } usages(first: 3) { totalCount nodes { quantity patient { id } } } transactions(first: 3) { totalCount nodes { type quantity } } } }`,
  ],
  [
    'inventoryTransactions',
    `inventoryTransactions(clinicId: "${CLINIC_ID}", ${PERIOD}, first: N) { nodes { type product { name } lot { lotNumber } location { id } patient { id } provider { id } treatment { areas { name } } usage { quantity } receiving { notes items { quantity lot { lotNumber } } } } }`,
  ],
  [
    'lotUsages',
    `lotUsages(clinicId: "${CLINIC_ID}", ${PERIOD}, first: N) { nodes { quantity lot { lotNumber product { name } } patient { id lotUsages(first: 2) { totalCount nodes { quantity } } } provider { id } } }`,
  ],
  [
    'wasteRecords',
    `wasteRecords(clinicId: "${CLINIC_ID}", ${PERIOD}, first: N) { nodes { quantity product { name } lot { lotNumber } } }`,
  ],
  [
    'productStock',
    `productStock(clinicId: "${CLINIC_ID}", first: N) { nodes { onHand product { name lots { lotNumber } } } }`,
  ],
];

/** The newest movements of each kind, so that every reference is followed once. */
const FEW: Record<string, number> = { inventoryTransactions: 6 };

test.each(LISTS)('%s takes the same number of statements for few rows as for all', async (name, text) => {
  const count = async (n: number) =>
    (
      await graph.statements(() => graph.get(manager(), `{ ${text.replace('first: N', `first: ${String(n)}`)} }`))
    ).filter((sql) => !/INSERT INTO audit_event/.test(sql)).length;

  const few = await count(FEW[name] ?? 1);
  const all = await count(50);

  expect(all).toBe(few);
});
