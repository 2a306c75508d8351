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

test.each([
  [0, '2026-06-02T03:59:59.999Z', '2026-06-01'],
  [0, '2026-06-02T04:00:00Z', '2026-06-02'],
  [1, '2026-06-01T22:59:59Z', '2026-06-01'],
  [1, '2026-06-01T23:30:00Z', '2026-06-02'],
])('at place %i the instant %s is the day %s (REV-70)', async (place, occurredAt, day) => {
  const { productionEntry } = await record(graph, of, { occurredAt, locationId: of.id(of.locations[place as 0 | 1]) });

  expect(productionEntry.productionDate).toBe(day);
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

describe('starts and debonds', () => {
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
});

describe('reversals', () => {
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
});
