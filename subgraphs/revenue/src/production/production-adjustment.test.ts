import { newId, stableId, type GraphEvent } from '@practice-graph/kit';
import { factOf, type AdjustmentPosted } from '@practice-graph/practice';
import { Decimal } from '@practice-graph/kit';
import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  anAdjustment,
  aPractice,
  asService,
  differences,
  production,
  record,
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
const JUNE = { from: '2026-06-01', to: '2026-06-30' };

const adjustment = (changed: Partial<AdjustmentPosted> = {}) => anAdjustment(of, changed);
const eventOf = (data: AdjustmentPosted): GraphEvent => {
  const type = data.reversesId ? 'adjustment.reversed' : 'adjustment.posted';
  const fact = factOf(type, data.id, data as AdjustmentPosted & { reversesId: string });
  return {
    id: stableId(`${of.clinicId}:${type}:${fact.key}`),
    type,
    clinicId: of.clinicId,
    at: '2026-06-30T16:00:00.000Z',
    data: fact.data,
  };
};
const deliver = async (data: AdjustmentPosted) => {
  expect((await graph.deliver(eventOf(data))).status).toBe(204);
};
const uuidOf = async (opaque: string) =>
  (await graph.sql<{ id: string }>(`SELECT id FROM production_entry WHERE clinic_id = $1`, [of.clinicId])).find(
    (row) => of.id(row.id) === opaque,
  )?.id ?? '';
const entry = async (changed: Record<string, unknown> = {}) => {
  const { productionEntry } = await record(graph, of, changed);
  return { opaque: productionEntry.id as string, id: await uuidOf(productionEntry.id as string) };
};
const stateOf = async (opaque: string) =>
  (
    await graph.get(
      of.owner,
      `query ($id: ID!) { productionEntry(id: $id) { gross adjustments net insurancePortion patientPortion outstanding status version } }`,
      { id: opaque },
    )
  ).productionEntry;

test('an adjustment lowers the net of its entry and counts on its own day, place and provider (E-08)', async () => {
  const { opaque, id } = await entry({ gross: '100.00' });

  await deliver(
    adjustment({
      productionEntryId: id,
      amount: new Decimal('30'),
      locationId: of.locations[1],
      providerId: of.providers[1],
    }),
  );

  expect(await stateOf(opaque)).toEqual({
    gross: '100.00',
    adjustments: '30.00',
    net: '70.00',
    insurancePortion: '0.00',
    patientPortion: '70.00',
    outstanding: '70.00',
    status: 'POSTED',
    version: 2,
  });
  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '100.00', adjustments: '30.00', net: '70.00' });
  expect(await production(graph, of, { from: '2026-06-15', to: '2026-06-15' })).toMatchObject({
    gross: '0.00',
    adjustments: '30.00',
    net: '-30.00',
    entryCount: 0,
  });
  const rows = await graph.get(
    of.owner,
    `query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }, groupBy: [LOCATION, PROVIDER]) { rows { locationId providerId production { net } } } }`,
    { id: of.clinic },
  );
  const net = (location: string, provider: string) =>
    rows.performanceReport.rows.find((r: any) => r.locationId === of.id(location) && r.providerId === of.id(provider))
      ?.production.net;
  expect(net(of.locations[0], of.providers[0])).toBe('100.00');
  expect(net(of.locations[1], of.providers[1])).toBe('-30.00');
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('an event that arrives three times, and its adjustment under another event, count once', async () => {
  const { opaque, id } = await entry();
  const posted = adjustment({ productionEntryId: id });

  await deliver(posted);
  await Promise.all([deliver(posted), deliver(posted)]);
  await deliver({ ...posted, version: 2 });

  expect(await stateOf(opaque)).toMatchObject({ adjustments: '10.00', net: '90.00' });
  expect(await production(graph, of, JUNE)).toMatchObject({ adjustments: '10.00' });
});

test.each([
  ['an insurer’s write-off lowers the insurer’s part', 'INSURANCE_WRITEOFF', '30', '50.00', '20.00'],
  ['what exceeds the insurer’s part lowers the patient’s', 'INSURANCE_WRITEOFF', '90', '0.00', '10.00'],
  ['any other lowers the patient’s part', 'PROMOTIONAL', '15', '80.00', '5.00'],
  ['what exceeds the patient’s part lowers the insurer’s', 'FAMILY_DISCOUNT', '45', '55.00', '0.00'],
  ['one that raises net raises the patient’s part', 'ERROR_CORRECTION', '-7.50', '80.00', '27.50'],
] as const)('%s (E-15)', async (_, category, amount, insurancePortion, patientPortion) => {
  const { opaque, id } = await entry({ gross: '100.00', insurancePortion: '80.00' });

  await deliver(adjustment({ productionEntryId: id, category, amount: new Decimal(amount) }));

  expect(await stateOf(opaque)).toMatchObject({ insurancePortion, patientPortion });
  expect(await production(graph, of, JUNE)).toMatchObject({ insurancePortion, patientPortion });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a reversed adjustment restores net and portions, in whichever order the two arrive', async () => {
  const { opaque, id } = await entry({ gross: '100.00', insurancePortion: '80.00' });
  const posted = adjustment({ productionEntryId: id, category: 'INSURANCE_WRITEOFF', amount: new Decimal('95') });
  const undone = adjustment({
    productionEntryId: id,
    category: 'INSURANCE_WRITEOFF',
    amount: new Decimal('-95'),
    reversesId: posted.id,
    adjustmentDate: '2026-06-20',
  });

  await deliver(undone);
  await deliver(posted);

  expect(await stateOf(opaque)).toMatchObject({
    adjustments: '0.00',
    net: '100.00',
    insurancePortion: '80.00',
    patientPortion: '20.00',
  });
  expect(await production(graph, of, JUNE)).toMatchObject({
    adjustments: '0.00',
    net: '100.00',
    insurancePortion: '80.00',
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('an adjustment of an unknown entry, place or provider counts all the same; the provider becomes a stub', async () => {
  const providerId = newId();

  await deliver(
    adjustment({ productionEntryId: newId(), providerId, locationId: newId(), amount: new Decimal('12.34') }),
  );

  expect(await production(graph, of, JUNE)).toMatchObject({ gross: '0.00', adjustments: '12.34', net: '-12.34' });
  const report = await graph.get(
    of.owner,
    `query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }, groupBy: [LOCATION, PROVIDER]) { rows { locationId providerId production { net } } total { production { net } } } }`,
    { id: of.clinic },
  );
  const rows = report.performanceReport.rows.filter((r: any) => r.production.net !== '0.00');
  expect(rows).toEqual([{ locationId: 'unassigned', providerId: of.id(providerId), production: { net: '-12.34' } }]);
  expect(
    await graph.get(of.owner, `query ($id: ID!) { provider(id: $id) { isStub } }`, { id: of.id(providerId) }),
  ).toEqual({ provider: { isStub: true } });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('one that names neither place nor provider stands in the row unassigned', async () => {
  await deliver(adjustment({ locationId: null, providerId: null, patientId: null, amount: new Decimal('5') }));

  const report = await graph.get(
    of.owner,
    `query ($id: ID!) { performanceReport(clinicId: $id, period: { month: "2026-06" }) { rows { locationId production { net } } } }`,
    { id: of.clinic },
  );
  expect(report.performanceReport.rows.at(-1)).toEqual({ locationId: 'unassigned', production: { net: '-5.00' } });
});

test('bad debt, small balances and recoveries change no net', async () => {
  const { opaque, id } = await entry();
  for (const category of ['BAD_DEBT', 'SMALL_BALANCE', 'RECOVERY'] as const)
    await deliver(adjustment({ productionEntryId: id, category, affectsNetProduction: false }));

  expect(await stateOf(opaque)).toMatchObject({ adjustments: '0.00', net: '100.00', version: 1 });
  expect(await production(graph, of, JUNE)).toMatchObject({ adjustments: '0.00', net: '100.00' });
});

test('the adjustment month of the reference vectors has a net production of 80,600.00 (section F)', async () => {
  const { id } = await entry({ gross: '100000' });
  const month = [
    ['INSURANCE_WRITEOFF', '18000', true],
    ['COURTESY_DISCOUNT', '1200', true],
    ['PROMOTIONAL', '500', true],
    ['BAD_DEBT', '900', false],
    ['SMALL_BALANCE', '40', false],
    ['ERROR_CORRECTION', '-300', true],
    ['RECOVERY', '250', false],
  ] as const;

  const applied = await asService(graph, of.clinicId, (tx) =>
    importAdjustments(
      tx,
      of.clinicId,
      month.map(([category, amount, affectsNetProduction]) =>
        adjustment({ category, amount: new Decimal(amount), affectsNetProduction, productionEntryId: id }),
      ),
    ),
  );

  expect(applied).toBe(7);
  expect(await production(graph, of, JUNE)).toMatchObject({
    gross: '100000.00',
    adjustments: '19400.00',
    net: '80600.00',
  });
});

test('adjustments of start and debond entries lower the net of starts and debonds', async () => {
  const { id } = await entry({ category: 'TREATMENT_START', gross: '1582', treatmentPlanId: of.id(of.plans[0] ?? '') });
  await deliver(adjustment({ productionEntryId: id, amount: new Decimal('82') }));

  expect(await production(graph, of, JUNE)).toMatchObject({
    starts: 1,
    startNet: '1500.00',
    startNetPerStart: { value: '1500' },
  });
  const plan = await graph.get(
    of.owner,
    `query ($id: ID!) { treatmentPlan(id: $id) { production { gross adjustments net starts startNet visitCount patientPortion } patient { production { net } } } }`,
    { id: of.id(of.plans[0] ?? '') },
  );
  expect(plan.treatmentPlan).toEqual({
    production: {
      gross: '1582.00',
      adjustments: '82.00',
      net: '1500.00',
      starts: 1,
      startNet: '1500.00',
      visitCount: 1,
      patientPortion: '1500.00',
    },
    patient: { production: { net: '1500.00' } },
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('an event of another form is not taken, and nothing is written', async () => {
  const before = await rowCounts(graph, of.clinicId);
  const event = eventOf(adjustment());

  const answer = await graph.deliver({ ...event, data: { ...(event.data as object), amount: 'much' } });

  expect(answer.status).toBe(500);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});
