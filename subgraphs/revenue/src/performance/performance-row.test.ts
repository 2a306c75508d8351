import { fixedClock, newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { aPractice, record, type Practice } from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

/** Entries of known amounts: 100 at the first place, 20 at the second, by different providers, and a start. */
const fill = async () => {
  await record(graph, of, { gross: '100' });
  await record(graph, of, {
    gross: '20',
    locationId: of.id(of.locations[1]),
    providerId: of.id(of.providers[1]),
    patientId: of.id(of.patients[1] ?? ''),
    occurredAt: '2026-06-08T12:00:00Z',
  });
  await record(graph, of, {
    gross: '1500',
    category: 'TREATMENT_START',
    treatmentPlanId: of.id(of.plans[0] ?? ''),
    occurredAt: '2026-06-02T12:00:00Z',
  });
};

test('references to rows: N keys are one statement of sums; contribution is what materials leave', async () => {
  await fill();
  const key = { __typename: 'PerformanceRow', clinicId: of.clinic, from: '2026-06-01', to: '2026-06-30' };
  const materials = { supplies: { cost: '300.10', wasteCost: '4.90' }, spa: { usedCost: '10.00', wasteCost: '5.00' } };
  const representations = [
    { ...key, locationId: null, providerId: null, ...materials },
    { ...key, locationId: of.id(of.locations[0]), providerId: null, ...materials },
    { ...key, locationId: of.id(of.locations[1]), providerId: of.id(of.providers[1]), ...materials },
    { ...key, locationId: 'unassigned', providerId: null, supplies: null, spa: materials.spa },
    { ...key, clinicId: recordIdText(newId(), newId()).slice(0, 22), locationId: null, providerId: null, ...materials },
  ];
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await graph.get(
      of.owner,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { production { net starts } contribution { materialCost margin marginRate { value } materialRate { value } perStart { value status } } } } }`,
      { r: representations },
    );
  });

  expect(answer._entities).toEqual([
    {
      production: { net: '1620.00', starts: 1 },
      contribution: {
        materialCost: '320.00',
        margin: '1300.00',
        marginRate: { value: '0.802469' },
        materialRate: { value: '0.197531' },
        perStart: { value: '1300', status: 'COMPUTED' },
      },
    },
    {
      production: { net: '1600.00', starts: 1 },
      contribution: {
        materialCost: '320.00',
        margin: '1280.00',
        marginRate: { value: '0.8' },
        materialRate: { value: '0.2' },
        perStart: { value: '1280', status: 'COMPUTED' },
      },
    },
    {
      production: { net: '20.00', starts: 0 },
      contribution: {
        materialCost: '320.00',
        margin: '-300.00',
        marginRate: { value: '-15' },
        materialRate: { value: '16' },
        perStart: { value: null, status: 'ZERO_DENOMINATOR' },
      },
    },
    { production: { net: '0.00', starts: 0 }, contribution: null },
    null,
  ]);
  expect(statements).toHaveLength(2);
});

test('production of a clinic, its places and its providers: at most one statement of sums for each of the three', async () => {
  await fill();
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await graph.get(
      of.owner,
      `query ($id: ID!) { clinic(id: $id) { production(period: { preset: CURRENT_MONTH }) { net }
      locations { name production(period: { preset: CURRENT_MONTH }) { net } } providers { name production(period: { preset: CURRENT_YEAR }) { net visitCount } } } }`,
      { id: of.clinic },
    );
  });

  expect(answer.clinic).toEqual({
    production: { net: '1620.00' },
    locations: [
      { name: 'Place 1', production: { net: '1600.00' } },
      { name: 'Place 2', production: { net: '20.00' } },
    ],
    providers: [
      { name: 'DR-01', production: { net: '1600.00', visitCount: 2 } },
      { name: 'DR-02', production: { net: '20.00', visitCount: 1 } },
    ],
  });
  expect(statements.filter((sql) => sql.includes('production_slice')).length).toBeLessThanOrEqual(3);
  expect(statements.length).toBeLessThanOrEqual(6);
});

test("today is that of the place for a place's own fields, and that of the clinic for the clinic's (E-13)", async () => {
  const late = await testSubgraph(revenue, { clock: fixedClock('2026-06-30T23:30:00Z') });
  const there = await aPractice(late);
  await record(late, there, { locationId: there.id(there.locations[1]), occurredAt: '2026-06-30T23:10:00Z' });

  const answer = await late.get(
    there.owner,
    `query ($id: ID!) { clinic(id: $id) { production(period: { preset: TODAY }) { net }
      locations { name production(period: { preset: TODAY }) { net } } } }`,
    { id: there.clinic },
  );
  await late.stop();

  expect(answer.clinic).toEqual({
    production: { net: '0.00' },
    locations: [
      { name: 'Place 1', production: { net: '0.00' } },
      { name: 'Place 2', production: { net: '100.00' } },
    ],
  });
});
