import { Decimal, newId, rows } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { aPractice, asService, differences, production, record, type Practice } from '../../test/practice';
import { importProduction, revenue, type ImportedEntry } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
});

const YEAR = { from: '2025-07-01', to: '2026-06-30' };
const entry = (n: number, changed: Partial<ImportedEntry> = {}): ImportedEntry => {
  const at = new Date(Date.UTC(2025, 6, 1, 15) + (n % 365) * 86_400_000);
  return {
    id: newId(),
    locationId: of.locations[n % 2] ?? '',
    providerId: of.providers[n % 2] ?? '',
    patientId: of.patients[(n * 7) % 20] ?? '',
    treatmentPlanId: of.plans[(n * 7) % 20] ?? '',
    appointmentId: null,
    procedureId: `P-${String(n)}`,
    productionDate: at.toISOString().slice(0, 10),
    occurredAt: at,
    procedureCode: 'D8670',
    category: n % 40 === 0 ? 'TREATMENT_START' : 'ADJUSTMENT',
    description: 'Visit',
    gross: new Decimal(n % 300).plus('0.25'),
    insurancePortion: new Decimal(0),
    reversesId: null,
    ...changed,
  };
};

test('imported entries count as recorded ones do, in one statement for 2,000', async () => {
  const entries = Array.from({ length: 1_500 }, (_, n) => entry(n));
  const undone = entries
    .slice(3, 6)
    .map((original) => entry(0, { reversesId: original.id, procedureId: null, productionDate: '2026-06-30' }));

  const statements = await graph.statements(() =>
    asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, [...undone, ...entries])),
  );

  expect(statements.filter((sql) => sql.includes('INSERT INTO production_entry'))).toHaveLength(2);
  const kept = entries.filter((_, n) => n < 3 || n >= 6).reduce((sum, e) => sum.plus(e.gross), new Decimal(0));
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: kept.toFixed(2), entryCount: 1_497, starts: 1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
  const [act] = await graph.sql(
    `SELECT action, row_count FROM audit_event WHERE clinic_id = $1 AND action = 'productionEntry.import'`,
    [of.clinicId],
  );
  expect(act).toEqual({ action: 'productionEntry.import', row_count: 1_503 });
});

test('a procedure that was imported answers its entry when it is recorded', async () => {
  const imported = entry(1);
  await asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, [imported]));

  const { productionEntry } = await record(graph, of, { procedureId: 'P-1', gross: '999' });

  expect(productionEntry).toMatchObject({ id: of.id(imported.id), gross: '1.25' });
});

test('an import with an entry twice, or a reversal of nothing, writes nothing at all', async () => {
  const one = entry(1);
  await expect(
    asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, [one, entry(2, { id: one.id })])),
  ).rejects.toThrow();
  await expect(
    asService(graph, of.clinicId, (tx) => importProduction(tx, of.clinicId, [one, entry(2, { reversesId: newId() })])),
  ).rejects.toThrow(/which is not there/);
  expect(await production(graph, of, YEAR)).toMatchObject({ entryCount: 0, gross: '0.00' });
});

test.each<[string, () => string, string]>([
  ['by day', () => "production_date BETWEEN '2026-06-01' AND '2026-06-02'", 'clinic_id_production_date_id'],
  [
    'by provider',
    () => `provider_id = '${of.providers[0]}' AND production_date > '2026-06-29'`,
    'clinic_id_provider_id_production_date',
  ],
  [
    'by category',
    () => `category = 'RECORDS' AND production_date > '2026-06-01'`,
    'clinic_id_category_production_date',
  ],
  ['of a patient', () => `patient_id = '${of.patients[0] ?? ''}'`, 'clinic_id_patient_id'],
  ['of a case', () => `treatment_plan_id = '${of.plans[0] ?? ''}'`, 'clinic_id_treatment_plan_id'],
])('entries %s are found by an index (REV-43)', async (_, where, index) => {
  await asService(graph, of.clinicId, (tx) =>
    importProduction(
      tx,
      of.clinicId,
      Array.from({ length: 1_500 }, (_each, n) => entry(n)),
    ),
  );
  await graph.sql('ANALYZE production_entry');

  const plan = await asService(graph, of.clinicId, async (tx) => {
    await rows(tx, 'SET LOCAL enable_seqscan = off');
    return rows<{ 'QUERY PLAN': string }>(
      tx,
      `EXPLAIN SELECT * FROM production_entry WHERE clinic_id = '${of.clinicId}' AND ${where()}`,
    );
  });

  expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain(`production_entry_${index}_idx`);
});
