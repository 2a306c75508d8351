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

const MOVES = `query ($c: ID!, $i: ID!) { supplyTransactions(clinicId: $c, period: { month: "2026-06" }, filter: { itemIds: [$i] }) {
  nodes { type quantity totalCost reason usage { isReversal } } } }`;
const movesOf = async (item: string) =>
  (await graph.get(p.me, MOVES, { c: p.clinic, i: item })).supplyTransactions.nodes.reverse();
const COSTS = `query ($id: ID!) { applianceRecord(id: $id) { status placedOn supplyCost provider { id }
  usages { quantity isReversal reverses { quantity } reversedBy { quantity notes } } } }`;
const shown = async (id: string) => (await graph.get(p.me, COSTS, { id })).applianceRecord;

/** An appliance with 4 pieces of a lot used on it at 2.50. */
async function used(input: object = {}) {
  const item = await p.anItem();
  await p.receive(item, { packs: '10', ...input });
  const appliance = await p.aPlaced();
  const { usages } = await p.deduct(appliance, [{ itemId: item, quantity: '4' }]);
  return { item, appliance, usage: usages[0].id as string };
}

describe('undoing a use (SUP-49)', () => {
  test('untouched goods return to their lot and the case no longer bears the cost', async () => {
    const { item, appliance, usage } = await used();

    const answer = await p.reverse(usage, { reason: 'wrong chair' });

    expect(answer).toMatchObject({ userErrors: [], totalCost: '-10.00', lines: [] });
    expect(answer.usages).toMatchObject([{ quantity: '-4', unitCost: '2.5', totalCost: '-10.00' }]);
    expect(await p.onHand(item)).toEqual(['10']);
    expect(await shown(appliance)).toMatchObject({
      supplyCost: '0.00',
      usages: [
        { quantity: '4', isReversal: false, reversedBy: { quantity: '-4', notes: 'wrong chair' } },
        { quantity: '-4', isReversal: true, reverses: { quantity: '4' }, reversedBy: null },
      ],
    });
    expect((await movesOf(item)).map((m: { type: string }) => m.type)).toEqual(['RECEIVE', 'USE', 'USE_REVERSAL']);
  });

  test.each([true, false])(
    'goods return at what they cost, so that later uses cost what was paid (lots: %s)',
    async (lotTracked) => {
      const item = await p.anItem({ lotTracked });
      const lotNumber = lotTracked ? 'RISING' : null;
      await p.receive(item, { lotNumber, packs: '10', packPrice: '1.00' });
      const appliance = await p.aPlaced();
      const { usages } = await p.deduct(appliance, [{ itemId: item, quantity: '5' }]);
      await p.receive(item, { lotNumber, packs: '10', packPrice: '4.00' });
      await p.reverse(usages[0].id);

      const { totalCost } = await p.deduct(appliance, [{ itemId: item, quantity: '20' }]);

      expect(totalCost).toBe('50.00');
    },
  );

  test('touched goods become waste: they return to no lot', async () => {
    const { item, usage } = await used();

    await p.reverse(usage, { condition: 'USED', reason: 'fell on the floor' });

    expect(await p.onHand(item)).toEqual(['6']);
    expect((await movesOf(item)).slice(2)).toEqual([
      {
        type: 'USE_REVERSAL',
        quantity: '4',
        totalCost: '10.00',
        reason: 'fell on the floor',
        usage: { isReversal: true },
      },
      { type: 'WASTE', quantity: '-4', totalCost: '-10.00', reason: 'fell on the floor', usage: { isReversal: true } },
    ]);
  });

  test('once is all, also when two ask at once; a counter-row cannot be undone', async () => {
    const { usage } = await used();

    const answers = await Promise.all(Array.from({ length: 8 }, () => p.reverse(usage)));

    expect(answers.filter((a) => a.userErrors.length === 0)).toHaveLength(1);
    expect(answers.filter((a) => a.userErrors[0]?.code === 'ALREADY_REVERSED')).toHaveLength(7);
    const { id } = answers.find((a) => a.userErrors.length === 0).usages[0];
    await expectRefused(p, () => p.reverse(id), ['NOT_REVERSIBLE id']);
    await expectRefused(p, () => p.reverse(usage), ['ALREADY_REVERSED id']);
    await expectRefused(p, () => p.reverse(usage, { reason: ' ' }), ['REASON_REQUIRED input.reason']);
    await expectRefused(p, () => p.reverse(p.id(newId())), ['NOT_FOUND id']);
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    await expectRefused(p, () => p.reverse(usage, {}, south), ['NOT_FOUND id']);
  });

  test('the same request again answers the first result', async () => {
    const { item, usage } = await used();
    const again = () => p.reverse(usage, { idempotencyKey: 'undo-once' });

    expect(await again()).toEqual(await again());
    expect(await p.onHand(item)).toEqual(['10']);
  });

  test('a use of unknown cost stays unknown when it is undone', async () => {
    const { usage } = await used({ packPrice: null });

    const answer = await p.reverse(usage, { condition: 'USED' });

    expect(answer).toMatchObject({ totalCost: null, usages: [{ unitCost: null, totalCost: null }] });
  });
});

test('a patient whose goods were touched stays among those a recall concerns; one whose goods came back untouched does not', async () => {
  const exposed = async (lotNumber: string) =>
    (
      await graph.get(
        p.me,
        'query ($c: ID!, $l: String!) { lotTrace(clinicId: $c, lotNumber: $l) { applianceExposures { lastUsedOn } } }',
        {
          ...{ c: p.clinic, l: lotNumber },
        },
      )
    ).lotTrace.applianceExposures;
  const untouched = await used({ lotNumber: 'CLEAN' });
  const touched = await used({ lotNumber: 'BONDED' });

  await p.reverse(untouched.usage, { condition: 'UNUSED' });
  await p.unplace(touched.appliance);

  expect(await exposed('CLEAN')).toEqual([]);
  expect(await exposed('BONDED')).toEqual([{ lastUsedOn: TODAY }]);

  const twice = await used({ lotNumber: 'TWICE' });
  await p.deduct(twice.appliance, [{ itemId: twice.item, quantity: '1' }], { usedOn: '2026-06-10' });
  await p.reverse(twice.usage, { condition: 'UNUSED' });

  expect(await exposed('TWICE')).toEqual([{ lastUsedOn: '2026-06-10' }]);
});

describe('taking a placement back', () => {
  test('returns what is named, wastes the rest to the cent, and the appliance can be placed again (rebond)', async () => {
    const wire = await p.anItem();
    await p.receive(wire, { packs: '1', packSize: '3', packPrice: '10.00' });
    const bracket = await p.anItem();
    await p.receive(bracket, { packs: '10' });
    const { appliance } = await p.record();
    const lines = [
      { itemId: wire, quantity: '3' },
      { itemId: bracket, quantity: '2' },
    ];
    const placed = await p.place(appliance.id, { lines });
    const [first] = placed.usages;

    const answer = await p.unplace(appliance.id, { returns: [{ usageId: first.id, unused: '1' }] });

    expect(answer).toMatchObject({
      userErrors: [],
      totalCost: '-15.00',
      appliances: [{ status: 'RECEIVED', placedOn: null }],
    });
    expect(answer.usages.map((u: { quantity: string }) => u.quantity).sort()).toEqual(['-2', '-3']);
    expect(await p.onHand(wire)).toEqual(['1']);
    expect(await p.onHand(bracket)).toEqual(['8']);
    expect((await movesOf(wire)).slice(2)).toMatchObject([
      { type: 'USE_REVERSAL', quantity: '3', totalCost: '10.00' },
      { type: 'WASTE', quantity: '-2', totalCost: '-6.67' },
    ]);
    expect(await shown(appliance.id)).toMatchObject({ status: 'RECEIVED', provider: null, supplyCost: '0.00' });

    const again = await p.place(appliance.id, { lines: [{ itemId: bracket, quantity: '2', isRework: true }] });
    expect(again).toMatchObject({ userErrors: [], usages: [{ isRework: true, totalCost: '5.00' }] });
  });

  test('refuses what does not fit the placement, and writes nothing', async () => {
    const { appliance, usage } = await used();
    const other = await used();
    const planned = (await p.record()).appliance.id as string;
    const no = (input: object, codes: string[], id = appliance) =>
      expectRefused(p, () => p.unplace(id, input as never), codes);

    await no({}, ['NOT_PLACED id'], planned);
    await no({ reason: '' }, ['REASON_REQUIRED input.reason']);
    await no({ expectedVersion: 7 }, ['STALE_VERSION input.expectedVersion']);
    await no({ on: '2026-06-29' }, ['INVALID input.on']);
    await no({ on: '2026-07-01' }, ['FUTURE_DATE input.on']);
    await no({ returns: [{ usageId: other.usage }] }, ['NOT_FOUND input.returns.0.usageId']);
    await no({ returns: [{ usageId: usage }, { usageId: usage }] }, ['INVALID input.returns.1.usageId']);
    await no({ returns: [{ usageId: usage, unused: '5' }] }, ['BAD_QUANTITY input.returns.0.unused']);
    await no({ returns: [{ usageId: usage, unused: '0.5' }] }, ['WHOLE_UNITS_ONLY input.returns.0.unused']);
    await p.reverse(usage);
    await no({ returns: [{ usageId: usage }] }, ['ALREADY_REVERSED input.returns.0.usageId']);
    expect((await p.unplace(appliance)).usages).toEqual([]);
  });
});

describe('the end of an appliance', () => {
  test('a placed one is removed, one never placed is cancelled; no stock moves', async () => {
    const { item, appliance } = await used();
    const planned = (await p.record({ status: 'ORDERED' })).appliance.id as string;

    expect(await p.end(appliance, { to: 'REMOVED' })).toMatchObject({
      appliance: { status: 'REMOVED', removedOn: TODAY },
    });
    expect(await p.end(planned, { to: 'CANCELLED' })).toMatchObject({
      appliance: { status: 'CANCELLED', removedOn: null },
    });
    expect(await p.onHand(item)).toEqual(['6']);
    await expectRefused(p, () => p.end(appliance, { to: 'REMOVED' }), ['ILLEGAL_STATE_CHANGE input.to']);
    await expectRefused(p, () => p.place(planned), ['ILLEGAL_STATE_CHANGE id']);
  });

  test('other ways and days are refused', async () => {
    const appliance = await p.aPlaced();
    const planned = (await p.record()).appliance.id as string;

    await expectRefused(p, () => p.end(appliance, { to: 'CANCELLED' }), ['ILLEGAL_STATE_CHANGE input.to']);
    await expectRefused(p, () => p.end(planned, { to: 'REMOVED' }), ['ILLEGAL_STATE_CHANGE input.to']);
    await expectRefused(p, () => p.end(planned, { to: 'PLACED' }), ['ILLEGAL_STATE_CHANGE input.to']);
    await expectRefused(p, () => p.end(appliance, { to: 'REMOVED', on: '2026-07-01' }), ['FUTURE_DATE input.on']);
    await expectRefused(p, () => p.end(appliance, { to: 'REMOVED', on: '2026-06-29' }), ['INVALID input.on']);
    await expectRefused(p, () => p.end(appliance, { to: 'REMOVED', expectedVersion: 9 }), [
      'STALE_VERSION input.expectedVersion',
    ]);
  });
});
