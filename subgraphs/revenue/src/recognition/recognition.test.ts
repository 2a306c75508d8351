import { testSubgraph, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  aKey,
  aPractice,
  asService,
  differences,
  production,
  record,
  reverse,
  rowCounts,
  type Practice,
} from '../../test/practice';
import { Decimal } from 'decimal.js';
import { revenue } from '..';
import { recognizeDue } from './recognition-due.service';

let graph: TestSubgraph;
let of: Practice;
let boss: Practice['owner'];
beforeAll(async () => {
  graph = await testSubgraph(revenue);
});
afterAll(() => graph.stop());
beforeEach(async () => {
  of = await aPractice(graph);
  boss = {
    ...of.owner,
    scopes: [...of.owner.scopes, 'finance:manage_policy', 'records:backdate', 'finance:close_periods'],
  };
});

const plan = (n = 0) => of.id(of.plans[n] ?? '');
const patient = (n = 0) => of.id(of.patients[n] ?? '');
const PLAN = `id status startedOn endedOn version recognition { currency recognized unrecognized policy { version method initialShare months }
  parts { kind dueOn amount status productionEntry { gross category procedureCode productionDate } } }`;
const caseOf = async (id: string): Promise<any> =>
  (await graph.get(boss, `query ($id: ID!) { treatmentPlan(id: $id) { ${PLAN} } }`, { id })).treatmentPlan;
const step = async (name: string, id: string, changed: Record<string, unknown>): Promise<any> =>
  (
    await graph.get(
      boss,
      `mutation ($id: ID!, $input: TreatmentPlanStepInput!) { treatmentPlan${name}(id: $id, input: $input) { treatmentPlan { ${PLAN} } userErrors { code path } } }`,
      { id, input: { idempotencyKey: aKey(), ...changed } },
    )
  )[`treatmentPlan${name}`];
const POLICY = 'version effectiveFrom method initialShare monthlyShare debondShare months setBy';
const setPolicy = async (changed: Record<string, unknown> = {}): Promise<any> =>
  (
    await graph.get(
      boss,
      `mutation ($id: ID!, $input: RecognitionPolicyInput!) { recognitionPolicySet(clinicId: $id, input: $input) { recognitionPolicy { ${POLICY} } userErrors { code path } } }`,
      {
        id: of.clinic,
        input: {
          idempotencyKey: aKey(),
          effectiveFrom: '2026-01-01',
          method: 'SPLIT',
          initialShare: '0.28',
          monthlyShare: '0.62',
          debondShare: '0.10',
          months: 22,
          ...changed,
        },
      },
    )
  ).recognitionPolicySet;
const policyOn = async (asOf: string | null): Promise<any> =>
  (
    await graph.get(
      boss,
      `query ($id: ID!, $asOf: Date) { recognitionPolicy(clinicId: $id, asOf: $asOf) { ${POLICY} } }`,
      { id: of.clinic, asOf },
    )
  ).recognitionPolicy;
const due = () => asService(graph, of.clinicId, (tx) => recognizeDue(tx, of.clinicId));
const YEAR = { from: '2026-01-01', to: '2026-12-31' };
const statuses = (of_: any) => of_.recognition.parts.map((part: any) => part.status);

describe('the policy of a clinic', () => {
  test('is all of the fee at the start until one is set, and a new one holds from its day on', async () => {
    expect(await policyOn(null)).toMatchObject({ version: 0, method: 'FULL_AT_START', effectiveFrom: '1900-01-01' });

    const { recognitionPolicy, userErrors } = await setPolicy({ effectiveFrom: '2026-03-01' });

    expect(userErrors).toEqual([]);
    expect(recognitionPolicy).toMatchObject({
      version: 1,
      initialShare: '0.28',
      monthlyShare: '0.62',
      debondShare: '0.1',
      months: 22,
    });
    expect((await policyOn('2026-02-28')).version).toBe(0);
    expect((await policyOn('2026-03-01')).version).toBe(1);
  });

  test('of one day is replaced only by who names its version', async () => {
    await setPolicy();
    expect((await setPolicy()).userErrors).toEqual([{ code: 'DUPLICATE', path: ['input', 'effectiveFrom'] }]);
    expect((await setPolicy({ expectedVersion: 7 })).userErrors).toMatchObject([{ code: 'STALE_VERSION' }]);
    expect((await setPolicy({ expectedVersion: 1, months: 24 })).recognitionPolicy).toMatchObject({
      version: 2,
      months: 24,
    });
    expect((await policyOn(null)).months).toBe(24);
  });

  test.each([
    ['BAD_SHARES', { initialShare: '0.30' }, 'initialShare'],
    ['INVALID', { months: null }, 'months'],
    // A share that the method would forget without a word.
    ['INVALID', { method: 'FULL_AT_START', monthlyShare: null, debondShare: null, months: null }, 'initialShare'],
  ])('is refused with %s', async (code, changed, member) => {
    expect((await setPolicy(changed)).userErrors).toEqual([{ code, path: ['input', member] }]);
    expect((await policyOn(null)).version).toBe(0);
  });
});

test('without a policy a start makes the whole fee production on its day, and the case started', async () => {
  const { treatmentPlan, userErrors } = await step('Start', plan(), { on: '2026-06-10' });

  expect(userErrors).toEqual([]);
  expect(treatmentPlan).toMatchObject({
    status: 'ACTIVE',
    startedOn: '2026-06-10',
    version: 2,
    recognition: {
      currency: 'USD',
      recognized: '5650.00',
      unrecognized: '0.00',
      policy: { version: 0, method: 'FULL_AT_START' },
      parts: [
        {
          kind: 'START',
          dueOn: '2026-06-10',
          amount: '5650.00',
          status: 'RECOGNIZED',
          productionEntry: {
            gross: '5650.00',
            category: 'TREATMENT_START',
            procedureCode: 'D8080',
            productionDate: '2026-06-10',
          },
        },
      ],
    },
  });
  expect(await production(graph, of, { from: '2026-06-10', to: '2026-06-10' })).toMatchObject({
    gross: '5650.00',
    starts: 1,
    startNet: '5650.00',
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('months that are due become production on their days, each once, however often the job runs', async () => {
  await setPolicy();
  await step('Start', plan(), { on: '2026-03-15' });
  expect((await caseOf(plan())).recognition).toMatchObject({ recognized: '1582.00', unrecognized: '4068.00' });

  await due();
  await Promise.all([due(), due()]);

  const { recognition } = await caseOf(plan());
  const done = recognition.parts.filter((part: any) => part.status === 'RECOGNIZED');
  expect(done.map((part: any) => [part.kind, part.productionEntry.productionDate])).toEqual([
    ['START', '2026-03-15'],
    ['MONTH', '2026-04-15'],
    ['MONTH', '2026-05-15'],
    ['MONTH', '2026-06-15'],
  ]);
  expect(recognition).toMatchObject({ recognized: '2059.69', unrecognized: '3590.31' });
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '2059.69', starts: 1, entryCount: 4 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a part whose day sheet was closed counts on the next day that takes entries', async () => {
  await setPolicy();
  await step('Start', plan(), { on: '2026-05-15' });
  await record(graph, of, { occurredAt: '2026-06-15T15:00:00Z', patientId: patient(3) });
  const { daySheets } = await graph.get(
    boss,
    `query ($id: ID!) { daySheets(clinicId: $id, period: { range: { from: "2026-06-15", to: "2026-06-15" } }) { nodes { id } } }`,
    { id: of.clinic },
  );
  await graph.get(
    boss,
    'mutation ($id: ID!, $input: WorkflowStepInput!) { daySheetClose(id: $id, input: $input) { userErrors { code } } }',
    { id: daySheets.nodes[0].id, input: { idempotencyKey: aKey() } },
  );

  await due();

  const { recognition } = await caseOf(plan());
  expect(recognition.parts[1]).toMatchObject({
    dueOn: '2026-06-15',
    status: 'RECOGNIZED',
    productionEntry: { productionDate: '2026-06-16' },
  });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('an early debond makes production of everything still scheduled on its day (REV-51)', async () => {
  await setPolicy({ months: 4 });
  await step('Start', plan(), { on: '2026-04-20' });
  await due();

  const { treatmentPlan } = await step('Complete', plan(), { on: '2026-06-25' });

  expect(treatmentPlan).toMatchObject({ status: 'COMPLETED', endedOn: '2026-06-25' });
  expect(statuses(treatmentPlan)).toEqual([
    'RECOGNIZED',
    'RECOGNIZED',
    'RECOGNIZED',
    'RECOGNIZED',
    'ACCELERATED',
    'ACCELERATED',
  ]);
  expect(treatmentPlan.recognition).toMatchObject({ recognized: '5650.00', unrecognized: '0.00' });
  expect(treatmentPlan.recognition.parts.find((part: any) => part.kind === 'DEBOND')).toMatchObject({
    dueOn: '2026-06-25',
    productionEntry: { gross: '565.00', category: 'DEBOND' },
  });
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '5650.00', debonds: 1, debondNet: '565.00' });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a debond recorded as a procedure earns nothing of its own and ends the schedule too (E-16)', async () => {
  await setPolicy({ months: 4 });
  await step('Start', plan(), { on: '2026-06-20' });
  const visit = await record(graph, of, { treatmentPlanId: plan(), gross: '120.00', insurancePortion: '50.00' });
  expect(visit.productionEntry).toMatchObject({ gross: '0.00', insurancePortion: '0.00' });
  expect(
    (await record(graph, of, { treatmentPlanId: plan(), gross: '120.00', expectedNet: '120.00' })).userErrors,
  ).toMatchObject([{ code: 'AMOUNT_MISMATCH', path: ['input', 'expectedNet'] }]);

  await record(graph, of, { treatmentPlanId: plan(), category: 'DEBOND', gross: '300.00' });

  const after = await caseOf(plan());
  expect(after).toMatchObject({ status: 'COMPLETED', recognition: { recognized: '5650.00', unrecognized: '0.00' } });
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '5650.00', debonds: 1, starts: 1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a transfer out recognises what was due and cancels the rest', async () => {
  await setPolicy();
  await step('Start', plan(), { on: '2026-04-20' });

  expect((await step('Discontinue', plan(), { on: '2026-06-25', transferOut: true })).userErrors).toEqual([
    { code: 'REASON_REQUIRED', path: ['input', 'reason'] },
  ]);
  const { treatmentPlan } = await step('Discontinue', plan(), {
    on: '2026-06-25',
    transferOut: true,
    reason: 'Moved away',
  });

  expect(treatmentPlan).toMatchObject({
    status: 'TRANSFERRED_OUT',
    endedOn: '2026-06-25',
    recognition: { recognized: '1900.46', unrecognized: '0.00' },
  });
  expect(statuses(treatmentPlan).filter((status: string) => status === 'CANCELLED')).toHaveLength(21);
  await due();
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '1900.46', debonds: 0 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a start that is reversed cancels its schedule, and the case can start anew', async () => {
  await setPolicy();
  await step('Start', plan(), { on: '2026-06-20' });
  const { productionEntries } = await graph.get(
    boss,
    'query ($id: ID!) { productionEntries(clinicId: $id) { nodes { id } } }',
    { id: of.clinic },
  );

  await reverse(graph, of, productionEntries.nodes[0].id);
  expect(await caseOf(plan())).toMatchObject({ status: 'PROPOSED', recognition: null });
  await due();
  const { treatmentPlan } = await step('Start', plan(), { on: '2026-06-22' });

  expect(treatmentPlan.recognition).toMatchObject({ recognized: '1582.00', unrecognized: '4068.00' });
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '1582.00', starts: 1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('a start that is reversed after months were earned leaves them, and a new start cuts what is left of the fee', async () => {
  await setPolicy();
  await step('Start', plan(), { on: '2026-04-20' });
  await due();
  const { productionEntries } = await graph.get(
    boss,
    'query ($id: ID!) { productionEntries(clinicId: $id, filter: { categories: [TREATMENT_START] }) { nodes { id } } }',
    { id: of.clinic },
  );
  await reverse(graph, of, productionEntries.nodes[0].id);
  expect((await production(graph, of, YEAR)).gross).toBe('318.46');

  const { treatmentPlan } = await step('Start', plan(), { on: '2026-06-22' });

  // 28 % of 5650.00 less the two months of 159.23 that stay earned.
  expect(treatmentPlan.recognition).toMatchObject({ recognized: '1811.29', unrecognized: '3838.71' });
  const parts = treatmentPlan.recognition.parts.map((part: any) => new Decimal(part.amount));
  expect(Decimal.sum(...parts).toFixed(2)).toBe('5650.00');
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '1811.29', starts: 1 });
  await step('Complete', plan(), { on: '2026-06-29' });
  expect(await production(graph, of, YEAR)).toMatchObject({ gross: '5650.00', starts: 1, debonds: 1 });
  expect(await differences(graph, of.clinicId)).toEqual([]);
});

test('what waited since before the fee was recognised does not earn it a second time', async () => {
  const waiting = { category: 'TREATMENT_START', treatmentPlanId: plan(), gross: '5650.00', post: false };
  const { productionEntry } = await record(graph, of, waiting);
  await step('Start', plan(), { on: '2026-06-22' });
  const before = await rowCounts(graph, of.clinicId);

  const { productionEntryPost } = await graph.get(
    boss,
    `mutation ($id: ID!, $input: WorkflowStepInput!) { productionEntryPost(id: $id, input: $input) { productionEntry { id } userErrors { code path } } }`,
    { id: productionEntry.id, input: { idempotencyKey: aKey() } },
  );

  expect(productionEntryPost).toEqual({
    productionEntry: null,
    userErrors: [{ code: 'AMOUNT_MISMATCH', path: ['id'] }],
  });
  expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  expect((await production(graph, of, YEAR)).gross).toBe('5650.00');
});

test('a start that is recorded after its debond still makes the case started', async () => {
  const of_ = { treatmentPlanId: plan(), gross: '0' };
  await record(graph, of, { ...of_, category: 'DEBOND', occurredAt: '2026-06-20T15:00:00Z' });
  const { productionEntry } = await record(graph, of, {
    ...{ ...of_, category: 'TREATMENT_START', occurredAt: '2026-06-10T15:00:00Z' },
  });

  expect(await caseOf(plan())).toMatchObject({ status: 'COMPLETED', startedOn: '2026-06-10', endedOn: '2026-06-20' });
  await reverse(graph, of, productionEntry.id);
  expect(await caseOf(plan())).toMatchObject({ status: 'COMPLETED', startedOn: null });
});

describe('steps are refused and write nothing', () => {
  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['FUTURE_DATE', 'Start', { on: '2026-07-01' }, ['input', 'on']],
    ['FUTURE_DATE', 'Discontinue', { on: '2026-07-01', reason: 'Moved away' }, ['input', 'on']],
    ['ILLEGAL_STATE_CHANGE', 'Complete', { on: '2026-06-20' }, ['id']],
    ['STALE_VERSION', 'Start', { on: '2026-06-20', expectedVersion: 4 }, ['input', 'expectedVersion']],
  ])('%s at %s', async (code, name, changed, path) => {
    const before = await rowCounts(graph, of.clinicId);

    expect((await step(name, plan(), changed)).userErrors).toEqual([{ code, path }]);
    expect(await rowCounts(graph, of.clinicId)).toEqual(before);
  });

  test('a case starts once, of two at once one, and does not end before it started', async () => {
    const answers = await Promise.all([
      step('Start', plan(), { on: '2026-06-20' }),
      step('Start', plan(), { on: '2026-06-20' }),
    ]);

    expect(answers.flatMap((a) => a.userErrors)).toEqual([{ code: 'ILLEGAL_STATE_CHANGE', path: ['id'] }]);
    expect((await step('Complete', plan(), { on: '2026-06-19' })).userErrors).toEqual([
      { code: 'BAD_RANGE', path: ['input', 'on'] },
    ]);
  });
});

test('all cases of a clinic are looked at, and the schedules of many are read with one statement', async () => {
  await setPolicy();
  for (const n of [0, 1, 2]) await step('Start', plan(n), { on: '2026-05-10' });
  const list = `query ($id: ID!) { treatmentPlans(clinicId: $id, first: 20) { nodes { recognition { recognized parts { status } } } } }`;

  await due();
  const statements = await graph.statements(() => graph.get(boss, list, { id: of.clinic }));

  expect((await caseOf(plan(1))).recognition.recognized).toBe('1741.23');
  expect(statements.filter((text) => text.includes('recognition_schedule'))).toHaveLength(1);
  expect(await differences(graph, of.clinicId)).toEqual([]);
});
