import { randomBytes } from 'node:crypto';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, anEntry, aPractice, type Practice } from '../../test/practice';
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

const PROVIDER = `mutation ($input: ProviderInput!) { providerSave(input: $input) { provider { id externalId name role active isStub version } userErrors { code path } } }`;

test('a provider is made, changed by its external id, and leaves the list of the active when it left', async () => {
  const save = async (changed: object) =>
    (
      await graph.get(of.owner, PROVIDER, {
        input: {
          idempotencyKey: aKey(),
          clinicId: of.clinic,
          name: 'DR-03',
          role: 'orthodontist',
          externalId: 'P-3',
          ...changed,
        },
      })
    ).providerSave;

  const first = (await save({})).provider;
  expect(first).toEqual({
    id: expect.any(String),
    externalId: 'P-3',
    name: 'DR-03',
    role: 'orthodontist',
    active: true,
    isStub: false,
    version: 1,
  });
  expect((await save({ active: false, expectedVersion: 1 })).provider).toEqual({ ...first, active: false, version: 2 });
  expect((await save({ expectedVersion: 1 })).userErrors).toMatchObject([{ code: 'STALE_VERSION' }]);

  const lists = await graph.get(
    of.owner,
    `query ($id: ID!) { clinic(id: $id) { active: providers { name } all: providers(activeOnly: false) { name } } }`,
    { id: of.clinic },
  );
  expect(lists.clinic).toEqual({
    active: [{ name: 'DR-01' }, { name: 'DR-02' }],
    all: [{ name: 'DR-01' }, { name: 'DR-02' }, { name: 'DR-03' }],
  });
});

test('the caller sees who it is and to what it is narrowed, without any permission', async () => {
  const narrowed = viewer({
    clinicIds: [of.clinicId],
    role: 'department-head',
    restrictions: { locations: [of.locations[1]] },
  });

  const answer = await graph.get(
    narrowed,
    '{ viewer { subject role scopes clinics { id locations { name } } locationIds providerIds isAggregateOnly } clinics { id } }',
  );

  expect(answer).toEqual({
    viewer: {
      subject: 'test-user',
      role: 'department-head',
      scopes: [],
      clinics: [{ id: of.clinic, locations: [{ name: 'Place 2' }] }],
      locationIds: [of.id(of.locations[1])],
      providerIds: null,
      isAggregateOnly: false,
    },
    clinics: [{ id: of.clinic }],
  });
});

test('names and identifiers are filled and of at most 200 characters; refused by their place, whatever the index would bear', async () => {
  const long = randomBytes(6_000).toString('base64url');
  const of_ = { idempotencyKey: aKey(), clinicId: of.clinic };
  const plan = {
    ...{ ...of_, patientId: of.id(of.patients[0] ?? ''), contractFee: '1', phase: 'LIMITED' },
    applianceSystem: 'METAL_BRACKETS',
  };
  const chair = {
    ...{ locationId: of.id(of.locations[0]), businessDate: '2026-06-30' },
    availableBlocks: [],
    usedBlocks: [],
  };
  const cases: [string, string, Record<string, unknown>, string][] = [
    ['providerSave', 'ProviderInput', { ...of_, name: 'A', role: 'b' }, 'externalId'],
    ['providerSave', 'ProviderInput', { ...of_, name: 'A', role: 'b' }, 'name'],
    ['treatmentPlanSave', 'TreatmentPlanInput', plan, 'externalId'],
    ['treatmentPlanSave', 'TreatmentPlanInput', plan, 'applianceSystem'],
    ['patientSave', 'PatientInput', { ...of_, patientType: 'INSURED' }, 'reference'],
    ['chairHoursRecord', 'ChairHoursRecordInput', { idempotencyKey: aKey(), ...chair }, 'chairId'],
    ['productionEntryRecord', 'ProductionEntryRecordInput', anEntry(of), 'procedureCode'],
    ['productionEntryRecord', 'ProductionEntryRecordInput', anEntry(of), 'procedureId'],
    ['productionEntryRecord', 'ProductionEntryRecordInput', anEntry(of), 'appointmentId'],
  ];
  for (const [name, type, input, member] of cases)
    for (const text of [long, ' ']) {
      const answer = await graph.get(
        of.owner,
        `mutation ($input: ${type}!) { payload: ${name}(input: $input) { userErrors { code path } } }`,
        { input: { ...input, [member]: text } },
      );
      expect([name, ...answer.payload.userErrors]).toEqual([name, { code: 'INVALID', path: ['input', member] }]);
    }
});
