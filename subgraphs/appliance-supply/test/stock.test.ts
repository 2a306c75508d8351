import { Decimal, newId, roundMoney } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply, importAppliances, importItems, importLots, importUsages } from '../src';
import { aPractice } from './practice';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
});
afterAll(() => graph.stop());

/** Numbers that are the same in every run. */
const seeded = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

test('of 50 deductions at once of the last 12 units exactly 12 succeed, and the stock ends at 0 (SUP-60, C-S7)', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem();
  await p.receive(item, { packs: '7', expirationDate: '2026-12-31' });
  await p.receive(item, { packs: '5', expirationDate: '2027-12-31' });
  const appliances = await Promise.all(Array.from({ length: 10 }, () => p.aPlaced()));

  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => p.deduct(appliances[i % 10] as string, [{ itemId: item }])),
  );

  const codes = answers.map((a) => a.userErrors[0]?.code ?? 'OK');
  expect(codes.filter((code) => code === 'OK')).toHaveLength(12);
  expect(codes.filter((code) => code === 'INSUFFICIENT_STOCK')).toHaveLength(38);
  expect(await p.onHand(item)).toEqual(['0']);
  expect(await graph.sql('SELECT 1 FROM appliance_usage WHERE clinic_id = $1', [p.clinicId])).toHaveLength(12);
  expect((await p.verify()).differences).toEqual([]);
});

test('16 writers with random uses, receipts and reclassifications: no deadlock surfaces, everything equals its ledger (C-S1 to C-S5, C-S8)', async () => {
  const p = await aPractice(graph);
  const items = await Promise.all(
    ['BRACKET', 'ARCHWIRE', 'ADHESIVE', 'ELASTIC'].map((category) =>
      p.anItem({ category, wholeUnitsOnly: false, lotTracked: category !== 'ELASTIC' }),
    ),
  );
  const receive = (random: () => number) => {
    const index = Math.floor(random() * 4);
    return p.receive(items[index] as string, {
      lotNumber: index === 3 ? null : `L${String(Math.floor(random() * 3))}`,
      packs: String(1 + Math.floor(random() * 20)),
      packPrice: random() < 0.15 ? null : (1 + random() * 5).toFixed(2),
      locationId: random() < 0.5 ? p.northId : p.southId,
    });
  };
  const start = seeded(7);
  for (let i = 0; i < 24; i++) await receive(start);
  await p.order({ itemId: items[0], quantity: '5' });
  const appliances = await Promise.all(
    Array.from({ length: 8 }, (_, i) => p.aPlaced({ locationId: i % 2 ? p.northId : p.southId })),
  );

  const writer = async (seed: number): Promise<string[]> => {
    const random = seeded(seed);
    const codes: string[] = [];
    for (let step = 0; step < 8; step++) {
      if (random() < 0.25) {
        codes.push((await receive(random)).userErrors[0]?.code ?? 'OK');
        continue;
      }
      const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
        itemId: items[Math.floor(random() * 4)],
        quantity: (0.25 + random() * 6).toFixed(2),
        isRework: random() < 0.2,
      }));
      const usedOn = `2026-06-${String(10 + Math.floor(random() * 20))}`;
      const answer = await p.deduct(appliances[Math.floor(random() * 8)] as string, lines, { usedOn });
      codes.push(answer.userErrors[0]?.code ?? 'OK');
      expect(answer.usages.length === 0).toBe(answer.userErrors.length > 0);
    }
    return codes;
  };
  const codes = (await Promise.all(Array.from({ length: 16 }, (_, i) => writer(100 + i)))).flat();

  expect(new Set(codes)).toEqual(new Set(['OK', 'INSUFFICIENT_STOCK']));
  expect(codes.filter((code) => code === 'OK').length).toBeGreaterThan(60);
  const { differences, compared } = await p.verify();
  expect(differences).toEqual([]);
  expect(compared.every((n) => n > 0)).toBe(true);
});

test('the value of stock is received minus used to the cent, although each use is rounded on its own (E-14)', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem();
  // 3 for 10.00: 3.333333 each.
  await p.receive(item, { packs: '1', packSize: '3', packPrice: '10.00' });
  const appliance = await p.aPlaced();

  const first = await p.deduct(appliance, [{ itemId: item, quantity: '1' }]);
  const level = async () =>
    (
      await graph.get(p.me, 'query ($id: ID!) { supplyItem(id: $id) { currentUnitCost stock { onHand value } } }', {
        id: item,
      })
    ).supplyItem;

  expect(first.usages).toMatchObject([{ unitCost: '3.333333', totalCost: '3.33' }]);
  expect(await level()).toEqual({ currentUnitCost: '3.333333', stock: [{ onHand: '2', value: '6.67' }] });
});

describe('bulk import', () => {
  test('takes what mutations take, by the same statements: 6,000 uses in a few seconds, nothing differs from the ledger', async () => {
    const p = await aPractice(graph);
    const random = seeded(3);
    const items = Array.from({ length: 30 }, (_, i) => ({
      ...{
        id: newId(),
        sku: `I${String(i)}`,
        name: `Item ${String(i)}`,
        unit: 'piece',
        wholeUnitsOnly: true,
        lotTracked: true,
      },
      category: (['BRACKET', 'ARCHWIRE', 'ADHESIVE'] as const)[i % 3] as 'BRACKET',
      ...{ reorderPoint: new Decimal(5), maxLevel: new Decimal(50) },
    }));
    const cases = Array.from({ length: 400 }, () => ({
      patientId: newId(),
      treatmentPlanId: newId(),
      applianceId: newId(),
    }));
    const [doctors, places] = [
      [p.doctor, newId(), newId()],
      [p.north, p.south],
    ];
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const lots = items.flatMap(({ id }) =>
      places.flatMap((locationId) =>
        [1, 2, 3].map((n) => ({
          ...{
            lotId: newId(),
            itemId: id,
            locationId,
            lotNumber: `${id.slice(-6)}-${locationId.slice(-4)}-${String(n)}`,
          },
          ...{ quantity: new Decimal(400), totalCost: new Decimal(100 * n + 0.37), receivedOn: '2024-06-30' },
          expirationDate: `202${String(6 + n)}-01-01`,
        })),
      ),
    );
    const usages = Array.from({ length: 6_000 }, (_, i) => {
      const { applianceId, patientId, treatmentPlanId } = pick(cases);
      return {
        ...{ id: newId(), applianceId, applianceType: 'BRACKETS' as const, applianceSystem: null },
        ...{ patientId, treatmentPlanId, providerId: pick(doctors), locationId: pick(places), itemId: pick(items).id },
        usedOn: new Date(Date.UTC(2024, 6, 1) + Math.floor(i / 9) * 86_400_000).toISOString().slice(0, 10),
        ...{ quantity: new Decimal(1 + Math.floor(random() * 2)), isRework: random() < 0.03 },
      };
    });

    const began = Date.now();
    const written = await p.within(async (tx) => {
      await importItems(tx, p.clinicId, items);
      await importLots(tx, p.clinicId, lots);
      await importAppliances(
        tx,
        p.clinicId,
        cases.map(({ applianceId, ...of }) => ({
          ...{ ...of, id: applianceId, applianceType: 'BRACKETS' as const, applianceSystem: null },
          ...{ providerId: p.doctor, locationId: p.north, status: 'PLACED' as const, placedOn: '2024-07-01' },
        })),
      );
      return importUsages(tx, p.clinicId, usages);
    });

    expect(Date.now() - began).toBeLessThan(10_000);
    expect(written).toBeGreaterThanOrEqual(6_000);
    const { differences, compared } = await p.verify();
    expect(differences).toEqual([]);
    expect(compared).toContain(written);
    // Used quantities by the rows given, against the ledger.
    const [sum] = await graph.sql<{ used: string }>(
      'SELECT sum(quantity)::text AS used FROM appliance_usage WHERE clinic_id = $1',
      [p.clinicId],
    );
    expect(new Decimal(sum!.used).toFixed()).toBe(
      usages.reduce((total, usage) => total.plus(usage.quantity), new Decimal(0)).toFixed(),
    );
    const events = await graph.sql('SELECT action, row_count FROM audit_event WHERE clinic_id = $1 ORDER BY id', [
      p.clinicId,
    ]);
    expect(events).toEqual([
      { action: 'supply_item.import', row_count: 30 },
      { action: 'supply_lot.import', row_count: 180 },
      { action: 'appliance.import', row_count: 400 },
      { action: 'appliance_usage.import', row_count: written },
    ]);
  });
});

test('case cost is the sum of its uses, and all cases with what is outside them are all consumption (SUP-28, C-S13)', async () => {
  const p = await aPractice(graph);
  const item = await p.anItem({ wholeUnitsOnly: false });
  await p.receive(item, { packs: '100', packPrice: '1.37' });
  const plan = p.id(newId());
  const patientId = p.id(newId());
  const [one, two, loose] = [
    await p.aPlaced({ patientId, treatmentPlanId: plan }),
    await p.aPlaced({ patientId }),
    await p.aPlaced({ patientId, treatmentPlanId: null }),
  ];
  await p.deduct(one, [
    { itemId: item, quantity: '2.5' },
    { itemId: item, quantity: '0.33', isRework: true },
  ]);
  await p.deduct(two, [{ itemId: item, quantity: '1' }]);
  await p.deduct(loose, [{ itemId: item, quantity: '3' }]);
  const cents = (quantity: string) => roundMoney(new Decimal(quantity).times('1.37'));

  const answer = await graph.get(
    p.me,
    `query ($c: ID!, $r: [_Any!]!) { supplyCosts(clinicId: $c, period: { preset: CURRENT_MONTH }) { totalCount nodes { totalCost treatmentPlan { id } patient { id } usageCount } }
      _entities(representations: $r) { ... on TreatmentPlan { supplyCosts { totalCost bracketCost reworkCost usageCount isIncomplete period { from to } } supplyRatios { costRate { value } } applianceUsages { totalCount } }
        ... on Patient { supplyCosts { totalCost treatmentPlan { id } } appliances { id } } } }`,
    {
      c: p.clinic,
      r: [
        { __typename: 'TreatmentPlan', id: plan, production: { net: '400.00' } },
        { __typename: 'Patient', id: patientId },
        { __typename: 'TreatmentPlan', id: p.id(newId()), production: null },
      ],
    },
  );

  const ofPlan = cents('2.5').plus(cents('0.33'));
  const all = ofPlan.plus(cents('1')).plus(cents('3'));
  expect(answer._entities[0]).toEqual({
    supplyCosts: {
      ...{ totalCost: ofPlan.toFixed(2), bracketCost: ofPlan.toFixed(2), reworkCost: cents('0.33').toFixed(2) },
      ...{ usageCount: 2, isIncomplete: false, period: { from: '2026-06-30', to: '2026-06-30' } },
    },
    supplyRatios: { costRate: { value: ofPlan.div(400).toDecimalPlaces(6).toFixed() } },
    applianceUsages: { totalCount: 2 },
  });
  expect(answer._entities[1].supplyCosts).toEqual({ totalCost: all.toFixed(2), treatmentPlan: null });
  expect(answer._entities[1].appliances).toHaveLength(3);
  expect(answer._entities[2]).toMatchObject({ supplyCosts: { totalCost: '0.00' }, supplyRatios: null });
  expect(answer.supplyCosts.totalCount).toBe(3);
  expect(answer.supplyCosts.nodes.map((n: any) => n.totalCost)).toEqual(
    [cents('3'), ofPlan, cents('1')].sort((a, b) => b.cmp(a)).map((c) => c.toFixed(2)),
  );
});
