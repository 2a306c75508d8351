import { newId } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { applianceSupply } from '../src';
import { aPractice, SCOPES, TODAY, type Practice } from './practice';

let graph: TestSubgraph;
let p: Practice;
const of = { item: '', lot: '', appliance: '', usage: '', movement: '', patient: '', plan: '' };

beforeAll(async () => {
  graph = await testSubgraph(applianceSupply);
  p = await aPractice(graph);
  of.patient = p.id(newId());
  of.plan = p.id(newId());
  const names = ['Adhesive', 'Bracket', 'Chain'];
  for (const [i, name] of names.entries()) {
    const category = ['ADHESIVE', 'BRACKET', 'POWER_CHAIN'][i];
    const item = await p.anItem({ name, sku: `SKU ${name}`, category, reorderPoint: String(i * 10) });
    for (const lotNumber of ['1', '2', '3']) {
      const expirationDate = `2026-1${lotNumber === '3' ? '0' : lotNumber}-01`;
      const { supplyLot } = await p.receive(item, { lotNumber, expirationDate, packs: '10', vendorId: p.id(newId()) });
      of.lot = supplyLot.id;
    }
    of.item = item;
    of.appliance = await p.aPlaced({ patientId: of.patient, treatmentPlanId: of.plan });
    const usedOn = `2026-06-2${String(i)}`;
    const { usages } = await p.deduct(of.appliance, [{ itemId: item, quantity: '11' }], { usedOn });
    of.usage = usages[0].id;
  }
  of.movement = (await p.receive(of.item, { locationId: p.southId, lotNumber: 'S' })).transactions[0].id;
});
afterAll(() => graph.stop());

const LISTS: Record<string, [args: string, fields: string]> = {
  supplyItems: ['', 'id name bucket currency stock { onHand location { id } } lots { lotNumber status }'],
  supplyLots: [
    '',
    'id lotNumber status item { name } currency stock { onHand } balance { received } receipts { id } trace { lotNumber }',
  ],
  supplyStock: [
    '',
    'item { name } location { id } onHand available severity averageDailyUse daysOfCover { value status } value nextExpiration',
  ],
  supplyTransactions: [
    'period: { preset: CURRENT_YEAR }',
    'id type item { name } lot { lotNumber } currency usage { id usedOn }',
  ],
  applianceUsages: [
    '',
    'id item { name } lot { lotNumber } appliance { id status } patient { id } treatmentPlan { id } provider { id } location { id } clinic { id } currency',
  ],
  applianceRecords: ['', 'id status patient { id } usages { id } supplyCost currency replaces { id }'],
  supplyCosts: [
    'period: { preset: CURRENT_YEAR }',
    'totalCost patient { id } treatmentPlan { id } currency period { label } createdAt',
  ],
};
const list = (field: string, args: string, nodes = LISTS[field]![1]) =>
  `query ($c: ID!) { ${field}(clinicId: $c, ${args}) { nodes { ${nodes} } edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
const nodes = async (field: string, args: string, as = p.me) =>
  (await graph.get(as, list(field, args || LISTS[field]![0]), { c: p.clinic }))[field]?.nodes;

describe('every list', () => {
  test.each(Object.keys(LISTS))('%s: pages are whole and in order, whatever their size', async (field) => {
    const [args, fields] = LISTS[field]!;
    const all = (await graph.get(p.me, list(field, args), { c: p.clinic }))[field];
    expect(all.nodes.length).toBeGreaterThan(0);
    expect(all.totalCount).toBe(all.nodes.length);

    const seen: unknown[] = [];
    for (let after = ''; ;) {
      const page = (
        await graph.get(p.me, list(field, `${args} first: 1${after && ` after: "${after}"`}`, fields), { c: p.clinic })
      )[field];
      seen.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor as string;
    }

    expect(seen).toEqual(all.nodes);
  });

  test.each(Object.keys(LISTS))(
    '%s: the number of statements does not depend on the length of the page',
    async (field) => {
      const [args] = LISTS[field]!;
      const ask = (first: number) =>
        graph.statements(() => graph.get(p.me, list(field, `${args} first: ${String(first)}`), { c: p.clinic }));

      const [one, many] = [await ask(1), await ask(50)];

      expect(many.length).toBe(one.length);
      expect(many.length).toBeLessThanOrEqual(12);
    },
  );

  test.each(Object.keys(LISTS))('%s: an outsider gets nothing and leaves no trace in the trail', async (field) => {
    const outsider = viewer({ clinicIds: [newId()], scopes: SCOPES });
    const trail = () => graph.sql('SELECT 1 FROM audit_event WHERE clinic_id = $1', [p.clinicId]);
    const before = (await trail()).length;

    expect(await nodes(field, '', outsider)).toBeUndefined();
    expect((await trail()).length).toBe(before);
  });

  test.each(Object.keys(LISTS))('%s: without its permission it is FORBIDDEN', async (field) => {
    const nobody = viewer({ clinicIds: [p.clinicId] });

    const answer = await graph.ask(nobody, list(field, LISTS[field]![0]), { c: p.clinic });

    expect(answer.data[field]).toBeNull();
    expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('filters', () => {
  const names = async (args: string) => (await nodes('supplyItems', args)).map((n: any) => n.name);

  test('items by words, category and activity', async () => {
    expect(await names('filter: { search: "sku brack" }')).toEqual(['Bracket']);
    expect(await names('filter: { search: "100%" }')).toEqual([]);
    expect(await names('filter: { categories: [ADHESIVE, POWER_CHAIN] }')).toEqual(['Adhesive', 'Chain']);
    expect(await names('filter: { categories: [] }')).toEqual([]);
  });

  test('lots by item, number, state, place and expiry', async () => {
    const lots = async (filter: string) =>
      (await nodes('supplyLots', `filter: { ${filter} }`)).map((n: any) => `${n.item.name} ${n.lotNumber} ${n.status}`);

    expect(await lots(`itemIds: ["${of.item}"]`)).toEqual([
      'Chain 3 DEPLETED',
      'Chain 1 AVAILABLE',
      'Chain 2 AVAILABLE',
      'Chain S AVAILABLE',
    ]);
    expect(await lots('lotNumber: " s "')).toEqual(['Chain S AVAILABLE']);
    expect(await lots('statuses: [DEPLETED]')).toHaveLength(3);
    expect(await lots(`locationIds: ["${p.southId}"]`)).toEqual(['Chain S AVAILABLE']);
    expect(await lots('expiringWithinDays: 93')).toHaveLength(3);
    expect(await lots(`itemIds: ["${p.id(newId())}"]`)).toEqual([]);
  });

  test('stock by scarcity is the low-stock list, scarcest first (SUP-13, SUP-41, SUP-53)', async () => {
    const low = await nodes('supplyStock', 'filter: { severities: [LOW, CRITICAL, OUT] }');
    const all = await nodes('supplyStock', '');

    const south = {
      ...{ item: { name: 'Chain' }, location: { id: p.southId }, onHand: '10', available: '10', severity: 'LOW' },
      ...{ averageDailyUse: '0', daysOfCover: { value: null, status: 'ZERO_DENOMINATOR' }, value: '25.00' },
      nextExpiration: null,
    };
    const north = {
      ...{ item: { name: 'Chain' }, location: { id: p.northId }, onHand: '19', available: '19', severity: 'LOW' },
      ...{ averageDailyUse: '0.1222', daysOfCover: { value: '155.454545', status: 'COMPUTED' }, value: '47.50' },
      nextExpiration: '2026-11-01',
    };
    // Ties of an item stand in the order of the places' row ids.
    expect(low).toEqual(p.south < p.north ? [south, north] : [north, south]);
    expect(all.map((n: any) => n.severity)).toEqual(['LOW', 'LOW', 'OK', 'OK']);
  });

  test('uses by day, item, person, place, patient, case and lot (SUP-11)', async () => {
    const uses = async (args: string) => (await nodes('applianceUsages', args)).length;

    expect(await uses('period: { range: { from: "2026-06-21", to: "2026-06-21" } }')).toBe(2);
    expect(await uses(`filter: { itemIds: ["${of.item}"] }`)).toBe(2);
    expect(await uses(`filter: { providerIds: ["${p.doctorId}", "unassigned"] }`)).toBe(6);
    expect(await uses(`filter: { providerIds: ["${p.otherId}"] }`)).toBe(0);
    expect(await uses(`filter: { locationIds: ["${p.southId}"] }`)).toBe(0);
    expect(await uses(`filter: { patientId: "${of.patient}", treatmentPlanId: "${of.plan}" }`)).toBe(6);
    expect(await uses('filter: { lotNumber: "3", categories: [BRACKET] }')).toBe(1);
    expect(await uses('filter: { isRework: true }')).toBe(0);
    expect(await uses('filter: { applianceTypes: [BRACKETS], applianceSystems: ["METAL_BRACKETS"] }')).toBe(6);
  });

  test('a patient can only be filtered for with the permission to see patients', async () => {
    const clerk = viewer({ clinicIds: [p.clinicId], scopes: ['inventory:read'] });
    const answer = await graph.ask(clerk, list('applianceUsages', `filter: { patientId: "${of.patient}" }`), {
      c: p.clinic,
    });

    expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  test('a cursor of another list is refused', async () => {
    const { supplyLots } = await graph.get(p.me, list('supplyLots', 'first: 1'), { c: p.clinic });
    const answer = await graph.ask(p.me, list('supplyItems', `after: "${supplyLots.pageInfo.endCursor}"`), {
      c: p.clinic,
    });

    expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });

  test('who is narrowed to a place or a person sees what belongs to it', async () => {
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    const other = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { providers: [newId()] } });

    expect((await nodes('supplyStock', '', south)).map((n: any) => n.location.id)).toEqual([p.southId]);
    expect((await nodes('supplyLots', '', south)).map((n: any) => n.lotNumber)).toEqual(['S']);
    expect(await nodes('supplyTransactions', '', south)).toHaveLength(1);
    expect(await nodes('applianceUsages', '', south)).toEqual([]);
    expect(await nodes('applianceRecords', '', south)).toEqual([]);
    expect(await nodes('applianceUsages', '', other)).toEqual([]);
    expect(await nodes('supplyCosts', '', other)).toEqual([]);
  });

  test('the ledger shows uses on patients to those who may see them, and receipts at their own places', async () => {
    const typesFor = async (narrowed: object) =>
      new Set(
        (await nodes('supplyTransactions', '', viewer({ clinicIds: [p.clinicId], scopes: SCOPES, ...narrowed }))).map(
          (n: any) => n.type,
        ),
      );
    const south = viewer({ clinicIds: [p.clinicId], scopes: SCOPES, restrictions: { locations: [p.south] } });
    const { supplyItem } = await graph.get(
      south,
      'query ($i: ID!) { supplyItem(id: $i) { lots(availableOnly: false) { lotNumber receipts { quantity } } } }',
      { i: of.item },
    );

    expect(await typesFor({})).toEqual(new Set(['RECEIVE', 'USE']));
    expect(await typesFor({ restrictions: { providers: [p.doctor] } })).toEqual(new Set(['RECEIVE', 'USE']));
    expect(await typesFor({ restrictions: { providers: [newId()] } })).toEqual(new Set(['RECEIVE']));
    expect(await typesFor({ aggregateOnly: true })).toEqual(new Set(['RECEIVE']));
    expect(supplyItem.lots.flatMap((lot: any) => lot.receipts.map(() => lot.lotNumber))).toEqual(['S']);
  });
});

test('references of an outsider are null for every entity, and those of the clinic are answered (SUP-54)', async () => {
  const references = [
    { __typename: 'SupplyItem', id: of.item },
    { __typename: 'SupplyLot', id: of.lot },
    { __typename: 'SupplyTransaction', id: of.movement },
    { __typename: 'ApplianceRecord', id: of.appliance },
    { __typename: 'ApplianceUsage', id: of.usage },
    { __typename: 'Clinic', id: p.clinic },
    { __typename: 'Location', id: p.northId },
    { __typename: 'Provider', id: p.doctorId },
    { __typename: 'Patient', id: of.patient },
    { __typename: 'TreatmentPlan', id: of.plan },
    { __typename: 'Vendor', id: p.id(newId()) },
    { __typename: 'PerformanceRow', clinicId: p.clinic, locationId: null, providerId: null, from: TODAY, to: TODAY },
    { __typename: 'LotTrace', clinicId: p.clinic, lotNumber: '1', gtin: null },
  ];
  const ask = async (as = p.me) =>
    (await graph.get(as, 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }', { r: references }))
      ._entities;
  const outsider = viewer({ clinicIds: [newId()], scopes: SCOPES });

  expect(await ask()).toEqual(references.map(({ __typename }) => ({ __typename })));
  expect(await ask(outsider)).toEqual(references.map(() => null));
  const single = `query ($i: ID!, $a: ID!) { supplyItem(id: $i) { id } applianceRecord(id: $a) { id } }`;
  expect(await graph.get(outsider, single, { i: of.item, a: of.appliance })).toEqual({
    supplyItem: null,
    applianceRecord: null,
  });
  expect(await graph.get(p.me, single, { i: of.item, a: of.appliance })).toEqual({
    ...{ supplyItem: { id: of.item }, applianceRecord: { id: of.appliance } },
  });
  for (const malformed of ['', 'x', p.clinic, newId()])
    expect(await graph.get(p.me, single, { i: malformed, a: malformed })).toEqual({
      supplyItem: null,
      applianceRecord: null,
    });
});
