import { newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aPractice,
  differences,
  production,
  record,
  reverse,
  rowCounts,
  SCOPES,
  type Practice,
} from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});
const JUNE = { from: '2026-06-01', to: '2026-06-30' };

test('a reversal is equal and opposite, counts today and is linked both ways (REV-74)', async () => {
  const { productionEntry: entry } = await record(graph, of, {
    occurredAt: '2026-06-01T15:00:00Z',
    gross: '123.45',
    insurancePortion: '23.45',
  });

  const { productionEntry: reversal } = await reverse(graph, of, entry.id);

  expect(reversal).toMatchObject({
    productionDate: '2026-06-30',
    originalProductionDate: null,
    gross: '-123.45',
    net: '-123.45',
    status: 'POSTED',
    isReversal: true,
    reverses: { id: entry.id, status: 'REVERSED', reversedBy: { id: reversal.id } },
  });
  expect(await production(graph, of, { from: '2026-06-01', to: '2026-06-01' })).toMatchObject({
    gross: '123.45',
    entryCount: 1,
  });
  expect(await production(graph, of, { from: '2026-06-30', to: '2026-06-30' })).toMatchObject({
    gross: '-123.45',
    entryCount: -1,
    insurancePortion: '-23.45',
  });
  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', entryCount: 0, insurancePortion: '0.00' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('ORIGINAL_DATE puts it on the day of the original; a later month keeps the original day beside it', async () => {
  const accountant = viewer({ clinicIds: [of.clinicId], scopes: [...SCOPES, 'records:backdate'] });
  const first = await record(graph, of, { occurredAt: '2026-03-02T15:00:00Z' }, accountant);
  const second = await record(graph, of, { occurredAt: '2026-03-02T15:00:00Z' }, accountant);

  const original = await reverse(graph, of, first.productionEntry.id, { dateBasis: 'ORIGINAL_DATE' });
  const posted = await reverse(graph, of, second.productionEntry.id);

  expect(original.productionEntry).toMatchObject({ productionDate: '2026-03-02', originalProductionDate: null });
  expect(posted.productionEntry).toMatchObject({
    productionDate: '2026-06-30',
    originalProductionDate: '2026-03-02',
  });
});

test('an entry is reversed once, a reversal never, without a reason not, at another version not', async () => {
  const { productionEntry: entry } = await record(graph, of);
  const refused = async (id: string, changed: Record<string, unknown> = {}) =>
    (await reverse(graph, of, id, changed)).userErrors.map((e) => e.code);

  expect(await refused(entry.id, { reason: ' ' })).toEqual(['REASON_REQUIRED']);
  expect(await refused(entry.id, { expectedVersion: 7 })).toEqual(['STALE_VERSION']);
  expect(await refused(of.id(newId()))).toEqual(['NOT_FOUND']);
  expect(await refused(recordIdText(newId(), newId()))).toEqual(['NOT_FOUND']);
  const { productionEntry: reversal } = await reverse(graph, of, entry.id, { expectedVersion: 1 });
  const before = await rowCounts(graph, of.clinicId);
  expect(await refused(entry.id)).toEqual(['ALREADY_REVERSED']);
  expect(await refused(reversal.id)).toEqual(['NOT_REVERSIBLE']);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});

test('ten reversals of one entry at once: one is made, nine are refused', async () => {
  const { productionEntry: entry } = await record(graph, of);

  const answers = await Promise.all(Array.from({ length: 10 }, () => reverse(graph, of, entry.id)));

  expect(answers.filter((a) => a.userErrors.length === 0)).toHaveLength(1);
  expect(new Set(answers.flatMap((a) => a.userErrors.map((e) => e.code)))).toEqual(new Set(['ALREADY_REVERSED']));
  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', entryCount: 0 });
});

test('every write stands in the audit trail with the patient by hash', async () => {
  const { productionEntry: entry } = await record(graph, of);
  await reverse(graph, of, entry.id);

  const acts = await graph.sql<{ action: string; note: string | null; subjects: number }>(
    `SELECT action, note, (SELECT count(*)::int FROM audit_subject s WHERE s.clinic_id = e.clinic_id AND s.event_id = e.id) AS subjects
     FROM audit_event e WHERE clinic_id = $1 AND action LIKE 'productionEntry.re%' AND action <> 'productionEntry.read' ORDER BY id`,
    [of.clinicId],
  );
  expect(acts).toEqual([
    { action: 'productionEntry.record', note: null, subjects: 1 },
    { action: 'productionEntry.reverse', note: 'Entered twice', subjects: 1 },
    { action: 'productionEntry.record', note: 'Entered twice', subjects: 1 },
  ]);
});
