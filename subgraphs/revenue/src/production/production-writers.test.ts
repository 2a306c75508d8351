import { Decimal, newId } from '@practice-graph/kit';
import type { AdjustmentPosted } from '@practice-graph/practice';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  anAdjustment,
  anEntry,
  aPractice,
  asService,
  differences,
  production,
  RECORD,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';
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

const adjustment = (changed: Partial<AdjustmentPosted> = {}) => anAdjustment(of, changed);
const uuidOf = async (opaque: string) =>
  (await graph.sql<{ id: string }>(`SELECT id FROM production_entry WHERE clinic_id = $1`, [of.clinicId])).find(
    (row) => of.id(row.id) === opaque,
  )?.id ?? '';
const entry = async (changed: Record<string, unknown> = {}) => {
  const { productionEntry } = await record(graph, of, changed);
  return { opaque: productionEntry.id as string, id: await uuidOf(productionEntry.id as string) };
};

test('entries, reversals and adjustments at once by sixteen writers leave slices that equal the ledgers', async () => {
  const entries = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      entry({ gross: String(50 + n), patientId: of.id(of.patients[n % 5] ?? ''), treatmentPlanId: null }),
    ),
  );

  await Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      for (let n = 0; n < 6; n++) {
        const target = entries[(writer * 7 + n * 5) % entries.length];
        const kind = (writer + n) % 4;
        if (kind === 0)
          await record(graph, of, {
            patientId: of.id(of.patients[(writer + n) % 6] ?? ''),
            locationId: of.id(of.locations[n % 2] ?? ''),
            providerId: of.id(of.providers[writer % 2] ?? ''),
          });
        else if (kind === 1) await reverse(graph, of, target?.opaque ?? '');
        else
          await asService(graph, of.clinicId, (tx) =>
            importAdjustments(
              tx,
              of.clinicId,
              [0, 1, 2].map((i) =>
                adjustment({
                  productionEntryId: entries[(writer + n * 3 + i * 4) % entries.length]?.id ?? null,
                  amount: new Decimal(writer - 6 + i),
                  providerId: of.providers[i % 2] ?? null,
                }),
              ),
            ),
          );
      }
    }),
  );

  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('entries that one partner sends at once share transactions, and each gets the answer it would get alone', async () => {
  const other = await aPractice(graph);
  const partner = { ...of.owner, clinicIds: [of.clinicId, other.clinicId] };
  const before = await rowCounts(graph, of.clinicId);
  let statements = 0;
  graph.running.database.onStatement = (sql) => {
    if (sql.includes('INSERT INTO production_entry')) statements += 1;
  };
  const send = (practice: Practice, patient: number, changed: Record<string, unknown> = {}) =>
    record(graph, practice, { patientId: practice.id(practice.patients[patient] ?? ''), ...changed }, partner);

  const answers = await Promise.all([
    ...of.patients.map((_, n) => send(of, n, { gross: String(100 + n), procedureId: `P-${String(n)}` })),
    ...other.patients.map((_, n) => send(other, n, { gross: '7.00' })),
    send(of, 1, { gross: '-1.00' }),
    send(of, 2, { locationId: of.id(newId()) }),
    send(of, 3, { patientId: other.id(other.patients[0] ?? '') }),
    send(of, 4, { occurredAt: '2031-01-01T12:00:00Z' }),
    send(of, 5, { procedureId: 'P-0' }),
    send(of, 6, { post: false }),
  ]);

  graph.running.database.onStatement = undefined;
  expect(answers.slice(0, 40).flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect(answers.slice(40).map(({ userErrors }) => userErrors.map(({ code, path }) => [code, path?.at(-1)]))).toEqual([
    [['BAD_AMOUNT', 'gross']],
    [['NOT_FOUND', 'locationId']],
    [['NOT_FOUND', 'patientId']],
    [['FUTURE_DATE', 'occurredAt']],
    [],
    [],
  ]);
  expect(answers[44]?.productionEntry.id).toBe(answers[0].productionEntry.id);
  expect(answers[45]?.productionEntry.status).toBe('PENDING');
  // Forty-two entries were written in groups; had each a transaction of its own, it would be forty-two statements.
  expect(statements).toBeLessThan(15);
  const after = await rowCounts(graph, of.clinicId);
  expect((after['production_entry'] ?? 0) - (before['production_entry'] ?? 0)).toBe(21);
  expect((after['idempotency'] ?? 0) - (before['idempotency'] ?? 0)).toBe(22);
  const audited = await graph.sql<{ entity_id: string }>(
    `SELECT entity_id FROM audit_event WHERE clinic_id = $1 AND action = 'productionEntry.record'`,
    [of.clinicId],
  );
  expect(new Set(audited.map(({ entity_id }) => entity_id)).size).toBe(21);
  expect(audited).toHaveLength(21);
  const day = { from: '2026-06-30', to: '2026-06-30' };
  expect(await production(graph, of, day)).toMatchObject({ gross: '2190.00', entryCount: 20, visitCount: 20 });
  expect(await production(graph, other, day)).toMatchObject({ gross: '140.00', entryCount: 20 });
  expect([...(await differences(graph, of.clinicId)), ...(await differences(graph, other.clinicId))]).toEqual([]);
});

test('what the database cannot store fails alone, and the entries sent with it are recorded', async () => {
  const send = (n: number, description: string) =>
    graph.ask(of.owner, RECORD, {
      input: anEntry(of, { patientId: of.id(of.patients[n] ?? ''), description }),
    });

  // No text of PostgreSQL holds the character zero.
  const answers = await Promise.all(['Visit', 'Vi\u0000sit', 'Visit', 'Visit'].map((text, n) => send(n, text)));

  expect(answers.map(({ errors }) => errors?.length ?? 0)).toEqual([0, 1, 0, 0]);
  expect((await rowCounts(graph, of.clinicId))['production_entry']).toBe(3);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('cases of one patient that move at once move one after the other', async () => {
  const send = (category: string, procedureCode: string) =>
    record(graph, of, { treatmentPlanId: of.id(of.plans[0] ?? ''), category, procedureCode, gross: '10.00' });

  const answers = await Promise.all([
    send('TREATMENT_START', 'D8080'),
    send('TREATMENT_START', 'D8080'),
    send('ADJUSTMENT', 'D8670'),
    send('DEBOND', 'D8680'),
  ]);

  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  expect(await production(graph, of, { from: '2026-06-30', to: '2026-06-30' })).toMatchObject({
    ...{ gross: '40.00', starts: 1, debonds: 1, entryCount: 4, visitCount: 1 },
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});
