import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { aPractice, differences, production, record, reverse, type Practice } from '../../test/practice';
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
const plan = (n: number) => of.id(of.plans[n] ?? '');
const patient = (n: number) => of.id(of.patients[n] ?? '');

test('the first start entry of a case counts once and makes it active, a second adds none', async () => {
  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: plan(0), gross: '1582' });
  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: plan(0), gross: '18' });

  expect(await production(graph, of, JUNE)).toMatchObject({
    starts: 1,
    startNet: '1600.00',
    perStart: { value: '1600', status: 'COMPUTED' },
    startNetPerStart: { value: '1600' },
  });
  const answer = await graph.get(
    of.owner,
    `query ($id: ID!) { treatmentPlan(id: $id) { status startedOn treatmentMonths version production { gross starts } } }`,
    { id: plan(0) },
  );
  expect(answer.treatmentPlan).toEqual({
    status: 'ACTIVE',
    startedOn: '2026-06-30',
    treatmentMonths: '0',
    version: 2,
    production: { gross: '1600.00', starts: 1 },
  });
});

test('restarts and transfers in start nothing, their production counts (REV-80, REV-81)', async () => {
  await graph.sql(`UPDATE treatment_plan SET is_restart = true WHERE id = $1`, [of.plans[0]]);
  await graph.sql(`UPDATE treatment_plan SET is_transfer_in = true WHERE id = $1`, [of.plans[1]]);
  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: plan(0), gross: '500' });
  await record(graph, of, {
    category: 'TREATMENT_START',
    treatmentPlanId: plan(1),
    patientId: patient(1),
    gross: '600',
  });

  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 0, gross: '1100.00', startNet: '1100.00' });
});

test('without a case a start counts once per patient and day (REV-08)', async () => {
  const start = { category: 'TREATMENT_START' };
  await record(graph, of, start);
  await record(graph, of, start);
  await record(graph, of, { ...start, occurredAt: '2026-06-29T15:00:00Z' });
  await record(graph, of, { ...start, patientId: patient(1) });

  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 3, entryCount: 4 });
});

test('a zero start is a start, a zero visit a visit and no money (REV-72)', async () => {
  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: plan(0), gross: '0' });
  await record(graph, of, { category: 'RECORDS', gross: '0', patientId: patient(1) });

  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 1, gross: '0.00', entryCount: 2, visitCount: 2 });
});

test('a reversed start takes the start back, and a later one counts again (E-10)', async () => {
  const start = { category: 'TREATMENT_START', treatmentPlanId: plan(0), occurredAt: '2026-06-10T15:00:00Z' };
  const { productionEntry } = await record(graph, of, start);
  await reverse(graph, of, productionEntry.id);
  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 0, gross: '0.00', entryCount: 0 });
  const [row] = await graph.sql(`SELECT status, started_on FROM treatment_plan WHERE id = $1`, [of.plans[0]]);
  expect(row).toEqual({ status: 'PROPOSED', started_on: null });

  await record(graph, of, { ...start, occurredAt: '2026-06-29T15:00:00Z' });
  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 1 });
  expect(await production(graph, of, { from: '2026-06-10', to: '2026-06-10' })).toMatchObject({ starts: 1 });
  expect(await production(graph, of, { from: '2026-06-30', to: '2026-06-30' })).toMatchObject({ starts: -1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a debond counts once per case and completes it; its reversal undoes both', async () => {
  await record(graph, of, {
    category: 'TREATMENT_START',
    treatmentPlanId: plan(0),
    occurredAt: '2026-06-01T15:00:00Z',
  });
  const { productionEntry } = await record(graph, of, { category: 'DEBOND', treatmentPlanId: plan(0), gross: '565' });
  await record(graph, of, { category: 'DEBOND', treatmentPlanId: plan(0), gross: '5' });

  expect(await production(graph, of, JUNE)).toMatchObject({ debonds: 1, debondNet: '570.00' });
  const [done] = await graph.sql(`SELECT status, ended_on FROM treatment_plan WHERE id = $1`, [of.plans[0]]);
  expect(done).toEqual({ status: 'COMPLETED', ended_on: '2026-06-30' });

  await reverse(graph, of, productionEntry.id);
  expect(await production(graph, of, JUNE)).toMatchObject({ debonds: 0, debondNet: '5.00' });
  const [undone] = await graph.sql(`SELECT status, ended_on FROM treatment_plan WHERE id = $1`, [of.plans[0]]);
  expect(undone).toEqual({ status: 'ACTIVE', ended_on: null });
});
