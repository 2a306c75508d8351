import { recordIdText, clinicIdText, stableId, type Viewer } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aClinic, aLocation, aProvider, tellDirectory } from '@practice-graph/practice/testing';
import { spaInventory } from '../src';

export const CLINIC = stableId('spa: the clinic');
export const OTHER_CLINIC = stableId('spa: another clinic');
export const CLINIC_ID = clinicIdText(CLINIC);
export const NORTH = stableId('spa: north');
export const SOUTH = stableId('spa: south');
export const INJECTOR = stableId('spa: injector');
export const NURSE = stableId('spa: nurse');
export const id = (row: string, clinic = CLINIC): string => recordIdText(clinic, row);
export const patient = (n: number): string => stableId(`spa: patient ${String(n)}`);

export const SCOPES = [
  'inventory:read',
  'inventory:use',
  'inventory:write',
  'inventory:order',
  'inventory:approve',
  'inventory:recall',
  'patient:read',
  'audit:read',
];
export const manager = (of: Partial<Viewer> = {}): Viewer => viewer({ clinicIds: [CLINIC], scopes: SCOPES, ...of });
export const outsider = (): Viewer => manager({ subject: 'outsider', clinicIds: [OTHER_CLINIC] });

/** A clinic with two spas: one in New York, one in Los Angeles. The clock stands at noon of 30 June 2026 in New York. */
export async function aSpa(options: Parameters<typeof testSubgraph>[1] = {}): Promise<TestSubgraph> {
  const graph = await testSubgraph(spaInventory, options);
  await tellDirectory(graph, CLINIC, {
    clinic: aClinic(),
    locations: [
      aLocation({ id: NORTH, name: 'North', kind: 'MEDICAL_SPA' }),
      aLocation({ id: SOUTH, name: 'South', kind: 'MEDICAL_SPA', timeZone: 'America/Los_Angeles' }),
    ],
    providers: [aProvider({ id: INJECTOR, name: 'IN-01' }), aProvider({ id: NURSE, name: 'IN-02' })],
  });
  await tellDirectory(graph, OTHER_CLINIC, { clinic: aClinic({ name: 'Elsewhere' }) });
  return graph;
}

let keys = 0;
export const key = (): string => `key-${String(++keys)}`;

type Payload = any;

/** Sends a change and answers its payload. */
export async function send(
  graph: TestSubgraph,
  mutation: string,
  input: Record<string, unknown>,
  fields: string,
  as = manager(),
): Promise<Payload> {
  const type = `${mutation[0]?.toUpperCase() ?? ''}${mutation.slice(1)}`;
  const inputType = {
    ProductSave: 'ProductInput',
    VendorSave: 'VendorInput',
    TreatmentUseRecord: 'TreatmentUseInput',
    StockReceive: 'StockReceiveInput',
    WasteRecord: 'WasteInput',
    RecallStart: 'RecallInput',
  }[type];
  const data = await graph.get(
    as,
    `mutation ($input: ${inputType ?? ''}!) { change: ${mutation}(input: $input) { ${fields} userErrors { code path message } } }`,
    { input: { idempotencyKey: key(), ...input } },
  );
  return data.change;
}

/** A product that may be used: an injectable of 100 units unless said otherwise. Answers its opaque id. */
export async function aProduct(graph: TestSubgraph, of: Record<string, unknown> = {}): Promise<string> {
  const { product, userErrors } = await send(
    graph,
    'productSave',
    {
      clinicId: CLINIC_ID,
      sku: key(),
      name: 'Neurotoxin A 100U',
      category: 'NEUROTOXIN',
      unitCost: '6.25',
      retailPrice: '13.00',
      unitType: 'unit',
      unitsPerPackage: '100',
      reorderPoint: '100',
      ...of,
    },
    'product { id }',
  );
  if (userErrors.length) throw new Error(JSON.stringify(userErrors));
  await graph.get(
    manager(),
    `mutation ($id: ID!, $key: String!) { productStatusSet(id: $id, to: ACTIVE, input: { idempotencyKey: $key }) { userErrors { code } } }`,
    { id: product.id, key: key() },
  );
  return product.id;
}

/** Receives one lot at a place; answers the lot's opaque id. */
export async function aLot(
  graph: TestSubgraph,
  productId: string,
  of: Record<string, unknown> & { locationId?: string } = {},
): Promise<string> {
  const { locationId = id(NORTH), ...line } = of;
  const answer = await send(
    graph,
    'stockReceive',
    {
      clinicId: CLINIC_ID,
      locationId,
      reason: 'opening stock',
      receivedAt: '2026-06-30T14:00:00Z',
      lines: [{ productId, quantity: '100', lotNumber: key(), expirationDate: '2026-12-31', ...line }],
    },
    'lots { id }',
  );
  if (answer.userErrors.length) throw new Error(JSON.stringify(answer.userErrors));
  return answer.lots[0].id;
}

export const aUse = (productId: string, of: Record<string, unknown> = {}): Record<string, unknown> => ({
  productId,
  locationId: id(NORTH),
  patientId: id(patient(1)),
  providerId: id(INJECTOR),
  quantity: '1',
  ...of,
});

/** Balances and rows that a refused change must leave as they were. */
export const snapshot = async (graph: TestSubgraph): Promise<unknown> => [
  await graph.sql('SELECT * FROM lot_stock ORDER BY 1, 2, 3'),
  await graph.sql('SELECT * FROM inventory_lot ORDER BY 1, 2'),
  await graph.sql('SELECT * FROM spa_slice ORDER BY 1, 2, 3, 4, 5, 6, 7, 8'),
  await graph.sql(
    `SELECT (SELECT count(*) FROM inventory_transaction) AS a, (SELECT count(*) FROM lot_usage) AS b, (SELECT count(*) FROM waste_record) AS c,
       (SELECT count(*) FROM receiving_record) AS d, (SELECT count(*) FROM product) AS e, (SELECT count(*) FROM vendor) AS f,
       (SELECT count(*) FROM idempotency) AS g, (SELECT count(*) FROM spa_presence) AS h, (SELECT count(*) FROM product_barcode) AS i`,
  ),
];
