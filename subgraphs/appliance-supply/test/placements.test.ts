import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, refused, SCOPES, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

const narrowed = (restrictions: Record<string, readonly string[]>) =>
  viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions });

test('a blank identifier of the clinical system is none: it never joins the appliances of two patients', async () => {
  const [one, two] = [await p.record({ externalId: ' ' }), await p.record({ externalId: '' })];

  expect([one.appliance.externalId, two.appliance.externalId]).toEqual([null, null]);
  expect(one.appliance.id).not.toBe(two.appliance.id);
  const padded = await p.record({ externalId: ' AX-1 ' });
  expect((await p.record({ externalId: 'AX-1' })).appliance.id).toBe(padded.appliance.id);
  await expectRefused(p, () => p.record({ externalId: 'x'.repeat(201) }), ['INVALID input.externalId']);
  await expectRefused(p, () => p.record({ site: 'x'.repeat(201) }), ['INVALID input.site']);
});

test('a case is one patient’s: an appliance for another one is refused until the mistaken one is given up', async () => {
  const [patientId, treatmentPlanId] = [p.id(newId()), p.id(newId())];
  const { appliance: mistaken } = await p.record({ patientId: p.id(newId()), treatmentPlanId });

  await expectRefused(p, () => p.record({ patientId, treatmentPlanId }), ['INVALID input.treatmentPlanId']);
  expect((await p.record({ id: mistaken.id, patientId, treatmentPlanId })).userErrors).toEqual([]);
  expect((await p.record({ patientId, treatmentPlanId })).userErrors).toEqual([]);
});

test('of two appliances only one replaces the other, over any number of steps', async () => {
  const patientId = p.id(newId());
  const of = async (input: object) => (await p.record({ patientId, ...input })).appliance.id as string;
  const first = await of({});
  const second = await of({ replacesId: first });
  const third = await of({ replacesId: second });

  await expectRefused(p, () => p.record({ id: first, patientId, replacesId: third }), ['INVALID input.replacesId']);
  await expectRefused(p, () => p.record({ id: first, patientId, replacesId: first }), ['NOT_FOUND input.replacesId']);
});

test('a placement is not taken back on a day before its last use', async () => {
  const item = await p.anItem();
  await p.receive(item);
  const { appliance } = await p.record();
  await p.place(appliance.id, { placedOn: '2026-06-10' });
  await p.deduct(appliance.id, [{ itemId: item }], { usedOn: '2026-06-20' });

  await expectRefused(p, () => p.unplace(appliance.id, { on: '2026-06-19' }), ['INVALID input.on']);
  expect((await p.unplace(appliance.id, { on: '2026-06-20' })).usages).toMatchObject([{ quantity: '-1' }]);
});

test('who is narrowed to a provider uses nothing in the name of another, nor on what another placed', async () => {
  const item = await p.anItem();
  await p.receive(item);
  const [mine, others] = [await p.aPlaced(), (await p.record()).appliance.id as string];
  await p.place(others, { providerId: p.otherId });
  const me = narrowed({ providers: [p.doctor] });
  const { usages } = await p.deduct(others, [{ itemId: item }], { providerId: p.otherId });
  const { appliance } = await p.record();
  const lines = [{ itemId: item }];

  await expectRefused(p, () => p.deduct(mine, lines, { providerId: p.otherId }, me), ['NOT_FOUND input.providerId']);
  await expectRefused(p, () => p.place(appliance.id, { providerId: p.otherId }, me), ['NOT_FOUND input.providerId']);
  await expectRefused(p, () => p.deduct(others, lines, {}, me), ['NOT_FOUND applianceId']);
  await expectRefused(p, () => p.deductBulk([{ applianceId: others, lines }], {}, me), [
    'NOT_FOUND input.entries.0.applianceId',
  ]);
  await expectRefused(p, () => p.unplace(others, {}, me), ['NOT_FOUND id']);
  await expectRefused(p, () => p.end(others, { to: 'REMOVED' }, me), ['NOT_FOUND id']);
  await expectRefused(p, () => p.reverse(usages[0].id, {}, me), ['NOT_FOUND id']);
  expect((await p.deduct(mine, lines, {}, me)).usages).toHaveLength(1);
});

test('who is narrowed to a place decides only on lots that lie, or lay, there', async () => {
  const item = await p.anItem();
  const { supplyLot } = await p.receive(item);
  const decide = async (as: typeof p.me) =>
    (
      await graph.get(
        as,
        'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { supplyLot { disposition } userErrors { code path } } }',
        { id: supplyLot.id, input: { idempotencyKey: newId(), to: 'QUARANTINE', reason: 'r', expectedVersion: 1 } },
      )
    ).supplyLotDispositionSet;

  await expectRefused(p, () => decide(narrowed({ locations: [p.south] })), ['NOT_FOUND id']);
  expect(refused(await decide(narrowed({ locations: [p.north] })))).toEqual([]);
});

test('quantities and prices that no stock can have are refused, not choked on', async () => {
  const item = await p.anItem({ wholeUnitsOnly: false });
  const no = (input: object, codes: string[]) => expectRefused(p, () => p.receive(item, input as never), codes);

  await no({ packs: '99999999999999', packSize: '99999999999999' }, ['BAD_QUANTITY input.packs']);
  await no({ packs: '1000000000.0001' }, ['BAD_QUANTITY input.packs']);
  await no({ packs: '1000', packPrice: '999999999999.99' }, ['INVALID input.packPrice']);
  await no({ packs: '1', packSize: '0.0001', packPrice: '100000.01' }, ['INVALID input.packPrice']);
  expect(refused(await p.receive(item, { packs: '1000000000', packPrice: '0.01', lotNumber: 'BIG' }))).toEqual([]);
  const { supplyLots } = await graph.get(
    p.me,
    'query ($c: ID!) { supplyLots(clinicId: $c, filter: { lotNumber: "BIG" }) { nodes { id } } }',
    { c: p.clinic },
  );
  const adjust = (delta: string) => p.adjust({ lotId: supplyLots.nodes[0].id, delta, reason: 'FOUND' });
  await expectRefused(p, () => adjust('99999999999999'), ['BAD_QUANTITY input.delta']);
  await expectRefused(p, () => p.order({ itemId: item, quantity: '1000000001' }), ['BAD_QUANTITY input.quantity']);
});

test('a GTIN with a wrong check digit is refused for an item and on a pack (C-S14)', async () => {
  const item = await p.anItem();

  await expectRefused(p, () => p.saveItem({ gtin: '00301781123454' }), ['INVALID input.gtin']);
  await expectRefused(p, () => p.receive(item, { gtin: '00301781123454' }), ['INVALID input.gtin']);
  await expectRefused(p, () => p.receive(item, { gtin: 'no gtin' }), ['INVALID input.gtin']);
  expect(refused(await p.receive(item, { gtin: '301781123453', receivedOn: TODAY }))).toEqual([]);
  expect(refused(await p.receive(item, { gtin: ' ' }))).toEqual([]);
});
