import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  anImport,
  clinicId,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  RECORD,
  take,
} from '../testing';
import { APPROVE, POLICY_SET, supervisor } from '../testing/approvals';

let graph: TestSubgraph;
beforeEach(async () => {
  graph = await openLedger();
});
afterEach(() => graph.stop());

const READ = `query ($clinicId: ID!, $asOf: Date) { adjustmentPolicy(clinicId: $clinicId, asOf: $asOf) {
  clinic { id } effectiveFrom currency version setBy approvalRules { category role threshold } cumulativeWindowDays
  separationOfDuties smallBalanceLimit minCollectionEfforts maxBackdateDays watchMargin
  categories { category group affectsNetProduction } benchmarks { rate benchmark } } }`;
const read = async (asOf?: string, as = accountant) =>
  (await graph.get(as, READ, { clinicId, ...(asOf ? { asOf } : {}) })).adjustmentPolicy;
const set = async (of: Record<string, unknown>, as = accountant) =>
  (await graph.get(as, POLICY_SET, { clinicId, input: { idempotencyKey: key(), effectiveFrom: '2026-06-01', ...of } }))
    .adjustmentPolicySet;
let patients = 400;
const record = async (of: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, RECORD, { input: anAdjustment({ patientId: idOf(patient(++patients)), ...of }) }))
    .adjustmentRecord;
const written = async () => [
  await graph.sql('SELECT clinic_id, effective_from, version FROM adjustment_policy ORDER BY 1, 2'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql('SELECT count(*) FROM idempotency'),
];

test('before a clinic sets rules, those of version 0 hold: 250.00 over 30 days, the effects and the benchmarks (E-18)', async () => {
  const policy = await read();
  expect(policy).toMatchObject({
    clinic: { id: clinicId },
    effectiveFrom: '1900-01-01',
    currency: 'USD',
    version: 0,
    setBy: 'system',
    approvalRules: [{ category: null, role: null, threshold: '250.00' }],
    cumulativeWindowDays: 30,
    separationOfDuties: true,
    smallBalanceLimit: '10.00',
    minCollectionEfforts: 1,
    maxBackdateDays: 30,
    watchMargin: '0.2',
  });
  expect(policy.categories).toHaveLength(11);
  expect(
    policy.categories
      .filter((c: { affectsNetProduction: boolean }) => !c.affectsNetProduction)
      .map((c: { category: string }) => c.category),
  ).toEqual(['BAD_DEBT', 'SMALL_BALANCE', 'RECOVERY']);
  expect(policy.benchmarks).toContainEqual({ rate: 'BAD_DEBT', benchmark: '0.01' });
  expect(await read(undefined, outsider)).toBeNull();
});

test('rules hold from their day on, what is left out keeps its value, and entries go by the rules of their day', async () => {
  const { adjustmentPolicy, userErrors } = await set({
    effectiveFrom: '2026-06-15',
    approvalRules: [
      { threshold: '100' },
      { category: 'COURTESY_DISCOUNT', threshold: '50' },
      { category: 'COURTESY_DISCOUNT', role: 'owner', threshold: '80' },
    ],
    cumulativeWindowDays: 0,
    categories: [{ category: 'COURTESY_DISCOUNT', affectsNetProduction: false }],
  });
  expect(userErrors).toEqual([]);
  expect(adjustmentPolicy).toMatchObject({
    effectiveFrom: '2026-06-15',
    version: 1,
    setBy: 'accountant',
    smallBalanceLimit: '10.00',
    approvalRules: [
      { category: 'COURTESY_DISCOUNT', role: 'owner', threshold: '80.00' },
      { category: 'COURTESY_DISCOUNT', role: null, threshold: '50.00' },
      { category: null, role: null, threshold: '100.00' },
    ],
  });
  expect([(await read('2026-06-14')).version, (await read('2026-06-15')).version]).toEqual([0, 1]);

  const state = async (of: Record<string, unknown>, as = accountant) => {
    const { adjustment } = await record(of, as);
    return [adjustment.approvalStatus, adjustment.affectsNetProduction];
  };
  expect(await state({ amount: '50' })).toEqual(['PENDING', false]);
  expect(await state({ amount: '79.99' }, supervisor)).toEqual(['AUTO_APPROVED', false]);
  expect(await state({ amount: '80' }, supervisor)).toEqual(['PENDING', false]);
  expect(await state({ amount: '249.99', adjustmentDate: '2026-06-14' })).toEqual(['AUTO_APPROVED', true]);
  const patientId = idOf(patient(399));
  expect(await state({ patientId, amount: '49.99' })).toEqual(['AUTO_APPROVED', false]);
  expect(await state({ patientId, amount: '49.99' })).toEqual(['AUTO_APPROVED', false]);
});

test('with no rule no amount is too large', async () => {
  await set({ approvalRules: [] });
  expect((await record({ amount: '99999' })).adjustment.approvalStatus).toBe('AUTO_APPROVED');
});

test('limits of small balances and of backdating, the watch margin and benchmarks are those of the clinic', async () => {
  await set({
    smallBalanceLimit: '5',
    maxBackdateDays: 3,
    benchmarks: [{ rate: 'WRITE_OFF', benchmark: '0.10' }],
    watchMargin: '0.5',
  });
  const small = { category: 'SMALL_BALANCE', reasonCode: 'SML-RESIDUE', amount: '5.01', balance: '5.01' };
  expect((await record(small)).userErrors[0].code).toBe('ABOVE_SMALL_BALANCE_LIMIT');
  expect((await record({ adjustmentDate: '2026-06-26' })).userErrors[0].code).toBe('BACKDATED_TOO_FAR');
  expect((await record({ adjustmentDate: '2026-06-27' })).userErrors).toEqual([]);

  await take(graph, [anImport({ category: 'INSURANCE_WRITEOFF', amount: '14' })]);
  const rates = async (from: string, to: string) => {
    const of = { __typename: 'PerformanceRow', clinicId, locationId: null, providerId: null, from, to };
    const { _entities } = await graph.get(
      accountant,
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PerformanceRow { writeOffRates {
         writeOffRate { benchmark standing } badDebtRate { benchmark standing } } } } }`,
      { r: [{ ...of, production: { gross: '100.00', net: '100.00', collected: '0.00' } }] },
    );
    return _entities[0].writeOffRates;
  };
  expect(await rates('2026-06-01', '2026-06-30')).toEqual({
    writeOffRate: { benchmark: '0.1', standing: 'WATCH' },
    badDebtRate: { benchmark: null, standing: 'NO_BENCHMARK' },
  });
  // A range is judged by the benchmarks in force on its last day (ADJ-86).
  await take(graph, [anImport({ category: 'INSURANCE_WRITEOFF', amount: '14', adjustmentDate: '2026-05-20' })]);
  expect(await rates('2026-05-01', '2026-05-31')).toEqual({
    writeOffRate: { benchmark: '0.05', standing: 'OVER' },
    badDebtRate: { benchmark: '0.01', standing: 'ON_TARGET' },
  });
});

test('where separation of duties is switched off, one may approve an own entry', async () => {
  await set({ separationOfDuties: false });
  const { adjustment } = await record({ amount: '300' }, supervisor);
  const answer = await graph.get(supervisor, APPROVE, { ids: [adjustment.id], input: { idempotencyKey: key() } });
  expect(answer.adjustmentApprove.userErrors).toEqual([]);
});

test('the rules of a day are changed by those who saw their version; versions count all settings', async () => {
  expect((await set({ watchMargin: '0.1', expectedVersion: 0 })).adjustmentPolicy.version).toBe(1);
  expect((await set({ watchMargin: '0.3', expectedVersion: 1 })).adjustmentPolicy).toMatchObject({
    version: 2,
    watchMargin: '0.3',
  });
  const next = await set({ effectiveFrom: '2026-07-01', smallBalanceLimit: '7', expectedVersion: 2 });
  expect(next.adjustmentPolicy).toMatchObject({ version: 3, watchMargin: '0.3', smallBalanceLimit: '7.00' });
  expect((await read('2026-06-30')).version).toBe(2);
  const [event] = await graph.sql(`SELECT note FROM audit_event ORDER BY id DESC LIMIT 1`);
  expect(event).toEqual({ note: 'from 2026-07-01: smallBalanceLimit' });
});

test('ten settings of one day at once make one set of rules', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => set({ smallBalanceLimit: String(i + 1), expectedVersion: 0 })),
  );
  expect(answers.filter(({ adjustmentPolicy }) => adjustmentPolicy)).toHaveLength(1);
  expect(await graph.sql('SELECT version FROM adjustment_policy')).toEqual([{ version: 1 }]);
});

test('who may read and set rules', async () => {
  const input = { idempotencyKey: key(), effectiveFrom: '2026-06-01' };
  const code = async (as: typeof accountant, query: string) =>
    (await graph.ask(as, query, { clinicId, input })).errors?.[0]?.extensions['code'];
  const nobody = viewer({ clinicIds: [], scopes: [] });
  const clerk = viewer({ ...accountant, scopes: ['finance:manage_adjustments', 'finance:approve_adjustments'] });
  for (const as of [nobody, clerk])
    expect([await code(as, READ), await code(as, POLICY_SET)]).toEqual(['FORBIDDEN', 'FORBIDDEN']);

  const before = await written();
  const answer = await set({}, outsider);
  expect(answer.userErrors).toEqual([{ code: 'NOT_FOUND', path: ['clinicId'] }]);
  expect(await written()).toEqual(before);
  const other = viewer({ ...accountant, clinicIds: [OTHER_CLINIC] });
  const set2 = await graph.get(other, POLICY_SET, { clinicId: clinicIdText(OTHER_CLINIC), input });
  expect(set2.adjustmentPolicySet.userErrors).toEqual([]);
  expect((await read()).version).toBe(0);
});
