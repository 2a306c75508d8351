import { systemViewer, transact } from '@practice-graph/kit';
import { addDays } from '@practice-graph/practice';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { CATEGORIES, mayBeNegative } from '../entries/adjustment-category.rules';
import { verifyDetailSlices } from '../measures/verification.service';
import { DetailSlices1763690000071 } from '../migrations/20261121-07-detail-slices';
import { DetailsByPlace17637800000011 } from '../migrations/20261122-01-details-by-place';
import {
  accountant,
  anImport,
  CLINIC,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  NORTH,
  openLedger,
  patient,
  SOUTH,
  take,
} from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const REPORT = `query ($clinicId: ID!, $period: PeriodInput!) { adjustmentReport(clinicId: $clinicId, period: $period) {
  measures { insuranceWriteOffs courtesyDiscounts professionalDiscounts familyDiscounts badDebtWriteOffs smallBalanceWriteOffs
    promotionalDiscounts timingAdjustments errorCorrections otherAdjustments totalWriteOffs totalDiscounts totalCorrections
    totalAdjustments netProductionEffect badDebtRecoveries netBadDebt adjustmentCount }
  byCategory: breakdown(by: [CATEGORY]) { category amount share }
  byReason: breakdown(by: [REASON_CODE, PROVIDER]) { amount }
  byPlace: breakdown(by: [LOCATION, PROVIDER], granularity: WEEK) { amount } } }`;
const BRIDGE = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { grossToNet { gross net steps { amount } } } } }`;

const entry = fc.record({
  category: fc.constantFrom(...CATEGORIES),
  cents: fc.integer({ min: 1, max: 5_000_000 }),
  negative: fc.boolean(),
  day: fc.integer({ min: 0, max: 27 }),
  locationId: fc.constantFrom(NORTH, SOUTH, null),
  providerId: fc.constantFrom(DR_LEE, DR_RAY, null),
  patient: fc.integer({ min: 1, max: 20 }),
});

const cents = (amount: string): number => new Decimal(amount).times(100).toNumber();
const sum = (amounts: readonly string[]): number => amounts.reduce((all, amount) => all + cents(amount), 0);

test('categories add up to the totals, recoveries in none (C-A1), net bad debt is bad debt minus recoveries (C-A2), gross minus the steps is net (C-A8)', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 12 }), async (entries) => {
      // Each run has a month of its own, so that no run sees another.
      const month = `${String(2010 + Math.floor(run / 12))}-${String((run++ % 12) + 1).padStart(2, '0')}`;
      await take(
        graph,
        entries.map((of) =>
          anImport({
            category: of.category,
            amount: `${of.negative && mayBeNegative(of.category) ? '-' : ''}${(of.cents / 100).toFixed(2)}`,
            adjustmentDate: `${month}-${String(of.day + 1).padStart(2, '0')}`,
            locationId: of.locationId,
            providerId: of.providerId,
            patientId: patient(of.patient),
          }),
        ),
      );
      const { adjustmentReport } = await graph.get(accountant, REPORT, { clinicId, period: { month } });
      const { measures: m, byCategory, byReason, byPlace } = adjustmentReport;

      expect(sum([m.insuranceWriteOffs, m.badDebtWriteOffs, m.smallBalanceWriteOffs])).toBe(cents(m.totalWriteOffs));
      expect(sum([m.courtesyDiscounts, m.professionalDiscounts, m.familyDiscounts, m.promotionalDiscounts])).toBe(
        cents(m.totalDiscounts),
      );
      expect(sum([m.timingAdjustments, m.errorCorrections, m.otherAdjustments])).toBe(cents(m.totalCorrections));
      expect(sum([m.totalWriteOffs, m.totalDiscounts, m.totalCorrections])).toBe(cents(m.totalAdjustments));
      expect(cents(m.netBadDebt)).toBe(cents(m.badDebtWriteOffs) - cents(m.badDebtRecoveries));
      expect(m.adjustmentCount).toBe(entries.filter(({ category }) => category !== 'RECOVERY').length);

      const whole = cents(m.totalAdjustments) + cents(m.badDebtRecoveries);
      for (const rows of [byCategory, byReason, byPlace] as { amount: string }[][])
        expect(sum(rows.map(({ amount }) => amount))).toBe(whole);
      const shares = byCategory.map((row: { share: string | null }) => row.share);
      if (whole > 0)
        expect(shares.reduce((all: number, share: string) => all + Math.round(Number(share) * 1e4), 0)).toBe(1e4);
      else expect(shares.filter((share: string | null) => share !== null)).toEqual([]);

      const production = { gross: '900000.00', net: '800000.00', collected: '0.00' };
      const r = [
        {
          __typename: 'PerformanceRow',
          clinicId,
          locationId: null,
          providerId: null,
          from: `${month}-01`,
          to: `${month}-28`,
          production,
        },
      ];
      const { grossToNet } = (await graph.get(accountant, BRIDGE, { r }))._entities[0];
      expect(cents(grossToNet.gross) - sum(grossToNet.steps.map((step: { amount: string }) => step.amount))).toBe(
        cents(grossToNet.net),
      );
      expect(cents(grossToNet.gross) - cents(grossToNet.net)).toBe(cents(m.netProductionEffect));
    }),
    { numRuns: 40 },
  );
});

const DETAILS = `query ($clinicId: ID!, $range: DateRangeInput!, $filter: AdjustmentFilter) {
  adjustmentReport(clinicId: $clinicId, period: { range: $range }, filter: $filter) {
    ...Sums
    all: breakdown(by: [], granularity: MONTH) { ...Row }
    byReason: breakdown(by: [REASON_CODE, CATEGORY]) { ...Row }
    byPayer: breakdown(by: [PAYER, GROUP], granularity: MONTH) { ...Row }
    byCampaign: breakdown(by: [CAMPAIGN]) { ...Row }
    byState: breakdown(by: [APPROVAL_STATUS, CATEGORY]) { ...Row }
    byPlace: breakdown(by: [LOCATION, PROVIDER], granularity: MONTH) { ...Row }
    byReasonAndPlace: breakdown(by: [REASON_CODE, LOCATION]) { ...Row }
    byPayerAndPerson: breakdown(by: [PROVIDER, PAYER], granularity: MONTH) { ...Row }
    byCampaignAndPair: breakdown(by: [LOCATION, CAMPAIGN, PROVIDER]) { ...Row }
    byStateAndPlace: breakdown(by: [APPROVAL_STATUS, LOCATION, GROUP]) { ...Row }
    byReasonPayerAndState: breakdown(by: [REASON_CODE, PAYER, APPROVAL_STATUS]) { ...Row } } }
  fragment Sums on AdjustmentReport { measures { ...Measures } }
  fragment Row on AdjustmentBreakdownRow { key amount entryCount share expected varianceFromExpected measures { ...Measures } }
  fragment Measures on WriteOffMeasures { totalWriteOffs totalDiscounts totalCorrections badDebtRecoveries netProductionEffect
    adjustmentCount pending pendingCount }`;

describe('slices by reason, payer, campaign and state', () => {
  const state = fc.constantFrom('COUNTS', 'COUNTS', 'PENDING', 'REJECTED');
  const detailed = fc.record({
    entry,
    state,
    payer: fc.constantFrom(null, 'Delta', 'A/B'),
    expected: fc.option(fc.nat(90_000)),
  });
  const verify = () =>
    transact(graph.running.database, systemViewer(CLINIC), CLINIC, (tx) => verifyDetailSlices(tx, CLINIC));

  test('a report from them says what the ledger says, whatever is filtered', async () => {
    const filters = fc.constantFrom<Record<string, unknown>>(
      {},
      { payers: ['Delta'] },
      { statuses: ['PENDING', 'REJECTED'] },
      { reasonCodes: ['INS-CONTRACT', 'ERR-FEE'] },
      { campaignIds: [] },
      { groups: ['WRITE_OFF'] },
      { locationIds: [idOf(NORTH), 'unassigned'], reasonCodes: ['INS-CONTRACT'] },
      { providerIds: [idOf(DR_LEE)], payers: ['Delta', 'A/B'] },
      { payers: ['Delta', ''], statuses: ['APPROVED', 'PENDING'], categories: ['INSURANCE_WRITEOFF', 'BAD_DEBT'] },
    );
    const viewers = fc.constantFrom(
      ...[
        {},
        {},
        { locations: [NORTH] },
        { providers: [DR_RAY] },
        { locations: [NORTH, SOUTH], providers: [DR_LEE] },
      ].map((restrictions) => viewer({ ...accountant, restrictions })),
    );
    const range = fc
      .tuple(fc.nat({ max: 50 }), fc.nat({ max: 80 }))
      .map(([start, length]) => ({ from: addDays('2009-03-01', start), to: addDays('2009-03-01', start + length) }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(detailed, { minLength: 1, maxLength: 10 }),
        filters,
        range,
        viewers,
        async (entries, filter, range, as) => {
          await take(
            graph,
            entries.map((of) =>
              anImport({
                category: of.entry.category,
                amount: `${of.entry.negative && mayBeNegative(of.entry.category) ? '-' : ''}${(of.entry.cents / 100).toFixed(2)}`,
                adjustmentDate: `2009-0${String(3 + (of.entry.day % 4))}-${String(of.entry.day + 1).padStart(2, '0')}`,
                ...{ payer: of.payer, patientId: patient(of.entry.patient) },
                ...{ locationId: of.entry.locationId, providerId: of.entry.providerId },
                expectedAmount: of.expected === null ? null : new Decimal(of.expected).div(100),
                ...(of.state === 'PENDING' && { isPending: true, decision: null }),
                ...(of.state === 'REJECTED' && { decision: { by: 'supervisor', at: new Date(0), rejected: true } }),
              }),
            ),
          );
          const ask = (more: Record<string, unknown>) =>
            graph.get(as, DETAILS, { clinicId, range, filter: { ...filter, ...more } });
          // Every amount is at least nothing, but only the ledger knows.
          expect(await ask({})).toEqual(await ask({ minAmount: '0' }));
        },
      ),
      { numRuns: 12 },
    );
    expect((await verify()).flatMap(({ differences }) => differences)).toEqual([]);
  });

  test('what lies on other days of a month alone is not shown, what cancels out on days asked for is', async () => {
    const undone = anImport({ category: 'OTHER', amount: '7', adjustmentDate: '2008-02-10', locationId: SOUTH });
    await take(graph, [
      anImport({ category: 'BAD_DEBT', amount: '5', adjustmentDate: '2008-02-01', locationId: NORTH, payer: 'Delta' }),
      undone,
      anImport({
        category: 'OTHER',
        amount: '-7',
        adjustmentDate: '2008-02-28',
        locationId: SOUTH,
        reversesId: undone.id,
      }),
    ]);
    const keys = async (range: { from: string; to: string }) => {
      const { adjustmentReport } = await graph.get(
        accountant,
        `query ($clinicId: ID!, $range: DateRangeInput!) { adjustmentReport(clinicId: $clinicId, period: { range: $range }) {
          places: breakdown(by: [LOCATION]) { key amount } reasons: breakdown(by: [REASON_CODE]) { key amount } } }`,
        { clinicId, range },
      );
      return Object.values(adjustmentReport).map((rows: any) => rows.map((row: any) => `${row.key} ${row.amount}`));
    };

    expect(await keys({ from: '2008-02-02', to: '2008-02-29' })).toEqual([
      [`${idOf(SOUTH)} 0.00`],
      ['OTH-EXPLAINED 0.00'],
    ]);
    expect(await keys({ from: '2008-02-01', to: '2008-02-27' })).toEqual([
      [`${idOf(SOUTH)} 7.00`, `${idOf(NORTH)} 5.00`],
      ['OTH-EXPLAINED 7.00', 'BAD-AGENCY 5.00'],
    ]);
  });

  test('are filled from a ledger that is there before them', async () => {
    const [before] = await verify();
    await graph.sql('DROP TABLE adjustment_detail_slice; DROP INDEX adjustment_entry_contract');
    for (const Migration of [DetailSlices1763690000071, DetailsByPlace17637800000011])
      await new Migration().up({ query: (text: string) => graph.sql(text) } as never);

    expect(await verify()).toEqual([before]);
    expect(before?.compared).toBeGreaterThan(50);
    expect(before?.differences).toEqual([]);
  });
});
