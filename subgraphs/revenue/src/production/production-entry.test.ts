import { newId, recordIdText } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aKey,
  anEntry,
  aPractice,
  differences,
  production,
  record,
  RECORD,
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
const plan = (n: number) => of.id(of.plans[n] ?? '');
const patient = (n: number) => of.id(of.patients[n] ?? '');

test('an entry counts on the business day of its location, with the patient paying what the insurer does not', async () => {
  const { productionEntry, userErrors } = await record(graph, of, { gross: '250.00', insurancePortion: '150.00' });

  expect(userErrors).toEqual([]);
  expect(productionEntry).toMatchObject({
    productionDate: '2026-06-30',
    gross: '250.00',
    adjustments: '0.00',
    net: '250.00',
    insurancePortion: '150.00',
    patientPortion: '100.00',
    collected: '0.00',
    outstanding: '250.00',
    status: 'POSTED',
    version: 1,
    isReversal: false,
    hasUnresolvedReference: false,
    originalProductionDate: null,
  });
  expect(await production(graph, of, JUNE)).toMatchObject({
    currency: 'USD',
    gross: '250.00',
    net: '250.00',
    insurancePortion: '150.00',
    patientPortion: '100.00',
    entryCount: 1,
    visitCount: 1,
    starts: 0,
    perStart: { numerator: '250', denominator: '0', value: null, status: 'ZERO_DENOMINATOR' },
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('an entry shows all that it was recorded with, and who recorded it when (REV-20 to REV-42)', async () => {
  const recorded = anEntry(of, {
    ...{ appointmentId: 'A-7', procedureId: 'P-7', treatmentPlanId: plan(0), locationId: of.id(of.locations[1]) },
    ...{
      procedureCode: 'D8670',
      description: ' Wire changed ',
      gross: '180',
      insurancePortion: '80',
      expectedNet: '180.0',
    },
  });
  const { productionEntry } = (await graph.get(of.owner, RECORD, { input: recorded })).productionEntryRecord;

  const shown = await graph.get(
    of.owner,
    `query ($id: ID!) { productionEntry(id: $id) { clinic { id } daySheet { businessDate status } patient { id } provider { id }
      location { id } appointmentId procedureId treatmentPlan { id } phase productionDate occurredAt procedureCode category
      description gross adjustments net insurancePortion patientPortion status collected outstanding currency createdAt updatedAt createdBy } }`,
    { id: productionEntry.id },
  );
  expect(shown.productionEntry).toEqual({
    ...{ clinic: { id: of.clinic }, patient: { id: patient(0) }, provider: { id: of.id(of.providers[0]) } },
    ...{ location: { id: of.id(of.locations[1]) }, treatmentPlan: { id: plan(0) }, phase: 'COMPREHENSIVE' },
    daySheet: { businessDate: '2026-06-30', status: 'OPEN' },
    ...{
      appointmentId: 'A-7',
      procedureId: 'P-7',
      productionDate: '2026-06-30',
      occurredAt: '2026-06-30T15:00:00.000Z',
    },
    ...{ procedureCode: 'D8670', category: 'ADJUSTMENT', description: 'Wire changed', currency: 'USD' },
    ...{ gross: '180.00', adjustments: '0.00', net: '180.00', insurancePortion: '80.00', patientPortion: '100.00' },
    ...{ status: 'POSTED', collected: '0.00', outstanding: '180.00', createdBy: 'test-user' },
    ...{ createdAt: expect.stringMatching(/^2026-06-30T/), updatedAt: expect.stringMatching(/^2026-06-30T/) },
  });
});

describe('refusals write nothing', () => {
  const elsewhere = () => recordIdText(newId(), newId());
  test.each<[string, () => Record<string, unknown>, string[]]>([
    ['FUTURE_DATE', () => ({ occurredAt: '2026-07-01T15:00:00Z' }), ['input', 'occurredAt']],
    ['BACKDATED_TOO_FAR', () => ({ occurredAt: '2026-05-30T15:00:00Z' }), ['input', 'occurredAt']],
    ['BAD_AMOUNT', () => ({ gross: '-0.01' }), ['input', 'gross']],
    ['BAD_AMOUNT', () => ({ insurancePortion: '-1' }), ['input', 'insurancePortion']],
    ['AMOUNT_MISMATCH', () => ({ insurancePortion: '100.01' }), ['input', 'insurancePortion']],
    ['AMOUNT_MISMATCH', () => ({ expectedNet: '99.99' }), ['input', 'expectedNet']],
    ['NOT_FOUND', () => ({ locationId: of.id(newId()) }), ['input', 'locationId']],
    ['NOT_FOUND', () => ({ locationId: elsewhere() }), ['input', 'locationId']],
    ['NOT_FOUND', () => ({ providerId: elsewhere() }), ['input', 'providerId']],
    ['NOT_FOUND', () => ({ patientId: elsewhere() }), ['input', 'patientId']],
    ['NOT_FOUND', () => ({ patientId: of.id(newId()) }), ['input', 'patientId']],
    ['NOT_FOUND', () => ({ treatmentPlanId: elsewhere() }), ['input', 'treatmentPlanId']],
    ['INVALID', () => ({ treatmentPlanId: plan(1) }), ['input', 'treatmentPlanId']],
    ['INVALID', () => ({ procedureCode: ' ' }), ['input', 'procedureCode']],
  ])('%s', async (code, changed, path) => {
    const before = await rowCounts(graph, of.clinicId);

    const { productionEntry, userErrors } = await record(graph, of, changed());

    expect(productionEntry).toBeNull();
    expect(userErrors).toMatchObject([{ code, path }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('both wrong amounts are named at once', async () => {
    const { userErrors } = await record(graph, of, { gross: '-1', insurancePortion: '-1' });

    expect(userErrors.map((e) => e.path)).toEqual([
      ['input', 'gross'],
      ['input', 'insurancePortion'],
    ]);
  });

  test('CAPABILITY_OFF where production is switched off', async () => {
    await graph.sql(`UPDATE clinic SET capabilities = '{ADJUSTMENTS}' WHERE clinic_id = $1`, [of.clinicId]);
    const before = await rowCounts(graph, of.clinicId);

    expect((await record(graph, of)).userErrors).toMatchObject([{ code: 'CAPABILITY_OFF' }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('a caller who is narrowed to another place or provider', async () => {
    const narrowed = { ...of.owner, restrictions: { locations: [of.locations[1]] } };
    const other = { ...of.owner, restrictions: { providers: [of.providers[1]] } };

    expect((await record(graph, of, {}, narrowed)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect((await record(graph, of, {}, other)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  test('a caller without the permission is FORBIDDEN, one of another clinic finds nothing', async () => {
    const reader = viewer({ clinicIds: [of.clinicId], scopes: ['finance:view_revenue'] });
    const outsider = viewer({ clinicIds: [newId()], scopes: SCOPES });

    const forbidden = await graph.ask(reader, RECORD, { input: anEntry(of) });
    expect(forbidden.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect((await record(graph, of, {}, outsider)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await production(graph, of, JUNE)).toMatchObject({ entryCount: 0 });
  });
});

test('thirty days back is allowed, and records:backdate lifts the limit', async () => {
  expect((await record(graph, of, { occurredAt: '2026-05-31T15:00:00Z' })).userErrors).toEqual([]);
  const accountant = viewer({ clinicIds: [of.clinicId], scopes: [...SCOPES, 'records:backdate'] });
  expect((await record(graph, of, { occurredAt: '2025-01-02T15:00:00Z' }, accountant)).userErrors).toEqual([]);
});

test('an unknown provider is kept as a stub, flagged and announced, and filled in later (REV-61)', async () => {
  const providerId = newId();

  const { productionEntry } = await record(graph, of, { providerId: of.id(providerId) });

  expect(productionEntry.hasUnresolvedReference).toBe(true);
  const provider = await graph.get(of.owner, `query ($id: ID!) { provider(id: $id) { isStub version } }`, {
    id: of.id(providerId),
  });
  expect(provider).toEqual({ provider: { isStub: true, version: 1 } });
  const told = (await graph.events()).filter(({ event }) => (event.data as { id?: string }).id === providerId);
  expect(
    told.map(({ subscriber, event }) => [subscriber, event.type, (event.data as { isStub: boolean }).isStub]),
  ).toEqual([
    ['adjustments', 'provider.saved', true],
    ['appliance-supply', 'provider.saved', true],
    ['spa-inventory', 'provider.saved', true],
  ]);

  await graph.get(
    of.owner,
    `mutation ($input: ProviderInput!) { providerSave(input: $input) { userErrors { code } } }`,
    {
      input: {
        idempotencyKey: aKey(),
        clinicId: of.clinic,
        id: of.id(providerId),
        name: 'DR-09',
        role: 'orthodontist',
      },
    },
  );
  const later = await graph.get(
    of.owner,
    `query ($id: ID!) { productionEntry(id: $id) { hasUnresolvedReference provider { name isStub } } }`,
    {
      id: productionEntry.id,
    },
  );
  expect(later.productionEntry).toEqual({ hasUnresolvedReference: false, provider: { name: 'DR-09', isStub: false } });
});

test('an unknown case is kept, counts as a start, and is filled in later', async () => {
  const planId = newId();
  const { productionEntry } = await record(graph, of, {
    category: 'TREATMENT_START',
    treatmentPlanId: of.id(planId),
    gross: '1500',
  });

  expect(productionEntry.hasUnresolvedReference).toBe(true);
  expect(await production(graph, of, JUNE)).toMatchObject({ starts: 1, startNet: '1500.00' });
  const saved = await graph.get(
    of.owner,
    `mutation ($input: TreatmentPlanInput!) { treatmentPlanSave(input: $input) { treatmentPlan { id status startedOn } userErrors { code } } }`,
    {
      input: {
        idempotencyKey: aKey(),
        clinicId: of.clinic,
        id: of.id(planId),
        patientId: patient(0),
        applianceSystem: 'ALIGNERS',
        phase: 'LIMITED',
        contractFee: '3000',
      },
    },
  );
  expect(saved.treatmentPlanSave).toEqual({
    treatmentPlan: { id: of.id(planId), status: 'ACTIVE', startedOn: '2026-06-30' },
    userErrors: [],
  });
});

describe('one effect', () => {
  test('a retry with the same key answers the same entry and adds nothing (REV-78)', async () => {
    const idempotencyKey = aKey();
    const first = await record(graph, of, { idempotencyKey });
    const again = await record(graph, of, { idempotencyKey });

    expect(again.productionEntry.id).toBe(first.productionEntry.id);
    expect(await production(graph, of, JUNE)).toMatchObject({ entryCount: 1, gross: '100.00' });
  });

  test('the same key with another payload is refused', async () => {
    const idempotencyKey = aKey();
    await record(graph, of, { idempotencyKey });

    expect((await record(graph, of, { idempotencyKey, gross: '101' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect(await production(graph, of, JUNE)).toMatchObject({ entryCount: 1 });
  });

  test('twenty equal requests at once are one entry', async () => {
    const input = anEntry(of);
    const answers = await Promise.all(Array.from({ length: 20 }, () => graph.get(of.owner, RECORD, { input })));

    expect(new Set(answers.map((a) => a.productionEntryRecord.productionEntry.id)).size).toBe(1);
    expect(await production(graph, of, JUNE)).toMatchObject({ entryCount: 1 });
  });

  test('the same procedure twice, also at once and under other keys, is one entry (REV-50)', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => record(graph, of, { procedureId: 'P-1' })));

    expect(new Set(answers.map((a) => a.productionEntry.id)).size).toBe(1);
    expect(await production(graph, of, JUNE)).toMatchObject({ entryCount: 1 });
    expect(await differences(graph, of.clinicId)).toEqual([]);
  });

  test('the same procedure id in two clinics makes two entries (REV-75)', async () => {
    const other = await aPractice(graph);
    const here = await record(graph, of, { procedureId: 'P-1' });
    const there = await record(graph, other, { procedureId: 'P-1' });

    expect(there.userErrors).toEqual([]);
    expect(there.productionEntry.id).not.toBe(here.productionEntry.id);
  });
});
