import { Decimal } from '@practice-graph/kit';
import type { AdjustmentPosted } from '@practice-graph/practice';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { anAdjustment, aPractice, asService, differences, record, reverse, type Practice } from '../../test/practice';
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
