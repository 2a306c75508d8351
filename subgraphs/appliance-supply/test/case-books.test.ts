import { Decimal, newId } from '@practice-graph/kit';
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

/** Bucket of each category, as the requirement lists them (SUP-30). */
const BUCKETS: Record<string, string> = {
  ...{ BRACKET: 'bracketCost', BAND: 'bracketCost', ARCHWIRE: 'wireCost', ADHESIVE: 'bondingCost' },
  ...{ PRIMER: 'bondingCost', ETCH: 'bondingCost', ELASTIC: 'elasticCost', POWER_CHAIN: 'elasticCost' },
  ...{ LIGATURE: 'elasticCost', RETAINER: 'retainerCost', SPRING: 'accessoryCost', TAD: 'accessoryCost' },
  ...{ EXPANDER: 'accessoryCost', HERBST: 'accessoryCost', MARA: 'accessoryCost', HEADGEAR: 'accessoryCost' },
  ...{ FACEMASK: 'accessoryCost', ALIGNER: 'alignerCost', OTHER: 'otherCost' },
};

const USE = `{ appliance { id } applianceType patient { id } treatmentPlan { id } provider { id } location { id } item { id }
  lot { lotNumber expirationDate } quantity unitCost usedOn createdBy createdAt isReversal }`;
const COST = `{ bracketCost wireCost bondingCost elasticCost accessoryCost retainerCost alignerCost otherCost totalCost usageCount isIncomplete }`;

test('the cost of a case is the sum of its uses in the eight buckets, wherever its stock left (SUP-06, SUP-12, SUP-29, SUP-30, SUP-50, SUP-64)', async () => {
  const [patientId, treatmentPlanId] = [p.id(newId()), p.id(newId())];
  const places = [p.northId, p.southId];
  const appliances = await Promise.all(
    [{}, { locationId: p.southId }].map((input) => p.aPlaced({ patientId, treatmentPlanId, ...input })),
  );
  const outside = await p.aPlaced({ patientId, treatmentPlanId: null });
  const expected: Record<string, Decimal> = {};
  for (const [index, [category, bucket]] of Object.entries(BUCKETS).entries()) {
    const item = await p.anItem({ category });
    const price = new Decimal(100 + index * 7).div(100);
    await p.receive(item, { packs: '2', packPrice: price.toFixed(2), locationId: places[index % 2] });
    await p.deduct(appliances[index % 2] as string, [{ itemId: item, quantity: '2' }]);
    expected[bucket] = (expected[bucket] ?? new Decimal(0)).plus(price.times(2));
    expect(await p.onHand(item)).toEqual(['0']);
  }
  const loose = await p.anItem({ category: 'OTHER' });
  await p.receive(loose, { packs: '1', packPrice: '9.99' });
  await p.deduct(outside, [{ itemId: loose }]);

  const { _entities } = await graph.get(
    p.me,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on TreatmentPlan { supplyCosts ${COST} } ... on Patient { supplyCosts ${COST} } } }`,
    {
      r: [
        { __typename: 'TreatmentPlan', id: treatmentPlanId },
        { __typename: 'Patient', id: patientId },
      ],
    },
  );

  const total = Object.values(expected).reduce((sum, cost) => sum.plus(cost), new Decimal(0));
  expect(_entities[0].supplyCosts).toEqual({
    ...Object.fromEntries(Object.entries(expected).map(([bucket, cost]) => [bucket, cost.toFixed(2)])),
    ...{ totalCost: total.toFixed(2), usageCount: 19, isIncomplete: false },
  });
  expect(_entities[1].supplyCosts.totalCost).toBe(total.plus('9.99').toFixed(2));
});

test('a use names appliance, patient, case, item, lot with its expiry, quantity, cost and user (SUP-01, SUP-05, SUP-20, SUP-21, SUP-22, SUP-23, SUP-24)', async () => {
  const [patientId, treatmentPlanId] = [p.id(newId()), p.id(newId())];
  const item = await p.anItem();
  await p.receive(item, { lotNumber: 'FULL', expirationDate: '2027-01-31', packPrice: '2.50' });
  const appliance = await p.aPlaced({ patientId, treatmentPlanId, applianceType: 'HERBST' });
  const { usages } = await p.deduct(appliance, [{ itemId: item, quantity: '3' }]);

  const { applianceUsages } = await graph.get(
    p.me,
    `query ($c: ID!, $f: SupplyUsageFilter) { applianceUsages(clinicId: $c, filter: $f) { nodes ${USE} } }`,
    { c: p.clinic, f: { itemIds: [item] } },
  );

  expect(usages).toHaveLength(1);
  expect(applianceUsages.nodes).toEqual([
    {
      ...{ appliance: { id: appliance }, applianceType: 'HERBST', patient: { id: patientId } },
      ...{ treatmentPlan: { id: treatmentPlanId }, provider: { id: p.doctorId }, location: { id: p.northId } },
      ...{ item: { id: item }, lot: { lotNumber: 'FULL', expirationDate: '2027-01-31' } },
      ...{ quantity: '3', unitCost: '2.5', usedOn: TODAY, createdBy: 'test-user', isReversal: false },
      createdAt: '2026-06-30T16:00:00.000Z',
    },
  ]);
  await expectRefused(p, () => p.deduct(appliance, [{ quantity: '1' }]), ['INVALID input.lines.0.itemId']);
});

/** Fields of this domain with the permission that each asks for (SUP-10 to SUP-15). */
const OPERATIONS: [field: string, scope: string, document: string][] = [
  ...(
    [
      ['applianceRecordPlace', 'appliance:update', 'AppliancePlaceInput'],
      ['applianceRecordEnd', 'appliance:update', 'ApplianceEndInput'],
      ['applianceRecordUnplace', 'appliance:update', 'ApplianceUnplaceInput'],
      ['applianceUsageReverse', 'appliance:update', 'ApplianceUsageReverseInput'],
      ['supplyOrderCloseShort', 'inventory:order', 'WorkflowStepInput'],
      ['supplyAlertUpdate', 'inventory:write', 'AlertUpdateInput'],
    ] as const
  ).map(([field, scope, type]): [string, string, string] => [
    field,
    scope,
    `mutation ($id: ID!, $input: ${type}!) { ${field}(id: $id, input: $input) { userErrors { code } } }`,
  ]),
  ...(
    [
      ['applianceInventoryBulkDeduct', 'appliance:update', 'ApplianceBulkDeductInput'],
      ['supplyOfferSave', 'inventory:write', 'SupplyOfferInput'],
      ['kitTemplateSave', 'inventory:write', 'KitTemplateInput'],
      ['supplyOrderRecord', 'inventory:order', 'SupplyOrderRecordInput'],
      ['supplyTransfer', 'inventory:write', 'SupplyTransferInput'],
      ['supplyStockAdjust', 'inventory:adjust', 'SupplyStockAdjustInput'],
    ] as const
  ).map(([field, scope, type]): [string, string, string] => [
    field,
    scope,
    `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`,
  ]),
  ...['supplyStock', 'supplyOrders', 'supplyAlerts', 'applianceUsages'].map((field): [string, string, string] => [
    field,
    'inventory:read',
    `query ($c: ID!) { ${field}(clinicId: $c) { totalCount } }`,
  ]),
  ['kitTemplates', 'inventory:read', 'query ($c: ID!) { kitTemplates(clinicId: $c) { id } }'],
  ['lotTrace', 'inventory:read', 'query ($c: ID!) { lotTrace(clinicId: $c, lotNumber: "X") { lotNumber } }'],
];

/** The least that the type of an input lets pass; what it names does not exist. */
const INPUTS: Record<string, object> = {
  applianceRecordPlace: { placedOn: TODAY, providerId: 'x' },
  applianceRecordEnd: { to: 'REMOVED', on: TODAY },
  applianceRecordUnplace: { on: TODAY, returns: [], reason: 'r' },
  applianceUsageReverse: { condition: 'UNUSED', reason: 'r' },
  supplyOrderCloseShort: { reason: 'r' },
  supplyAlertUpdate: { to: 'RESOLVED', expectedVersion: 1 },
  applianceInventoryBulkDeduct: { usedOn: TODAY, providerId: 'x', entries: [] },
  supplyOfferSave: { itemId: 'x', vendorId: 'x', packPrice: '1.00', validFrom: TODAY },
  kitTemplateSave: { clinicId: 'x', name: 'k', applianceType: 'TAD', lines: [] },
  supplyOrderRecord: { itemId: 'x', vendorId: 'x', locationId: 'x', quantity: '1', orderedOn: TODAY },
  supplyTransfer: { fromLocationId: 'x', toLocationId: 'x', quantity: '1', transferredOn: TODAY },
  supplyStockAdjust: { locationId: 'x', delta: '1', reason: 'FOUND' },
};

test.each(OPERATIONS)(
  '%s asks for %s: without it nothing is told or written, with it the rules decide',
  async (field, scope, document) => {
    const variables = { c: p.clinic, id: p.id(newId()), input: { idempotencyKey: newId(), ...INPUTS[field] } };
    const without = viewer({ clinicIds: [p.clinicId], scopes: SCOPES.filter((each) => each !== scope) });
    const before = await p.written();

    const denied = await graph.ask(without, document, variables);
    expect(await p.written()).toEqual(before);
    const allowed = await graph.ask(p.me, document, variables);

    expect(denied.data[field]).toBeNull();
    expect(denied.errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
    expect(allowed.errors).toBeUndefined();
    // What is read of patients is on the audit trail; what is refused leaves nothing behind.
    if (!INPUTS[field]) return;
    expect(allowed.data[field].userErrors).toHaveLength(1);
    expect(await p.written()).toEqual(before);
  },
);
