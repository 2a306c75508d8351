import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import type { TestSubgraph } from '@practice-graph/kit/testing';
import type { ImportedAdjustment } from '..';
import {
  accountant,
  anImport,
  CLINIC,
  clinicId,
  DR_LEE,
  idOf,
  key,
  NORTH,
  openLedger,
  outsider,
  REVERSE,
  SOUTH,
  take,
} from '../testing';
import { datedParts, firstDay, WriteOffDateBasis, type DatedWriteOff } from './write-off-date-basis.rules';

const BASES = Object.values(WriteOffDateBasis);
let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const writeOff = (of: Partial<DatedWriteOff> = {}): DatedWriteOff => ({
  amount: new Decimal('800.00'),
  adjustmentDate: '2026-06-15',
  procedureDate: '2026-04-10',
  claimDate: '2026-05-02',
  estimatedAmount: new Decimal('750.00'),
  paymentDate: '2026-06-20',
  ...of,
});
const parts = (of: DatedWriteOff, basis: WriteOffDateBasis) =>
  datedParts(of, basis).map(({ day, amount }) => `${day} ${amount.toFixed(2)}`);

test('a write-off counts on the day that the basis names, and in two parts when it was estimated with the claim', () => {
  expect(BASES.map((basis) => parts(writeOff(), basis))).toEqual([
    ['2026-06-15 800.00'],
    ['2026-04-10 800.00'],
    ['2026-05-02 750.00', '2026-06-20 50.00'],
    ['2026-06-20 800.00'],
  ]);
  const bare = writeOff({ procedureDate: null, claimDate: null, estimatedAmount: null, paymentDate: null });
  expect(BASES.map((basis) => parts(bare, basis))).toEqual(BASES.map(() => ['2026-06-15 800.00']));
  expect(parts(writeOff({ estimatedAmount: new Decimal('800.00') }), 'CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual([
    '2026-05-02 800.00',
  ]);
  expect(parts(writeOff({ paymentDate: null }), 'CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual([
    '2026-05-02 750.00',
    '2026-06-15 50.00',
  ]);
});

const LIST = `query ($c: ID!, $p: PeriodInput, $b: WriteOffDateBasis, $f: AdjustmentFilter) {
  adjustmentEntries(clinicId: $c, period: $p, basis: $b, filter: $f, orderBy: { field: AMOUNT, direction: ASC }) { nodes { amount } } }`;
const listed = async (month: string, basis?: string): Promise<string[]> =>
  (
    await graph.get(accountant, LIST, { c: clinicId, p: { month }, ...(basis && { b: basis }) })
  ).adjustmentEntries.nodes.map((entry: { amount: string }) => entry.amount);
const RECONCILE = `query ($c: ID!, $p: PeriodInput!, $a: WriteOffDateBasis!, $b: WriteOffDateBasis!, $first: Int, $after: String) {
  writeOffReconciliation(clinicId: $c, period: $p, basisA: $a, basisB: $b, first: $first, after: $after) {
    period { label } currency basisA basisB totalA totalB difference totalCount pageInfo { hasNextPage endCursor }
    nodes { entry { id amount } dateA dateB currency amountA amountB } } }`;
const reconciled = async (month: string, a: string, b: string, more: object = {}, as = accountant): Promise<any> =>
  (await graph.get(as, RECONCILE, { c: clinicId, p: { month }, a, b, ...more })).writeOffReconciliation;
const dated = (of: Partial<Omit<ImportedAdjustment, 'amount'>> & { amount: string }) =>
  anImport({ category: 'INSURANCE_WRITEOFF', locationId: NORTH, providerId: DR_LEE, ...of });

describe('write-offs of April to June', () => {
  beforeAll(async () => {
    await take(graph, [
      dated({
        ...{ amount: '200', adjustmentDate: '2026-06-10', procedureDate: '2026-04-10', claimDate: '2026-05-02' },
        ...{ estimatedAmount: new Decimal(180), paymentDate: '2026-06-20' },
      }),
      dated({ amount: '100', adjustmentDate: '2026-06-11', procedureDate: '2026-05-30', locationId: SOUTH }),
      dated({ amount: '70', adjustmentDate: '2026-05-12', claimDate: '2026-05-12', paymentDate: '2026-06-02' }),
      dated({ amount: '50', adjustmentDate: '2026-06-12' }),
      dated({
        amount: '300',
        adjustmentDate: '2026-06-13',
        procedureDate: '2026-05-01',
        decision: null,
        isPending: true,
      }),
      anImport({
        category: 'COURTESY_DISCOUNT',
        amount: '30',
        adjustmentDate: '2026-06-14',
        procedureDate: '2026-05-14',
      }),
    ]);
  });

  test('the list takes the day of the basis for insurance write-offs, and the day of the entry for all others', async () => {
    expect(await listed('2026-06')).toEqual(['30.00', '50.00', '100.00', '200.00', '300.00']);
    expect(await listed('2026-06', 'PROCEDURE_DATE')).toEqual(['30.00', '50.00']);
    expect(await listed('2026-05', 'PROCEDURE_DATE')).toEqual(['70.00', '100.00', '300.00']);
    expect(await listed('2026-05', 'CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual(['70.00', '200.00']);
    expect(await listed('2026-06', 'CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual([
      '30.00',
      '50.00',
      '100.00',
      '200.00',
      '300.00',
    ]);
    expect(await listed('2026-06', 'PAYMENT_DATE')).toEqual(['30.00', '50.00', '70.00', '100.00', '200.00', '300.00']);
  });

  const REPORT = `query ($c: ID!, $p: PeriodInput!, $b: WriteOffDateBasis, $f: AdjustmentFilter) {
    adjustmentReport(clinicId: $c, period: $p, basis: $b, filter: $f) { basis
      measures { insuranceWriteOffs courtesyDiscounts totalAdjustments netProductionEffect adjustmentCount pending pendingCount }
      breakdown(by: [CATEGORY], granularity: MONTH) { period { label } category amount entryCount } } }`;
  const report = async (period: object, basis?: string, as = accountant): Promise<any> =>
    (await graph.get(as, REPORT, { c: clinicId, p: period, ...(basis && { b: basis }) })).adjustmentReport;

  test('a report counts insurance write-offs on the day of the basis and everything else on the day of the entry', async () => {
    const june = async (basis?: string) => {
      const { measures, basis: said } = await report({ month: '2026-06' }, basis);
      const { insuranceWriteOffs, adjustmentCount, pending, pendingCount } = measures;
      expect(measures.courtesyDiscounts).toBe('30.00');
      return [said, insuranceWriteOffs, measures.totalAdjustments, adjustmentCount, pending, pendingCount];
    };
    expect(await june()).toEqual(['ADJUSTMENT_DATE', '350.00', '380.00', 4, '300.00', 1]);
    expect(await june('PROCEDURE_DATE')).toEqual(['PROCEDURE_DATE', '50.00', '80.00', 2, '0.00', 0]);
    expect(await june('CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual([
      ...['CLAIM_ESTIMATE_THEN_PAYMENT', '170.00', '200.00', 3, '300.00', 1],
    ]);
    expect(await june('PAYMENT_DATE')).toEqual(['PAYMENT_DATE', '420.00', '450.00', 5, '300.00', 1]);

    const range = { range: { from: '2026-04-01', to: '2026-06-30' } };
    const split = (await report(range, 'CLAIM_ESTIMATE_THEN_PAYMENT')).breakdown
      .filter((row: { category: string }) => row.category === 'INSURANCE_WRITEOFF')
      .map((row: any) => [row.period.label, row.amount, row.entryCount]);
    expect(split).toEqual([
      ['2026-04', '0.00', 0],
      ['2026-05', '250.00', 2],
      ['2026-06', '170.00', 2],
    ]);
    expect((await report(range, 'PROCEDURE_DATE')).measures).toEqual((await report(range)).measures);
  });

  test('a reader of aggregates cannot tell single entries by comparing bases', async () => {
    const { errors } = await graph.ask({ ...accountant, aggregateOnly: true }, REPORT, {
      ...{ c: clinicId, p: { month: '2026-06' }, b: 'PAYMENT_DATE' },
    });
    expect(errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
  });

  test('row by row it is told why two bases disagree, largest difference first (REV-59)', async () => {
    expect(await reconciled('2026-06', 'ADJUSTMENT_DATE', 'CLAIM_ESTIMATE_THEN_PAYMENT')).toEqual({
      period: { label: '2026-06' },
      ...{ currency: 'USD', basisA: 'ADJUSTMENT_DATE', basisB: 'CLAIM_ESTIMATE_THEN_PAYMENT' },
      ...{ totalA: '350.00', totalB: '170.00', difference: '180.00', totalCount: 1 },
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) as unknown },
      nodes: [
        {
          entry: { id: expect.any(String) as unknown, amount: '200.00' },
          ...{ dateA: '2026-06-10', dateB: '2026-05-02', currency: 'USD', amountA: '200.00', amountB: '20.00' },
        },
      ],
    });
    const rows = (await reconciled('2026-06', 'PROCEDURE_DATE', 'PAYMENT_DATE')).nodes;
    expect(rows.map((row: any) => [row.dateA, row.dateB, row.amountA, row.amountB])).toEqual([
      ['2026-04-10', '2026-06-20', '0.00', '200.00'],
      ['2026-05-30', '2026-06-11', '0.00', '100.00'],
      ['2026-05-12', '2026-06-02', '0.00', '70.00'],
    ]);
    expect((await reconciled('2026-06', 'PAYMENT_DATE', 'PAYMENT_DATE')).nodes).toEqual([]);
  });

  test('its pages together explain the difference, and each takes a fixed number of statements', async () => {
    let after: string | null = null;
    const seen: string[] = [];
    let explained = new Decimal(0);
    for (let more = true; more;) {
      const page: any = await reconciled('2026-06', 'PAYMENT_DATE', 'PROCEDURE_DATE', { first: 1, after });
      for (const { amountA, amountB } of page.nodes) {
        seen.push(amountA);
        explained = explained.plus(amountA).minus(amountB);
      }
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
      expect([page.difference, page.totalCount]).toEqual(['370.00', 3]);
    }
    expect(seen).toEqual(['200.00', '100.00', '70.00']);
    expect(explained.toFixed(2)).toBe('370.00');

    const few = await graph.statements(() => reconciled('2026-06', 'PAYMENT_DATE', 'PROCEDURE_DATE', { first: 1 }));
    const all = await graph.statements(() => reconciled('2026-06', 'PAYMENT_DATE', 'PROCEDURE_DATE'));
    expect(all).toHaveLength(few.length);
  });

  test('a reader of one place sees its rows, readers of aggregates and of other clinics none', async () => {
    const south = { ...accountant, restrictions: { locations: [SOUTH] } };
    const of = await reconciled('2026-06', 'ADJUSTMENT_DATE', 'PROCEDURE_DATE', {}, south);
    expect([of.totalA, of.totalB, of.nodes.length]).toEqual(['100.00', '0.00', 1]);
    expect(await reconciled('2026-06', 'ADJUSTMENT_DATE', 'PROCEDURE_DATE', {}, outsider)).toBeNull();
    const { errors } = await graph.ask({ ...accountant, aggregateOnly: true }, RECONCILE, {
      ...{ c: clinicId, p: { month: '2026-06' }, a: 'ADJUSTMENT_DATE', b: 'PAYMENT_DATE' },
    });
    expect(errors?.map((error) => error.extensions['code'])).toEqual(['FORBIDDEN']);
  });

  test('a reversal counts on its own day under every basis', async () => {
    const [first] = await graph.sql<{ id: string }>(
      `SELECT id FROM adjustment_entry WHERE clinic_id = $1 AND amount = 200 AND category = 'INSURANCE_WRITEOFF'`,
      [CLINIC],
    );
    const before = await reconciled('2026-06', 'CLAIM_ESTIMATE_THEN_PAYMENT', 'PAYMENT_DATE');
    await graph.get(accountant, REVERSE, { id: idOf(first?.id ?? ''), input: { idempotencyKey: key(), reason: 'no' } });

    const after = await reconciled('2026-06', 'CLAIM_ESTIMATE_THEN_PAYMENT', 'PAYMENT_DATE');
    expect(Number(after.totalA) - Number(before.totalA)).toBe(-200);
    expect(Number(after.totalB) - Number(before.totalB)).toBe(-200);
  });
});

test('over all time the bases agree, and over any days each gives what the rule gives (C-R12)', async () => {
  const day = fc
    .integer({ min: 0, max: 119 })
    .map((n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10));
  const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
  const cents = fc
    .integer({ min: -20_000, max: 20_000 })
    .filter((n) => n !== 0)
    .map((n) => new Decimal(n).div(100));
  const one = fc.record({
    ...{ amount: cents, adjustmentDate: day, procedureDate: maybe(day), claimDate: maybe(day) },
    ...{ estimatedAmount: maybe(cents), paymentDate: maybe(day) },
  });
  const drawn = fc.sample(one, { numRuns: 120, seed: 20260630 });
  await take(
    graph,
    drawn.map((of) => dated({ ...of, amount: of.amount.toFixed(2), decision: null })),
  );
  const sum = (basis: WriteOffDateBasis, from: string, to: string) =>
    drawn
      .flatMap((of) => datedParts(of, basis))
      .filter((part) => part.day >= from && part.day <= to)
      .reduce((all, part) => all.plus(part.amount), new Decimal(0))
      .toFixed(2);
  const asked = async (range: { from: string; to: string }, a: string, b: string) =>
    (await graph.get(accountant, RECONCILE, { c: clinicId, p: { range }, a, b, first: 200 })).writeOffReconciliation;

  const always = { from: '2023-12-01', to: '2024-06-30' };
  for (const basis of BASES) {
    const of = await asked(always, 'ADJUSTMENT_DATE', basis);
    expect([of.totalA, of.totalB, of.nodes.length]).toEqual([of.totalA, sum(basis, always.from, always.to), 0]);
  }
  await fc.assert(
    fc.asyncProperty(day, day, fc.constantFrom(...BASES), fc.constantFrom(...BASES), async (one, two, a, b) => {
      const range = one < two ? { from: one, to: two } : { from: two, to: one };
      const of = await asked(range, a, b);
      expect([of.totalA, of.totalB]).toEqual([sum(a, range.from, range.to), sum(b, range.from, range.to)]);
      const { adjustmentReport } = await graph.get(
        accountant,
        `query ($c: ID!, $p: PeriodInput!, $b: WriteOffDateBasis) { adjustmentReport(clinicId: $c, period: $p, basis: $b) { measures { insuranceWriteOffs } } }`,
        { c: clinicId, p: { range }, b: a },
      );
      expect(adjustmentReport.measures.insuranceWriteOffs).toBe(of.totalA);
      const explained = of.nodes.reduce(
        (all: Decimal, row: any) => all.plus(row.amountA).minus(row.amountB),
        new Decimal(0),
      );
      expect(explained.toFixed(2)).toBe(of.difference);
    }),
    { numRuns: 25, seed: 20260630 },
  );
  expect(firstDay(writeOff(), 'PAYMENT_DATE')).toBe('2026-06-20');
});
