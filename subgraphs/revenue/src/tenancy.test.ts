import { clinicIdText, newId, recordIdText, type Viewer } from '@practice-graph/kit';
import { testSubgraph, viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { aKey, anEntry, aPractice, record, rowCounts, SCOPES, type Practice } from '../test/practice';
import { revenue } from '.';

let graph: TestSubgraph;
let of: Practice;
let outsider: ReturnType<typeof viewer>;
let entryId: string;
beforeAll(async () => {
  graph = await testSubgraph(revenue);
  of = await aPractice(graph);
  const other = await aPractice(graph);
  outsider = viewer({ subject: 'outsider', clinicIds: [other.clinicId], scopes: [...SCOPES, 'records:backdate'] });
  entryId = (await record(graph, of)).productionEntry.id;
});
afterAll(() => graph.stop());

test('an outsider who knows every id finds nothing at any root field', async () => {
  const answer = await graph.get(
    outsider,
    `query ($clinic: ID!, $location: ID!, $provider: ID!, $patient: ID!, $plan: ID!, $entry: ID!) {
      clinic(id: $clinic) { id } location(id: $location) { id } provider(id: $provider) { id } patient(id: $patient) { id }
      treatmentPlan(id: $plan) { id } productionEntry(id: $entry) { id } patients(clinicId: $clinic) { nodes { id } }
      treatmentPlans(clinicId: $clinic) { nodes { id } } productionEntries(clinicId: $clinic) { nodes { id } }
      daySheets(clinicId: $clinic, period: { preset: CURRENT_YEAR }) { nodes { id } }
      performanceReport(clinicId: $clinic, period: { preset: CURRENT_YEAR }) { currency } clinics { id } }`,
    {
      clinic: of.clinic,
      location: of.id(of.locations[0]),
      provider: of.id(of.providers[0]),
      patient: of.id(of.patients[0] ?? ''),
      plan: of.id(of.plans[0] ?? ''),
      entry: entryId,
    },
  );

  const { clinics, ...rest } = answer;
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  expect(clinics).toHaveLength(1);
  expect(clinics[0].id).not.toBe(of.clinic);
});

test('nor by reference, whatever the id looks like', async () => {
  const known: Record<string, string> = {
    Clinic: of.clinic,
    Location: of.id(of.locations[0]),
    Provider: of.id(of.providers[0]),
    Patient: of.id(of.patients[0] ?? ''),
    TreatmentPlan: of.id(of.plans[0] ?? ''),
    ProductionEntry: entryId,
  };
  const own = outsider.clinicIds[0] ?? '';
  const representations = Object.entries(known).flatMap(([__typename, id]) => [
    { __typename, id },
    { __typename, id: 'nonsense' },
    { __typename, id: '' },
    // The row of the other clinic under the outsider's own.
    { __typename, id: __typename === 'Clinic' ? clinicIdText(newId()) : recordIdText(own, of.locations[0]) },
  ]);
  const rows = [{ locationId: null }, { locationId: of.id(of.locations[0]) }].map((of_) => ({
    __typename: 'PerformanceRow',
    clinicId: of.clinic,
    providerId: null,
    from: '2026-06-01',
    to: '2026-06-30',
    ...of_,
  }));

  const answer = await graph.get(outsider, `query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }`, {
    r: [...representations, ...rows],
  });

  expect(answer._entities).toEqual([...representations, ...rows].map(() => null));
});

test('keys of the own clinic with places of another, malformed days or a range backwards have no measures', async () => {
  const key = {
    __typename: 'PerformanceRow',
    clinicId: of.clinic,
    locationId: null,
    providerId: null,
    from: '2026-06-01',
    to: '2026-06-30',
  };
  const answer = await graph.get(
    of.owner,
    `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { production { net } } } }`,
    {
      r: [
        { ...key, locationId: recordIdText(newId(), of.locations[0]) },
        { ...key, to: '2026-05-01' },
        { ...key, to: '2039-05-01' },
        { ...key, locationId: '' },
      ],
    },
  );
  expect(answer._entities).toEqual([
    { production: null },
    { production: null },
    { production: null },
    { production: null },
  ]);
});

test('who is narrowed to other people or places changes nothing of these: NOT_FOUND, and no row', async () => {
  const [own, other] = [of.providers[1], of.providers[0]];
  const doctor: Viewer = { ...of.owner, restrictions: { providers: [own] } };
  const manager: Viewer = { ...of.owner, restrictions: { locations: [of.locations[1]] } };
  const provider = { clinicId: of.clinic, id: of.id(other), name: 'X', role: 'x' };
  const plan = {
    clinicId: of.clinic,
    patientId: of.id(of.patients[0] ?? ''),
    applianceSystem: 'X',
    phase: 'LIMITED',
    contractFee: 1,
    locationId: of.id(of.locations[0]),
  };
  const tender = { tenders: [{ method: 'CASH', amount: '9.00' }], paidAt: '2026-06-30T15:30:00Z' };
  const paid = await graph.get(
    of.owner,
    `mutation ($input: PaymentRecordInput!) { paymentRecord(input: $input) { payment { id } } }`,
    {
      input: {
        idempotencyKey: aKey(),
        clinicId: of.clinic,
        ...tender,
        productionEntries: [{ productionEntryId: entryId, amount: '9.00' }],
      },
    },
  );
  const before = await rowCounts(graph, of.clinicId);
  const refused = async (as: Viewer, name: string, type: string, input: object, id?: string) =>
    (
      await graph.get(
        as,
        `mutation ($input: ${type}!${id ? ', $id: ID!' : ''}) { ${name}(${id ? 'id: $id, ' : ''}input: $input) { userErrors { code path } } }`,
        { id, input: { idempotencyKey: aKey(), ...input } },
      )
    )[name].userErrors;
  const refund = { amount: '1.00', reason: 'x', refundedAt: '2026-06-30T16:00:00Z' };
  const notFound = (...path: string[]) => [{ code: 'NOT_FOUND', path }];

  expect(await refused(doctor, 'providerSave', 'ProviderInput', provider)).toEqual(notFound('input', 'id'));
  const ofOther = { ...plan, providerId: of.id(other) };
  expect(await refused(doctor, 'treatmentPlanSave', 'TreatmentPlanInput', ofOther)).toEqual(
    notFound('input', 'providerId'),
  );
  expect(await refused(manager, 'treatmentPlanSave', 'TreatmentPlanInput', plan)).toEqual(
    notFound('input', 'locationId'),
  );
  for (const as of [doctor, manager])
    expect(
      await refused(as, 'paymentRefund', 'PaymentRefundInput', refund, paid.paymentRecord.payment.id as string),
    ).toEqual(notFound('id'));
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});

test('nor can an outsider write: NOT_FOUND, and no row', async () => {
  const before = await rowCounts(graph, of.clinicId);
  const mutations: [string, string, object][] = [
    ['clinicSave', 'ClinicInput', { id: of.clinic, name: 'X', kind: 'HOSPITAL', currency: 'USD', timeZone: 'UTC' }],
    ['locationSave', 'LocationInput', { clinicId: of.clinic, name: 'X', timeZone: 'UTC' }],
    ['providerSave', 'ProviderInput', { clinicId: of.clinic, name: 'X', role: 'x' }],
    ['patientSave', 'PatientInput', { clinicId: of.clinic, patientType: 'STAFF' }],
    [
      'treatmentPlanSave',
      'TreatmentPlanInput',
      {
        clinicId: of.clinic,
        patientId: of.id(of.patients[0] ?? ''),
        applianceSystem: 'X',
        phase: 'LIMITED',
        contractFee: 1,
      },
    ],
    ['productionEntryRecord', 'ProductionEntryRecordInput', anEntry(of)],
  ];
  for (const [name, type, input] of mutations) {
    const answer = await graph.get(
      outsider,
      `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`,
      { input: { idempotencyKey: aKey(), ...input } },
    );
    expect([name, answer[name].userErrors]).toEqual([name, [{ code: 'NOT_FOUND' }]]);
  }
  const reversal = await graph.get(
    outsider,
    `mutation ($id: ID!, $input: ProductionEntryReverseInput!) { productionEntryReverse(id: $id, input: $input) { userErrors { code } } }`,
    { id: entryId, input: { idempotencyKey: aKey(), reason: 'x' } },
  );
  expect(reversal.productionEntryReverse.userErrors).toEqual([{ code: 'NOT_FOUND' }]);
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
});
