import { systemViewer, transact } from '@practice-graph/kit';
import { Decimal } from 'decimal.js';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { importCampaigns } from '..';
import {
  accountant,
  anImport,
  CLINIC,
  clinicId,
  DR_LEE,
  DR_RAY,
  idOf,
  key,
  openLedger,
  patient,
  REVERSE,
  take,
} from '../testing';

const SPRING = '00000000-0000-7000-8000-0000000c0001';
const SUMMER = '00000000-0000-7000-8000-0000000c0002';
const DELTA_BY_LEE = '00000000-0000-7000-8000-000001000001';

let graph: TestSubgraph;

beforeAll(async () => {
  graph = await openLedger();
  const campaign = (id: string, code: string, name: string) => ({
    ...{ id, code, name, startsOn: '2026-06-01', endsOn: '2026-06-30' },
    budget: new Decimal('1000.00'),
  });
  await transact(graph.running.database, systemViewer(CLINIC, 'loader'), CLINIC, (tx) =>
    importCampaigns(tx, CLINIC, [campaign(SPRING, 'SPRING', 'Spring smiles'), campaign(SUMMER, 'SUMMER', 'Summer')]),
  );
  const insured = { category: 'INSURANCE_WRITEOFF', adjustmentDate: '2026-06-10' } as const;
  const expected = (amount: string) => ({ expectedAmount: new Decimal(amount) });
  await take(graph, [
    anImport({ ...insured, id: DELTA_BY_LEE, amount: '120', payer: 'Delta', providerId: DR_LEE, ...expected('100') }),
    anImport({ ...insured, amount: '80', payer: 'Delta', providerId: DR_RAY, ...expected('90') }),
    anImport({ ...insured, amount: '40', payer: 'Delta', providerId: DR_RAY }),
    anImport({ ...insured, amount: '70', payer: 'North/South Health' }),
    anImport({ ...insured, amount: '5', payer: 'unassigned' }),
    anImport({ ...insured, amount: '33', isPending: true, payer: 'Delta', ...expected('30') }),
    anImport({ category: 'PROMOTIONAL', amount: '50', campaignId: SPRING, patientId: patient(1) }),
    anImport({ category: 'PROMOTIONAL', amount: '25', campaignId: SPRING, patientId: patient(2) }),
    anImport({ category: 'PROMOTIONAL', amount: '15', campaignId: SUMMER, patientId: patient(2) }),
    anImport({ category: 'PROMOTIONAL', amount: '10', reasonCode: 'PRM-REFERRAL' }),
  ]);
});
afterAll(() => graph.stop());

const BREAKDOWN = (args: string) => `query ($filter: AdjustmentFilter) {
  adjustmentReport(clinicId: "${clinicId}", period: { month: "2026-06" }, filter: $filter) {
    measures { insuranceWriteOffs promotionalDiscounts }
    breakdown(${args}) { key label amount payer campaign { id code } expected varianceFromExpected isSuppressed } } }`;
const breakdown = async (args: string, filter: Record<string, unknown> | null = null): Promise<any[]> =>
  (await graph.get(accountant, BREAKDOWN(args), { filter })).adjustmentReport.breakdown;

test('write-offs are split by payer, each beside what its contracts let expect, and the parts add up (ADJ-70, ADJ-80)', async () => {
  const found = await breakdown('by: [PAYER]', { categories: ['INSURANCE_WRITEOFF'] });

  expect(
    found.map((row) => [row.key, row.label, row.payer, row.amount, row.expected, row.varianceFromExpected]),
  ).toEqual([
    ['Delta', 'Delta', 'Delta', '240.00', '190.00', '10.00'],
    ['North%2FSouth Health', 'North/South Health', 'North/South Health', '70.00', null, null],
    ['%75nassigned', 'unassigned', 'unassigned', '5.00', null, null],
  ]);
  const all = await breakdown('by: []');
  expect(all).toMatchObject([{ amount: '415.00', expected: '190.00', varianceFromExpected: '10.00' }]);
});

test('the variance of two dimensions adds up to that of one, and waiting entries are in neither', async () => {
  const found = await breakdown('by: [PAYER, PROVIDER]', { payers: ['Delta'] });

  expect(found.map((row) => [row.key, row.amount, row.expected, row.varianceFromExpected])).toEqual([
    [`Delta/${idOf(DR_LEE)}`, '120.00', '100.00', '20.00'],
    [`Delta/${idOf(DR_RAY)}`, '120.00', '90.00', '-10.00'],
    ['Delta/unassigned', '0.00', null, null],
  ]);
  const byState = await breakdown('by: [APPROVAL_STATUS]', { payers: ['Delta'] });
  expect(byState.map((row) => [row.key, row.amount, row.expected])).toEqual([
    ['AUTO_APPROVED', '240.00', '190.00'],
    ['PENDING', '33.00', '30.00'],
  ]);
});

test('discounts are split by campaign, what none granted included (ADJ-84)', async () => {
  const found = await breakdown('by: [CAMPAIGN]', { categories: ['PROMOTIONAL'] });

  expect(found.map((row) => [row.key, row.label, row.campaign?.code ?? null, row.amount])).toEqual([
    [idOf(SPRING), 'Spring smiles', 'SPRING', '75.00'],
    [idOf(SUMMER), 'Summer', 'SUMMER', '15.00'],
    ['unassigned', 'Unassigned', null, '10.00'],
  ]);
});

test('a filter by campaigns takes theirs only; one of another clinic, and none, select nothing', async () => {
  const total = async (campaignIds: string[]) =>
    (await graph.get(accountant, BREAKDOWN('by: []'), { filter: { campaignIds } })).adjustmentReport.measures
      .promotionalDiscounts as string;

  expect(await total([idOf(SPRING)])).toBe('75.00');
  expect(await total([idOf(SPRING), idOf(SUMMER)])).toBe('90.00');
  expect(await total([idOf(SPRING, '00000000-0000-7000-8000-0000000000c2')])).toBe('0.00');
  expect(await total([])).toBe('0.00');
  const listed = await graph.get(
    accountant,
    'query ($of: ID!, $f: AdjustmentFilter) { adjustmentEntries(clinicId: $of, filter: $f) { totalCount } }',
    { of: clinicId, f: { campaignIds: [idOf(SPRING)] } },
  );
  expect(listed.adjustmentEntries.totalCount).toBe(2);
});

test('what contracts let expect of all rows is read with one statement, and only when asked for', async () => {
  const without = await graph.statements(() =>
    graph.get(accountant, BREAKDOWN('by: [PAYER]').replace('expected varianceFromExpected', ''), {}),
  );
  const withThem = await graph.statements(() => breakdown('by: [PAYER]'));

  expect(withThem.length - without.length).toBe(1);
});

test('a withheld row does not tell what was expected of it', async () => {
  await take(
    graph,
    Array.from({ length: 26 }, (_, n) =>
      anImport({
        category: 'INSURANCE_WRITEOFF',
        amount: '20',
        expectedAmount: new Decimal('15'),
        payer: n < 5 ? 'Small' : n < 14 ? 'Other' : 'Large',
        patientId: patient(100 + n),
        adjustmentDate: '2026-03-10',
      }),
    ),
  );
  const analyst = viewer({ ...accountant, aggregateOnly: true });
  const answer = await graph.get(analyst, BREAKDOWN('by: [PAYER]').replace('2026-06', '2026-03'), {});

  expect(
    answer.adjustmentReport.breakdown.map((row: any) => [row.key, row.expected, row.varianceFromExpected]),
  ).toEqual([
    ['Large', '180.00', '60.00'],
    ['Other', null, null],
    ['Small', null, null],
  ]);
});

test('a reversal takes back what was expected too', async () => {
  const { adjustmentReverse } = await graph.get(accountant, REVERSE, {
    id: idOf(DELTA_BY_LEE),
    input: { idempotencyKey: key() },
  });
  expect(adjustmentReverse.userErrors).toEqual([]);
  const [lee] = await breakdown('by: [PROVIDER]', { payers: ['Delta'], providerIds: [idOf(DR_LEE)] });

  expect([lee.amount, lee.expected, lee.varianceFromExpected]).toEqual(['0.00', '0.00', '0.00']);
});
