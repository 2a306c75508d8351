import { Decimal, newId, recordIdOf } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import fc from 'fast-check';
import { anAdjustment, aPractice, asService, record, reverse, type Practice } from '../../test/practice';
import { importAdjustments, revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const REPORT = `query ($id: ID!, $filter: ProductionFilter) { productionReport(clinicId: $id, period: { month: "2026-06" }, filter: $filter) {
  measures { gross adjustments net entryCount starts } breakdown(by: [PROVIDER]) { label measures { gross adjustments net entryCount visitCount starts } } } }`;
const report = async (filter: Record<string, unknown> | null, as = of.owner) =>
  (await graph.get(as, REPORT, { id: of.clinic, filter })).productionReport;
const grossOf = (rows: readonly any[]) =>
  rows.map((row) => [row.label, row.measures.gross, row.measures.net, row.measures.entryCount]);
const uuid = (opaque: string) => recordIdOf(opaque)?.id ?? '';
const adjust = (changed: Parameters<typeof anAdjustment>[1]) =>
  asService(graph, of.clinicId, (tx) => importAdjustments(tx, of.clinicId, [anAdjustment(of, changed)]));

test('by shares each provider takes its part to the cent, the total is the same (REV-60)', async () => {
  const { productionEntry } = await record(graph, of, {
    ...{ gross: '100.00', category: 'TREATMENT_START', procedureCode: 'D8080', occurredAt: '2026-06-10T15:00:00Z' },
    splits: [
      { providerId: of.id(of.providers[1]), role: 'ASSISTANT', net: '33.33' },
      { providerId: of.id(newId()), role: 'HYGIENIST', net: '33.33' },
    ],
  });
  await adjust({ productionEntryId: uuid(productionEntry.id as string), amount: new Decimal('50.00') });
  // An adjustment that names somebody else than the credited provider stays with whom it names.
  await adjust({
    productionEntryId: uuid(productionEntry.id as string),
    amount: new Decimal('5.00'),
    providerId: of.providers[1],
  });

  const whole = await report({ attribution: 'ENTRY_PROVIDER' });
  const shared = await report({ attribution: 'SPLIT' });

  expect(whole).toEqual(await report(null));
  expect(shared.measures).toEqual(whole.measures);
  expect(grossOf(whole.breakdown)).toEqual([
    ['DR-01', '100.00', '50.00', 1],
    ['Unknown provider', '0.00', '0.00', 0],
    ['DR-02', '0.00', '-5.00', 0],
  ]);
  expect(grossOf(shared.breakdown)).toEqual([
    ['DR-01', '33.34', '16.67', 1],
    ['Unknown provider', '33.33', '16.67', 0],
    ['DR-02', '33.33', '11.66', 0],
  ]);
});

test('by shares a provider who only assisted sees the part, and finds the entry in the list', async () => {
  await record(graph, of, {
    ...{ gross: '90.00', occurredAt: '2026-06-10T15:00:00Z' },
    splits: [{ providerId: of.id(of.providers[1]), role: 'ASSISTANT', net: '30.00' }],
  });
  const assistant = viewer({
    clinicIds: [of.clinicId],
    scopes: ['finance:view_revenue'],
    restrictions: { providers: [of.providers[1]] },
  });
  const list = async (attribution: string) =>
    (
      await graph.get(
        of.owner,
        'query ($id: ID!, $filter: ProductionFilter) { productionEntries(clinicId: $id, filter: $filter) { nodes { gross } totalCount } }',
        { id: of.clinic, filter: { attribution, providerIds: [of.id(of.providers[1])] } },
      )
    ).productionEntries;

  expect((await report({ attribution: 'SPLIT' }, assistant)).measures).toMatchObject({ gross: '30.00', entryCount: 0 });
  expect((await report(null, assistant)).measures).toMatchObject({ gross: '0.00', entryCount: 0 });
  expect(await list('SPLIT')).toEqual({ nodes: [{ gross: '90.00' }], totalCount: 1 });
  expect(await list('ENTRY_PROVIDER')).toEqual({ nodes: [], totalCount: 0 });
});

test('an entry that waits counts only where the filter includes it', async () => {
  await record(graph, of, { gross: '10.00', occurredAt: '2026-06-10T15:00:00Z' });
  await record(graph, of, { gross: '7.00', occurredAt: '2026-06-10T15:00:00Z', post: false });

  expect((await report(null)).measures.gross).toBe('10.00');
  expect((await report({ includePending: true })).measures.gross).toBe('17.00');
  expect((await report({ statuses: ['PENDING'] })).measures.gross).toBe('7.00');
});

test('whatever the shares, they add up to the whole, and a reversal takes back what each provider got', async () => {
  const cents = (text: string) => Math.round(Number(text) * 100);
  const money = (n: number) => (n / 100).toFixed(2);
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        gross: fc.integer({ min: 0, max: 99_999 }),
        first: fc.nat({ max: 100 }),
        second: fc.nat({ max: 100 }),
      }),
      fc.integer({ min: -5_000, max: 120_000 }),
      async ({ gross, first, second }, adjustment) => {
        of = await aPractice(graph, 1);
        const a = Math.floor((gross * first) / 200);
        const b = Math.floor((gross * second) / 200);
        const { productionEntry } = await record(graph, of, {
          ...{ gross: money(gross), occurredAt: '2026-06-10T15:00:00Z' },
          splits: [
            { providerId: of.id(of.providers[1]), role: 'A', net: money(a) },
            { providerId: of.id(of.providers[1]), role: 'B', net: money(b) },
          ],
        });
        const id = uuid(productionEntry.id as string);
        await adjust({ productionEntryId: id, amount: new Decimal(adjustment).div(100) });
        const shared = await report({ attribution: 'SPLIT' });

        const sums = (what: 'gross' | 'net') =>
          shared.breakdown.reduce((all: number, row: any) => all + cents(row.measures[what]), 0);
        expect([sums('gross'), sums('net')]).toEqual([gross, gross - adjustment]);
        expect(cents(shared.breakdown.find((row: any) => row.label === 'DR-02').measures.gross)).toBe(a + b);

        await reverse(graph, of, productionEntry.id as string);
        const after = await report({ attribution: 'SPLIT' });
        expect(after.breakdown.map((row: any) => cents(row.measures.gross))).toEqual([0, 0]);
      },
    ),
    { numRuns: 12 },
  );
});
