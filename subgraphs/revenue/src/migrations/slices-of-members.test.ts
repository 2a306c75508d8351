import { Decimal } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { anAdjustment, aPractice, asService, differences, record, reverse } from '../../test/practice';
import { importAdjustments, revenue } from '..';
import { SlicesOfMembers17636900000051 } from './20261121-05-slices-of-members';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());

test('books that were kept before get their slices by code, kind of treatment and system', async () => {
  const of = await aPractice(graph);
  const { productionEntry: visit } = await record(graph, of, { gross: '80.00', occurredAt: '2026-05-31T15:00:00Z' });
  await record(graph, of, {
    ...{
      category: 'TREATMENT_START',
      procedureCode: 'D8080',
      gross: '1582.00',
      treatmentPlanId: of.id(of.plans[0] ?? ''),
    },
  });
  await reverse(graph, of, visit.id as string);
  const [{ id } = { id: '' }] = await graph.sql<{ id: string }>(
    "SELECT id FROM production_entry WHERE clinic_id = $1 AND category = 'TREATMENT_START'",
    [of.clinicId],
  );
  await asService(graph, of.clinicId, (tx) =>
    importAdjustments(tx, of.clinicId, [
      anAdjustment(of, { productionEntryId: id, amount: new Decimal('82.00') }),
      anAdjustment(of, { amount: new Decimal('5.00'), adjustmentDate: '2026-05-31' }),
    ]),
  );
  await graph.sql(`
    DELETE FROM production_slice WHERE dim IN ('K', 'H', 'S');
    ALTER TABLE production_slice RENAME COLUMN member TO category;
    ALTER TABLE production_adjustment DROP COLUMN entry_code, DROP COLUMN entry_phase, DROP COLUMN entry_system`);

  await new SlicesOfMembers17636900000051().up({ query: (sql) => graph.sql(sql) });

  expect(await differences(graph, of.clinicId)).toEqual([]);
  const months = await graph.sql<{ slice: string }>(
    `SELECT concat_ws(' ', dim, member, to_char(period, 'YYYY-MM'), gross, adjustments, entry_count) AS slice FROM production_slice
     WHERE clinic_id = $1 AND grain = 'M' AND dim IN ('K', 'H', 'S') ORDER BY dim, member, period`,
    [of.clinicId],
  );
  expect(months.map(({ slice }) => slice)).toEqual([
    'H  2026-05 80.00 5.00 1',
    'H  2026-06 -80.00 0.00 -1',
    'H COMPREHENSIVE 2026-06 1582.00 82.00 1',
    'K  2026-05 0.00 5.00 0',
    'K D8080 2026-06 1582.00 82.00 1',
    'K D8670 2026-05 80.00 0.00 1',
    'K D8670 2026-06 -80.00 0.00 -1',
    'S  2026-05 80.00 5.00 1',
    'S  2026-06 -80.00 0.00 -1',
    'S METAL_BRACKETS 2026-06 1582.00 82.00 1',
  ]);
});
