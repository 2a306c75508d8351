import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { costInCents, expectedOf, money, monthsOf, perHour, rateOf, ratioOf, type Scope } from './expected';
import { ANCHOR, openGraph, type Graph } from './graph';

const RATIO = '{ numerator denominator value status }';
const MEASURES = `
  production { gross net starts perStart ${RATIO} }
  supplies { cost caseCost caseCount costPerCase ${RATIO} }
  supplyRatios { costPerStart ${RATIO} costRate ${RATIO} netAfterSuppliesPerStart ${RATIO} }`;

/** Q1 of the questions that the graph exists for: what a start brings next to what it uses up. */
const Q1 = `query CostNextToProduction($clinicId: ID!, $period: PeriodInput!) {
  performanceReport(clinicId: $clinicId, period: $period, groupBy: [LOCATION], granularity: MONTH) {
    currency
    rows { from to locationId location { name } ${MEASURES} }
    total { from to ${MEASURES} }
  }
}`;

const group = generateDemo({ size: 'tiny', anchor: ANCHOR }).find(
  (rows) => rows.clinic.id === demoIds.clinics.group,
) as ClinicRows;
const clinicId = clinicIdText(group.clinic.id);
const saved = (name: string): string =>
  readFileSync(join(__dirname, `../../../schema/operations/${name}.graphql`), 'utf8');

/** Measures of a scope, by plain arithmetic over the generator's rows. */
function measuresOf(scope: Scope) {
  const { grossCents, netCents, starts, supplyCents, caseCents, caseCount } = expectedOf(group, scope);
  return {
    production: { gross: money(grossCents), net: money(netCents), starts, perStart: ratioOf(netCents, starts) },
    supplies: {
      ...{ cost: money(supplyCents), caseCost: money(caseCents), caseCount },
      costPerCase: ratioOf(caseCents, caseCount),
    },
    supplyRatios: {
      costPerStart: ratioOf(supplyCents, starts),
      costRate: rateOf(supplyCents, netCents),
      netAfterSuppliesPerStart: ratioOf(netCents - supplyCents, starts),
    },
  };
}

/** Rows of every place and month, and the row of what names no place, which is always there and here always empty. */
const rowsOf = (from: string, to: string) =>
  monthsOf(from, to).flatMap((month) => [
    ...group.locations.map(({ id, name }) => ({
      ...{ ...month, locationId: recordIdText(group.clinic.id, id), location: { name } },
      ...measuresOf({ ...month, locationId: id }),
    })),
    { ...month, locationId: 'unassigned', location: null, ...measuresOf({ ...month, locationId: 'unassigned' }) },
  ]);

const inOrder = <T extends { from: string; locationId: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.from + a.locationId < b.from + b.locationId ? -1 : 1));

interface Row {
  readonly location: unknown;
}
/** Names of all members, from the outside in. */
const membersOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, member]) => [name, membersOf(member)])
    : null;

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

describe('Q1: supply cost per case next to production per start', () => {
  test.each([
    ['whole months', '2026-05-01', '2026-06-30'],
    ['one whole month', '2026-05-01', '2026-05-31'],
    ['part of a month', '2026-06-03', '2026-06-17'],
    ['two parts of months', '2026-05-20', '2026-06-10'],
    ['one day', '2026-06-15', '2026-06-15'],
    ['a day without business', '2026-06-14', '2026-06-14'],
    ['days before the first entry', '2025-12-30', '2026-01-02'],
    ['a year of which two months have entries', '2025-07-15', '2026-06-29'],
  ])('over %s every location, every month and the total equal the sums of the entries', async (_, from, to) => {
    const { performanceReport } = await graph.get('owner', Q1, { clinicId, period: { range: { from, to } } });

    expect(performanceReport.currency).toBe('USD');
    expect(inOrder(performanceReport.rows)).toEqual(inOrder(rowsOf(from, to)));
    expect(performanceReport.total).toEqual({ from, to, ...measuresOf({ from, to }) });
  });

  test('a preset is resolved in the clinic: the last three months end today', async () => {
    const { performanceReport } = await graph.get('owner', Q1, { clinicId, period: { preset: 'LAST_3_MONTHS' } });

    const { from, to } = performanceReport.total;
    expect(to).toBe(ANCHOR);
    expect(performanceReport.total).toEqual({ from, to, ...measuresOf({ from, to }) });
    expect(inOrder(performanceReport.rows)).toEqual(inOrder(rowsOf(from, to)));
  });

  test.each(['accountant', 'analyst'])('the %s gets it whole', async (persona) => {
    const range = { from: '2026-05-01', to: '2026-06-30' };
    const { performanceReport } = await graph.get(persona, Q1, { clinicId, period: { range } });

    expect(performanceReport.total).toEqual({ ...range, ...measuresOf(range) });
  });

  test('the question at the top of the README is answered in the shape that stands below it', async () => {
    const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
    const [question = '', answer = ''] = [...readme.matchAll(/```(?:graphql|json)\n(.*?)```/gs)].map((m) => m[1]);
    const told = (JSON.parse(answer) as { data: { performanceReport: { rows: Row[] } } }).data.performanceReport.rows;
    const asked = question.replace('month: "2026-10"', 'month: "2026-05"');

    const { performanceReport } = await graph.get('owner', asked, { clinicId });

    const placed = (performanceReport.rows as Row[]).filter(({ location }) => location !== null);
    expect(placed.map(membersOf)).toEqual(placed.map(() => membersOf(told[0])));
    expect(told.map(membersOf)).toEqual(told.map(() => membersOf(told[0])));
  });

  test('with the appliance supplies stopped only their fields are null, and one error names them', async () => {
    const range = { from: '2026-05-01', to: '2026-06-30' };
    await graph.without('appliance-supply', async () => {
      const answer = await graph.ask('owner', Q1, { clinicId, period: { range } });

      const report = answer.data.performanceReport;
      const withoutSupplies = rowsOf(range.from, range.to).map((row) => ({
        ...row,
        supplies: null,
        supplyRatios: null,
      }));
      expect(inOrder(report.rows)).toEqual(inOrder(withoutSupplies));
      expect(report.total).toEqual({ ...range, ...measuresOf(range), supplies: null, supplyRatios: null });
      expect(answer.errors).toHaveLength(1);
      expect(JSON.stringify(answer.errors)).toContain('appliance-supply');
    });

    const again = await graph.get('owner', Q1, { clinicId, period: { range } });
    expect(again.performanceReport.total.supplies).not.toBeNull();
  });

  test('an outsider sees nothing of it and no sign that it exists', async () => {
    const answer = await graph.ask('outsider', Q1, {
      clinicId,
      period: { range: { from: '2026-05-01', to: '2026-06-30' } },
    });
    const unknown = await graph.ask('outsider', Q1, {
      clinicId: clinicIdText('016f5e66-e800-7000-8000-000000000000'),
      period: { range: { from: '2026-05-01', to: '2026-06-30' } },
    });

    expect(answer.data.performanceReport).toBeNull();
    expect(answer).toEqual(unknown);
  });
});

/** Hours of whole minutes, with up to six decimals; goals are told in the same way. */
const hours = (minutes: number): unknown => ratioOf(minutes * 100, 60)['value'];
const plainMoney = (cents: number): unknown => ratioOf(cents, 1)['value'];

const sum = <R>(rows: readonly R[], of: (row: R) => number): number => rows.reduce((total, row) => total + of(row), 0);

/** Minutes of the chairs of a scope. */
function chairMinutesOf({ from, to, locationId }: Scope, providerId?: string) {
  const rows = group.chairs.filter(
    (row) =>
      row.date >= from &&
      row.date <= to &&
      (locationId === undefined || row.locationId === locationId) &&
      (providerId === undefined || row.providerId === providerId),
  );
  return { used: sum(rows, (row) => row.usedMinutes), available: sum(rows, (row) => row.availableMinutes) };
}

test('Q8: production per chair hour beside supply cost per chair hour, for each place and month', async () => {
  const { performanceReport } = await graph.get('owner', saved('17-throughput'), { clinicId });

  const [from, to] = ['2026-03-01', '2026-05-31'];
  const inMonth = new Map([
    ['2026-03-01', '2026-03'],
    ['2026-04-01', '2026-04'],
    ['2026-05-01', '2026-05'],
  ]);
  const expected = monthsOf(from, to).flatMap((month) =>
    [...group.locations, { id: 'unassigned', name: null }].map(({ id, name }) => {
      const { netCents, supplyCents } = expectedOf(group, { ...month, locationId: id });
      const { used, available } = chairMinutesOf({ ...month, locationId: id });
      return {
        ...{ period: { label: inMonth.get(month.from) }, location: name && { name }, currency: 'USD' },
        production: {
          ...{ usedChairHours: hours(used), availableChairHours: hours(available) },
          chairUtilization: { value: ratioOf(used * 100, available)['value'] },
          perUsedChairHour: { value: perHour(netCents, used) },
          perAvailableChairHour: { value: perHour(netCents, available) },
        },
        supplies: {
          usageCount: group.supplies.usages.filter(
            (row) => row.locationId === id && row.date >= month.from && row.date <= month.to,
          ).length,
        },
        supplyRatios: { costPerUsedChairHour: { value: perHour(supplyCents, used) } },
      };
    }),
  );
  const keyOf = (row: { period: { label?: string | undefined }; location: { name: string } | null | string }) =>
    JSON.stringify([row.period.label, row.location]);
  const sorted = <R extends Parameters<typeof keyOf>[0]>(rows: readonly R[]) =>
    [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  expect(sorted(performanceReport.rows)).toEqual(sorted(expected));
  expect(performanceReport.rows.filter((row: any) => row.production.perUsedChairHour.value !== null).length).toBe(2);
});

test('Q18: a provider against the goal of the month, with production per chair hour of the year', async () => {
  const { courtesyProvider } = demoIds.providers;
  const { provider } = await graph.get('owner', saved('09-provider-review'), {
    id: recordIdText(group.clinic.id, courtesyProvider),
    month: '2026-06',
  });

  const own = <R extends { providerId: string }>(rows: readonly R[]) =>
    rows.filter((row) => row.providerId === courtesyProvider);
  const ownRows = { ...group, entries: own(group.entries), adjustments: own(group.adjustments) };
  const year = expectedOf(ownRows, { from: '2026-01-01', to: ANCHOR });
  const month = expectedOf(ownRows, { from: '2026-06-01', to: ANCHOR });
  const chairs = chairMinutesOf({ from: '2026-01-01', to: ANCHOR }, courtesyProvider);
  expect(provider.production).toEqual({
    ...{ currency: 'USD', net: money(year.netCents), starts: year.starts },
    perStart: { value: ratioOf(year.netCents, year.starts)['value'] },
    perUsedChairHour: { value: perHour(year.netCents, chairs.used) },
    chairUtilization: { value: ratioOf(chairs.used * 100, chairs.available)['value'] },
  });
  const goals = own(group.goals);
  const lastTarget = (goal: (typeof goals)[number]) => goal.values.at(-1)?.targetCents ?? 0;
  const target = lastTarget(goals.find((goal) => goal.month === '2026-06') as (typeof goals)[number]);
  const netOfGoals = sum(goals, ({ month: of }) => expectedOf(ownRows, { from: `${of}-01`, to: `${of}-31` }).netCents);
  expect(provider.goal).toEqual({
    target: plainMoney(target),
    progress: {
      rate: { value: rateOf(month.netCents, target)['value'] },
      // The last working day of the month has begun.
      ...{ pace: month.netCents >= target ? 'REACHED' : 'BEHIND', dailyNeeded: null },
      variance: plainMoney(month.netCents - target),
    },
    // The year has goals for its last months only: no target of its own, and progress in the months that have one.
    annual: {
      target: null,
      isComplete: false,
      progress: { rate: { value: rateOf(netOfGoals, sum(goals, lastTarget))['value'] } },
    },
  });
});

test('Q20: the card of today holds the part of the goals that is of this day, low stock and what waits', async () => {
  const { productionReport, adjustmentEntries, supplyStock } = await graph.get('owner', saved('24-practice-card'), {
    clinicId,
  });

  const goals = group.goals.filter((goal) => goal.month === '2026-06');
  const workingDays = 22;
  expect(goals.length).toBeGreaterThan(0);
  expect(productionReport).toEqual({
    currency: 'USD',
    measures: { net: '0.00', starts: 0 },
    goal: {
      target: plainMoney(Math.round(sum(goals, (goal) => goal.values.at(-1)?.targetCents ?? 0) / workingDays)),
      rate: { value: '0' },
      pace: 'BEHIND',
    },
  });
  expect(adjustmentEntries.totalCount).toBe(group.requests.filter((row) => row.status === 'PENDING').length);
  const { supplyStock: low } = await graph.get('owner', saved('11-low-stock'), { clinicId });
  const urgent = low.nodes.filter(({ severity }: { severity: string }) => severity !== 'LOW');
  expect(supplyStock.totalCount).toBe(urgent.length);
  expect(supplyStock.nodes).toHaveLength(Math.min(5, urgent.length));
});

test('Q17: working capital: what was given up and came back, what is owed, and stock at what it cost', async () => {
  const { clinics } = await graph.get('owner', saved('22-working-capital'));

  const inYear = (category: string) =>
    group.adjustments
      .filter((row) => row.category === category && row.date >= '2026-01-01')
      .reduce((sum, row) => sum + row.amountCents, 0);
  const [lost, back] = [inYear('BAD_DEBT'), inYear('RECOVERY')];
  const { netCents, collectedCents } = expectedOf(group, { from: '2026-01-01', to: ANCHOR });
  expect(collectedCents).toBeGreaterThan(netCents / 2);
  const stock = (
    receipts: readonly { totalCents: number }[],
    uses: readonly { quantityMilli: number; unitCostMicros: number }[],
  ) =>
    money(
      receipts.reduce((sum, row) => sum + row.totalCents, 0) -
        uses.reduce((sum, row) => sum + costInCents(row.quantityMilli, row.unitCostMicros), 0),
    );
  expect(clinics).toEqual([
    {
      ...{ name: group.clinic.name, currency: 'USD' },
      writeOffs: {
        ...{ badDebtWriteOffs: money(lost), netBadDebt: money(lost - back), badDebtRecoveries: money(back) },
        recoveryRate: { value: rateOf(back, lost)['value'] },
      },
      production: { outstanding: money(netCents - collectedCents) },
      supplyPosition: {
        value: stock(group.supplies.receipts, group.supplies.usages),
        blockedValue: expect.stringMatching(/^[1-9]/),
      },
      inventoryPosition: {
        value: stock(group.spa.receipts, group.spa.movements),
        ...{ blockedValue: expect.stringMatching(/^[1-9]/), expiringValue: expect.any(String) },
      },
    },
  ]);
});
