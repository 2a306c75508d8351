import { newId } from '@practice-graph/kit';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import { aProvider, tellDirectory } from '@practice-graph/practice/testing';
import { accountant, anImport, CLINIC, clinicId, DR_LEE, DR_RAY, idOf, NORTH, openLedger, take } from '../testing';

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

test('each day of five years has its trend within seconds, since a series is built once for all of its rows', async () => {
  const query = TREND.replace('[PROVIDER], granularity: MONTH', '[], granularity: DAY');
  const began = performance.now();
  const { adjustmentReport } = await graph.get(accountant, query, {
    clinicId,
    period: { range: { from: '2021-07-02', to: '2026-06-30' } },
  });
  expect(adjustmentReport.breakdown).toHaveLength(1_825);
  expect(adjustmentReport.breakdown.at(-16)).toMatchObject({
    amount: '130.00',
    trend: { previousBucket: '0.00', yearBefore: '90.00', trailingMean: '0.00', zScore: null, isOutlier: false },
  });
  expect(performance.now() - began).toBeLessThan(6_000);
});

describe('the peers of a provider', () => {
  const PEERS = `query ($clinicId: ID!, $filter: AdjustmentFilter, $by: [AdjustmentDimension!]!) {
    adjustmentReport(clinicId: $clinicId, period: { month: "2026-06" }, filter: $filter) {
      breakdown(by: $by) { id providerId peers { providerId locationId from to } } } }`;
  const peers = async (by: string[], filter: Record<string, unknown> | null = null): Promise<any[]> =>
    (await graph.get(accountant, PEERS, { clinicId, filter, by })).adjustmentReport.breakdown;
  const days = { from: '2026-06-01', to: '2026-06-30' };

  test('are all providers of the clinic, also those who granted nothing and those whom the filter leaves out', async () => {
    const all = [idOf(DR_LEE), idOf(DR_RAY)].map((providerId) => ({ providerId, locationId: null, ...days }));
    const shown = { id: '0:130,0', providerId: idOf(DR_LEE), peers: all };
    expect(await peers(['PROVIDER'])).toEqual([shown]);
    expect(await peers(['PROVIDER'], { providerIds: [idOf(DR_LEE)] })).toEqual([shown]);
    expect(await peers(['PROVIDER'], { providerIds: [idOf(DR_RAY)] })).toEqual([]);
  });

  test('are compared at the place of the row, or at those of the filter', async () => {
    const [unplaced] = await peers(['LOCATION', 'PROVIDER']);
    expect(unplaced.peers[0].locationId).toBe('unassigned');
    const [placed] = await peers(['PROVIDER'], { locationIds: ['unassigned', idOf(NORTH)] });
    expect(placed.peers[0].locationId).toBe(`unassigned+${idOf(NORTH)}`);
  });

  test('are none where rows are not of providers', async () => {
    const none = await peers(['CATEGORY']);
    expect(none).toHaveLength(11);
    expect(new Set(none.map((row) => `${String(row.id)} ${String(row.peers)}`))).toEqual(new Set(['none null']));
  });

  test('stand in relation to production when they come back, unless it was not told', async () => {
    const back = (gross: (string | null)[]) =>
      graph.get(
        accountant,
        'query ($of: [_Any!]!) { _entities(representations: $of) { ... on AdjustmentBreakdownRow { peerZScore } } }',
        {
          of: [
            {
              ...{ __typename: 'AdjustmentBreakdownRow', id: '2:10,40,30' },
              peers: gross.map((of) => ({ production: of === null ? null : { gross: of } })),
            },
          ],
        },
      );
    expect(await back(['1000.00', '2000.00', '500.00'])).toEqual({ _entities: [{ peerZScore: '1.38873' }] });
    expect(await back(['1000.00', null, '500.00'])).toEqual({ _entities: [{ peerZScore: null }] });
    expect(await back(['1000.00', '2000.00'])).toEqual({ _entities: [{ peerZScore: null }] });
  });

  test('are too many when all rows together would be compared with more than 20,000, which is said once', async () => {
    const providers = Array.from({ length: 50 }, () => aProvider({ id: newId() }));
    await tellDirectory(graph, CLINIC, { providers });
    const ask = (from: string) =>
      graph.ask(
        accountant,
        `query ($clinicId: ID!, $from: Date!) { adjustmentReport(clinicId: $clinicId, period: { range: { from: $from, to: "2026-06-30" } }) {
          breakdown(by: [PROVIDER], granularity: DAY) { key peers { from } } } }`,
        { clinicId, from },
      );
    // 52 providers; 384 days pass, 385 do not.
    expect((await ask('2025-06-12')).errors).toBeUndefined();
    expect((await ask('2025-06-11')).errors?.map(({ extensions }) => extensions['code'])).toEqual(['TOO_MANY_ROWS']);
  });
});
