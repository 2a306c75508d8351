import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { tellPeriod } from '@practice-graph/practice/testing';
import { applianceSupply, importLots } from '../src';
import { aPractice, expectRefused } from './practice';
import { Decimal, recordIdOf } from '@practice-graph/kit';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
});
afterAll(() => graph.stop());

test('stock moves in open months only: receiving, placing, deducting and importing into a closed one are refused (SUP-63)', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem();
  await p.receive(item);
  const placed = await p.aPlaced();
  const planned = (await p.record()).appliance.id as string;
  await tellPeriod(graph, p.clinicId, '2026-06', 'CLOSING');

  await expectRefused(p, () => p.receive(item), ['PERIOD_CLOSED input.receivedOn']);
  await expectRefused(p, () => p.deduct(placed, [{ itemId: item }]), ['PERIOD_CLOSED input.usedOn']);
  await expectRefused(p, () => p.place(planned, { lines: [{ itemId: item }] }), ['PERIOD_CLOSED input.placedOn']);
  const before = await p.written();
  await expect(
    p.within((tx) =>
      importLots(tx, p.clinicId, [
        {
          ...{ itemId: recordIdOf(item)?.id ?? '', locationId: p.north, lotNumber: 'LATE', receivedOn: '2026-06-02' },
          ...{ quantity: new Decimal(1), totalCost: null },
        },
      ]),
    ),
  ).rejects.toMatchObject({ refusals: [{ code: 'PERIOD_CLOSED' }] });
  expect(await p.written()).toEqual(before);
  expect((await graph.events()).map(({ subscriber, event }) => [subscriber, event.type, event.data])).toEqual([
    ['revenue', 'period.confirmed', { month: '2026-06-01', domain: 'appliance-supply', version: 2 }],
  ]);

  await tellPeriod(graph, p.clinicId, '2026-06', 'OPEN', 3);
  expect((await p.deduct(placed, [{ itemId: item }])).userErrors).toEqual([]);
});

test('a period tells how many uses in it have no known cost', async () => {
  const p = await aPractice(graph);
  const [costed, gift] = [await p.anItem(), await p.anItem()];
  await p.receive(costed);
  await p.receive(gift, { packPrice: null });
  const placed = await p.aPlaced();
  await p.deduct(placed, [{ itemId: costed }, { itemId: gift }]);
  await p.deduct(placed, [{ itemId: gift }], { usedOn: '2026-06-20' });
  const period = (of: Record<string, string>) => ({ __typename: 'FinancialPeriod', clinicId: p.clinic, ...of });
  const open = async (representations: unknown[], as = p.me) =>
    (
      await graph.get(
        as,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on FinancialPeriod { uncostedUsageCount } } }',
        { r: representations },
      )
    )._entities;
  const june = period({ type: 'MONTH', from: '2026-06-01', to: '2026-06-30' });

  expect(
    await open([
      june,
      period({ type: 'MONTH', from: '2026-05-01', to: '2026-05-31' }),
      period({ type: 'YEAR', from: '2026-01-01', to: '2026-12-31' }),
    ]),
  ).toEqual([{ uncostedUsageCount: 2 }, { uncostedUsageCount: 0 }, { uncostedUsageCount: 2 }]);
  expect(await open([june], { ...p.me, clinicIds: [] })).toEqual([null]);
});
