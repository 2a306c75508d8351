import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  NORTH,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  PATIENT,
  SOUTH,
  take,
} from '../testing';

let graph: TestSubgraph;
const at = { locationId: NORTH, providerId: DR_LEE } as const;
const june = { clinicId, locationId: null, providerId: null, from: '2026-06-01', to: '2026-06-30' };
const production = { gross: '100000.00', net: '80600.00', collected: '71000.00' };

beforeAll(async () => {
  graph = await openLedger();
  await take(graph, [
    anImport({ ...at, category: 'INSURANCE_WRITEOFF', amount: '18000', patientId: patient(1) }),
    anImport({ ...at, category: 'COURTESY_DISCOUNT', amount: '1200', patientId: patient(2) }),
    anImport({ ...at, category: 'PROMOTIONAL', amount: '500', patientId: patient(3) }),
    anImport({ ...at, category: 'BAD_DEBT', amount: '900', patientId: patient(4) }),
    anImport({ ...at, category: 'SMALL_BALANCE', amount: '40', patientId: patient(5), locationId: SOUTH }),
    anImport({
      ...at,
      category: 'ERROR_CORRECTION',
      amount: '-300',
      productionEntryId: PATIENT,
      patientId: patient(6),
    }),
    anImport({ category: 'RECOVERY', amount: '250', patientId: patient(4) }),
  ]);
});
afterAll(() => graph.stop());

const ROWS = (selection: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { ${selection} } } }`;
const rows = async (keys: Record<string, unknown>[], selection: string, as = accountant) => {
  const r = keys.map((of) => ({ __typename: 'PerformanceRow', ...june, ...of }));
  return (await graph.get(as, ROWS(selection), { r }))._entities;
};

test('rows of locations and providers, the unassigned ones included, add up to the total', async () => {
  const amounts = (
    await rows(
      [
        {},
        { locationId: idOf(NORTH) },
        { locationId: idOf(SOUTH) },
        { locationId: 'unassigned' },
        { providerId: idOf(DR_LEE) },
        { providerId: idOf(DR_RAY) },
        { providerId: 'unassigned' },
        { locationId: idOf(SOUTH), providerId: idOf(DR_LEE) },
      ],
      'writeOffs { totalAdjustments badDebtRecoveries }',
    )
  ).map((row: any) => [row.writeOffs.totalAdjustments, row.writeOffs.badDebtRecoveries]);

  expect(amounts).toEqual([
    ['20340.00', '250.00'],
    ['20300.00', '0.00'],
    ['40.00', '0.00'],
    ['0.00', '250.00'],
    ['20340.00', '0.00'],
    ['0.00', '0.00'],
    ['0.00', '250.00'],
    ['40.00', '0.00'],
  ]);
});

test('a key outside the clinics or restrictions of the viewer has no measures', async () => {
  const north = viewer({ ...accountant, restrictions: { locations: [NORTH] } });
  const own = await rows(
    [{}, { locationId: idOf(SOUTH) }, { locationId: 'unassigned' }, { locationId: idOf(NORTH) }],
    'writeOffs { totalAdjustments }',
    north,
  );
  expect(own.map((row: any) => row.writeOffs?.totalAdjustments ?? null)).toEqual(['20300.00', null, null, '20300.00']);

  expect(
    await rows(
      [{ production }],
      'writeOffs { totalAdjustments } writeOffRates { writeOffRate { standing } } grossToNet { net }',
      outsider,
    ),
  ).toEqual([{ writeOffs: null, writeOffRates: null, grossToNet: null }]);
  const mixed = await rows(
    [{ clinicId: clinicIdText(OTHER_CLINIC), locationId: idOf(NORTH) }, { clinicId: 'nonsense' }, { to: '2026-05-01' }],
    'writeOffs { totalAdjustments }',
  );
  expect(mixed.map((row: any) => row.writeOffs)).toEqual([null, null, null]);
});

test('a reader of aggregates gets no measures of fewer than eleven patients', async () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const many = Array.from({ length: 11 }, (_, i) =>
    anImport({
      category: 'OTHER',
      amount: '1',
      adjustmentDate: '2026-04-10',
      locationId: NORTH,
      patientId: patient(100 + i),
    }),
  );
  const few = Array.from({ length: 10 }, (_, i) =>
    anImport({
      category: 'OTHER',
      amount: '1',
      adjustmentDate: '2026-04-10',
      locationId: SOUTH,
      patientId: patient(200 + i),
    }),
  );
  await take(graph, [...many, ...few]);
  const april = { from: '2026-04-01', to: '2026-04-30', production };
  const all = [
    { ...april },
    { ...april, locationId: idOf(NORTH) },
    { ...april, locationId: idOf(SOUTH) },
    { ...april, from: '2026-04-11' },
  ];

  const shown = await rows(
    all,
    'writeOffs { totalAdjustments } writeOffRates { adjustmentRate { standing } } grossToNet { net }',
    analyst,
  );
  expect(shown.map((row: any) => row.writeOffs?.totalAdjustments ?? null)).toEqual(['21.00', null, null, '0.00']);
  expect([shown[2].writeOffRates, shown[2].grossToNet]).toEqual([null, null]);
  // Asked for alone the larger place stays withheld too, since another request tells the total.
  const [alone] = await rows([{ ...april, locationId: idOf(NORTH) }], 'writeOffs { totalAdjustments }', analyst);
  expect(alone.writeOffs).toBeNull();
});

test('a reader of aggregates gets no measures of which one category stands for fewer than eleven patients', async () => {
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const of = (category: 'OTHER' | 'BAD_DEBT', locationId: string, from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      anImport({ category, amount: '1', adjustmentDate: '2026-02-10', locationId, patientId: patient(from + i) }),
    );
  await take(graph, [
    ...of('OTHER', NORTH, 300, 40),
    ...of('BAD_DEBT', NORTH, 300, 20),
    ...of('OTHER', SOUTH, 400, 30),
    ...of('BAD_DEBT', SOUTH, 400, 2),
  ]);
  const february = { from: '2026-02-01', to: '2026-02-28' };
  const places = [NORTH, SOUTH].map((id) => ({ ...february, locationId: idOf(id) }));

  // The bad debt of the south is of two patients; without the north's it cannot be told from the total.
  const shown = await rows([february, ...places], 'writeOffs { badDebtWriteOffs }', analyst);
  expect(shown.map((row: any) => row.writeOffs?.badDebtWriteOffs ?? null)).toEqual(['22.00', null, null]);
});

test('clinic, locations and providers show their write-offs of a period with a fixed number of statements', async () => {
  const r = [
    { __typename: 'Clinic', id: clinicId },
    ...[NORTH, SOUTH].map((id) => ({ __typename: 'Location', id: idOf(id) })),
    ...[DR_LEE, DR_RAY].map((id) => ({ __typename: 'Provider', id: idOf(id) })),
  ];
  const query = `query ($r: [_Any!]!, $p: PeriodInput!) { _entities(representations: $r) {
    ... on Clinic { writeOffs(period: $p) { totalAdjustments } } ... on Location { writeOffs(period: $p) { totalAdjustments } }
    ... on Provider { writeOffs(period: $p) { totalAdjustments } } } }`;
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await graph.get(accountant, query, { r, p: { month: '2026-06' } });
  });

  expect(answer._entities.map((e: any) => e.writeOffs.totalAdjustments)).toEqual([
    '20340.00',
    '20300.00',
    '40.00',
    '20340.00',
    '0.00',
  ]);
  // Clinic, locations, and the slices of what was resolved before and after the locations were known.
  expect(statements.length).toBeLessThanOrEqual(4);
  const preset = await graph.get(accountant, query, { r: r.slice(0, 1), p: { preset: 'CURRENT_MONTH' } });
  expect(preset._entities[0].writeOffs.totalAdjustments).toBe('20340.00');
  const bad = await graph.ask(accountant, query, { r, p: { preset: 'TODAY', month: '2026-06' } });
  expect(bad.errors?.[0]?.extensions['code']).toBe('INVALID');
});
