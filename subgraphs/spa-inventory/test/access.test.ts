import type { TestSubgraph } from '@practice-graph/kit/testing';
import { aLot, aProduct, aSpa, aUse, CLINIC_ID, id, manager, NORTH, outsider, patient, send, SOUTH } from './story';

let graph: TestSubgraph;
const known: Record<string, string> = {};
beforeAll(async () => {
  graph = await aSpa();
  known['Product'] = await aProduct(graph);
  known['InventoryLot'] = await aLot(graph, known['Product'], { quantity: '10' });
  const used = await send(graph, 'treatmentUseRecord', aUse(known['Product']), 'usages { id } transactions { id }');
  known['LotUsage'] = used.usages[0].id;
  known['InventoryTransaction'] = used.transactions[0].id;
  known['WasteRecord'] = (
    await send(
      graph,
      'wasteRecord',
      { lotId: known['InventoryLot'], locationId: id(NORTH), quantity: '1', reason: 'TRAINING' },
      'waste { id }',
    )
  ).waste.id;
  known['Vendor'] = (await send(graph, 'vendorSave', { clinicId: CLINIC_ID, name: 'V' }, 'vendor { id }')).vendor.id;
  known['ReceivingRecord'] = (
    await send(
      graph,
      'stockReceive',
      {
        clinicId: CLINIC_ID,
        locationId: id(NORTH),
        reason: 'found',
        receivedAt: '2026-06-30T14:00:00Z',
        lines: [{ productId: known['Product'], quantity: '1', lotNumber: 'F', expirationDate: '2027-01-01' }],
      },
      'receiving { id }',
    )
  ).receiving.id;
  known['Recall'] = (
    await send(
      graph,
      'recallStart',
      {
        ...{ clinicId: CLINIC_ID, recallNumber: 'Z-1', recallClass: 'CLASS_II', lotNumber: 'F' },
        ...{ reason: 'may irritate', announcedOn: '2026-06-30' },
      },
      'recall { id }',
    )
  ).recall.id;
});
afterAll(() => graph.stop());

const PERIOD = 'period: { preset: CURRENT_YEAR }';
const roots = (): Record<string, string> => ({
  vendors: `vendors(clinicId: "${CLINIC_ID}") { totalCount nodes { id } }`,
  vendor: `vendor(id: "${known['Vendor'] ?? ''}") { id }`,
  products: `products(clinicId: "${CLINIC_ID}") { totalCount nodes { id } }`,
  product: `product(id: "${known['Product'] ?? ''}") { id }`,
  productStock: `productStock(clinicId: "${CLINIC_ID}") { totalCount nodes { onHand } }`,
  inventoryLots: `inventoryLots(clinicId: "${CLINIC_ID}") { totalCount nodes { id } }`,
  inventoryLot: `inventoryLot(id: "${known['InventoryLot'] ?? ''}") { id }`,
  inventoryTransactions: `inventoryTransactions(clinicId: "${CLINIC_ID}", ${PERIOD}) { totalCount nodes { id } }`,
  lotUsages: `lotUsages(clinicId: "${CLINIC_ID}", ${PERIOD}) { totalCount nodes { id } }`,
  wasteRecords: `wasteRecords(clinicId: "${CLINIC_ID}", ${PERIOD}) { totalCount nodes { id } }`,
  inventoryAuditEvents: `inventoryAuditEvents(clinicId: "${CLINIC_ID}", ${PERIOD}) { totalCount nodes { id } }`,
  productBarcode: `productBarcode(clinicId: "${CLINIC_ID}", scanned: "x") { barcode { standard } }`,
  recalls: `recalls(clinicId: "${CLINIC_ID}") { totalCount nodes { id } }`,
  recall: `recall(id: "${known['Recall'] ?? ''}") { id }`,
  fefoPick: `fefoPick(productId: "${known['Product'] ?? ''}", locationId: "${id(NORTH)}", quantity: "1") { available }`,
});

test('every root field is walked here', async () => {
  const schema = await graph.get(manager(), `{ __type(name: "Query") { fields { name } } }`);
  const names = (schema.__type.fields as { name: string }[])
    .map((field) => field.name)
    .filter((name) => !name.startsWith('_'));

  expect(Object.keys(roots()).sort()).toEqual(names.sort());
});

test('with the ids of another clinic an outsider gets nothing from any root field, and no hint', async () => {
  for (const [name, text] of Object.entries(roots())) {
    const seen = await graph.get(manager(), `{ answer: ${text} }`);
    expect([name, seen.answer]).not.toEqual([name, null]);

    const answer = await graph.ask(outsider(), `{ answer: ${text} }`);
    expect([name, answer.data, answer.errors]).toEqual([name, { answer: null }, undefined]);
  }
});

test('nor from any entity reference', async () => {
  const references = [
    ...Object.entries(known).map(([__typename, opaque]) => ({ __typename, id: opaque })),
    { __typename: 'Clinic', id: CLINIC_ID },
    { __typename: 'Location', id: id(NORTH) },
    { __typename: 'Provider', id: id(NORTH) },
    { __typename: 'Patient', id: id(patient(1)) },
  ];
  const ask = (as = manager()) =>
    graph.get(as, `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`, { r: references });

  expect((await ask())._entities).toEqual(references.map(({ __typename }) => ({ __typename })));
  expect((await ask(outsider()))._entities).toEqual(references.map(() => null));
});

test('every root field needs its permission', async () => {
  for (const [name, text] of Object.entries(roots())) {
    const answer = await graph.ask(manager({ scopes: [] }), `{ answer: ${text} }`);
    expect([name, answer.data, answer.errors?.map((error) => error.extensions['code'])]).toEqual([
      name,
      { answer: null },
      ['FORBIDDEN'],
    ]);
  }
});

test('a viewer narrowed to a location sees what is there and no more', async () => {
  const south = manager({ restrictions: { locations: [SOUTH] } });
  const read = await graph.get(
    south,
    `{ ${roots()['lotUsages'] ?? ''} ${roots()['wasteRecords'] ?? ''} ${roots()['inventoryTransactions'] ?? ''} ${roots()['productStock'] ?? ''} ${roots()['fefoPick'] ?? ''}
       inventoryLot(id: "${known['InventoryLot'] ?? ''}") { currentQuantity stock { onHand } usages { totalCount } transactions { totalCount } } }`,
  );

  expect(read).toEqual({
    lotUsages: { totalCount: 0, nodes: [] },
    wasteRecords: { totalCount: 0, nodes: [] },
    inventoryTransactions: { totalCount: 0, nodes: [] },
    productStock: { totalCount: 0, nodes: [] },
    fefoPick: null,
    inventoryLot: { currentQuantity: '0', stock: [], usages: { totalCount: 0 }, transactions: { totalCount: 0 } },
  });
  const references = ['LotUsage', 'WasteRecord', 'InventoryTransaction', 'ReceivingRecord'].map((__typename) => ({
    __typename,
    id: known[__typename],
  }));
  const entities = await graph.get(south, `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`, {
    r: references,
  });
  expect(entities._entities).toEqual([null, null, null, null]);
});

test('readers of aggregates are refused lists of patients, and see the ledger without them', async () => {
  const analyst = manager({ aggregateOnly: true });
  const answer = await graph.ask(analyst, `{ answer: ${roots()['lotUsages'] ?? ''} }`);
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

  const ledger = await graph.get(
    analyst,
    `{ inventoryTransactions(clinicId: "${CLINIC_ID}", ${PERIOD}) { nodes { type } } }`,
  );
  expect(ledger.inventoryTransactions.nodes.map((row: { type: string }) => row.type)).toEqual([
    'RECEIVE',
    'WASTE',
    'RECEIVE',
  ]);
});

test('a filter by patient needs the permission to see patients', async () => {
  const as = manager({ scopes: ['inventory:read'] });
  const answer = await graph.ask(
    as,
    `{ inventoryTransactions(clinicId: "${CLINIC_ID}", ${PERIOD}, filter: { patientId: "${id(patient(1))}" }) { nodes { id } } }`,
  );
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

  const rows = await graph.get(
    as,
    `{ inventoryTransactions(clinicId: "${CLINIC_ID}", ${PERIOD}, filter: { types: [TREATMENT_USE] }) { nodes { patient { id } } } }`,
  );
  expect(rows.inventoryTransactions.nodes).toEqual([{ patient: null }]);
});

test('writes and reads about patients are audited with the people concerned, by keyed hash only', async () => {
  const trail = async () =>
    graph.sql<{ action: string; entity_type: string; n: number }>(
      `SELECT action, entity_type, count(*)::int AS n FROM audit_event GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  const before = await trail();
  expect(before.map((row) => row.action)).toEqual(
    expect.arrayContaining([
      'product.create',
      'product.status',
      'stock.receive',
      'usage.record',
      'vendor.create',
      'waste.record',
    ]),
  );

  await graph.get(manager(), `{ ${roots()['lotUsages'] ?? ''} }`);

  const read = await graph.sql<{ subject_hash: string }>(
    `SELECT s.subject_hash FROM audit_event e JOIN audit_subject s ON s.clinic_id = e.clinic_id AND s.event_id = e.id
     WHERE e.action = 'patient.read' AND e.entity_type = 'LotUsage' ORDER BY e.id DESC LIMIT 1`,
  );
  expect(read).toHaveLength(1);
  expect(read[0]?.subject_hash).not.toContain(patient(1));
});

test('a use or movement that is read by its reference is audited as well', async () => {
  const count = async () =>
    (
      await graph.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM audit_event WHERE action = 'patient.read' AND entity_id IS NOT NULL`,
      )
    )[0]?.n ?? 0;
  const before = await count();

  await graph.get(manager(), `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`, {
    r: ['LotUsage', 'InventoryTransaction', 'Product'].map((__typename) => ({ __typename, id: known[__typename] })),
  });

  expect((await count()) - before).toBe(2);
});
