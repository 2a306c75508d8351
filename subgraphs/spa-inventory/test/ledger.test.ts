import { Decimal, recordIdOf, systemViewer, transact } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { spaInventory } from '../src';
import {
  aLot,
  aProduct,
  aSpa,
  aUse,
  CLINIC,
  CLINIC_ID,
  id,
  INJECTOR,
  key,
  manager,
  NORTH,
  NURSE,
  patient,
  send,
  SOUTH,
} from './story';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await aSpa();
});
afterAll(() => graph.stop());

const PLACES = [NORTH, SOUTH];
/** Lots of the story: expiry, and whether it comes in a state that may not be used. */
const LOTS = [
  { number: 'A', expirationDate: '2026-09-03', condition: 'GOOD' },
  { number: 'B', expirationDate: '2026-09-10', condition: 'GOOD' },
  { number: 'C', expirationDate: '2026-08-01', condition: 'DAMAGED' },
  { number: 'D', expirationDate: '2027-01-31', condition: 'GOOD' },
] as const;

const verify = async (): Promise<string[]> =>
  transact(graph.running.database, systemViewer(CLINIC, 'verify'), CLINIC, async (tx) => {
    const found = await Promise.all(spaInventory.verifiers.map((verifier) => verifier(tx, CLINIC)));
    return found.flat().flatMap((each) => each.differences.map((difference) => `${each.what}: ${difference}`));
  });

const quantity = fc.integer({ min: 1, max: 400 }).map((tenths) => new Decimal(tenths).div(10));
const lot = fc.integer({ min: 0, max: LOTS.length - 1 });
const place = fc.constantFrom(0, 1);
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('receive' as const), lot, place, quantity }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('use' as const), place, quantity, lot: fc.option(lot, { freq: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('waste' as const), lot, place, quantity }) },
);

test('whatever is received, used and wasted: stock is the sum of its ledger, never below zero, and first to expire goes first (C-S1, C-S2, C-S4, C-S5)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 10 }), async (commands) => {
      const product = await aProduct(graph);
      const ids = new Map<number, string>();
      const held = new Map<string, Decimal>();
      const on = (l: number, p: number) => held.get(`${String(l)}/${String(p)}`) ?? new Decimal(0);
      const put = (l: number, p: number, by: Decimal) => held.set(`${String(l)}/${String(p)}`, on(l, p).plus(by));
      const isUsable = (l: number) => LOTS[l]?.condition === 'GOOD';

      for (const c of commands) {
        const locationId = id(PLACES[c.place] ?? '');
        if (c.kind === 'receive') {
          const { number, ...of } = LOTS[c.lot] as (typeof LOTS)[number];
          ids.set(
            c.lot,
            await aLot(graph, product, { ...of, lotNumber: number, quantity: c.quantity.toFixed(), locationId }),
          );
          put(c.lot, c.place, c.quantity);
        } else if (c.kind === 'waste') {
          const lotId = ids.get(c.lot);
          if (lotId === undefined) continue;
          const { userErrors } = await send(
            graph,
            'wasteRecord',
            { lotId, locationId, quantity: c.quantity.toFixed(), reason: 'TRAINING' },
            'waste { id }',
          );
          const isEnough = on(c.lot, c.place).gte(c.quantity);
          expect(userErrors.map((error: { code: string }) => error.code)).toEqual(
            isEnough ? [] : ['INSUFFICIENT_STOCK'],
          );
          if (isEnough) put(c.lot, c.place, c.quantity.neg());
        } else {
          const lotId = c.lot === null ? undefined : ids.get(c.lot);
          if (c.lot !== null && lotId === undefined) continue;
          const usable = LOTS.map((_, l) => l).filter((l) => isUsable(l) && (c.lot === null || c.lot === l));
          const available = usable.reduce((sum, l) => sum.plus(on(l, c.place)), new Decimal(0));
          const { usages, userErrors } = await send(
            graph,
            'treatmentUseRecord',
            aUse(product, {
              locationId,
              quantity: c.quantity.toFixed(),
              ...(lotId === undefined ? {} : { lotId, fefoOverrideReason: 'asked for' }),
            }),
            'usages { quantity lot { lotNumber } }',
          );
          expect(userErrors.length === 0).toBe(available.gte(c.quantity));
          for (const usage of usages) {
            const l = LOTS.findIndex((each) => each.number === usage.lot.lotNumber);
            put(l, c.place, new Decimal(usage.quantity).neg());
          }
          if (c.lot === null && usages.length > 0) {
            const last = LOTS.findIndex((each) => each.number === usages.at(-1).lot.lotNumber);
            const earlier = usable.filter((l) => (LOTS[l]?.expirationDate ?? '') < (LOTS[last]?.expirationDate ?? ''));
            expect(earlier.filter((l) => on(l, c.place).gt(0))).toEqual([]);
          }
        }
      }
      const kept = await graph.sql<{ lot_number: string; location_id: string; on_hand: string }>(
        `SELECT l.lot_number, s.location_id, s.on_hand FROM lot_stock s JOIN inventory_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id WHERE s.product_id = $1`,
        [recordIdOf(product)?.id],
      );
      for (const row of kept)
        expect(row.on_hand).toBe(
          on(
            LOTS.findIndex((each) => each.number === row.lot_number),
            PLACES.indexOf(row.location_id),
          ).toFixed(4),
        );
    }),
    { numRuns: 8 },
  );

  expect(await verify()).toEqual([]);
});

test('a lot was received = on hand + used + wasted, and its value is received - used - wasted to the cent (C-S3, E-14)', async () => {
  const product = await aProduct(graph);
  const of = await aLot(graph, product, { quantity: '3', unitCost: '0.333333' });
  await aLot(graph, product, { lotNumber: 'OTHER', quantity: '5', unitCost: '1.005' });
  for (let n = 0; n < 2; n++)
    await send(graph, 'treatmentUseRecord', aUse(product, { lotId: of, quantity: '1' }), 'usages { id }');
  await send(
    graph,
    'wasteRecord',
    { lotId: of, locationId: id(NORTH), quantity: '0.5', reason: 'DRAW_UP_LOSS' },
    'waste { id }',
  );

  const read = await graph.get(
    manager(),
    `query ($id: ID!) { inventoryLot(id: $id) { initialQuantity balance { received onHand inTransit inOpenVials used wasted returned adjusted } transactions { nodes { totalCost } } product { stock { value } } } }`,
    { id: of },
  );

  expect(read.inventoryLot.balance).toEqual({
    received: '3',
    onHand: '0.5',
    inTransit: '0',
    inOpenVials: '0',
    used: '2',
    wasted: '0.5',
    returned: '0',
    adjusted: '0',
  });
  expect(read.inventoryLot.transactions.nodes.map((row: { totalCost: string }) => row.totalCost)).toEqual([
    '-0.17',
    '-0.33',
    '-0.33',
    '1.00',
  ]);
  // 1.00 - 0.33 - 0.33 - 0.17 and 5 x 1.005 = 5.025, rounded once.
  expect(read.inventoryLot.product.stock).toEqual([{ value: '5.20' }]);
});

test('16 writers with changes of many rows in any order: no deadlock, and slices agree with the ledger', async () => {
  const products = await Promise.all(Array.from({ length: 4 }, () => aProduct(graph)));
  for (const product of products)
    for (const number of ['X', 'Y'])
      await aLot(graph, product, {
        lotNumber: number,
        quantity: '40',
        expirationDate: number === 'X' ? '2026-10-01' : '2026-11-01',
      });
  const deadlocks = async () =>
    Number(
      (
        await graph.sql<{ deadlocks: string }>(
          'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
        )
      )[0]?.deadlocks,
    );
  const before = await deadlocks();
  // A writer is a small sequence of its own, so that a failure can be repeated.
  const work = async (writer: number) => {
    const codes: string[] = [];
    for (let step = 0; step < 6; step++) {
      const turn = writer * 7 + step * 3;
      const product = products[turn % 4] ?? '';
      const { userErrors } =
        turn % 3 === 0
          ? await send(
              graph,
              'stockReceive',
              {
                clinicId: CLINIC_ID,
                locationId: id(PLACES[turn % 2] ?? ''),
                reason: 'more',
                receivedAt: '2026-06-30T14:00:00Z',
                lines: [0, 1, 2, 3].flatMap((n) =>
                  ['X', 'Y'].map((number) => ({
                    productId: products[(n + turn) % 4],
                    lotNumber: number,
                    quantity: '0.5',
                    expirationDate: number === 'X' ? '2026-10-01' : '2026-11-01',
                  })),
                ),
              },
              'lots { id }',
            )
          : await send(
              graph,
              'treatmentUseRecord',
              aUse(product, {
                quantity: '3.3',
                locationId: id(PLACES[step % 2] ?? ''),
                patientId: id(patient(turn % 5)),
                providerId: id(turn % 2 ? INJECTOR : NURSE),
              }),
              'usages { id }',
            );
      codes.push(...userErrors.map((error: { code: string }) => error.code));
    }
    return codes;
  };

  const codes = (await Promise.all(Array.from({ length: 16 }, (_, writer) => work(writer)))).flat();

  expect(codes.filter((code) => code !== 'INSUFFICIENT_STOCK')).toEqual([]);
  expect(await deadlocks()).toBe(before);
  expect(await verify()).toEqual([]);
});

test('a use that waits while its lot is blocked does not take it (C-S6)', async () => {
  const product = await aProduct(graph);
  const lot = await aLot(graph, product, { quantity: '10' });
  const row = recordIdOf(lot)?.id ?? '';

  const blocking = transact(graph.running.database, systemViewer(CLINIC, 'test'), CLINIC, async (tx) => {
    await tx.query(`UPDATE inventory_lot SET disposition = 'QUARANTINE' WHERE clinic_id = $1 AND id = $2`, [
      CLINIC,
      row,
    ]);
    await tx.query('SELECT pg_sleep(0.4)');
  });
  await new Promise((wait) => setTimeout(wait, 150));
  const used = await send(graph, 'treatmentUseRecord', aUse(product), 'usages { id } skippedLots { reason }');
  await blocking;

  expect(used).toMatchObject({
    usages: [],
    skippedLots: [{ reason: 'QUARANTINED' }],
    userErrors: [{ code: 'INSUFFICIENT_STOCK' }],
  });
});

test('the verifier tells of a balance, a slice and a link of the chain that do not agree', async () => {
  const product = await aProduct(graph);
  await aLot(graph, product, { lotNumber: key() });
  await send(graph, 'treatmentUseRecord', aUse(product), 'usages { id }');
  const row = recordIdOf(product)?.id ?? '';
  expect(await verify()).toEqual([]);

  await graph.sql('UPDATE lot_stock SET on_hand = on_hand + 1 WHERE product_id = $1', [row]);
  await graph.sql(`UPDATE spa_slice SET used_cost = used_cost + 1 WHERE product = $1 AND grain = 'D'`, [row]);
  await graph.sql(
    `UPDATE inventory_transaction SET quantity_before = 7, quantity_after = 6 WHERE product_id = $1 AND type = 'TREATMENT_USE'`,
    [row],
  );

  const told = await verify();
  expect(told.map((line) => line.split(':')[0])).toEqual([
    'balances of lots at places',
    'chain of movements',
    'spa slices',
  ]);
});
