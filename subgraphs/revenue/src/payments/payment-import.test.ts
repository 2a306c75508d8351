import { Decimal, newId, type GraphEvent } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { eventData } from '@practice-graph/practice';
import {
  anAdjustment,
  aPractice,
  asService,
  differences,
  production,
  rowCounts,
  toldBalances,
  type Practice,
} from '../../test/practice';
import {
  importAdjustments,
  importPayments,
  importPeriods,
  importProduction,
  revenue,
  type ImportedEntry,
  type ImportedPayment,
} from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const money = (cents: number) => new Decimal(cents).div(100);
const entry = (n: number, changed: Partial<ImportedEntry> = {}): ImportedEntry => ({
  id: newId(),
  locationId: of.locations[n % 2] ?? '',
  providerId: of.providers[n % 2] ?? '',
  patientId: of.patients[n % 20] ?? '',
  treatmentPlanId: null,
  appointmentId: null,
  procedureId: null,
  productionDate: `2026-0${String(1 + (n % 4))}-12`,
  occurredAt: new Date(`2026-0${String(1 + (n % 4))}-12T15:00:00Z`),
  procedureCode: 'D8670',
  category: 'ADJUSTMENT',
  description: 'Visit',
  gross: money(10_000 + n),
  insurancePortion: new Decimal(0),
  reversesId: null,
  ...changed,
});
const payment = (day: string, parts: readonly (readonly [string, number])[], creditCents = 0): ImportedPayment => ({
  ...{ id: newId(), locationId: of.locations[0], patientId: null, method: 'INSURANCE', settlementId: null },
  ...{ paidAt: new Date(`${day}T16:00:00Z`), businessDate: day },
  amount: money(parts.reduce((sum, [, cents]) => sum + cents, creditCents)),
  parts: parts.map(([entryId, cents]) => ({ entryId, amount: money(cents) })),
});
const earn = (...entries: ImportedEntry[]) =>
  asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, entries));
const take = (...payments: ImportedPayment[]): Promise<GraphEvent[]> =>
  asService(graph, of.clinicId, (tx) => importPayments(tx, of.clinicId, payments));
const stateOf = async (id: string) =>
  (
    await graph.sql('SELECT collected, status, version FROM production_entry WHERE clinic_id = $1 AND id = $2', [
      of.clinicId,
      id,
    ])
  )[0];

test('imported payments count as recorded ones do, in one statement for 10,000, and adjustments can be told of them', async () => {
  const entries = Array.from({ length: 400 }, (_, n) => entry(n));
  const [whole, part] = entries as [ImportedEntry, ImportedEntry];
  await earn(...entries);
  await asService(graph, of.clinicId, (tx) =>
    importAdjustments(tx, of.clinicId, [
      anAdjustment(of, { productionEntryId: whole.id, adjustmentDate: '2026-02-01', amount: money(2_000) }),
    ]),
  );
  const others = entries.slice(2).map(({ id }, n) => payment(`2026-05-${String(10 + (n % 20))}`, [[id, 5_000]]));
  const settling = [
    payment(
      '2026-04-20',
      [
        [whole.id, 3_000],
        [part.id, 4_000],
      ],
      150,
    ),
    payment('2026-05-20', [[whole.id, 5_000]]),
  ];

  let told: GraphEvent[] = [];
  const statements = await graph.statements(async () => {
    told = await take(...settling, ...others);
  });

  expect(statements.filter((sql) => sql.includes('INSERT INTO payment '))).toHaveLength(1);
  expect(statements.length).toBeLessThan(12);
  expect(await stateOf(whole.id)).toEqual({ collected: '80.00', status: 'COLLECTED', version: 3 });
  expect(await stateOf(part.id)).toEqual({ collected: '40.00', status: 'PARTIALLY_COLLECTED', version: 2 });
  expect(await production(graph, of, { from: '2026-04-01', to: '2026-04-30' })).toMatchObject({ collected: '70.00' });
  expect(await production(graph, of, { from: '2026-01-01', to: '2026-06-30' })).toMatchObject({
    collected: money(12_000 + 398 * 5_000).toFixed(2),
  });
  const [sums] = await graph.sql(
    `SELECT sum(amount)::text AS amount, sum(unapplied_credit)::text AS credit, count(*)::int AS n FROM payment WHERE clinic_id = $1`,
    [of.clinicId],
  );
  expect(sums).toEqual({ amount: money(12_150 + 398 * 5_000).toFixed(2), credit: '1.50', n: 400 });
  expect(await differences(graph, of.clinicId)).toEqual([]);

  const { entries: kept } = await toldBalances(graph, of.clinicId);
  const balances = told.flatMap((event) => eventData('production_entry.changed', event).entries);
  expect(
    balances
      .map(({ id, patientId, gross, collected, stands }) => ({
        id,
        balance: [patientId, gross.toFixed(2), collected.toFixed(2), stands ? 'stands' : 'gone'].join(' '),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  ).toEqual(kept);
  expect(balances.find(({ id }) => id === whole.id)?.version).toBe(3);
  const [act] = await graph.sql(
    `SELECT action, row_count FROM audit_event WHERE clinic_id = $1 AND action = 'payment.import'`,
    [of.clinicId],
  );
  expect(act).toEqual({ action: 'payment.import', row_count: 400 });
});

test('what a month collected stands in its totals when it is closed after the import, and none can come later', async () => {
  const one = entry(0);
  await earn(one);
  await take(payment('2026-03-10', [[one.id, 4_000]]));
  await asService(graph, of.clinicId, (tx) =>
    importPeriods(tx, of.clinicId, [
      { month: '2026-03-01', closedAt: new Date('2026-04-07T15:00:00Z'), closedBy: 'supervisor', lockedAt: null },
    ]),
  );
  const before = await rowCounts(graph, of.clinicId);

  await expect(
    take(payment('2026-04-10', [[one.id, 100]]), payment('2026-03-11', [[one.id, 100]])),
  ).rejects.toMatchObject({ refusals: [{ code: 'PERIOD_CLOSED' }] });

  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  const [kept] = await graph.sql(
    `SELECT closed_totals ->> 'collected' AS collected FROM posting_month WHERE clinic_id = $1 AND month = '2026-03-01'`,
    [of.clinicId],
  );
  expect(kept).toEqual({ collected: '40.00' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test.each<[string, (ids: readonly string[]) => ImportedPayment[], RegExp]>([
  [
    'more than is owed, in two payments',
    ([a = '']) => [payment('2026-05-10', [[a, 6_000]]), payment('2026-05-11', [[a, 4_001]])],
    /pays 40.01 of entry .*, which is not owed/,
  ],
  ['nothing', ([a = '']) => [payment('2026-05-10', [[a, 0]], 100)], /pays 0.00/],
  ['an entry that is not there', () => [payment('2026-05-10', [[newId(), 100]])], /cannot be paid/],
  ['an entry that was reversed', ([, b = '']) => [payment('2026-05-10', [[b, 100]])], /cannot be paid/],
  ['a reversal', ([, , c = '']) => [payment('2026-05-10', [[c, 100]])], /cannot be paid/],
  ['more than was received', ([a = '']) => [payment('2026-05-10', [[a, 100]], -50)], /unapplied_credit/],
])('an import that pays %s writes nothing at all', async (_, payments, message) => {
  const [first, second] = [entry(0), entry(1)];
  const reversal = entry(1, { reversesId: second.id });
  await earn(first, second, reversal);
  const before = await rowCounts(graph, of.clinicId);

  await expect(
    take(payment('2026-05-09', [[first.id, 1]]), ...payments([first.id, second.id, reversal.id])),
  ).rejects.toThrow(message);

  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  expect(await stateOf(first.id)).toMatchObject({ collected: '0.00', version: 1 });
});
