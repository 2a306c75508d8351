import type { TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  anImport,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  key,
  NORTH,
  openLedger,
  patient,
  RECORD,
  SOUTH,
  take,
} from '../testing';
import { WITHDRAW } from '../testing/approvals';

let graph: TestSubgraph;

beforeAll(async () => {
  graph = await openLedger();
  const at = { locationId: NORTH, providerId: DR_LEE } as const;
  await take(graph, [
    anImport({ ...at, category: 'INSURANCE_WRITEOFF', amount: '18000', patientId: patient(1) }),
    anImport({ ...at, category: 'COURTESY_DISCOUNT', amount: '1200', patientId: patient(2) }),
    anImport({ ...at, category: 'PROMOTIONAL', amount: '500', patientId: patient(3), providerId: DR_RAY }),
    anImport({ ...at, category: 'BAD_DEBT', amount: '900', patientId: patient(4) }),
    anImport({ ...at, category: 'SMALL_BALANCE', amount: '40', patientId: patient(5), locationId: SOUTH }),
    anImport({ ...at, category: 'ERROR_CORRECTION', amount: '-300', patientId: patient(6), providerId: null }),
    anImport({ category: 'RECOVERY', amount: '250', patientId: patient(4) }),
    anImport({
      ...at,
      category: 'COURTESY_DISCOUNT',
      amount: '800',
      patientId: patient(2),
      adjustmentDate: '2026-05-31',
    }),
    anImport({ category: 'BAD_DEBT', amount: '100', patientId: patient(7), adjustmentDate: '2025-06-02' }),
  ]);
});
afterAll(() => graph.stop());

const REPORT = (
  selection: string,
) => `query ($clinicId: ID!, $period: PeriodInput!, $filter: AdjustmentFilter, $compareTo: CompareInput) {
  adjustmentReport(clinicId: $clinicId, period: $period, filter: $filter, compareTo: $compareTo) { ${selection} } }`;
const ask = (selection: string, of: Record<string, unknown> = {}, as = accountant) =>
  graph.ask(as, REPORT(selection), { clinicId, period: { month: '2026-06' }, ...of });
const report = async (selection: string, of: Record<string, unknown> = {}, as = accountant): Promise<any> =>
  (await graph.get(as, REPORT(selection), { clinicId, period: { month: '2026-06' }, ...of })).adjustmentReport;
const rows = async (args: string, of: Record<string, unknown> = {}, as = accountant): Promise<any[]> =>
  (
    await report(
      `breakdown(${args}) { key label amount entryCount share isSuppressed period { label } growth { absolute growthStatus } }`,
      of,
      as,
    )
  ).breakdown;
const brief = (found: any[]) => found.map(({ key: of, amount }) => [of, amount]);

test('the adjustment month: every total of the reference month, compared with the month before', async () => {
  const answer = await report(
    `period { from to label } comparedTo { from to } currency asOf isRestricted
     measures { insuranceWriteOffs courtesyDiscounts professionalDiscounts familyDiscounts badDebtWriteOffs smallBalanceWriteOffs
       promotionalDiscounts timingAdjustments errorCorrections otherAdjustments totalWriteOffs controllableWriteOffs totalDiscounts
       totalCorrections totalAdjustments netProductionEffect badDebtRecoveries netBadDebt recoveryRate { value }
       writeOffCount adjustmentCount pending pendingCount }
     previous { totalAdjustments } growth { previous absolute growthRate growthStatus direction }
     performance { clinicId locationId providerId from to }`,
    { compareTo: { to: 'PREVIOUS_PERIOD' } },
  );

  expect(answer).toEqual({
    period: { from: '2026-06-01', to: '2026-06-30', label: '2026-06' },
    comparedTo: { from: '2026-05-01', to: '2026-05-31' },
    currency: 'USD',
    asOf: '2026-06-30T16:00:00.000Z',
    isRestricted: false,
    measures: {
      insuranceWriteOffs: '18000.00',
      courtesyDiscounts: '1200.00',
      professionalDiscounts: '0.00',
      familyDiscounts: '0.00',
      badDebtWriteOffs: '900.00',
      smallBalanceWriteOffs: '40.00',
      promotionalDiscounts: '500.00',
      timingAdjustments: '0.00',
      errorCorrections: '-300.00',
      otherAdjustments: '0.00',
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
      pending: '0.00',
      pendingCount: 0,
    },
    previous: { totalAdjustments: '800.00' },
    growth: {
      previous: '800.00',
      absolute: '19540.00',
      growthRate: '24.425',
      growthStatus: 'COMPUTED',
      direction: 'UP',
    },
    performance: { clinicId, locationId: null, providerId: null, from: '2026-06-01', to: '2026-06-30' },
  });
});

test('the split by category names all eleven, largest first, and its shares add up to one', async () => {
  const found = await rows('by: [CATEGORY]');

  expect(brief(found).slice(0, 6)).toEqual([
    ['INSURANCE_WRITEOFF', '18000.00'],
    ['COURTESY_DISCOUNT', '1200.00'],
    ['BAD_DEBT', '900.00'],
    ['PROMOTIONAL', '500.00'],
    ['RECOVERY', '250.00'],
    ['SMALL_BALANCE', '40.00'],
  ]);
  expect(found).toHaveLength(11);
  expect(found.at(-1)).toMatchObject({ key: 'ERROR_CORRECTION', amount: '-300.00', label: 'Error correction' });
  expect(found.reduce((sum: number, row) => sum + Math.round(Number(row.share) * 10_000), 0)).toBe(10_000);
});

test.each([
  [
    'by: [GROUP]',
    [
      ['WRITE_OFF', '18940.00'],
      ['DISCOUNT', '1700.00'],
      ['RECOVERY', '250.00'],
      ['CORRECTION', '-300.00'],
    ],
  ],
  [
    'by: [PROVIDER]',
    [
      [idOf(DR_LEE), '20140.00'],
      [idOf(DR_RAY), '500.00'],
      ['unassigned', '-50.00'],
    ],
  ],
  [
    'by: [LOCATION]',
    [
      [idOf(NORTH), '20300.00'],
      ['unassigned', '250.00'],
      [idOf(SOUTH), '40.00'],
    ],
  ],
  [
    'by: [LOCATION, PROVIDER], limit: 2',
    [
      [`${idOf(NORTH)}/${idOf(DR_LEE)}`, '20100.00'],
      [`${idOf(NORTH)}/${idOf(DR_RAY)}`, '500.00'],
    ],
  ],
  [
    'by: [REASON_CODE], limit: 2',
    [
      ['INS-CONTRACT', '18000.00'],
      ['CRT-PREPAID', '1200.00'],
    ],
  ],
  ['by: []', [['all', '20590.00']]],
])('split %s', async (args, expected) => {
  expect(brief(await rows(args))).toEqual(expected);
});

test('every split adds up to the total, from slices and from the ledger alike', async () => {
  for (const by of [
    '[]',
    '[CATEGORY]',
    '[GROUP, PROVIDER]',
    '[REASON_CODE]',
    '[LOCATION, PROVIDER, CATEGORY]',
    '[PROVIDER, REASON_CODE]',
  ])
    for (const granularity of ['null', 'DAY', 'WEEK']) {
      const found = await rows(`by: ${by}, granularity: ${granularity}`);
      expect([by, granularity, found.reduce((sum: number, row) => sum + Number(row.amount), 0)]).toEqual([
        by,
        granularity,
        20_590,
      ]);
    }
});

test('time buckets without entries are there with zeros', async () => {
  const found = await rows('by: [GROUP], granularity: MONTH, limit: 1', {
    period: { range: { from: '2026-04-15', to: '2026-06-20' } },
  });

  expect(found.map(({ key: of, amount, period }) => [period.label, of, amount])).toEqual([
    ['2026-04', 'WRITE_OFF', '0.00'],
    ['2026-05', 'WRITE_OFF', '0.00'],
    ['2026-06', 'WRITE_OFF', '18940.00'],
  ]);
});

test('each row grows against its own slice of the compared period, and one that is gone stays in sight', async () => {
  const found = await rows('by: [PROVIDER]', {
    period: { month: '2026-05' },
    compareTo: { period: { month: '2026-06' } },
  });

  expect(found.map(({ key: of, amount, growth }) => [of, amount, growth.absolute])).toEqual([
    [idOf(DR_LEE), '800.00', '-19340.00'],
    [idOf(DR_RAY), '0.00', '-500.00'],
    ['unassigned', '0.00', '50.00'],
  ]);
  const years = await report('comparedTo { label } growth { absolute }', { compareTo: { to: 'YEAR_BEFORE' } });
  expect(years).toEqual({ comparedTo: { label: '2025-06' }, growth: { absolute: '20240.00' } });
});

test.each([
  [{ categories: ['BAD_DEBT', 'RECOVERY'] }, '900.00', '650.00'],
  [{ groups: ['DISCOUNT'] }, '1700.00', '0.00'],
  [{ categories: [] }, '0.00', '0.00'],
  [{ reasonCodes: ['CRT-PREPAID', 'PRM-CAMPAIGN'] }, '1700.00', '0.00'],
  [{ providerIds: ['unassigned'] }, '-300.00', '-250.00'],
  [{ locationIds: [idOf(SOUTH)], providerIds: [idOf(DR_LEE)] }, '40.00', '0.00'],
  [{ minAmount: '500', maxAmount: '1200' }, '2600.00', '900.00'],
  [{ patientId: idOf(patient(4)) }, '900.00', '650.00'],
  [{ statuses: ['AUTO_APPROVED'] }, '40.00', '-250.00'],
])('filter %j', async (filter, total, debt) => {
  const { measures } = await report('measures { totalAdjustments netBadDebt }', { filter });
  expect(measures.totalAdjustments).toBe(total);
  if (!('statuses' in filter)) expect(measures.netBadDebt).toBe(debt);
});

test('waiting and rejected entries are in no total, and in sight in the split by state', async () => {
  const input = (amount: string) =>
    anAdjustment({ amount, patientId: idOf(patient(90)), adjustmentDate: '2026-06-29' });
  const waits = { period: { range: { from: '2026-06-29', to: '2026-06-29' } } };
  await graph.get(accountant, RECORD, { input: input('400.00') });
  const { adjustmentRecord } = await graph.get(accountant, RECORD, { input: input('700.00') });
  await graph.get(accountant, WITHDRAW, { id: adjustmentRecord.adjustment.id, input: { idempotencyKey: key() } });

  const totals = 'measures { totalAdjustments adjustmentCount pending pendingCount }';
  expect(await report(totals, waits)).toEqual({
    measures: { totalAdjustments: '0.00', adjustmentCount: 0, pending: '400.00', pendingCount: 1 },
  });
  expect(await report(totals, { ...waits, filter: { minAmount: '1' } })).toEqual(await report(totals, waits));
  expect((await rows('by: [APPROVAL_STATUS]', waits)).map((row) => [row.label, row.amount, row.entryCount])).toEqual([
    ['Rejected', '700.00', 1],
    ['Pending', '400.00', 1],
  ]);
});

test.each([
  ['by: [PROVIDER, PROVIDER]', 'INVALID'],
  ['by: [CATEGORY, GROUP, PROVIDER, LOCATION]', 'INVALID'],
  ['by: [], limit: 0', 'INVALID'],
])('breakdown(%s) is refused with %s', async (args, code) => {
  expect((await ask(`breakdown(${args}) { key }`)).errors?.[0]?.extensions['code']).toBe(code);
});

test('a breakdown of more than 2,000 rows is refused, not cut', async () => {
  const years = { period: { range: { from: '2025-01-01', to: '2026-06-30' } } };
  expect(
    (await ask('breakdown(by: [CATEGORY], granularity: DAY) { key }', years)).errors?.[0]?.extensions['code'],
  ).toBe('TOO_MANY_ROWS');
});

test('a report with comparison and two breakdowns takes a fixed number of statements', async () => {
  const selection = `measures { pending } previous { pending } growth { absolute }
    a: breakdown(by: [PROVIDER, LOCATION, CATEGORY], granularity: MONTH) { label measures { totalAdjustments } }
    b: breakdown(by: [REASON_CODE]) { label reasonCode { label } }`;
  const of = (from: string) => ({ period: { range: { from, to: '2026-06-30' } }, compareTo: { to: 'YEAR_BEFORE' } });
  const short = await graph.statements(() => report(selection, of('2026-06-01')));
  const long = await graph.statements(() => report(selection, of('2025-07-01')));

  expect(long.length).toBe(short.length);
  // Clinic, totals, two breakdowns, and the names of providers, locations and reasons.
  expect(long.length).toBeLessThanOrEqual(7);
});
