import { Decimal, newId, recordIdOf } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { writeBooks } from '../src/lots/movement.service';
import { aPractice, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
let bracket: string;
let wire: string;

const ROWS = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow {
  supplies { currency cost reworkCost wasteCost usageCount caseCost caseCount costPerCase { numerator denominator value status } uncostedUsageCount isIncomplete byBucket { bucket cost share } }
  supplyRatios { costPerStart { value status } costRate { value status } netAfterSuppliesPerStart { numerator value status } } } } }`;

interface Key {
  locationId?: string | null;
  providerId?: string | null;
  from?: string;
  to?: string;
  production?: unknown;
}
const row = (key: Key = {}) => ({
  __typename: 'PerformanceRow',
  clinicId: p.clinic,
  locationId: null,
  providerId: null,
  from: '2026-06-01',
  to: '2026-06-30',
  production: null,
  ...key,
});
const ask = async (keys: Key[], as = p.me) => (await graph.get(as, ROWS, { r: keys.map(row) }))._entities;

beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  bracket = await p.anItem({ category: 'BRACKET' });
  wire = await p.anItem({ category: 'ARCHWIRE' });
  const gift = await p.anItem({ category: 'OTHER' });
  await p.receive(bracket, { packs: '100', packPrice: '3.00', receivedOn: '2026-05-31' });
  await p.receive(bracket, { packs: '100', packPrice: '3.00', receivedOn: '2026-05-31', locationId: p.southId });
  await p.receive(wire, { packs: '100', packPrice: '1.50', receivedOn: '2026-05-31' });
  await p.receive(gift, { packs: '10', packPrice: null, receivedOn: '2026-05-31' });
  // Case one: 31 May, 1 June and 30 June; case two: 15 June at the other place by the other doctor; and a use without a case.
  const one = await p.aPlaced();
  const two = await p.aPlaced({ locationId: p.southId });
  const loose = await p.aPlaced({ treatmentPlanId: null });
  await p.deduct(one, [{ itemId: bracket, quantity: '20' }], { usedOn: '2026-05-31' });
  await p.deduct(one, [{ itemId: wire, quantity: '2' }], { usedOn: '2026-06-01' });
  await p.deduct(one, [{ itemId: bracket, quantity: '1', isRework: true }]);
  await p.deduct(two, [{ itemId: bracket, quantity: '10' }], { usedOn: '2026-06-15', providerId: p.otherId });
  await p.deduct(loose, [{ itemId: wire, quantity: '4' }, { itemId: gift }], { usedOn: '2026-06-15' });
});
afterAll(() => graph.stop());

test('a row sums the uses of its range, and counts each case once however often it was treated (E-09)', async () => {
  const [june] = await ask([{}]);

  expect(june.supplies).toMatchObject({
    currency: 'USD',
    cost: '42.00',
    reworkCost: '3.00',
    wasteCost: '0.00',
    usageCount: 5,
    caseCost: '36.00',
    caseCount: 2,
    costPerCase: { numerator: '36', denominator: '2', value: '18', status: 'COMPUTED' },
    uncostedUsageCount: 1,
    isIncomplete: true,
  });
  expect(june.supplies.byBucket).toEqual([
    { bucket: 'BRACKET', cost: '33.00', share: '0.7857' },
    { bucket: 'WIRE', cost: '9.00', share: '0.2143' },
    ...['BONDING', 'ELASTIC', 'ACCESSORY', 'RETAINER', 'ALIGNER', 'OTHER'].map((bucket) => ({
      ...{ bucket, cost: '0.00', share: '0' },
    })),
  ]);
});

test('locations, providers and their pairs add up to the total; a whole year reads like its months', async () => {
  const rows = await ask([
    {},
    { locationId: p.northId },
    { locationId: p.southId },
    { providerId: p.doctorId },
    { providerId: p.otherId },
    { locationId: p.southId, providerId: p.otherId },
    { locationId: p.southId, providerId: p.doctorId },
    { providerId: 'unassigned' },
    { from: '2026-01-01', to: '2026-12-31' },
    { from: '2026-05-31', to: '2026-06-29' },
  ]);

  expect(rows.map((r: any) => [r.supplies.cost, r.supplies.caseCount])).toEqual([
    ['42.00', 2],
    ['12.00', 1],
    ['30.00', 1],
    ['12.00', 1],
    ['30.00', 1],
    ['30.00', 1],
    ['0.00', 0],
    ['0.00', 0],
    ['102.00', 2],
    ['99.00', 2],
  ]);
});

test('ratios divide by the production that another domain hands over, and say why they cannot', async () => {
  const [computed, noStart, partly, away] = await ask([
    { production: { net: '1000.00', starts: 4 } },
    { production: { net: '1000.00', starts: 0 } },
    { production: { net: null, starts: 2 } },
    { production: null },
  ]);

  expect(computed.supplyRatios).toEqual({
    costPerStart: { value: '10.5', status: 'COMPUTED' },
    costRate: { value: '0.042', status: 'COMPUTED' },
    netAfterSuppliesPerStart: { numerator: '958', value: '239.5', status: 'COMPUTED' },
  });
  expect(noStart.supplyRatios.costPerStart).toEqual({ value: null, status: 'ZERO_DENOMINATOR' });
  expect(partly.supplyRatios).toEqual({
    costPerStart: { value: '21', status: 'COMPUTED' },
    costRate: { value: null, status: 'UNAVAILABLE' },
    netAfterSuppliesPerStart: { numerator: null, value: null, status: 'UNAVAILABLE' },
  });
  expect(away.supplyRatios).toBeNull();
});

test('a hundred rows cost as many statements as one', async () => {
  const keys = Array.from({ length: 100 }, (_, i) => ({
    locationId: i % 2 ? p.northId : p.southId,
    from: `2026-0${String((i % 6) + 1)}-01`,
    production: { net: '1', starts: 1 },
  }));

  // Slices, distinct cases, currency.
  expect(await graph.statements(() => ask([{ production: { net: '1', starts: 1 } }]))).toHaveLength(3);
  expect(await graph.statements(() => ask(keys))).toHaveLength(3);
});

test('keys outside reach, restrictions and the privacy limit give no measures', async () => {
  const foreign = await aPractice(graph);
  const outsider = foreign.me;
  const narrowed = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
  const analyst = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, aggregateOnly: true });

  expect(await ask([{}, { locationId: p.northId }], outsider)).toEqual([null, null]);
  expect(await ask([{ locationId: foreign.northId }])).toEqual([{ supplies: null, supplyRatios: null }]);
  const [all, north] = await ask([{}, { locationId: p.northId }], narrowed);
  expect(all.supplies.cost).toBe('30.00');
  expect(north.supplies).toBeNull();
  expect((await ask([{}], analyst))[0].supplies).toBeNull();
});

test('the same measures stand on the clinic, its locations and providers', async () => {
  const answer = await graph.get(
    p.me,
    `query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Clinic { supplies(period: { month: "2026-06" }) { cost } } ... on Location { supplies(period: { month: "2026-06" }) { cost } }
      ... on Provider { supplies(period: { preset: CURRENT_YEAR }) { cost } } } }`,
    {
      r: [
        { __typename: 'Clinic', id: p.clinic },
        { __typename: 'Location', id: p.southId },
        { __typename: 'Provider', id: p.otherId },
        { __typename: 'Location', id: p.id(newId()) },
      ],
    },
  );

  expect(answer._entities).toEqual([
    { supplies: { cost: '42.00' } },
    { supplies: { cost: '30.00' } },
    { supplies: { cost: '30.00' } },
    { supplies: { cost: '0.00' } },
  ]);
});

test('waste counts beside the use, on its own day', async () => {
  const lot = (await p.receive(wire, { packs: '4', packPrice: '2.00', lotNumber: 'BROKEN' })).supplyLot;
  await p.within(async (tx) => {
    await writeBooks(tx, p.clinicId, {
      movements: [
        {
          ...{
            id: newId(),
            type: 'WASTE',
            itemId: recordIdOf(wire)!.id,
            lotId: recordIdOf(lot.id)!.id,
            locationId: p.north,
          },
          ...{ quantity: new Decimal(-3), unitCost: new Decimal(2), totalCost: new Decimal(-6), usageId: null },
          ...{ reason: 'bent', businessDate: '2026-06-20' },
        },
      ],
    });
  });

  const [june, north] = await ask([{}, { locationId: p.northId }]);

  expect(june.supplies).toMatchObject({ cost: '42.00', wasteCost: '6.00', usageCount: 5 });
  expect(north.supplies.wasteCost).toBe('6.00');
  const balance = await graph.get(
    p.me,
    'query ($c: ID!) { lotTrace(clinicId: $c, lotNumber: "broken") { supplyLots { balance { received onHand wasted used } } } }',
    { c: p.clinic },
  );
  expect(balance.lotTrace.supplyLots[0].balance).toEqual({ received: '4', onHand: '1', wasted: '3', used: '0' });
  await p.order({ itemId: wire, quantity: '5' });

  const { differences, compared } = await p.verify();
  expect(differences).toEqual([]);
  expect(compared.every((n) => n > 0)).toBe(true);
});

test('the verifiers find a slice, a stock and a value that were tampered with', async () => {
  await graph.sql(
    `UPDATE supply_slice SET cost = cost + 1 WHERE clinic_id = $1 AND dim = 'T' AND grain = 'M' AND period = '2026-06-01'`,
    [p.clinicId],
  );
  await graph.sql('UPDATE supply_stock SET value = value + 0.01 WHERE clinic_id = $1 AND location_id = $2', [
    p.clinicId,
    p.south,
  ]);
  await graph.sql(
    `UPDATE supply_presence SET uses = uses + 1 WHERE clinic_id = $1 AND grain = 'D' AND period = '2026-06-30'`,
    [p.clinicId],
  );

  const { differences } = await p.verify();

  expect(differences.map((line) => line.split(' ')[0])).toEqual(['slice', 'presence', 'stock']);
});
