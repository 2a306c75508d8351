import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anImport,
  CLINIC,
  clinicId,
  idOf,
  key,
  NORTH,
  openLedger,
  outsider,
  patient,
  REVERSE,
  SCOPES,
  take,
} from '../testing';
import { supervisor } from '../testing/approvals';

let graph: TestSubgraph;
const row = (n: number) => `00000000-0000-7000-8000-00000077${String(n).padStart(4, '0')}`;

beforeAll(async () => {
  graph = await openLedger();
  await take(graph, [
    anImport({ id: row(1), category: 'BAD_DEBT', amount: '100', adjustmentDate: '2026-03-05', patientId: patient(1) }),
    anImport({
      id: row(2),
      category: 'COURTESY_DISCOUNT',
      amount: '40',
      adjustmentDate: '2026-03-31',
      locationId: NORTH,
    }),
  ]);
});
afterAll(() => graph.stop());

const REVIEW = `month reviewedBy reviewedAt notes sourceHighWaterMark isStale measures { totalAdjustments netBadDebt adjustmentCount }
  performance { clinicId locationId providerId from to }`;
const LIST = `query ($clinicId: ID!, $year: Int!) { adjustmentReviews(clinicId: $clinicId, year: $year) { ${REVIEW} } }`;
const COMPLETE = `mutation ($clinicId: ID!, $month: String!, $input: WorkflowStepInput!) {
  adjustmentReviewComplete(clinicId: $clinicId, month: $month, input: $input) { adjustmentReview { ${REVIEW} } userErrors { code path } } }`;
const list = async (as = accountant, year = 2026): Promise<any[]> =>
  (await graph.get(as, LIST, { clinicId, year })).adjustmentReviews;
const complete = async (month: string, input: Record<string, unknown> = {}, as = supervisor): Promise<any> =>
  (await graph.get(as, COMPLETE, { clinicId, month, input: { idempotencyKey: key(), ...input } }))
    .adjustmentReviewComplete;
const kept = async () => (await graph.sql<{ n: number }>('SELECT count(*)::int AS n FROM adjustment_review'))[0]?.n;

test('every month that has ended is listed, also those that nobody reviewed', async () => {
  const months = await list();

  expect(months.map(({ month, reviewedBy }) => [month, reviewedBy])).toEqual([
    ['2026-01', null],
    ['2026-02', null],
    ['2026-03', null],
    ['2026-04', null],
    ['2026-05', null],
  ]);
  expect(months[2]).toMatchObject({ measures: null, isStale: false, reviewedAt: null });
  expect(await list(accountant, 2025)).toHaveLength(12);
  expect(await list(accountant, 2027)).toEqual([]);
});

test('a review keeps the totals of its month, who signed it and when; a retry with its key signs nothing twice', async () => {
  const input = { idempotencyKey: 'march', reason: 'All checked' };
  const signed = {
    month: '2026-03',
    reviewedBy: 'supervisor',
    reviewedAt: '2026-06-30T16:00:00.000Z',
    notes: 'All checked',
    sourceHighWaterMark: idOf(row(2)),
    isStale: false,
    measures: { totalAdjustments: '140.00', netBadDebt: '100.00', adjustmentCount: 2 },
    performance: { clinicId, locationId: null, providerId: null, from: '2026-03-01', to: '2026-03-31' },
  };

  expect(await complete('2026-03', input)).toEqual({ adjustmentReview: signed, userErrors: [] });
  expect((await complete('2026-03', input)).adjustmentReview).toEqual(signed);
  expect((await list())[2]).toEqual(signed);
  expect(await kept()).toBe(1);
  expect(await graph.sql(`SELECT note FROM audit_event WHERE action = 'adjustment_review.complete'`)).toEqual([
    { note: '2026-03: All checked' },
  ]);
});

test('a reviewed month that nothing came into is not reviewed again', async () => {
  const { userErrors } = await complete('2026-03');
  expect(userErrors).toEqual([{ code: 'ALREADY_REVIEWED', path: ['month'] }]);
  expect(await kept()).toBe(1);
});

test('an entry that comes later leaves the kept totals and makes the review stale; then it may be reviewed again', async () => {
  // Reversals count today, so that the month of March stays as it was reviewed.
  await graph.get(accountant, REVERSE, { id: idOf(row(2)), input: { idempotencyKey: key() } });
  expect((await list())[2].isStale).toBe(false);
  await take(graph, [anImport({ category: 'OTHER', amount: '7', adjustmentDate: '2026-03-20' })]);

  expect((await list())[2]).toMatchObject({ isStale: true, measures: { totalAdjustments: '140.00' } });
  expect((await complete('2026-03', { expectedVersion: 0 })).userErrors[0].code).toBe('STALE_VERSION');
  const again = await complete('2026-03', { expectedVersion: 1 });
  expect(again.adjustmentReview).toMatchObject({
    isStale: false,
    notes: null,
    measures: { totalAdjustments: '147.00' },
  });
  expect(await kept()).toBe(2);
});

test.each([['2026-13'], ['2026-6'], ['March'], ['2026-06'], ['2026-07']])(
  'month %s is refused: it is none, or has not ended',
  async (month) => {
    const before = await kept();
    expect((await complete(month)).userErrors).toEqual([{ code: 'INVALID', path: ['month'] }]);
    expect(await kept()).toBe(before);
  },
);

test('readers of a part see who reviewed but not the totals, and sign nothing; others see nothing', async () => {
  const ofNorth = viewer({ ...supervisor, restrictions: { locations: [NORTH] } });
  expect((await list(ofNorth))[2]).toMatchObject({ reviewedBy: 'supervisor', measures: null });
  const asked = { clinicId, month: '2026-04', input: { idempotencyKey: key() } };
  expect((await graph.ask(ofNorth, COMPLETE, asked)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(await list(outsider)).toBeNull();
  const elsewhere = viewer({ ...supervisor, clinicIds: outsider.clinicIds });
  expect((await complete('2026-04', {}, elsewhere)).userErrors[0].code).toBe('NOT_FOUND');
  const recorder = viewer({ clinicIds: [CLINIC], scopes: SCOPES });
  expect((await graph.ask(recorder, COMPLETE, asked)).data?.['adjustmentReviewComplete'] ?? null).toBeNull();
});

test('twenty equal reviews at once sign one, and the list takes three statements', async () => {
  const before = (await kept()) ?? 0;
  await Promise.all(Array.from({ length: 20 }, () => complete('2026-05')));
  expect(await kept()).toBe(before + 1);
  expect(await graph.statements(() => list())).toHaveLength(3);
});
