import { Decimal, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { applianceSupply } from '../src';
import { aPractice, type Practice } from './practice';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
});
afterAll(() => graph.stop());

/** What a random history has made so far. */
interface World {
  readonly p: Practice;
  readonly items: readonly string[];
  readonly appliances: string[];
  readonly lots: Map<string, string>;
  readonly usages: string[];
  readonly orders: string[];
}

interface Answer {
  readonly userErrors: readonly { code: string }[];
  readonly usages?: readonly { id: string }[];
}
type Step = (world: World) => Promise<Answer>;

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const n = fc.nat(1_000);
const amount = fc.integer({ min: 1, max: 900 }).map((hundredths) => new Decimal(hundredths).div(100).toFixed());
const day = fc.integer({ min: 1, max: 30 }).map((of) => `2026-06-${String(of).padStart(2, '0')}`);
const placeOf = ({ p }: World, which: number) => (which % 2 ? p.northId : p.southId);
const loose = 3;

/** A lot or an item without lots, as the argument of a change. */
const goodOf = ({ lots, items }: World, which: number) => {
  const known = [...lots.keys()];
  return which % 5 === 0 || known.length === 0 ? { itemId: items[loose] } : { lotId: at(known, which) };
};

const receive = fc.record({ n, packs: amount, price: fc.option(amount), day }).map(({ n, packs, price, day }): Step => {
  return async (world) => {
    const { p, items, lots } = world;
    const index = n % items.length;
    const answer = await p.receive(items[index] as string, {
      lotNumber: index === loose ? null : `L${String(n % 4)}`,
      // Goods without a known price come into one of the four lots only.
      ...{ packs, packPrice: n % 4 === 0 ? price : (price ?? '1.00'), receivedOn: day, locationId: placeOf(world, n) },
    });
    if (answer.supplyLot) lots.set(answer.supplyLot.id, answer.supplyLot.lotNumber);
    return answer;
  };
});

const lines = fc.array(fc.record({ n, quantity: amount, isRework: fc.boolean() }), { minLength: 1, maxLength: 3 });
const asked = ({ items }: World, of: { n: number; quantity: string; isRework: boolean }[]) =>
  of.map(({ n, quantity, isRework }) => ({ itemId: at(items, n), quantity, isRework }));

const deduct = fc.record({ n, lines, day }).map(({ n, lines, day }): Step => {
  return (world) => world.p.deduct(at(world.appliances, n), asked(world, lines), { usedOn: day });
});

const bulk = fc.record({ n, a: lines, b: lines, isPartial: fc.boolean() }).map(({ n, a, b, isPartial }): Step => {
  return (world) =>
    world.p.deductBulk(
      [a, b].map((of, i) => ({ applianceId: at(world.appliances, n + i), lines: asked(world, of) })),
      { mode: isPartial ? 'PARTIAL' : 'ALL_OR_NOTHING' },
    );
});

const reverse = fc.record({ n, isUnused: fc.boolean() }).map(({ n, isUnused }): Step => {
  return ({ p, usages }) =>
    usages.length === 0
      ? Promise.resolve({ userErrors: [] })
      : p.reverse(at(usages, n), { condition: isUnused ? 'UNUSED' : 'USED' });
});

const unplace = n.map((n): Step => {
  return async ({ p, appliances }) => {
    const id = at(appliances, n);
    const answer = await p.unplace(id);
    await p.place(id);
    return answer;
  };
});

const transfer = fc.record({ n, quantity: amount }).map(({ n, quantity }): Step => {
  return (world) =>
    world.p.transfer({
      ...{ ...goodOf(world, n), quantity },
      ...{ fromLocationId: placeOf(world, n), toLocationId: placeOf(world, n + 1) },
    });
});

const reason = fc.constantFrom('DAMAGE', 'EXPIRED', 'LOSS', 'FOUND', 'CORRECTION', 'VENDOR_RETURN');
const adjust = fc.record({ n, quantity: amount, reason }).map(({ n, quantity, reason }): Step => {
  const delta = reason === 'FOUND' || (reason === 'CORRECTION' && n % 2) ? quantity : `-${quantity}`;
  return (world) => world.p.adjust({ ...goodOf(world, n), delta, reason, locationId: placeOf(world, n) });
});

const dispose = fc.record({ n, to: fc.constantFrom('QUARANTINE', 'DAMAGED') }).map(({ n, to }): Step => {
  return async ({ p, lots }) => {
    const [id] = lots.size > 0 ? [at([...lots.keys()], n)] : [];
    const answer = await graph.get(
      p.me,
      'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code } } }',
      { id: id ?? p.id(newId()), input: { idempotencyKey: newId(), to, reason: 'seal', expectedVersion: 1 + (n % 3) } },
    );
    return answer.supplyLotDispositionSet;
  };
});

const APPLY = 'mutation ($input: RecallInput!) { changed: supplyRecallApply(input: $input) { userErrors { code } } }';
const LIFT =
  'mutation ($c: ID!, $n: String!, $input: WorkflowStepInput!) { changed: supplyRecallLift(clinicId: $c, recallNumber: $n, input: $input) { userErrors { code } } }';
const recall = fc.record({ n, isLifted: fc.boolean() }).map(({ n, isLifted }): Step => {
  return async ({ p }) => {
    const [recallNumber, idempotencyKey] = [`R${String(n % 3)}`, newId()];
    const lift = { c: p.clinic, n: recallNumber, input: { idempotencyKey, reason: 'called off' } };
    const apply = {
      ...{ idempotencyKey, clinicId: p.clinic, recallNumber, recallClass: 'CLASS_II', reason: 'may irritate' },
      ...{ lotNumber: `l${String(n % 4)}`, announcedOn: '2026-06-29' },
    };
    const answer = await graph.get(p.me, isLifted ? LIFT : APPLY, isLifted ? lift : { input: apply });
    return answer.changed as Answer;
  };
});

const order = fc.record({ n, quantity: amount }).map(({ n, quantity }): Step => {
  return async (world) => {
    const { p, items, orders } = world;
    const answer = await p.order({ itemId: items[0], quantity, locationId: placeOf(world, n) });
    if (answer.supplyOrder) orders.push(answer.supplyOrder.id);
    return answer;
  };
});
const receiveOnOrder = fc.record({ n, packs: amount }).map(({ n, packs }): Step => {
  return (world) =>
    world.orders.length === 0
      ? Promise.resolve({ userErrors: [] })
      : world.p.receive(world.items[0] as string, {
          ...{ orderId: at(world.orders, n), packs, locationId: placeOf(world, n), lotNumber: 'ORDERED' },
        });
});

const step = fc.oneof(
  ...[
    { weight: 4, arbitrary: receive },
    { weight: 5, arbitrary: deduct },
    { weight: 2, arbitrary: bulk },
  ],
  ...[
    { weight: 2, arbitrary: reverse },
    { weight: 1, arbitrary: unplace },
    { weight: 2, arbitrary: transfer },
  ],
  ...[
    { weight: 2, arbitrary: adjust },
    { weight: 1, arbitrary: dispose },
    { weight: 1, arbitrary: order },
  ],
  ...[
    { weight: 1, arbitrary: receiveOnOrder },
    { weight: 1, arbitrary: recall },
  ],
);

/** A clinic with four items, one of them without lots, some stock, and appliances at two places. */
async function aWorld(): Promise<World> {
  const p = await aPractice(graph);
  const items: string[] = [];
  for (const category of ['BRACKET', 'ARCHWIRE', 'ADHESIVE', 'ELASTIC'])
    items.push(
      await p.anItem({ category, wholeUnitsOnly: false, lotTracked: category !== 'ELASTIC', reorderPoint: '4' }),
    );
  const appliances = await Promise.all(
    [0, 1, 2, 3].map((i) => p.aPlaced({ locationId: i % 2 ? p.northId : p.southId })),
  );
  return { p, items, appliances, lots: new Map(), usages: [], orders: [] };
}

const sum = (values: readonly (string | null)[]) =>
  values.reduce((total, each) => total.plus(each ?? 0), new Decimal(0));

interface Movement {
  lot_id: string;
  location_id: string;
  type: string;
  quantity: string;
  quantity_before: string;
  quantity_after: string;
}
interface Use {
  patient_id: string;
  bucket: string;
  quantity: string;
  total_cost: string | null;
}

interface Trace {
  readonly supplyLots: readonly { readonly id: string; readonly balance: Readonly<Record<string, string>> }[];
  readonly applianceUsages: readonly {
    readonly quantity: string;
    readonly patient: { readonly id: string } | null;
    readonly lot: { readonly id: string };
  }[];
}

/** The trace of a number accounts for all that was received, and names a patient for each unit that was used (C-S15). */
async function expectTraces({ p, lots }: World): Promise<void> {
  const numbers = [...new Set(lots.values())].filter((number) => number !== '');
  if (numbers.length === 0) return;
  const traces: Record<string, Trace> = await graph.get(
    p.me,
    `query ($c: ID!) { ${numbers
      .map(
        (number, i) => `t${String(i)}: lotTrace(clinicId: $c, lotNumber: " ${number.toLowerCase()}") {
          supplyLots { id balance { received onHand inTransit used wasted returned adjusted } }
          applianceUsages { quantity patient { id } lot { id } } }`,
      )
      .join('\n')} }`,
    { c: p.clinic },
  );
  const found = Object.values(traces);
  expect(found.flatMap((trace) => trace.supplyLots.map((lot) => lot.id)).sort()).toEqual(
    [...lots].flatMap(([id, number]) => (number === '' ? [] : [id])).sort(),
  );
  for (const { supplyLots, applianceUsages } of found) {
    for (const { id, balance } of supplyLots) {
      const { received, ...parts } = balance;
      expect(sum(Object.values(parts)).toFixed()).toBe(new Decimal(received ?? 0).toFixed());
      const used = applianceUsages.filter((usage) => usage.lot.id === id).map((usage) => usage.quantity);
      expect(sum(used).toFixed()).toBe(new Decimal(balance['used'] ?? 0).toFixed());
    }
    expect(applianceUsages.every((usage) => usage.patient !== null)).toBe(true);
  }
}

/** What the API answers must be what plain sums over the rows of the books give. */
async function expectBooks({ p, items }: World): Promise<void> {
  const movements = await graph.sql<Movement>(
    'SELECT * FROM supply_transaction WHERE clinic_id = $1 ORDER BY lot_id, location_id, move',
    [p.clinicId],
  );
  const uses = await graph.sql<Use>('SELECT * FROM appliance_usage WHERE clinic_id = $1', [p.clinicId]);
  const { a, c, t, ...levels } = await graph.get(
    p.me,
    `query ($c: ID!, $r: [_Any!]!) {
      ${items.map((id, i) => `i${String(i)}: supplyItem(id: "${id}") { stock { onHand } lots(availableOnly: false) { balance { received onHand inTransit used wasted returned adjusted } } }`).join('\n')}
      a: _entities(representations: $r) { ... on Clinic { supplies(period: { range: { from: "2026-01-01", to: "2026-12-31" } }) { cost usageCount byBucket { cost } } }
        ... on Patient { supplyCosts { totalCost } } }
      c: supplyStock(clinicId: $c) { totalCount }
      t: supplyOrders(clinicId: $c) { nodes { ordered received pending status } } }`,
    {
      c: p.clinic,
      r: [
        { __typename: 'Clinic', id: p.clinic },
        ...[...new Set(uses.map((use) => use.patient_id))].map((id) => ({ __typename: 'Patient', id: p.id(id) })),
      ],
    },
  );

  // C-S1, C-S2: stock is the sum of the ledger; C-S4: each movement begins where the one before ended.
  const onHand = Object.values(levels as Record<string, { stock: { onHand: string }[] }>).flatMap((item) => item.stock);
  expect(sum(onHand.map((level) => level.onHand)).toFixed()).toBe(sum(movements.map((m) => m.quantity)).toFixed());
  movements.forEach((m, i) => {
    const before = movements[i - 1];
    const isNext = before?.lot_id === m.lot_id && before.location_id === m.location_id;
    expect(Number(m.quantity_before)).toBe(isNext ? Number(before.quantity_after) : 0);
    expect(Number(m.quantity_after)).toBeGreaterThanOrEqual(0);
  });
  // C-S3: received is where everything of a lot went; C-S9: transfers lose nothing.
  for (const { lots } of Object.values(levels as Record<string, { lots: { balance: Record<string, string> }[] }>))
    for (const { balance } of lots) {
      const { received, ...parts } = balance;
      expect(sum(Object.values(parts)).toFixed()).toBe(new Decimal(received ?? 0).toFixed());
      expect(balance['inTransit']).toBe('0');
    }
  // What is left of a lot is worth its unit cost, but for the rounding of each movement, wherever all its prices are known.
  const lots = await graph.sql<{ lot_number: string; worth: string; at_cost: string; moves: number }>(
    `SELECT l.lot_number, sum(s.value)::text AS worth, (sum(s.on_hand) * l.unit_cost)::text AS at_cost, sum(s.moves)::int AS moves
     FROM supply_lot l JOIN supply_stock s ON s.clinic_id = l.clinic_id AND s.lot_id = l.id
     WHERE l.clinic_id = $1 AND l.lot_number <> '' AND l.uncosted_quantity = 0 GROUP BY l.clinic_id, l.id`,
    [p.clinicId],
  );
  for (const lot of lots)
    expect(new Decimal(lot.worth).minus(lot.at_cost).abs().toNumber()).toBeLessThanOrEqual(lot.moves * 0.0051);
  // C-S13: patients, buckets and the clinic add up to the uses.
  const cost = sum(uses.map((use) => use.total_cost)).toFixed(2);
  const [clinic, ...patients] = a;
  expect(clinic.supplies.cost).toBe(cost);
  expect(sum(clinic.supplies.byBucket.map((each: { cost: string }) => each.cost)).toFixed(2)).toBe(cost);
  expect(
    sum(patients.map((each: { supplyCosts: { totalCost: string } }) => each.supplyCosts.totalCost)).toFixed(2),
  ).toBe(cost);
  expect(clinic.supplies.usageCount).toBe(uses.reduce((total, use) => total + Math.sign(Number(use.quantity)), 0));
  // C-S11: an order is never received beyond what was ordered, and its rest is what is pending.
  for (const each of t.nodes)
    expect(new Decimal(each.received).plus(each.pending).toFixed()).toBe(new Decimal(each.ordered).toFixed());
  expect(c.totalCount).toBeGreaterThan(0);
  // C-S16: balances, slices, presence and orders rebuilt from the ledger are those that are kept.
  expect((await p.verify()).differences).toEqual([]);
}

const REFUSALS = new Set([
  ...['OK', 'INSUFFICIENT_STOCK', 'ALREADY_REVERSED', 'NOT_FOUND', 'STALE_VERSION', 'ILLEGAL_STATE_CHANGE', 'INVALID'],
  ...[
    'LOT_QUARANTINED',
    'LOT_DAMAGED',
    'LOT_RECALLED',
    'ALREADY_RECALLED',
    'LOT_NOT_YET_RECEIVED',
    'NOT_REVERSIBLE',
    'NOT_PLACED',
    'OVER_RECEIPT',
    'CONFLICT_RETRY',
  ],
]);

test('random histories of three clients at once leave books in which everything adds up (C-S1 to C-S4, C-S9, C-S11, C-S13, C-S15, C-S16)', async () => {
  const told = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 45, maxLength: 60 }), async (steps) => {
      const world = await aWorld();
      const client = async (mine: readonly Step[]) => {
        for (const act of mine) {
          const answer = await act(world);
          for (const usage of answer.usages ?? []) world.usages.push(usage.id);
          const code = answer.userErrors[0]?.code ?? 'OK';
          told.set(code, (told.get(code) ?? 0) + 1);
        }
      };
      await Promise.all([0, 1, 2].map((k) => client(steps.filter((_, i) => i % 3 === k))));
      await expectBooks(world);
      await expectTraces(world);
    }),
    { numRuns: 6, seed: 20_261_121, endOnFailure: true },
  );

  expect([...told.keys()].filter((code) => !REFUSALS.has(code))).toEqual([]);
  expect(told.get('OK')).toBeGreaterThan(60);
});

test('a blocked lot is used by nobody, whatever else happens at the same time (C-S6)', async () => {
  const { p, items, appliances } = await aWorld();
  const [item] = items as [string];
  const { supplyLot } = await p.receive(item, { packs: '500', lotNumber: 'HELD', locationId: p.southId });
  const use = () => p.deduct(appliances[0] as string, [{ itemId: item, quantity: '1' }]);

  const held = graph.get(
    p.me,
    'mutation ($id: ID!, $input: LotDispositionInput!) { supplyLotDispositionSet(id: $id, input: $input) { userErrors { code } } }',
    { id: supplyLot.id, input: { idempotencyKey: newId(), to: 'QUARANTINE', reason: 'seal', expectedVersion: 1 } },
  );
  const answers = await Promise.all([...Array.from({ length: 20 }, use), held.then(use), held.then(use)]);

  const used = answers.filter((answer) => answer.userErrors.length === 0).length;
  expect(answers.slice(20).map((answer) => answer.userErrors[0]?.code)).toEqual([
    'INSUFFICIENT_STOCK',
    'INSUFFICIENT_STOCK',
  ]);
  expect(await p.onHand(item)).toEqual([String(500 - used)]);
  expect((await p.verify()).differences).toEqual([]);
});
