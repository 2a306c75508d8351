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
afterAll(async () => {
  const { differences } = await p.verify();
  await graph.stop();
  expect(differences).toEqual([]);
});

const dispose = (id: string, to: string) =>
  graph.get(
    p.me,
    'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code } } }',
    { id, input: { idempotencyKey: newId(), to, reason: 'seal broken', expectedVersion: 1 } },
  );

describe('correcting stock by hand (SUP-45)', () => {
  test('each reason moves stock in its own way, at the cost of the lot, on the current day', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { lotNumber: 'ADJ', packs: '20', packPrice: '2.50' })).supplyLot.id;
    const change = async (delta: string, reason: string, note?: string) =>
      (await p.adjust({ lotId, delta, reason, note })).transactions[0];

    expect(await change('-1', 'DAMAGE', 'bent')).toMatchObject({
      ...{
        type: 'WASTE',
        quantity: '-1',
        quantityBefore: '20',
        quantityAfter: '19',
        unitCost: '2.5',
        totalCost: '-2.50',
      },
      ...{ reason: 'damaged: bent', businessDate: TODAY, location: { id: p.northId }, counterpart: null },
    });
    expect(await change('-2', 'EXPIRED')).toMatchObject({ type: 'WASTE', totalCost: '-5.00', reason: 'expired' });
    expect(await change('-3', 'LOSS')).toMatchObject({ type: 'ADJUSTMENT_REMOVE', quantityAfter: '14' });
    expect(await change('1', 'FOUND')).toMatchObject({
      type: 'ADJUSTMENT_ADD',
      totalCost: '2.50',
      quantityAfter: '15',
    });
    expect(await change('2', 'CORRECTION')).toMatchObject({ type: 'ADJUSTMENT_ADD', quantityAfter: '17' });
    expect(await change('-1', 'CORRECTION')).toMatchObject({ type: 'ADJUSTMENT_REMOVE', quantityAfter: '16' });
    expect(await change('-6', 'VENDOR_RETURN')).toMatchObject({ type: 'RETURN_VENDOR', quantityAfter: '10' });

    const { supplyLots } = await graph.get(
      p.me,
      'query ($c: ID!) { supplyLots(clinicId: $c, filter: { lotNumber: "ADJ" }) { nodes { balance { received onHand used wasted returned adjusted } } } }',
      { c: p.clinic },
    );
    expect(supplyLots.nodes).toEqual([
      { balance: { received: '20', onHand: '10', used: '0', wasted: '3', returned: '6', adjusted: '1' } },
    ]);
  });

  test('refuses what cannot be, and writes nothing', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '3' })).supplyLot.id;
    const loose = await p.anItem({ lotTracked: false });
    const outsider = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    const no = (input: object, codes: string[], as = p.me) =>
      expectRefused(p, () => p.adjust(input as never, as), codes);

    await no({ lotId, delta: '-4', reason: 'LOSS' }, ['INSUFFICIENT_STOCK input.delta']);
    await no({ lotId, delta: '0', reason: 'LOSS' }, ['BAD_QUANTITY input.delta']);
    await no({ lotId, delta: '-0.5', reason: 'LOSS' }, ['WHOLE_UNITS_ONLY input.delta']);
    await no({ lotId, delta: '1', reason: 'DAMAGE' }, ['BAD_QUANTITY input.delta']);
    await no({ lotId, delta: '-1', reason: 'FOUND' }, ['BAD_QUANTITY input.delta']);
    await no({ itemId: item, delta: '-1', reason: 'LOSS' }, ['LOT_REQUIRED input.lotId']);
    await no({ delta: '-1', reason: 'LOSS' }, ['INVALID input.lotId']);
    await no({ lotId, itemId: loose, delta: '-1', reason: 'LOSS' }, ['INVALID input.itemId']);
    await no({ lotId: p.id(newId()), delta: '-1', reason: 'LOSS' }, ['NOT_FOUND input.lotId']);
    await no({ itemId: loose, delta: '1', reason: 'FOUND' }, ['NOT_FOUND input.itemId']);
    await no({ lotId, delta: '-1', reason: 'LOSS' }, ['NOT_FOUND input.locationId'], outsider);
    await no({ lotId, delta: '-1', reason: 'LOSS', locationId: 'nonsense' }, ['NOT_FOUND input.locationId']);
  });

  test('needs a permission of its own', async () => {
    const user = viewer({ clinicIds: [p.clinicId], scopes: SCOPES.filter((scope) => scope !== 'inventory:adjust') });

    const { errors } = await graph.ask(
      user,
      'mutation ($input: SupplyStockAdjustInput!) { supplyStockAdjust(input: $input) { userErrors { code } } }',
      { input: { idempotencyKey: 'k', locationId: p.northId, lotId: p.id(newId()), delta: '1', reason: 'FOUND' } },
    );

    expect(errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
  });

  test('blocked goods leave as waste; goods without lots leave over their records; what was found opens the place', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '3' })).supplyLot.id;
    await dispose(lotId, 'QUARANTINE');
    const loose = await p.anItem({ lotTracked: false });
    await p.receive(loose, { lotNumber: null, packs: '2', packPrice: '1.00' });
    await p.receive(loose, { lotNumber: null, packs: '2', packPrice: '3.00', vendorId: p.id(newId()) });

    expect((await p.adjust({ lotId, delta: '-3', reason: 'DAMAGE' })).transactions).toMatchObject([{ quantity: '-3' }]);
    const answer = await p.adjust({ itemId: loose, delta: '-3', reason: 'LOSS' });
    expect(answer.transactions.map((t: { quantity: string }) => t.quantity)).toEqual(['-2', '-1']);
    expect(answer.supplyLot).toBeNull();
    const found = await p.adjust({ lotId, delta: '2', reason: 'FOUND', locationId: p.southId });
    expect(found.transactions).toMatchObject([{ quantity: '2', location: { id: p.southId } }]);
  });
});

describe('moving stock between locations', () => {
  test('is two movements that name each other and conserve quantity and cost (C-S9)', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '3', packPrice: '3.34', packSize: '1' })).supplyLot.id;

    const answer = await p.transfer({ lotId, quantity: '2', reason: 'running low', storageLocation: 'drawer 4' });

    expect(answer).toMatchObject({ userErrors: [], warnings: [] });
    expect(answer.transactions).toMatchObject([
      {
        type: 'TRANSFER_OUT',
        quantity: '-2',
        totalCost: '-6.68',
        location: { id: p.northId },
        counterpart: { type: 'TRANSFER_IN' },
      },
      {
        type: 'TRANSFER_IN',
        quantity: '2',
        totalCost: '6.68',
        location: { id: p.southId },
        counterpart: { type: 'TRANSFER_OUT' },
      },
    ]);
    expect((await p.onHand(item)).sort()).toEqual(['1', '2']);
    const { supplyItem } = await graph.get(
      p.me,
      'query ($id: ID!) { supplyItem(id: $id) { lots { balance { received onHand inTransit } stock { storageLocation onHand } } stock { value } } }',
      { id: item },
    );
    expect(supplyItem.lots[0].balance).toEqual({ received: '3', onHand: '3', inTransit: '0' });
    expect(supplyItem.lots[0].stock).toContainEqual({ storageLocation: 'drawer 4', onHand: '2' });
    expect(supplyItem.stock.map((level: { value: string }) => level.value).sort()).toEqual(['3.34', '6.68']);
  });

  test.each([true, false])(
    'no place is worth less than nothing when goods cost different prices there (lots: %s)',
    async (lotTracked) => {
      const item = await p.anItem({ lotTracked });
      const lotNumber = lotTracked ? 'POOL' : null;
      await p.receive(item, { lotNumber, packs: '10', packPrice: '1.00' });
      await p.receive(item, { lotNumber, packs: '10', packPrice: '3.00', locationId: p.southId });
      const worth = async () =>
        (
          await graph.get(p.me, 'query ($id: ID!) { supplyItem(id: $id) { stock { onHand value } } }', { id: item })
        ).supplyItem.stock
          .map((at: { onHand: string; value: string }) => `${at.onHand} for ${at.value}`)
          .sort();
      const [north, south] = [await p.aPlaced(), await p.aPlaced({ locationId: p.southId })];

      expect(await worth()).toEqual(['10 for 20.00', '10 for 20.00']);
      await p.deduct(north, [{ itemId: item, quantity: '10' }]);
      expect(await worth()).toEqual(['0 for 0.00', '10 for 20.00']);
      await p.deduct(south, [{ itemId: item, quantity: '9' }]);
      expect(await worth()).toEqual(['0 for 0.00', '1 for 2.00']);
      const { _entities } = await graph.get(
        p.me,
        `query ($r: [_Any!]!) { _entities(representations: $r) {
         ... on Clinic { supplyPosition { value } } ... on Location { supplyPosition { value } } } }`,
        {
          r: [
            { __typename: 'Clinic', id: p.clinic },
            ...[p.northId, p.southId].map((id) => ({ __typename: 'Location', id })),
          ],
        },
      );
      const [all, ...places] = _entities.map((of: { supplyPosition: { value: string } }) => of.supplyPosition.value);
      expect(all).not.toBe('0.00');
      expect(places.reduce((sum: Decimal, value: string) => sum.plus(value), new Decimal(0)).toFixed(2)).toBe(all);
    },
  );

  test('goods are usable at the new place from the day they came there', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '3' })).supplyLot.id;
    await p.transfer({ lotId, quantity: '3', transferredOn: '2026-06-20' });
    const appliance = await p.aPlaced({ locationId: p.southId });

    await expectRefused(p, () => p.deduct(appliance, [{ itemId: item }], { usedOn: '2026-06-19' }), [
      'LOT_NOT_YET_RECEIVED input.lines.0.quantity',
    ]);
    expect((await p.deduct(appliance, [{ itemId: item }], { usedOn: '2026-06-20' })).userErrors).toEqual([]);
  });

  test('refuses what cannot move, and writes nothing', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '3', receivedOn: '2026-06-10' })).supplyLot.id;
    const held = (await p.receive(item, { packs: '3' })).supplyLot.id;
    await dispose(held, 'QUARANTINE');
    const loose = await p.anItem({ lotTracked: false });
    await p.receive(loose, { lotNumber: null, packs: '2', receivedOn: '2026-06-10' });
    const north = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.north] } });
    const no = (input: object, codes: string[], as = p.me) =>
      expectRefused(p, () => p.transfer({ quantity: '1', ...input }, as), codes);

    await no({ lotId, toLocationId: p.northId }, ['SAME_LOCATION input.toLocationId']);
    await no({ lotId, quantity: '4' }, ['INSUFFICIENT_STOCK input.quantity']);
    await no({ lotId, quantity: '-1' }, ['BAD_QUANTITY input.quantity']);
    await no({ lotId, quantity: '0.5' }, ['WHOLE_UNITS_ONLY input.quantity']);
    await no({ lotId: held }, ['LOT_QUARANTINED input.lotId']);
    await no({ lotId, transferredOn: '2026-06-09' }, ['LOT_NOT_YET_RECEIVED input.lotId']);
    await no({ lotId, transferredOn: '2026-07-01' }, ['FUTURE_DATE input.transferredOn']);
    await no({ lotId, transferredOn: '2026-05-01' }, ['BACKDATED_TOO_FAR input.transferredOn']);
    await no({ lotId, fromLocationId: p.southId, toLocationId: p.northId }, ['NOT_FOUND input.lotId']);
    await no({ itemId: loose, quantity: '3' }, ['INSUFFICIENT_STOCK input.quantity']);
    await no({ itemId: loose, transferredOn: '2026-06-09' }, ['LOT_NOT_YET_RECEIVED input.transferredOn']);
    await no({ lotId }, ['NOT_FOUND input.toLocationId'], north);
  });

  test('opposite moves at once neither lose nor make anything', async () => {
    const item = await p.anItem();
    const lotId = (await p.receive(item, { packs: '10' })).supplyLot.id;
    await p.transfer({ lotId, quantity: '5' });

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        p.transfer({
          ...{ lotId, quantity: '1' },
          ...(i % 2 ? { fromLocationId: p.southId, toLocationId: p.northId } : {}),
        }),
      ),
    );

    expect(answers.flatMap((answer) => answer.userErrors)).toEqual([]);
    expect(await p.onHand(item)).toEqual(['5', '5']);
  });
});
