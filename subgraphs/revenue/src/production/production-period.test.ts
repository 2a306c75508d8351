import { Decimal, eventOf, newId } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { factOf, type PeriodState } from '@practice-graph/practice';
import { importAdjustments, importProduction, revenue } from '..';
import {
  anAdjustment,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';

let graph: TestSubgraph;
let of: Practice;
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
const MAY = { from: '2026-05-01', to: '2026-05-31' };
/** Puts a month of the practice into a state, as its owner would keep it. */
const put = (month: string, status: PeriodState) =>
  graph.sql(
    `INSERT INTO posting_month (clinic_id, month, status, version) VALUES ($1, $2, $3, 2)
     ON CONFLICT (clinic_id, month) DO UPDATE SET status = excluded.status, version = posting_month.version + 1`,
    [of.clinicId, `${month}-01`, status],
  );
const backdated = () => ({ ...of.owner, scopes: [...of.owner.scopes, 'records:backdate'] });

beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

test.each(['CLOSING', 'CLOSED', 'LOCKED'] as const)('no entry is recorded into a month that is %s', async (status) => {
  await put('2026-05', status);
  const before = await rowCounts(graph, of.clinicId);

  const answer = await record(graph, of, { occurredAt: '2026-05-31T15:00:00Z' }, backdated());

  expect(answer.userErrors).toEqual([
    {
      code: 'PERIOD_CLOSED',
      message: `2026-05 is ${status.toLowerCase()}: nothing is posted into it.`,
      path: ['input', 'occurredAt'],
    },
  ]);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  expect((await record(graph, of)).userErrors).toEqual([]);
});

test('an import stops at a closed month as well', async () => {
  await put('2026-05', 'CLOSED');
  const entry = {
    ...{ id: newId(), locationId: of.locations[0], providerId: of.providers[0], patientId: of.patients[0] ?? '' },
    ...{ treatmentPlanId: null, appointmentId: null, procedureId: null, productionDate: '2026-05-02' },
    ...{ occurredAt: new Date('2026-05-02T15:00:00Z'), procedureCode: 'D8670', category: 'ADJUSTMENT' as const },
    ...{ description: 'Visit', gross: new Decimal(100), insurancePortion: new Decimal(0), reversesId: null },
  };

  await expect(asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, [entry]))).rejects.toMatchObject(
    {
      refusals: [{ code: 'PERIOD_CLOSED' }],
    },
  );
  expect((await rowCounts(graph, of.clinicId))['production_entry']).toBe(0);
});

test('a reversal after closing counts in the open month with its original date, and the closed month keeps its totals (REV-74)', async () => {
  const entry = await record(graph, of, { occurredAt: '2026-05-20T15:00:00Z' }, backdated());
  await put('2026-05', 'CLOSED');
  const before = await production(graph, of, MAY);

  const { productionEntry } = await reverse(graph, of, entry.productionEntry.id, { dateBasis: 'ORIGINAL_DATE' });

  expect(productionEntry).toMatchObject({
    productionDate: '2026-06-30',
    originalProductionDate: '2026-05-20',
    gross: '-100.00',
  });
  expect(await production(graph, of, MAY)).toEqual(before);
  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '-100.00', net: '-100.00', entryCount: -1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('while the month of the original is open, the caller chooses the day of the reversal', async () => {
  const first = await record(graph, of, { occurredAt: '2026-05-20T15:00:00Z' }, backdated());
  const second = await record(graph, of, { occurredAt: '2026-05-21T15:00:00Z' }, backdated());

  const onOriginal = await reverse(graph, of, first.productionEntry.id, { dateBasis: 'ORIGINAL_DATE' });
  const onToday = await reverse(graph, of, second.productionEntry.id);

  expect(onOriginal.productionEntry).toMatchObject({ productionDate: '2026-05-20', originalProductionDate: null });
  expect(onToday.productionEntry).toMatchObject({ productionDate: '2026-06-30', originalProductionDate: '2026-05-21' });
});

test('when the month of today is closed, a reversal counts on the first day of the next open month (E-17)', async () => {
  const entry = await record(graph, of);
  await put('2026-06', 'CLOSING');
  await put('2026-07', 'LOCKED');

  const { productionEntry } = await reverse(graph, of, entry.productionEntry.id);

  expect(productionEntry).toMatchObject({ productionDate: '2026-08-01', originalProductionDate: '2026-06-30' });
  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '100.00', entryCount: 1 });
});

const posted = (amount: string) => {
  const data = anAdjustment(of, { amount: new Decimal(amount), adjustmentDate: '2026-05-15' });
  return eventOf(of.clinicId, factOf('adjustment.posted', data.id, data), new Date('2026-05-15T15:00:00Z'));
};

test('an adjustment on its way while its month is closing is taken; once the month is closed none is any more', async () => {
  const awaited = posted('10.00');
  const tooLate = posted('7.00');
  await put('2026-05', 'CLOSING');
  expect((await graph.deliver(awaited)).status).toBe(204);
  expect(await production(graph, of, MAY)).toMatchObject({ adjustments: '10.00', net: '-10.00' });

  await put('2026-05', 'CLOSED');
  const before = await rowCounts(graph, of.clinicId);
  expect((await graph.deliver(awaited)).status).toBe(204);
  expect((await graph.deliver(tooLate)).status).toBe(500);
  await expect(
    asService(graph, of.clinicId, (tx) =>
      importAdjustments(tx, of.clinicId, [anAdjustment(of, { adjustmentDate: '2026-05-15' })]),
    ),
  ).rejects.toThrow('came after that month was closed');
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  expect(await production(graph, of, MAY)).toMatchObject({ adjustments: '10.00', net: '-10.00' });

  await put('2026-05', 'OPEN');
  expect((await graph.deliver(tooLate)).status).toBe(204);
  expect(await production(graph, of, MAY)).toMatchObject({ adjustments: '17.00', net: '-17.00' });
});

test.each([
  [0, '2026-06-02T03:59:59.999Z', '2026-06-01'],
  [0, '2026-06-02T04:00:00Z', '2026-06-02'],
  [1, '2026-06-01T22:59:59Z', '2026-06-01'],
  [1, '2026-06-01T23:30:00Z', '2026-06-02'],
])('at place %i the instant %s is the day %s (REV-70)', async (place, occurredAt, day) => {
  const { productionEntry } = await record(graph, of, { occurredAt, locationId: of.id(of.locations[place as 0 | 1]) });

  expect(productionEntry.productionDate).toBe(day);
});

test.each([
  ['the repeated hour', ['2025-11-02T05:30:00Z', '2025-11-02T06:30:00Z'], '2025-11-02'],
  ['both sides of the hour that is left out', ['2025-03-09T06:59:59Z', '2025-03-09T07:00:00Z'], '2025-03-09'],
  [
    'the first and the last instant of a day of 25 hours',
    ['2025-11-02T04:00:00Z', '2025-11-03T04:59:59Z'],
    '2025-11-02',
  ],
])('%s lies in one business day, each entry at its own instant (REV-71, G-06)', async (_, instants, day) => {
  for (const occurredAt of instants) await record(graph, of, { occurredAt }, backdated());

  const { productionEntries } = await graph.get(
    of.owner,
    `query ($id: ID!, $day: Date!) { productionEntries(clinicId: $id, period: { range: { from: $day, to: $day } }) { nodes { occurredAt } } }`,
    { id: of.clinic, day },
  );
  expect(productionEntries.nodes.map((n: any) => n.occurredAt).sort()).toEqual(
    instants.map((instant) => instant.replace('Z', '.000Z')),
  );
  expect(await production(graph, of, { from: day, to: day })).toMatchObject({ entryCount: 2, visitCount: 1 });
});
