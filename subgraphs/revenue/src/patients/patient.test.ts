import { newId, recordIdText, subjectHash } from '@practice-graph/kit';
import { TEST_AUDIT_KEY, testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, aPractice, record, rowCounts, SCOPES, type Practice } from '../../test/practice';
import { revenue } from '..';

let graph: TestSubgraph;
let of: Practice;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph, 3);
});

const PATIENT = `mutation ($input: PatientInput!) { patientSave(input: $input) { patient { id reference patientType version } userErrors { code path } } }`;
const PLAN = `mutation ($input: TreatmentPlanInput!) { treatmentPlanSave(input: $input) {
  treatmentPlan { id externalId applianceSystem phase status contractFee isRestart isTransferIn version provider { name isStub } location { name } patient { reference } }
  userErrors { code path } } }`;
const savePatient = async (changed: object, as = of.owner) =>
  (
    await graph.get(as, PATIENT, {
      input: { idempotencyKey: aKey(), clinicId: of.clinic, patientType: 'INSURED', ...changed },
    })
  ).patientSave;
const savePlan = async (changed: object) =>
  (
    await graph.get(of.owner, PLAN, {
      input: {
        idempotencyKey: aKey(),
        clinicId: of.clinic,
        patientId: of.id(of.patients[0] ?? ''),
        applianceSystem: 'ALIGNERS',
        phase: 'LIMITED',
        contractFee: '3000',
        ...changed,
      },
    })
  ).treatmentPlanSave;
const readsOf = (clinicId: string) =>
  graph.sql<{ action: string; row_count: number; filter: object | null; subjects: string[] }>(
    `SELECT action, row_count, filter, ARRAY(SELECT subject_hash FROM audit_subject s WHERE s.clinic_id = e.clinic_id AND s.event_id = e.id ORDER BY 1) AS subjects
     FROM audit_event e WHERE clinic_id = $1 AND action LIKE '%.read' ORDER BY id`,
    [clinicId],
  );
const hashes = (ids: readonly string[]) => ids.map((id) => subjectHash(TEST_AUDIT_KEY, of.clinicId, id)).sort();

test('the server makes the next free code; a chosen one is unique in its clinic', async () => {
  expect((await savePatient({ reference: 'PT-000004' })).patient).toMatchObject({ reference: 'PT-000004' });
  expect((await savePatient({})).patient).toMatchObject({ reference: 'PT-000005', patientType: 'INSURED', version: 1 });
  expect((await savePatient({ reference: 'PT-000001' })).userErrors).toEqual([
    { code: 'DUPLICATE', path: ['input', 'reference'] },
  ]);
  const other = await aPractice(graph, 0);
  const elsewhere = await graph.get(other.owner, PATIENT, {
    input: { idempotencyKey: aKey(), clinicId: other.clinic, patientType: 'STAFF' },
  });
  expect(elsewhere.patientSave.patient.reference).toBe('PT-000001');
});

test('twenty new patients at once have twenty codes without a gap', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => savePatient({})));

  expect(made.map((m) => m.patient.reference).sort()).toEqual(
    Array.from({ length: 20 }, (_, n) => `PT-${String(n + 4).padStart(6, '0')}`),
  );
});

test('a change keeps the code that is left out; stale, foreign and unknown ones are refused', async () => {
  const id = of.id(of.patients[1] ?? '');
  expect((await savePatient({ id, patientType: 'SELF_PAY', expectedVersion: 1 })).patient).toEqual({
    id,
    reference: 'PT-000002',
    patientType: 'SELF_PAY',
    version: 2,
  });
  const before = await rowCounts(graph, of.clinicId);
  const codes = async (changed: object, as = of.owner) =>
    (await savePatient(changed, as)).userErrors.map((e: any) => e.code);
  expect(await codes({ id, expectedVersion: 1 })).toEqual(['STALE_VERSION']);
  expect(await codes({ id: of.id(newId()) })).toEqual(['NOT_FOUND']);
  expect(await codes({ id: recordIdText(newId(), newId()) })).toEqual(['NOT_FOUND']);
  expect(await codes({}, viewer({ clinicIds: [newId()], scopes: SCOPES }))).toEqual(['NOT_FOUND']);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});

test('patients are listed by code, page by page, and found by code; each read names everybody it showed', async () => {
  const LIST = `query ($id: ID!, $filter: PatientFilter, $first: Int, $after: String) { patients(clinicId: $id, filter: $filter, first: $first, after: $after) {
    totalCount nodes { id reference } pageInfo { hasNextPage endCursor } } }`;
  const first = (await graph.get(of.owner, LIST, { id: of.clinic, first: 2 })).patients;
  const second = (await graph.get(of.owner, LIST, { id: of.clinic, first: 2, after: first.pageInfo.endCursor }))
    .patients;
  const found = (await graph.get(of.owner, LIST, { id: of.clinic, filter: { references: ['PT-000002', 'PT-999999'] } }))
    .patients;

  expect(first).toMatchObject({
    totalCount: 3,
    pageInfo: { hasNextPage: true },
    nodes: [{ reference: 'PT-000001' }, { reference: 'PT-000002' }],
  });
  expect(second).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ reference: 'PT-000003' }] });
  expect(found.nodes).toEqual([{ id: of.id(of.patients[1] ?? ''), reference: 'PT-000002' }]);
  expect(await readsOf(of.clinicId)).toEqual([
    { action: 'patient.read', row_count: 2, filter: {}, subjects: hashes(of.patients.slice(0, 2)) },
    { action: 'patient.read', row_count: 1, filter: {}, subjects: hashes(of.patients.slice(2)) },
    {
      action: 'patient.read',
      row_count: 1,
      filter: { references: ['PT-000002', 'PT-999999'] },
      subjects: hashes(of.patients.slice(1, 2)),
    },
  ]);
});

test('rows of single patients are not for readers of aggregates, nor codes for those without patient:read', async () => {
  const analyst = viewer({ clinicIds: [of.clinicId], scopes: SCOPES, aggregateOnly: true });
  const { productionEntry } = await record(graph, of);
  const lists = {
    patients: `{ patients(clinicId: "${of.clinic}") { nodes { id } } }`,
    patient: `{ patient(id: "${of.id(of.patients[0] ?? '')}") { id } }`,
    treatmentPlans: `{ treatmentPlans(clinicId: "${of.clinic}") { nodes { id } } }`,
    treatmentPlan: `{ treatmentPlan(id: "${of.id(of.plans[0] ?? '')}") { id } }`,
    productionEntries: `{ productionEntries(clinicId: "${of.clinic}") { nodes { id } } }`,
    productionEntry: `{ productionEntry(id: "${String(productionEntry.id)}") { id } }`,
  };
  for (const [field, query] of Object.entries(lists)) {
    const answer = await graph.ask(analyst, query);
    expect([field, answer.data[field], answer.errors?.[0]?.extensions['code']]).toEqual([field, null, 'FORBIDDEN']);
  }
  const clerk = viewer({ clinicIds: [of.clinicId], scopes: ['finance:view_revenue'] });
  const entry = await graph.get(
    clerk,
    `{ productionEntry(id: "${String(productionEntry.id)}") { gross patient { id } } }`,
  );
  expect(entry.productionEntry).toEqual({ gross: '100.00', patient: null });
});

test('a case is made with its defaults, changed by its external id, and fixed once it has started', async () => {
  const { treatmentPlan } = await savePlan({
    externalId: 'C-1',
    providerId: of.id(of.providers[0]),
    locationId: of.id(of.locations[0]),
  });
  expect(treatmentPlan).toEqual({
    id: expect.any(String),
    externalId: 'C-1',
    applianceSystem: 'ALIGNERS',
    phase: 'LIMITED',
    status: 'PROPOSED',
    contractFee: '3000.00',
    isRestart: false,
    isTransferIn: false,
    version: 1,
    provider: { name: 'DR-01', isStub: false },
    location: { name: 'Place 1' },
    patient: { reference: 'PT-000001' },
  });
  const changed = (await savePlan({ externalId: 'C-1', contractFee: '3100', locationId: null })).treatmentPlan;
  expect(changed).toMatchObject({
    id: treatmentPlan.id,
    contractFee: '3100.00',
    version: 2,
    provider: { name: 'DR-01' },
    location: null,
  });

  await record(graph, of, { category: 'TREATMENT_START', treatmentPlanId: treatmentPlan.id });
  const fixed = async (change: object) =>
    (await savePlan({ id: treatmentPlan.id, contractFee: '3100', ...change })).userErrors;
  expect(await fixed({ contractFee: '3200' })).toEqual([
    { code: 'ILLEGAL_STATE_CHANGE', path: ['input', 'contractFee'] },
  ]);
  expect(await fixed({ isRestart: true })).toEqual([{ code: 'ILLEGAL_STATE_CHANGE', path: ['input', 'isRestart'] }]);
  expect(await fixed({ isTransferIn: true })).toEqual([
    { code: 'ILLEGAL_STATE_CHANGE', path: ['input', 'isTransferIn'] },
  ]);
  expect(await fixed({ patientId: of.id(of.patients[1] ?? '') })).toMatchObject([{ code: 'ILLEGAL_STATE_CHANGE' }]);
  expect(await fixed({ phase: 'COMPREHENSIVE' })).toEqual([]);
});

test('what a case cannot be is refused', async () => {
  const before = await rowCounts(graph, of.clinicId);
  const codes = async (changed: object) => (await savePlan(changed)).userErrors.map((e: any) => e.code);
  expect(await codes({ contractFee: '-1' })).toEqual(['BAD_AMOUNT']);
  expect(await codes({ plannedMonths: 0 })).toEqual(['INVALID']);
  expect(await codes({ applianceSystem: '' })).toEqual(['INVALID']);
  expect(await codes({ patientId: of.id(newId()) })).toEqual(['NOT_FOUND']);
  expect(await codes({ locationId: of.id(newId()) })).toEqual(['NOT_FOUND']);
  expect(await codes({ providerId: recordIdText(newId(), newId()) })).toEqual(['NOT_FOUND']);
  expect(await codes({ id: of.id(newId()) })).toEqual(['NOT_FOUND']);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});

test('cases are listed newest start first, filtered, with all they name, in a bounded number of statements', async () => {
  for (const [n, day] of [
    [0, '2026-06-05'],
    [1, '2026-06-20'],
  ] as const)
    await record(graph, of, {
      category: 'TREATMENT_START',
      treatmentPlanId: of.id(of.plans[n] ?? ''),
      patientId: of.id(of.patients[n] ?? ''),
      occurredAt: `${day}T15:00:00Z`,
    });
  const LIST = `query ($id: ID!, $filter: TreatmentPlanFilter, $first: Int, $after: String) { treatmentPlans(clinicId: $id, filter: $filter, first: $first, after: $after) {
    nodes { id status startedOn currency patient { reference treatmentPlans { id } } provider { name } location { name } clinic { name } production { net starts } } pageInfo { endCursor } } }`;
  let answer: any;
  const statements = await graph.statements(async () => {
    answer = await graph.get(of.owner, LIST, { id: of.clinic });
  });
  expect(answer.treatmentPlans.nodes.map((n: any) => [n.id, n.startedOn, n.production.starts])).toEqual([
    [of.id(of.plans[1] ?? ''), '2026-06-20', 1],
    [of.id(of.plans[0] ?? ''), '2026-06-05', 1],
    [of.id(of.plans[2] ?? ''), null, 0],
  ]);
  // The page, four loaders, cases of the patients, production, and the reads for the audit trail.
  expect(statements.length).toBeLessThanOrEqual(8);

  const ids = async (filter: object) =>
    (await graph.get(of.owner, LIST, { id: of.clinic, filter })).treatmentPlans.nodes.map((n: any) =>
      of.plans.findIndex((p) => of.id(p) === n.id),
    );
  expect(await ids({ statuses: ['PROPOSED'] })).toEqual([2]);
  expect(await ids({ startedIn: { from: '2026-06-01', to: '2026-06-10' } })).toEqual([0]);
  expect(await ids({ locationIds: [of.id(of.locations[1])] })).toEqual([1]);
  expect(await ids({ providerIds: [] })).toEqual([]);
  expect(await ids({ applianceSystems: ['CERAMIC_BRACKETS'] })).toEqual([]);
  expect(await ids({ patientId: of.id(of.patients[0] ?? '') })).toEqual([0]);
  const page = (await graph.get(of.owner, LIST, { id: of.clinic, first: 1 })).treatmentPlans;
  const rest = (await graph.get(of.owner, LIST, { id: of.clinic, first: 5, after: page.pageInfo.endCursor }))
    .treatmentPlans;
  expect([...page.nodes, ...rest.nodes].map((n: any) => n.id)).toEqual([1, 0, 2].map((n) => of.id(of.plans[n] ?? '')));
});
