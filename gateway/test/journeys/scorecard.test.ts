import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import type { AdjustmentCategory, AdjustmentRow } from '../../../app/src/demo/adjustment-rows.types';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { centsOf, costInCents, money, monthsOf, rateOf } from './expected';
import { ANCHOR, openGraph, type Graph } from './graph';

const RATIO = '{ numerator denominator value status }';

/** The scorecard of all four domains, per location, provider and month. */
const SCORECARD = `query Scorecard($clinicId: ID!, $period: PeriodInput!) {
  performanceReport(clinicId: $clinicId, period: $period, groupBy: [LOCATION, PROVIDER], granularity: MONTH) {
    rows { ...Measures }
    total { ...Measures }
  }
}
fragment Measures on PerformanceRow {
  from to locationId providerId
  production { gross adjustments net entryCount starts debonds }
  writeOffs {
    insuranceWriteOffs courtesyDiscounts professionalDiscounts familyDiscounts promotionalDiscounts badDebtWriteOffs
    smallBalanceWriteOffs timingAdjustments errorCorrections badDebtRecoveries totalWriteOffs totalDiscounts
    totalAdjustments netProductionEffect netBadDebt
  }
  writeOffRates { writeOffRate { ratio ${RATIO} } courtesyRate { ratio ${RATIO} } badDebtRate { ratio ${RATIO} } }
  supplies { cost reworkCost usageCount caseCount }
  spa { usedCost wasteCost useCount patientCount revenue profit }
  spaRatios { costRate ${RATIO} wasteRate ${RATIO} }
  contribution { margin marginRate ${RATIO} }
}`;

const group = generateDemo({ size: 'tiny', anchor: ANCHOR }).find(
  (rows) => rows.clinic.id === demoIds.clinics.group,
) as ClinicRows;
const clinicId = clinicIdText(group.clinic.id);

interface Scope {
  readonly from: string;
  readonly to: string;
  readonly locationId?: string;
  readonly providerId?: string;
}

const sum = <T>(rows: readonly T[], cents: (row: T) => number): number =>
  rows.reduce((total, row) => total + cents(row), 0);

/** Everything that the scorecard says of a scope, by plain arithmetic over the rows of the generator. */
function measuresOf(scope: Scope) {
  const isInside = (row: { date: string; locationId: string; providerId: string }): boolean =>
    row.date >= scope.from &&
    row.date <= scope.to &&
    (scope.locationId === undefined || row.locationId === scope.locationId) &&
    (scope.providerId === undefined || row.providerId === scope.providerId);
  const plans = new Map(group.plans.map((plan) => [plan.id, plan]));
  const entries = group.entries.filter(isInside);
  const adjustments = group.adjustments.filter(isInside);
  const usages = group.supplies.usages.filter(isInside);
  const movements = group.spa.movements.filter(isInside);

  const of = (...categories: AdjustmentCategory[]): number =>
    sum(
      adjustments.filter((row) => categories.includes(row.category)),
      (row) => row.amountCents,
    );
  const writeOffs = of('INSURANCE_WRITEOFF', 'BAD_DEBT', 'SMALL_BALANCE');
  const discounts = of('COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'PROMOTIONAL');
  const corrections = of('TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'OTHER');
  const effect = of('INSURANCE_WRITEOFF') + discounts + corrections;
  const gross = sum(entries, (row) => row.grossCents);
  const net = gross - effect;

  const costOf = (row: { quantityMilli: number; unitCostMicros: number }): number =>
    costInCents(row.quantityMilli, row.unitCostMicros);
  const treated = movements.flatMap((row) => (row.type === 'TREATMENT_USE' ? [row] : []));
  const wasted = movements.filter((row) => row.type === 'WASTE');
  const used = sum(treated, costOf);
  const waste = sum(wasted, costOf);
  const revenue = sum(treated, (row) => row.revenueCents ?? 0);
  const supplies = sum(usages, costOf);
  const margin = net - supplies - used - waste;
  return {
    production: {
      ...{ gross: money(gross), adjustments: money(effect), net: money(net), entryCount: entries.length },
      starts: entries.filter((row) => {
        const plan = plans.get(row.planId ?? '');
        return row.category === 'TREATMENT_START' && plan?.isRestart === false && !plan.isTransferIn;
      }).length,
      debonds: entries.filter((row) => row.category === 'DEBOND').length,
    },
    writeOffs: {
      insuranceWriteOffs: money(of('INSURANCE_WRITEOFF')),
      courtesyDiscounts: money(of('COURTESY_DISCOUNT')),
      professionalDiscounts: money(of('PROFESSIONAL_DISCOUNT')),
      familyDiscounts: money(of('FAMILY_DISCOUNT')),
      promotionalDiscounts: money(of('PROMOTIONAL')),
      badDebtWriteOffs: money(of('BAD_DEBT')),
      smallBalanceWriteOffs: money(of('SMALL_BALANCE')),
      timingAdjustments: money(of('TIMING_ADJUSTMENT')),
      errorCorrections: money(of('ERROR_CORRECTION')),
      badDebtRecoveries: money(of('RECOVERY')),
      totalWriteOffs: money(writeOffs),
      totalDiscounts: money(discounts),
      totalAdjustments: money(writeOffs + discounts + corrections),
      netProductionEffect: money(effect),
      netBadDebt: money(of('BAD_DEBT') - of('RECOVERY')),
    },
    writeOffRates: {
      writeOffRate: { ratio: rateOf(writeOffs, gross) },
      courtesyRate: { ratio: rateOf(of('COURTESY_DISCOUNT'), gross) },
      badDebtRate: { ratio: rateOf(of('BAD_DEBT'), net) },
    },
    supplies: {
      cost: money(supplies),
      reworkCost: money(
        sum(
          usages.filter((row) => row.isRework),
          costOf,
        ),
      ),
      usageCount: usages.length,
      caseCount: new Set(usages.map((row) => row.planId)).size,
    },
    spa: {
      ...{ usedCost: money(used), wasteCost: money(waste), useCount: treated.length },
      patientCount: new Set(treated.map((row) => row.patientId)).size,
      ...{ revenue: money(revenue), profit: money(revenue - used - waste) },
    },
    spaRatios: { costRate: rateOf(used + waste, net), wasteRate: rateOf(waste, net) },
    contribution: { margin: money(margin), marginRate: rateOf(margin, net) },
  };
}

const ZERO = JSON.stringify(measuresOf({ from: '1999-01-01', to: '1999-01-01' }));

let graph: Graph;
beforeAll(async () => {
  graph = await openGraph();
});
afterAll(async () => {
  await graph.stop();
});

describe('the scorecard of four domains', () => {
  test.each([
    ['whole months', '2026-05-01', '2026-06-30'],
    ['parts of months', '2026-05-13', '2026-06-16'],
  ])('over %s every location, provider, month and the total equal the sums of the rows', async (_, from, to) => {
    const { performanceReport } = await graph.get('owner', SCORECARD, { clinicId, period: { range: { from, to } } });

    expect(performanceReport.total).toEqual({
      from,
      to,
      locationId: null,
      providerId: null,
      ...measuresOf({ from, to }),
    });

    const expected = monthsOf(from, to).flatMap((month) =>
      group.locations.flatMap((place) =>
        group.providers.map((provider) => ({
          ...{ ...month, locationId: recordIdText(group.clinic.id, place.id) },
          providerId: recordIdText(group.clinic.id, provider.id),
          ...measuresOf({ ...month, locationId: place.id, providerId: provider.id }),
        })),
      ),
    );
    // Pairs that neither work together nor have a fact may be missing; whatever has a number must be there.
    const isFilled = ({ from: _f, to: _t, locationId: _l, providerId: _p, ...row }: (typeof expected)[number]) =>
      JSON.stringify(row) !== ZERO;
    const keyOf = (row: { from: string; locationId: string; providerId: string }) =>
      `${row.from} ${row.locationId} ${row.providerId}`;
    const shown = new Map<string, unknown>(
      performanceReport.rows.map((row: Parameters<typeof keyOf>[0]) => [keyOf(row), row]),
    );
    for (const row of expected) if (isFilled(row) || shown.has(keyOf(row))) expect(shown.get(keyOf(row))).toEqual(row);
    expect(expected.filter(isFilled).length).toBeGreaterThanOrEqual(6);
  });

  test('on a Sunday without production an undone correction lifts net above gross', async () => {
    const sunday = group.adjustments.find((row) => row.amountCents === -12_345)?.date as string;
    const period = { range: { from: sunday, to: sunday } };
    const { performanceReport } = await graph.get('owner', SCORECARD, { clinicId, period });

    expect(performanceReport.total.production).toMatchObject({ gross: '0.00', adjustments: '-123.45', net: '123.45' });
  });
});

test('Q5 Q16: write-offs by category and reason and month by month, with rates of the same period', async () => {
  const query = readFileSync(join(__dirname, '../../../schema/operations/04-adjustment-report.graphql'), 'utf8');
  const { adjustmentReport } = await graph.get('owner', query, { clinicId });

  const of = (rows: readonly AdjustmentRow[], ...categories: readonly AdjustmentCategory[]) =>
    sum(
      rows.filter((row) => categories.includes(row.category)),
      (row) => row.amountCents,
    );
  const WRITE_OFF = ['INSURANCE_WRITEOFF', 'BAD_DEBT', 'SMALL_BALANCE'] as const;
  const DISCOUNT = ['COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'PROMOTIONAL'] as const;
  const CORRECTION = ['TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'OTHER'] as const;
  const groups = { WRITE_OFF, DISCOUNT, CORRECTION, RECOVERY: ['RECOVERY'] as const };
  const all = group.adjustments;
  const [lost, total] = [of(all, ...WRITE_OFF), of(all, ...WRITE_OFF, ...DISCOUNT, ...CORRECTION)];
  const signed = (rows: readonly AdjustmentRow[]) => rows.reduce((n, row) => n + (row.reversesId === null ? 1 : -1), 0);

  expect(adjustmentReport).toMatchObject({
    ...{
      period: { from: '2026-01-01', to: ANCHOR },
      comparedTo: { label: '2025-01-01 to 2025-06-30' },
      currency: 'USD',
    },
    measures: {
      ...{ totalWriteOffs: money(lost), totalDiscounts: money(of(all, ...DISCOUNT)) },
      ...{ totalCorrections: money(of(all, ...CORRECTION)), totalAdjustments: money(total) },
      netBadDebt: money(of(all, 'BAD_DEBT') - of(all, 'RECOVERY')),
      writeOffCount: signed(all.filter((row) => (WRITE_OFF as readonly string[]).includes(row.category))),
      pendingCount: group.requests.filter((row) => row.status === 'PENDING').length,
    },
    growth: { absolute: money(total), growthRate: null, growthStatus: 'NEW' },
  });
  // Σ reasons = category (ADJ-01), and the shares of all slices are the whole.
  const slices = adjustmentReport.byCategory as {
    category: AdjustmentCategory;
    amount: string;
    entryCount: number;
    share: string;
  }[];
  for (const category of Object.values(groups).flat()) {
    const own = slices.filter((row) => row.category === category);
    expect([category, sum(own, (row) => centsOf(row.amount)), sum(own, (row) => row.entryCount)]).toEqual([
      ...[category, of(all, category), signed(all.filter((row) => row.category === category))],
    ]);
  }
  expect(sum(slices, (row) => Math.round(Number(row.share) * 10_000))).toBe(10_000);

  const months = monthsOf('2026-01-01', ANCHOR);
  const amounts = Object.fromEntries(
    Object.entries(groups).map(([name, categories]) => [
      name,
      months.map(({ from, to }) =>
        of(
          all.filter((row) => row.date >= from && row.date <= to),
          ...categories,
        ),
      ),
    ]),
  );
  for (const row of adjustmentReport.months) {
    const at = months.findIndex(({ from }) => from.startsWith(row.period.label));
    const own = amounts[row.group as string] as number[];
    expect([row.group, row.period.label, row.amount]).toEqual([row.group, row.period.label, money(own[at] as number)]);
  }
  expect(adjustmentReport.months).toHaveLength(4 * months.length);
  const gross = sum(group.entries, (row) => row.grossCents);
  expect(adjustmentReport.performance.production.gross).toBe(money(gross));
  expect(adjustmentReport.performance.writeOffRates.writeOffRate.ratio.value).toBe(rateOf(lost, gross)['value']);
});
