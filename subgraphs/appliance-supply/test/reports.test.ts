import { Decimal, newId, recordIdOf, stableId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { applianceSupply, importLots, importUsages } from '../src';
import { aPractice, SCOPES, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
let facts: readonly Fact[];

/** A use or waste as arithmetic sees it; members as the API names them. */
interface Fact {
  readonly day: string;
  readonly APPLIANCE_TYPE: string;
  readonly APPLIANCE_SYSTEM: string;
  readonly ITEM: string;
  readonly CATEGORY: string;
  readonly BUCKET: string;
  readonly PROVIDER: string;
  readonly LOCATION: string;
  readonly VENDOR: string;
  readonly cost: number;
  readonly current: number;
  readonly waste: number;
  readonly rework: number;
  readonly uses: number;
  readonly quantity: number;
  readonly plan: string | null;
}
type Dimension = Exclude<keyof Fact, 'day' | 'cost' | 'current' | 'waste' | 'rework' | 'uses' | 'quantity' | 'plan'>;

const NONE = 'unassigned';
const DAY = 86_400_000;
const dayAt = (n: number) => new Date(Date.UTC(2026, 3, 20) + n * DAY).toISOString().slice(0, 10);
const cents = (amount: string | null) => new Decimal(amount ?? 0).times(100).toNumber();

/** 140 uses over ten weeks of six items of two vendors, each ninth undone later, and goods that were thrown away. */
async function fill(): Promise<Fact[]> {
  const vendors = [newId(), newId(), null];
  const items: { id: string; category: string; index: number }[] = [];
  for (const [index, category] of ['BRACKET', 'ARCHWIRE', 'ETCH', 'ETCH', 'ALIGNER', 'OTHER'].entries())
    items.push({ id: await p.anItem({ category, wholeUnitsOnly: false }), category, index });
  const rowOf = (opaque: string) => recordIdOf(opaque)?.id ?? '';
  await p.within((tx) =>
    importLots(
      tx,
      p.clinicId,
      items.flatMap((item) =>
        [p.north, p.south].map((locationId, place) => ({
          ...{ itemId: rowOf(item.id), locationId, lotNumber: `L-${String(item.index)}-${String(place)}` },
          vendorId: vendors[(item.index + place) % 3] ?? null,
          ...{ quantity: new Decimal(500), receivedOn: '2026-04-01' },
          totalCost: item.category === 'OTHER' ? null : new Decimal(500 + item.index * 137),
        })),
      ),
    ),
  );
  const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
  await p.within((tx) =>
    importUsages(
      tx,
      p.clinicId,
      Array.from({ length: 140 }, (_, n) => ({
        ...{ applianceId: null, applianceType: pick(['BRACKETS', 'ALIGNERS', 'OTHER'] as const, n * 7) },
        applianceSystem: pick(['METAL_BRACKETS', 'CERAMIC_BRACKETS', null], n * 5),
        patientId: stableId(`reports: ${String(n % 40)}`),
        treatmentPlanId: n % 4 === 0 ? null : stableId(`reports: case ${String(n % 25)}`),
        providerId: pick([p.doctor, rowOf(p.otherId), null], n),
        locationId: pick([p.north, p.south], n * 3),
        ...{ itemId: rowOf(pick(items, n * 11).id), usedOn: dayAt((n * 13) % 70) },
        quantity: new Decimal(1 + (n % 5)).div(n % 3 === 0 ? 4 : 1),
        isRework: n % 6 === 0,
      })),
    ),
  );
  const undone = await graph.sql<{ id: string }>(
    `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM appliance_usage WHERE clinic_id = $1) x WHERE n % 9 = 0`,
    [p.clinicId],
  );
  for (const { id } of undone.slice(0, 8))
    await graph.get(
      p.me,
      `mutation ($id: ID!, $input: ApplianceUsageReverseInput!) { applianceUsageReverse(id: $id, input: $input) { userErrors { code } } }`,
      {
        id: p.id(id),
        input: {
          idempotencyKey: newId(),
          condition: Number.parseInt(id.slice(-1), 16) % 2 ? 'USED' : 'UNUSED',
          reason: 'wrong',
        },
      },
    );
  return factsOfRows();
}

interface Row {
  day: string;
  appliance_type: string | null;
  appliance_system: string | null;
  item_id: string;
  category: string;
  bucket: string;
  provider_id: string | null;
  location_id: string;
  vendor_id: string | null;
  cost: string | null;
  waste: string | null;
  unit: string | null;
  quantity: string;
  is_rework: boolean;
  plan: string | null;
}

/** The rows behind every report, read as the owner; all sums of them are made here. */
async function factsOfRows(): Promise<Fact[]> {
  const rows = await graph.sql<Row>(
    `SELECT u.used_on::text AS day, u.appliance_type, u.appliance_system, u.item_id, u.category, u.bucket, u.provider_id, u.location_id,
       l.vendor_id, u.total_cost AS cost, NULL AS waste, i.current_unit_cost AS unit, u.quantity, u.is_rework, u.treatment_plan_id AS plan
     FROM appliance_usage u JOIN supply_lot l USING (clinic_id) JOIN supply_item i USING (clinic_id)
     WHERE u.clinic_id = $1 AND l.id = u.lot_id AND i.id = u.item_id
     UNION ALL
     SELECT t.business_date::text, NULL, NULL, t.item_id, i.category, (SELECT max(bucket) FROM appliance_usage x WHERE x.item_id = i.id), NULL, t.location_id,
       l.vendor_id, NULL, t.total_cost, i.current_unit_cost, t.quantity, false, NULL
     FROM supply_transaction t JOIN supply_lot l USING (clinic_id) JOIN supply_item i USING (clinic_id)
     WHERE t.clinic_id = $1 AND l.id = t.lot_id AND i.id = t.item_id AND t.type = 'WASTE'`,
    [p.clinicId],
  );
  return rows.map((row) => {
    const isWaste = row.appliance_type === null;
    const quantity = Number(row.quantity);
    const current =
      row.unit === null
        ? 0
        : new Decimal(row.unit).times(row.quantity).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).times(100).toNumber();
    return {
      ...{ day: row.day, APPLIANCE_TYPE: row.appliance_type ?? NONE, APPLIANCE_SYSTEM: row.appliance_system ?? NONE },
      ...{ ITEM: p.id(row.item_id), CATEGORY: row.category, BUCKET: row.bucket, LOCATION: p.id(row.location_id) },
      PROVIDER: row.provider_id === null ? NONE : p.id(row.provider_id),
      VENDOR: row.vendor_id === null ? NONE : p.id(row.vendor_id),
      ...{
        cost: isWaste ? 0 : cents(row.cost),
        current: isWaste ? 0 : current,
        waste: isWaste ? -cents(row.waste) : 0,
      },
      rework: row.is_rework ? cents(row.cost) : 0,
      ...{ uses: isWaste ? 0 : Math.sign(quantity), quantity: isWaste ? 0 : quantity, plan: row.plan },
    };
  });
}

beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  facts = await fill();
});
afterAll(() => graph.stop());

const REPORT = `query ($c: ID!, $p: PeriodInput!, $f: SupplyUsageFilter, $to: CompareInput, $basis: CostBasis, $by: [SupplyDimension!]!, $g: Granularity, $limit: Int) {
  supplyReport(clinicId: $c, period: $p, filter: $f, compareTo: $to, costBasis: $basis) {
    period { from to } comparedTo { from to } currency costBasis isRestricted
    measures { cost reworkCost wasteCost usageCount caseCount costPerCase { denominator } isIncomplete uncostedUsageCount byBucket { bucket cost } }
    previous { cost } growth { absolute growthStatus }
    breakdown(by: $by, granularity: $g, limit: $limit) { key label period { from to } applianceType applianceSystem item { id } category bucket providerId locationId vendor { id }
      isSuppressed quantity share growth { absolute } measures { cost wasteCost reworkCost usageCount caseCount } } } }`;
interface Variables {
  readonly p?: object;
  readonly f?: object | null;
  readonly to?: object;
  readonly basis?: string;
  readonly by?: readonly string[];
  readonly g?: string;
  readonly limit?: number;
}
const WHOLE = { range: { from: '2026-04-20', to: '2026-06-30' } };
const report = async (of: Variables = {}, as = p.me) =>
  (await graph.get(as, REPORT, { c: p.clinic, p: WHOLE, by: [], ...of })).supplyReport;

const sum = (list: readonly Fact[], of: 'cost' | 'current' | 'waste' | 'rework' | 'uses' | 'quantity') =>
  list.reduce((total, fact) => total + fact[of], 0);
/** Cases whose uses do not cancel out. */
const cases = (list: readonly Fact[]) => {
  const net = new Map<string, number>();
  for (const fact of list) if (fact.plan) net.set(fact.plan, (net.get(fact.plan) ?? 0) + fact.uses);
  return [...net.values()].filter((uses) => uses > 0).length;
};

test('totals are those of the rows, by bucket too; what has no cost is told and not counted as zero', async () => {
  const { measures, currency } = await report();

  expect(currency).toBe('USD');
  expect(measures).toMatchObject({
    ...{ cost: (sum(facts, 'cost') / 100).toFixed(2), wasteCost: (sum(facts, 'waste') / 100).toFixed(2) },
    ...{ reworkCost: (sum(facts, 'rework') / 100).toFixed(2), usageCount: sum(facts, 'uses'), isIncomplete: true },
    ...{ caseCount: cases(facts), costPerCase: { denominator: String(cases(facts)) } },
  });
  expect(sum(facts, 'waste')).toBeGreaterThan(0);
  for (const { bucket, cost } of measures.byBucket)
    expect([bucket, cents(cost)]).toEqual([
      bucket,
      sum(
        facts.filter((fact) => fact.BUCKET === bucket),
        'cost',
      ),
    ]);
});

const DIMENSIONS: readonly Dimension[] = [
  ...(['APPLIANCE_TYPE', 'APPLIANCE_SYSTEM', 'ITEM', 'CATEGORY', 'BUCKET', 'PROVIDER', 'LOCATION', 'VENDOR'] as const),
];

test('any split by up to three dimensions, in any range, is that of the rows and adds up to the total (C-S13, SUP-03)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([...DIMENSIONS], { minLength: 1, maxLength: 3 }),
      fc.tuple(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 70 })),
      fc.constantFrom(undefined, 'MONTH', 'WEEK'),
      fc.constantFrom('AT_USE', 'CURRENT'),
      async (by, [a, b], g, basis) => {
        const range = { from: dayAt(Math.min(a, b)), to: dayAt(Math.max(a, b)) };
        const { measures, breakdown } = await report({ p: { range }, by, basis, ...(g ? { g } : {}) });
        const within = facts.filter((fact) => fact.day >= range.from && fact.day <= range.to);
        const of = basis === 'CURRENT' ? 'current' : 'cost';

        expect(cents(measures.cost)).toBe(Math.round(sum(within, of)));
        for (const row of breakdown) {
          const slice = within.filter(
            (fact) =>
              by.map((dimension) => fact[dimension]).join('/') === row.key &&
              fact.day >= row.period.from &&
              fact.day <= row.period.to,
          );
          expect([
            row.key,
            cents(row.measures.cost),
            cents(row.measures.wasteCost),
            row.measures.usageCount,
            row.measures.caseCount,
          ]).toEqual([
            row.key,
            Math.round(sum(slice, of)),
            basis === 'CURRENT' ? cents(row.measures.wasteCost) : sum(slice, 'waste'),
            sum(slice, 'uses'),
            cases(slice),
          ]);
          if (by.includes('ITEM')) expect(new Decimal(row.quantity)).toEqual(new Decimal(sum(slice, 'quantity')));
          else expect(row.quantity).toBeNull();
        }
        // These are shown where there was a use or waste in the range, though uses may have been undone.
        const [only] = by.length === 1 && basis === 'AT_USE' ? by : [];
        if (only === 'ITEM' || only === 'VENDOR' || only === 'APPLIANCE_SYSTEM')
          expect(new Set(breakdown.map(({ key }: { key: string }) => key))).toEqual(
            new Set(within.map((fact) => fact[only])),
          );
        const total = (name: string) => breakdown.reduce((all: number, row: any) => all + cents(row.measures[name]), 0);
        expect([total('cost'), total('wasteCost')]).toEqual([cents(measures.cost), cents(measures.wasteCost)]);
      },
    ),
    { numRuns: 30 },
  );
});

test('a filter narrows totals and rows alike, and the same through slices as through the ledger (SUP-07)', async () => {
  const of = async (f: object, by: string[] = []) => {
    const { measures, breakdown } = await report({ f, by });
    return { cost: cents(measures.cost), cases: measures.caseCount, rows: breakdown };
  };
  const north = facts.filter((fact) => fact.LOCATION === p.northId);

  const sliced = await of({ locationIds: [p.northId] }, ['PROVIDER']);
  expect(sliced.cost).toBe(sum(north, 'cost'));
  expect(Object.fromEntries(sliced.rows.map((row: any) => [row.providerId, cents(row.measures.cost)]))).toEqual(
    Object.fromEntries(
      [p.doctorId, p.otherId, NONE].map((id) => [
        id,
        sum(
          north.filter((fact) => fact.PROVIDER === id),
          'cost',
        ),
      ]),
    ),
  );
  const etch = facts.filter((fact) => fact.CATEGORY === 'ETCH' && fact.PROVIDER === NONE && fact.uses !== 0);
  expect((await of({ categories: ['ETCH'], providerIds: [NONE] })).cost).toBe(sum(etch, 'cost'));
  const metal = facts.filter((fact) => fact.APPLIANCE_SYSTEM === 'METAL_BRACKETS');
  expect(await of({ applianceSystems: ['METAL_BRACKETS'] })).toMatchObject({
    cost: sum(metal, 'cost'),
    cases: cases(metal),
  });
  expect((await of({ itemIds: [] })).cost).toBe(0);
});

test.each([
  ['applianceTypes', 'APPLIANCE_TYPE', ['BRACKETS']],
  ['applianceSystems', 'APPLIANCE_SYSTEM', ['CERAMIC_BRACKETS', 'METAL_BRACKETS']],
  ['categories', 'CATEGORY', ['ETCH', 'OTHER']],
  ['itemIds', 'ITEM', null],
  ['vendorIds', 'VENDOR', null],
] as const)(
  'one member of a filter alone, split by itself or not, is that of the rows: %s',
  async (member, dimension, values) => {
    const wanted =
      values ?? [...new Set(facts.map((fact) => fact[dimension]))].filter((each) => each !== NONE).slice(0, 2);
    const within = facts.filter(
      (fact) => (wanted as readonly string[]).includes(fact[dimension]) && fact.day >= '2026-05-01',
    );
    const p1 = { range: { from: '2026-05-01', to: '2026-06-30' } };
    const { measures, breakdown } = await report({ p: p1, f: { [member]: wanted }, by: [dimension] });

    expect([cents(measures.cost), cents(measures.wasteCost), measures.usageCount]).toEqual([
      sum(within, 'cost'),
      sum(within, 'waste'),
      sum(within, 'uses'),
    ]);
    expect(new Map(breakdown.map((row: any) => [row.key, cents(row.measures.cost)]))).toEqual(
      new Map(
        wanted.map((each) => [
          each,
          sum(
            within.filter((fact) => fact[dimension] === each),
            'cost',
          ),
        ]),
      ),
    );
  },
);

test('a comparison shows the growth of the whole and of each slice, bucket by bucket', async () => {
  const may = await report({ p: { month: '2026-05' }, to: { to: 'PREVIOUS_PERIOD' }, by: ['LOCATION'] });
  const of = (month: string, place?: string) =>
    sum(
      facts.filter((fact) => fact.day.startsWith(month) && (!place || fact.LOCATION === place)),
      'cost',
    );

  expect(may.comparedTo).toEqual({ from: '2026-04-01', to: '2026-04-30' });
  expect([cents(may.previous.cost), cents(may.growth.absolute)]).toEqual([
    of('2026-04'),
    of('2026-05') - of('2026-04'),
  ]);
  for (const row of may.breakdown)
    expect(cents(row.growth.absolute)).toBe(of('2026-05', row.locationId) - of('2026-04', row.locationId));
});

test('a limit keeps the dearest slices; what is none is refused', async () => {
  const all = (await report({ by: ['ITEM'] })).breakdown;
  const two = (await report({ by: ['ITEM'], limit: 2 })).breakdown;

  expect(two).toEqual(all.slice(0, 2));
  const costs = all.map((row: any) => cents(row.measures.cost));
  expect(costs).toEqual([...costs].sort((a: number, b: number) => b - a));
  for (const bad of [{ limit: 0 }, { by: ['ITEM', 'ITEM'] }, { by: ['ITEM', 'VENDOR', 'PROVIDER', 'LOCATION'] }])
    expect(
      (await graph.ask(p.me, REPORT, { c: p.clinic, p: WHOLE, by: [], ...bad })).errors?.[0]?.extensions['code'],
    ).toBe('INVALID');
});

test('a viewer of one place sees its part, and says so; a reader of sums sees no small slice and no single patient', async () => {
  const narrowed = await report({ by: ['LOCATION'] }, { ...p.me, restrictions: { locations: [p.north] } });
  expect(narrowed).toMatchObject({
    isRestricted: true,
    measures: {
      cost: (
        sum(
          facts.filter((fact) => fact.LOCATION === p.northId),
          'cost',
        ) / 100
      ).toFixed(2),
    },
  });
  expect(narrowed.breakdown.map((row: any) => row.locationId)).toEqual([p.northId]);

  const analyst = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, aggregateOnly: true });
  const items = (await report({ by: ['ITEM'], g: 'WEEK' }, analyst)).breakdown;
  expect(items.some((row: any) => row.isSuppressed)).toBe(true);
  for (const row of items.filter((each: any) => each.isSuppressed))
    expect([row.measures, row.share, row.quantity]).toEqual([null, null, null]);
  const small = await graph.ask(analyst, REPORT, {
    c: p.clinic,
    p: { range: { from: '2026-04-20', to: '2026-04-21' } },
    by: [],
  });
  expect(small.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('a reader of sums is not told alone what a breakdown withholds so that another does not follow', async () => {
  const of = await aPractice(graph);
  const itemId = recordIdOf(await of.anItem({ wholeUnitsOnly: false }))?.id ?? '';
  const stock = { itemId, locationId: of.north, lotNumber: 'L', vendorId: null, receivedOn: '2026-04-01' };
  // Twenty patients had brackets, twelve others aligners, and one something else.
  const uses = (['BRACKETS', 'ALIGNERS', 'OTHER'] as const).flatMap((applianceType, kind) =>
    Array.from({ length: [20, 12, 1][kind] ?? 0 }, (_, n) => ({
      ...{
        applianceId: null,
        applianceType,
        applianceSystem: null,
        patientId: stableId(`sums: ${applianceType} ${String(n)}`),
      },
      ...{ treatmentPlanId: null, providerId: of.doctor, locationId: of.north, itemId, usedOn: '2026-05-04' },
      ...{ quantity: new Decimal(1), isRework: false },
    })),
  );
  await of.within((tx) =>
    importLots(tx, of.clinicId, [{ ...stock, quantity: new Decimal(99), totalCost: new Decimal(99) }]),
  );
  await of.within((tx) => importUsages(tx, of.clinicId, uses));
  const analyst = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, aggregateOnly: true });
  const ask = async (variables: object) => graph.ask(analyst, REPORT, { c: of.clinic, p: WHOLE, by: [], ...variables });

  const table = await ask({ by: ['APPLIANCE_TYPE'] });
  const withheld = table.data.supplyReport.breakdown.filter((row: any) => row.isSuppressed);
  expect(withheld.map((row: any) => row.key).sort()).toEqual(['ALIGNERS', 'OTHER']);
  const told = async (...applianceTypes: string[]) => (await ask({ f: { applianceTypes } })).errors === undefined;
  expect([await told('ALIGNERS'), await told('BRACKETS', 'ALIGNERS')]).toEqual([false, false]);
  expect([await told('BRACKETS'), await told('ALIGNERS', 'OTHER')]).toEqual([true, true]);
});

test('a report of one patient needs the right to see patients and is a noted read', async () => {
  const f = { patientId: p.id(stableId('reports: 1')) };
  const clerk = viewer({ clinicIds: [p.clinicId], scopes: ['inventory:read'] });
  expect((await graph.ask(clerk, REPORT, { c: p.clinic, p: WHOLE, by: [], f })).errors?.[0]?.extensions['code']).toBe(
    'FORBIDDEN',
  );

  await report({ f });

  const [read] = await graph.sql(
    `SELECT entity_type, row_count FROM audit_event WHERE clinic_id = $1 AND action = 'patient.read' ORDER BY id DESC LIMIT 1`,
    [p.clinicId],
  );
  expect(read).toEqual({ entity_type: 'SupplyReport', row_count: 1 });
});

test('a report takes a fixed number of statements, however many slices and buckets it has', async () => {
  const sent = await graph.statements(() => report({ by: ['ITEM', 'PROVIDER', 'VENDOR'], g: 'WEEK' }));

  // Clinic, totals, cases of totals, rows, cases of rows, items, vendors, providers.
  expect(sent.length).toBeLessThanOrEqual(8);
});
