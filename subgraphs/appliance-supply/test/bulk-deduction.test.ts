import { newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, expectRefused, type Practice } from './practice';

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

async function stocked(packs: string, input: object = {}): Promise<string> {
  const item = await p.anItem();
  await p.receive(item, { packs, ...input });
  return item;
}

describe('deducting for several appliances', () => {
  test('writes all lines, numbered through all entries, each at the place of its appliance (SUP-15)', async () => {
    const item = await stocked('5');
    await p.receive(item, { packs: '5', packPrice: '4.00', locationId: p.southId });
    const north = await p.aPlaced();
    const south = await p.aPlaced({ locationId: p.southId });

    const answer = await p.deductBulk([
      {
        applianceId: north,
        lines: [
          { itemId: item, quantity: '2' },
          { itemId: item, quantity: '1' },
        ],
      },
      { applianceId: south, lines: [{ itemId: item, quantity: '4' }] },
    ]);

    expect(answer).toMatchObject({ userErrors: [], totalCost: '23.50', currency: 'USD' });
    expect(answer.appliances.map((a: { id: string }) => a.id)).toEqual([north, south]);
    expect(answer.lines).toMatchObject([
      { index: 0, available: '5', error: null },
      { index: 1, available: '5', error: null },
      { index: 2, available: '5', error: null },
    ]);
    expect(answer.usages.map((u: { totalCost: string }) => u.totalCost)).toEqual(['5.00', '2.50', '16.00']);
    expect((await p.onHand(item)).sort()).toEqual(['1', '2']);
  });

  test('all or nothing by default: the same item in several entries is checked on its sum (SUP-44, C-S8)', async () => {
    const item = await stocked('3');
    const [one, two] = [await p.aPlaced(), await p.aPlaced()];
    const entries = [one, two].map((applianceId) => ({ applianceId, lines: [{ itemId: item, quantity: '2' }] }));

    const answer = await expectRefused(p, () => p.deductBulk(entries), [
      'INSUFFICIENT_STOCK input.entries.1.lines.0.quantity',
    ]);

    expect(answer.lines).toMatchObject([
      { index: 0, usages: [], error: null },
      { index: 1, usages: [], available: '3', error: { code: 'INSUFFICIENT_STOCK' } },
    ]);
  });

  test('in part: the lines that can be written are, and each refused line says why', async () => {
    const item = await stocked('3');
    const whole = await stocked('9');
    const placed = await p.aPlaced();
    const planned = (await p.record()).appliance.id as string;
    const entries = [
      {
        applianceId: placed,
        lines: [
          { itemId: item, quantity: '2' },
          { itemId: item, quantity: '2' },
          { itemId: whole, quantity: '0.5' },
        ],
      },
      { applianceId: planned, lines: [{ itemId: whole }] },
      { applianceId: p.id(newId()), lines: [{ itemId: whole }] },
      { applianceId: placed, lines: [{ itemId: whole, quantity: '2' }] },
    ];

    const answer = await p.deductBulk(entries, { mode: 'PARTIAL', idempotencyKey: 'in-part' });

    expect(answer.userErrors).toEqual([]);
    expect(answer.lines.map((line: { error: { code: string } | null }) => line.error?.code ?? 'OK')).toEqual([
      ...['OK', 'INSUFFICIENT_STOCK', 'WHOLE_UNITS_ONLY', 'NOT_PLACED', 'NOT_FOUND', 'OK'],
    ]);
    expect(answer.usages.map((u: { quantity: string }) => u.quantity)).toEqual(['2', '2']);
    expect(answer.appliances).toMatchObject([{ id: placed }]);
    expect([await p.onHand(item), await p.onHand(whole)]).toEqual([['1'], ['7']]);
    expect(await p.deductBulk(entries, { mode: 'PARTIAL', idempotencyKey: 'in-part' })).toEqual(answer);
    expect([await p.onHand(item), await p.onHand(whole)]).toEqual([['1'], ['7']]);
  });

  test('in part, but nothing can be written: refused as a whole', async () => {
    const item = await stocked('1');
    const placed = await p.aPlaced();
    const entries = [
      { applianceId: placed, lines: [{ itemId: item, quantity: '2' }] },
      { applianceId: p.id(newId()), lines: [{ itemId: item }] },
    ];

    await expectRefused(p, () => p.deductBulk(entries, { mode: 'PARTIAL' }), [
      'INSUFFICIENT_STOCK input.entries.0.lines.0.quantity',
      'NOT_FOUND input.entries.1.applianceId',
    ]);
  });

  test('a dry run shows the result and writes nothing', async () => {
    const item = await stocked('3');
    const placed = await p.aPlaced();
    const before = await p.written();

    const answer = await p.deductBulk([{ applianceId: placed, lines: [{ itemId: item }] }], { dryRun: true });

    expect(answer).toMatchObject({ userErrors: [], totalCost: '2.50', usages: [{ quantity: '1' }] });
    expect(await p.written()).toEqual(before);
  });

  test('500 lines are taken with a bounded number of statements; 501, none, or an empty entry are refused', async () => {
    const item = await stocked('1000');
    const appliances = [await p.aPlaced(), await p.aPlaced()];
    const entries = (count: number) =>
      appliances.map((applianceId) => ({
        applianceId,
        lines: Array.from({ length: count / 2 }, () => ({ itemId: item })),
      }));

    const one = await graph.statements(() => p.deductBulk(entries(2)));
    const many = await graph.statements(() => p.deductBulk(entries(500)));

    expect(many.length).toBe(one.length);
    expect(await p.onHand(item)).toEqual(['498']);
    await expectRefused(p, () => p.deductBulk(entries(502)), ['TOO_MANY_LINES input.entries']);
    await expectRefused(p, () => p.deductBulk(entries(1002).slice(0, 1)), ['TOO_MANY_LINES input.entries']);
    await expectRefused(p, () => p.deductBulk([]), ['EMPTY_KIT input.entries']);
    await expectRefused(p, () => p.deductBulk([{ applianceId: appliances[0], lines: [] }]), [
      'EMPTY_KIT input.entries.0.lines',
    ]);
  });
});
