import { Decimal, newId, recordIdOf } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import { eventData } from '@practice-graph/practice';
import { aKey, anEntry, aPractice, asService, record, reverse, toldBalances, type Practice } from '../../test/practice';
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

/** Entries of each event that told of some, oldest first. */
const told = async () =>
  (await graph.events()).flatMap(({ event, subscriber }) => {
    if (event.type !== 'production_entry.changed' || event.clinicId !== of.clinicId) return [];
    expect(subscriber).toBe('adjustments');
    return [eventData('production_entry.changed', event).entries];
  });
const line = (n: number) => {
  const { idempotencyKey: _, clinicId: __, ...rest } = anEntry(of, { patientId: of.id(of.patients[n % 20] ?? '') });
  return rest;
};
const step = async (name: string, id: string, more: Record<string, unknown> = {}) => {
  const data = await graph.get(
    of.owner,
    `mutation ($id: ID!, $input: WorkflowStepInput!) { productionEntry${name}(id: $id, input: $input) { userErrors { code } } }`,
    { id, input: { idempotencyKey: aKey(), reason: 'Not done', ...more } },
  );
  expect(data[`productionEntry${name}`].userErrors).toEqual([]);
};
const allTold = async () => {
  const { told: heard, entries } = await toldBalances(graph, of.clinicId);
  expect(heard).toEqual(entries);
  return entries.length;
};

test('what is recorded in one transaction is told in one event: one entry, many in a call, and many callers at once', async () => {
  const { productionEntry } = await record(graph, of, { gross: '120.50' });
  expect(await told()).toEqual([
    [
      {
        ...{ id: recordIdOf(productionEntry.id as string)?.id, patientId: of.patients[0] },
        ...{ gross: new Decimal('120.50'), collected: new Decimal('0.00'), stands: true, version: 1 },
      },
    ],
  ]);

  const entries = Array.from({ length: 40 }, (_, n) => ({ ...line(n), post: n % 2 === 0 }));
  await graph.get(
    of.owner,
    `mutation ($input: ProductionEntriesRecordInput!) { productionEntriesRecord(input: $input) { userErrors { code } } }`,
    { input: { idempotencyKey: aKey(), clinicId: of.clinic, entries } },
  );
  expect((await told()).map((some) => some.length)).toEqual([1, 40]);

  await Promise.all(of.patients.map((patient) => record(graph, of, { patientId: of.id(patient) })));
  const groups = (await told()).slice(2).map((some) => some.length);
  expect(groups.reduce((sum, some) => sum + some, 0)).toBe(20);
  expect(groups.length).toBeLessThan(5);
  expect(await allTold()).toBe(61);
});

test('an entry that is refused is not told of', async () => {
  await record(graph, of, { gross: '-1' });
  await record(graph, of, { providerId: 'nobody' });
  expect(await told()).toEqual([]);
});

test('posting changes nothing of what is owed; voiding and reversing end it', async () => {
  const kept = await record(graph, of, { post: false });
  const dropped = await record(graph, of, { post: false });
  const undone = await record(graph, of);
  const before = (await told()).length;
  await step('Post', kept.productionEntry.id as string);
  expect(await told()).toHaveLength(before);
  await step('Void', dropped.productionEntry.id as string);
  await reverse(graph, of, undone.productionEntry.id as string);

  const last = (await told()).slice(before);
  expect(last.map((some) => some.map(({ stands, version }) => [stands, version]))).toEqual([
    [[false, 2]],
    [
      [false, 2],
      [false, 1],
    ],
  ]);
  expect(await allTold()).toBe(4);
});

test('parts of a fee are told of like procedures, also the debond that earns nothing', async () => {
  const plan = of.id(of.plans[0] ?? '');
  const boss = { ...of.owner, scopes: [...of.owner.scopes, 'finance:manage_policy'] };
  for (const [name, on] of [
    ['Start', '2026-06-01'],
    ['Complete', '2026-06-30'],
  ] as const) {
    const data = await graph.get(
      boss,
      `mutation ($id: ID!, $input: TreatmentPlanStepInput!) { treatmentPlan${name}(id: $id, input: $input) { userErrors { code message } } }`,
      { id: plan, input: { idempotencyKey: aKey(), on } },
    );
    expect(data[`treatmentPlan${name}`].userErrors).toEqual([]);
  }
  expect(await allTold()).toBeGreaterThan(1);
});

test('an import hands its events to the loader, and a resync tells of every entry as it is', async () => {
  const entry = (n: number, reversesId: string | null = null): ImportedEntry => ({
    ...{ id: newId(), locationId: of.locations[0], providerId: of.providers[0], patientId: of.patients[0] ?? '' },
    ...{ treatmentPlanId: null, appointmentId: null, procedureId: null, productionDate: '2026-06-15', reversesId },
    ...{ occurredAt: new Date('2026-06-15T15:00:00Z'), procedureCode: 'D8670', category: 'ADJUSTMENT' },
    ...{ description: 'Visit', gross: new Decimal(n), insurancePortion: new Decimal(0) },
  });
  const entries = Array.from({ length: 510 }, (_, n) => entry(n + 1));
  const events = await asService(graph, of.clinicId, (tx) =>
    importProduction(tx, of.clinicId, [...entries, entry(7, entries[6]?.id)]),
  );

  expect(await told()).toEqual([]);
  const heard = events.flatMap((event) => eventData('production_entry.changed', event).entries);
  expect(events.length).toBe(2);
  expect(heard.filter(({ stands }) => !stands).map(({ gross, version }) => [gross.toFixed(2), version])).toEqual([
    ['7.00', 2],
    ['-7.00', 1],
  ]);
  const resync = () => asService(graph, of.clinicId, (tx) => graph.running.definition.resync(tx, of.clinicId));
  await resync();
  expect((await told()).map((some) => some.length)).toEqual([500, 11]);
  expect(await allTold()).toBe(511);
  // Sent again, the same states are the same events, which the outbox holds once.
  await resync();
  expect(await told()).toHaveLength(2);
});
