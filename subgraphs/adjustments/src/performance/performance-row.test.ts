import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  clinicId,
  DR_LEE,
  idOf,
  key,
  NORTH,
  openLedger,
  patient,
  PATIENT,
  REVERSE,
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

const RATE = '{ ratio { numerator denominator value status } benchmark distance standing }';
const ROWS = (selection: string) =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { ${selection} } } }`;
const rows = async (keys: Record<string, unknown>[], selection: string, as = accountant) => {
  const r = keys.map((of) => ({ __typename: 'PerformanceRow', ...june, ...of }));
  return (await graph.get(as, ROWS(selection), { r }))._entities;
};

test('the reference month: totals by group, net bad debt after recoveries', async () => {
  const [row] = await rows(
    [{}],
    'writeOffs { currency insuranceWriteOffs courtesyDiscounts promotionalDiscounts badDebtWriteOffs smallBalanceWriteOffs errorCorrections totalWriteOffs controllableWriteOffs totalDiscounts totalCorrections totalAdjustments netProductionEffect badDebtRecoveries netBadDebt recoveryRate { value } writeOffCount adjustmentCount }',
  );

  expect(row.writeOffs).toEqual({
    currency: 'USD',
    insuranceWriteOffs: '18000.00',
    courtesyDiscounts: '1200.00',
    promotionalDiscounts: '500.00',
    badDebtWriteOffs: '900.00',
    smallBalanceWriteOffs: '40.00',
    errorCorrections: '-300.00',
    totalWriteOffs: '18940.00',
    controllableWriteOffs: '940.00',
    totalDiscounts: '1700.00',
    totalCorrections: '-300.00',
    totalAdjustments: '20340.00',
    netProductionEffect: '19400.00',
    badDebtRecoveries: '250.00',
    netBadDebt: '650.00',
    recoveryRate: { value: '0.277778' },
    writeOffCount: 3,
    adjustmentCount: 6,
  });
});

test('the reference month: rates over the production that revenue gives, with standing against the benchmarks', async () => {
  const names = [
    'writeOffRate',
    'controllableWriteOffRate',
    'adjustmentRate',
    'badDebtRate',
    'netBadDebtRate',
    'discountRate',
    'courtesyRate',
    'smallBalanceRate',
    'promotionalRate',
    'errorCorrectionRate',
  ];
  const [{ writeOffRates }] = await rows(
    [{ production }],
    `writeOffRates { ${names.map((name) => `${name} ${RATE}`).join(' ')} }`,
  );

  expect(
    names.map((name) => [
      name,
      writeOffRates[name].ratio.value,
      writeOffRates[name].benchmark,
      writeOffRates[name].distance,
      writeOffRates[name].standing,
    ]),
  ).toEqual([
    ['writeOffRate', '0.1894', '0.05', '0.1394', 'OVER'],
    ['controllableWriteOffRate', '0.0094', '0.05', '-0.0406', 'ON_TARGET'],
    ['adjustmentRate', '0.2034', null, null, 'NO_BENCHMARK'],
    ['badDebtRate', '0.011166', '0.01', '0.001166', 'WATCH'],
    ['netBadDebtRate', '0.008065', null, null, 'NO_BENCHMARK'],
    ['discountRate', '0.017', '0.02', '-0.003', 'ON_TARGET'],
    ['courtesyRate', '0.012', '0.02', '-0.008', 'ON_TARGET'],
    ['smallBalanceRate', '0.0004', '0.005', '-0.0046', 'ON_TARGET'],
    ['promotionalRate', '0.005', null, null, 'NO_BENCHMARK'],
    ['errorCorrectionRate', '0.003', '0.005', '-0.002', 'ON_TARGET'],
  ]);
  expect(Number(writeOffRates.badDebtRate.ratio.value).toFixed(4)).toBe('0.0112');
  expect(writeOffRates.badDebtRate.ratio).toMatchObject({ numerator: '900', denominator: '80600', status: 'COMPUTED' });
});

test('the reference month: the bridge leads to the net of revenue', async () => {
  const [{ grossToNet }] = await rows(
    [{ production }],
    'grossToNet { gross steps { category amount } net revenueNet difference unlinkedAdjustments netIfApproved collected }',
  );

  expect(grossToNet).toEqual({
    gross: '100000.00',
    steps: [
      { category: 'INSURANCE_WRITEOFF', amount: '18000.00' },
      { category: 'COURTESY_DISCOUNT', amount: '1200.00' },
      { category: 'PROMOTIONAL', amount: '500.00' },
      { category: 'ERROR_CORRECTION', amount: '-300.00' },
    ],
    net: '80600.00',
    revenueNet: '80600.00',
    difference: '0.00',
    unlinkedAdjustments: '19700.00',
    netIfApproved: '80600.00',
    collected: '71000.00',
  });
});

test('what revenue has not taken over yet is the difference', async () => {
  const late = { ...production, net: '81800.00' };
  const [{ grossToNet }] = await rows([{ production: late }], 'grossToNet { net revenueNet difference }');

  expect(grossToNet).toEqual({ net: '80600.00', revenueNet: '81800.00', difference: '1200.00' });
});

test('without production the rates are null, over zero production they have no value, the write-offs are there', async () => {
  const zero = { gross: '0.00', net: '0.00', collected: '0.00' };
  const [away, none] = await rows(
    [{ production: null }, { production: zero }],
    `writeOffs { totalWriteOffs } writeOffRates { writeOffRate ${RATE} badDebtRate ${RATE} } grossToNet { net }`,
  );

  expect(away).toEqual({ writeOffs: { totalWriteOffs: '18940.00' }, writeOffRates: null, grossToNet: null });
  expect(none.writeOffRates.writeOffRate).toEqual({
    ratio: { numerator: '18940', denominator: '0', value: null, status: 'ZERO_DENOMINATOR' },
    benchmark: '0.05',
    distance: null,
    standing: 'NOT_COMPUTED',
  });
  expect(none.grossToNet.net).toBe('-19400.00');
});

test('in a month in which bad debt only came back net bad debt is negative, and so is its rate (ADJ-101)', async () => {
  await take(graph, [anImport({ category: 'RECOVERY', amount: '60', adjustmentDate: '2026-03-10' })]);
  const [march] = await rows(
    [{ from: '2026-03-01', to: '2026-03-31', production: { ...production, net: '1000.00' } }],
    `writeOffs { badDebtWriteOffs badDebtRecoveries netBadDebt totalAdjustments recoveryRate { value status } }
     writeOffRates { badDebtRate ${RATE} netBadDebtRate ${RATE} }`,
  );

  expect(march.writeOffs).toEqual({
    ...{ badDebtWriteOffs: '0.00', badDebtRecoveries: '60.00', netBadDebt: '-60.00', totalAdjustments: '0.00' },
    recoveryRate: { value: null, status: 'ZERO_DENOMINATOR' },
  });
  const ratio = { denominator: '1000', status: 'COMPUTED' };
  expect(march.writeOffRates).toEqual({
    badDebtRate: {
      ...{ ratio: { ...ratio, numerator: '0', value: '0' }, benchmark: '0.01', distance: '-0.01' },
      standing: 'ON_TARGET',
    },
    netBadDebtRate: {
      ...{ ratio: { ...ratio, numerator: '-60', value: '-0.06' }, benchmark: null, distance: null },
      standing: 'NO_BENCHMARK',
    },
  });
});

test('a part of production that is unknown makes its rates unavailable', async () => {
  const [{ writeOffRates }] = await rows(
    [{ production: { gross: '100000.00', net: null } }],
    `writeOffRates { writeOffRate ${RATE} badDebtRate ${RATE} }`,
  );

  expect(writeOffRates.writeOffRate.ratio.value).toBe('0.1894');
  expect(writeOffRates.badDebtRate).toEqual({
    ratio: { numerator: null, denominator: null, value: null, status: 'UNAVAILABLE' },
    benchmark: '0.01',
    distance: null,
    standing: 'NOT_COMPUTED',
  });
});

test('a scorecard of 60 rows with all measures takes three statements', async () => {
  const keys = Array.from({ length: 60 }, (_, i) => ({
    production,
    from: `2024-01-${String((i % 28) + 1).padStart(2, '0')}`,
    locationId: i % 2 ? idOf(NORTH) : null,
  }));
  let answer: any[] = [];
  const statements = await graph.statements(async () => {
    answer = await rows(keys, `writeOffs { totalWriteOffs } writeOffRates { writeOffRate ${RATE} } grossToNet { net }`);
  });

  expect(answer).toHaveLength(60);
  expect(statements).toHaveLength(3);
});

test('without finance:view_revenue the write-offs are there and the rates forbidden', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:view_reports'] });
  const answer = await graph.ask(
    clerk,
    ROWS('writeOffs { totalWriteOffs } writeOffRates { writeOffRate { standing } }'),
    { r: [{ __typename: 'PerformanceRow', ...june, production }] },
  );

  expect(answer.data._entities[0]).toEqual({ writeOffs: { totalWriteOffs: '18940.00' }, writeOffRates: null });
  expect(answer.errors?.map((e) => e.extensions['code'])).toEqual(['FORBIDDEN']);
});

test('a reversal takes its entry out of the rates and the volume of errors', async () => {
  const row = anImport({
    category: 'ERROR_CORRECTION',
    amount: '80',
    adjustmentDate: '2026-06-30',
    patientId: patient(300),
  });
  await take(graph, [row]);
  const rate = async () =>
    (await rows([{ production }], `writeOffRates { errorCorrectionRate ${RATE} }`))[0].writeOffRates.errorCorrectionRate
      .ratio.numerator;

  expect(await rate()).toBe('380');
  await graph.get(accountant, REVERSE, { id: idOf(row.id), input: { idempotencyKey: key() } });
  expect(await rate()).toBe('300');
});
