import { clinicIdText, recordIdText } from '@practice-graph/kit/identity';
import { generateDemo } from '../../../app/src/demo/generation';
import { demoIds } from '../../../app/src/demo/organisation';
import type { ClinicRows } from '../../../app/src/demo/rows.types';
import { expectedOf, money, monthsOf, rateOf, ratioOf, type Scope } from './expected';
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
