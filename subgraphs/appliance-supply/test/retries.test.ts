import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, refused, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
});
afterAll(() => graph.stop());

describe('the same request again', () => {
  test('answers the first result and deducts once (SUP-61)', async () => {
    const item = await p.anItem();
    await p.receive(item);
    const appliance = await p.aPlaced();
    const again = () => p.deduct(appliance, [{ itemId: item, quantity: '2' }], { idempotencyKey: 'once' });

    const answers = [await again(), await again()];

    expect(answers[1]).toEqual(answers[0]);
    expect(await p.onHand(item)).toEqual(['8']);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, quantity: '3' }], { idempotencyKey: 'once' }), [
      'IDEMPOTENCY_KEY_REUSED input.idempotencyKey',
    ]);
  });

  test('twenty at once have one effect', async () => {
    const item = await p.anItem();
    await p.receive(item);
    const appliance = await p.aPlaced();

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => p.deduct(appliance, [{ itemId: item }], { idempotencyKey: 'burst' })),
    );

    expect(new Set(answers.map((a) => a.usages[0].id)).size).toBe(1);
    expect(await p.onHand(item)).toEqual(['9']);
  });
});

describe('other clinics', () => {
  test('an appliance, item or lot of another clinic does not exist', async () => {
    const foreign = await aPractice(graph);
    const theirItem = await foreign.anItem();
    const theirLot = (await foreign.receive(theirItem)).supplyLot.id;
    const theirAppliance = await foreign.aPlaced();
    const item = await p.anItem();
    await p.receive(item);
    const appliance = await p.aPlaced();
    const theirs = await foreign.written();

    await expectRefused(p, () => p.deduct(theirAppliance, [{ itemId: item }]), ['NOT_FOUND applianceId']);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: theirItem }]), ['NOT_FOUND input.lines.0.itemId']);
    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item, lotId: theirLot }]), [
      'NOT_FOUND input.lines.0.lotId',
    ]);
    expect(await foreign.written()).toEqual(theirs);
  });

  test('a clinic that is not known here yet asks to try again; one with the domain switched off refuses', async () => {
    const unknown = newId();
    const { me, record } = await aPractice(graph, { capabilities: [] });
    const stranger = viewer({ clinicIds: [unknown], scopes: SCOPES });

    expect(refused(await record({}, me))).toEqual(['CAPABILITY_OFF']);
    const answer = await graph.get(
      stranger,
      `mutation ($input: SupplyItemInput!) { supplyItemSave(input: $input) { userErrors { code path } } }`,
      {
        input: {
          ...{ idempotencyKey: 'k', clinicId: unknown, sku: 'S', name: 'N', category: 'OTHER', unit: 'piece' },
          ...{ reorderPoint: '0', maxLevel: '0' },
        },
      },
    );
    expect(refused(answer.supplyItemSave)).toEqual(['CONFLICT_RETRY']);
  });
});
