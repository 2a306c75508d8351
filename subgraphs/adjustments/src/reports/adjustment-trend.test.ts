import type { TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, anImport, clinicId, DR_LEE, openLedger, take } from '../testing';

let graph: TestSubgraph;

beforeAll(async () => {
  graph = await openLedger();
  const months = [
    '2025-06',
    '2025-07',
    '2025-08',
    '2025-09',
    '2025-10',
    '2025-11',
    '2025-12',
    '2026-01',
    '2026-02',
    '2026-03',
    '2026-04',
    '2026-05',
  ];
  await take(
    graph,
    [
      ...months.map((month, i) => ({ month, amount: i % 2 === 0 ? '90' : '110' })),
      { month: '2026-06', amount: '130' },
    ].map(({ month, amount }) =>
      anImport({ category: 'OTHER', amount, adjustmentDate: `${month}-15`, providerId: DR_LEE }),
    ),
  );
});
afterAll(() => graph.stop());

const TREND = `query ($clinicId: ID!, $period: PeriodInput!) { adjustmentReport(clinicId: $clinicId, period: $period) {
  breakdown(by: [PROVIDER], granularity: MONTH) { period { label } amount trend { previousBucket changeFromPreviousBucket yearBefore
    changeFromYearBefore trailingMean trailingDeviation zScore isOutlier } } } }`;
const trend = async (from: string, to: string): Promise<any[]> =>
  (await graph.get(accountant, TREND, { clinicId, period: { range: { from, to } } })).adjustmentReport.breakdown;

test('a month stands against the month before, the year before and the mean of the twelve before; beyond two deviations it is an outlier', async () => {
  expect(await trend('2026-06-01', '2026-06-30')).toEqual([
    {
      period: { label: '2026-06' },
      amount: '130.00',
      trend: {
        previousBucket: '110.00',
        changeFromPreviousBucket: '20.00',
        yearBefore: '90.00',
        changeFromYearBefore: '40.00',
        trailingMean: '100.00',
        trailingDeviation: '10.00',
        zScore: '3',
        isOutlier: true,
      },
    },
  ]);
});

test('where the ledger begins there is nothing before, and no mean of fewer than three buckets', async () => {
  const found = await trend('2025-06-01', '2025-09-30');

  expect(
    found.map(({ trend: of }) => [of.previousBucket, of.yearBefore, of.trailingMean, of.zScore, of.isOutlier]),
  ).toEqual([
    [null, null, null, null, false],
    ['90.00', null, null, null, false],
    ['110.00', null, null, null, false],
    ['90.00', null, '96.67', '1.414214', false],
  ]);
});

test('the trends of all rows together take two more statements', async () => {
  const few = await graph.statements(() => trend('2026-06-01', '2026-06-30'));
  const many = await graph.statements(() => trend('2025-06-01', '2026-06-30'));
  // Clinic, totals, breakdown, names of providers, the buckets before, and the first day of the ledger.
  expect([few.length, many.length]).toEqual([6, 6]);
});
