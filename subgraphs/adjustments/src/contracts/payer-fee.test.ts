import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import {
  accountant,
  anAdjustment,
  clinicId,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  outsider,
  patient,
  RECORD,
  REVERSE,
} from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const SET = `mutation ($input: PayerFeeInput!) { payerFeeSet(input: $input) {
  payerFee { id payer procedureCode currency usualFee contractedFee effectiveFrom effectiveTo version } userErrors { code path } } }`;
const LIST = `query ($clinicId: ID!, $payer: String, $asOf: Date, $first: Int, $after: String) {
  payerFees(clinicId: $clinicId, payer: $payer, asOf: $asOf, first: $first, after: $after) {
    nodes { payer procedureCode contractedFee effectiveFrom effectiveTo version } pageInfo { endCursor } totalCount } }`;
const set = async (of: Record<string, unknown>, as = accountant) =>
  (
    await graph.get(as, SET, {
      input: {
        idempotencyKey: key(),
        clinicId,
        payer: 'Delta',
        procedureCode: 'D8080',
        usualFee: '6000',
        contractedFee: '4500',
        effectiveFrom: '2026-01-01',
        ...of,
      },
    })
  ).payerFeeSet;
const list = async (of: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, LIST, { clinicId, ...of })).payerFees;
const written = async () => [
  await graph.sql('SELECT id, version, effective_to, usual_fee FROM payer_fee ORDER BY id'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action NOT LIKE '%.read'`),
  await graph.sql('SELECT count(*) FROM idempotency'),
];

test('new fees end those before the day before, also when they are set in between', async () => {
  expect((await set({})).payerFee).toMatchObject({
    currency: 'USD',
    usualFee: '6000.00',
    effectiveTo: null,
    version: 1,
  });
  expect((await set({ effectiveFrom: '2026-07-01', contractedFee: '4600' })).userErrors).toEqual([]);
  const between = await set({ effectiveFrom: '2026-04-01', contractedFee: '4550' });
  expect(between.payerFee).toMatchObject({ effectiveFrom: '2026-04-01', effectiveTo: '2026-06-30' });
  expect(
    await graph.sql('SELECT effective_from::text AS f, effective_to::text AS t, version FROM payer_fee ORDER BY 1'),
  ).toEqual([
    { f: '2026-01-01', t: '2026-03-31', version: 3 },
    { f: '2026-04-01', t: '2026-06-30', version: 1 },
    { f: '2026-07-01', t: null, version: 1 },
  ]);
  const on = async (asOf: string) =>
    (await list({ asOf })).nodes.map((of: { contractedFee: string }) => of.contractedFee);
  expect([await on('2025-12-31'), await on('2026-03-31'), await on('2026-04-01'), await on('2026-07-01')]).toEqual([
    [],
    ['4500.00'],
    ['4550.00'],
    ['4600.00'],
  ]);
  const corrected = await set({ effectiveFrom: '2026-04-01', contractedFee: '4560', expectedVersion: 1 });
  expect(corrected.payerFee).toMatchObject({ contractedFee: '4560.00', effectiveTo: '2026-06-30', version: 2 });
});

test('the list is by payer and procedure, in pages, of one payer if asked', async () => {
  await set({ payer: 'Alpha', procedureCode: 'D2' });
  await set({ payer: 'Alpha', procedureCode: 'D1' });
  const first = await list({ first: 2 });
  expect(first.nodes.map((of: { procedureCode: string }) => of.procedureCode)).toEqual(['D1', 'D2']);
  expect(first.totalCount).toBe(3);
  expect((await list({ first: 2, after: first.pageInfo.endCursor })).nodes).toMatchObject([{ payer: 'Delta' }]);
  expect((await list({ payer: 'Delta' })).nodes).toHaveLength(1);
  expect(await list({}, outsider)).toBeNull();
});

test('an insurance write-off is compared with its contract on the day of the procedure, and so is its reversal (ADJ-70)', async () => {
  await set({ payer: 'Cigna', usualFee: '500', contractedFee: '400', effectiveFrom: '2026-06-01' });
  await set({ payer: 'Cigna', usualFee: '500', contractedFee: '380', effectiveFrom: '2026-06-20' });
  const FIELDS = 'expectedAmount varianceFromExpected';
  const record = async (of: Record<string, unknown>) =>
    (
      await graph.get(accountant, RECORD.replace('id category', `id ${FIELDS} category`), {
        input: anAdjustment({
          patientId: idOf(patient(900)),
          category: 'INSURANCE_WRITEOFF',
          reasonCode: 'INS-CONTRACT',
          payer: 'Cigna',
          procedureCode: 'D8080',
          amount: '110.00',
          ...of,
        }),
      })
    ).adjustmentRecord.adjustment;
  const early = await record({ procedureDate: '2026-06-19' });
  expect(early).toMatchObject({ expectedAmount: '100.00', varianceFromExpected: '10.00' });
  expect(await record({ amount: '1' })).toMatchObject({ expectedAmount: '120.00', varianceFromExpected: '-119.00' });
  for (const none of [{ payer: 'Nobody' }, { procedureCode: null }, { procedureDate: '2026-05-31' }])
    expect(await record({ amount: '1', ...none })).toMatchObject({ expectedAmount: null, varianceFromExpected: null });
  const { adjustmentReverse } = await graph.get(accountant, REVERSE.replace('id amount', `id ${FIELDS} amount`), {
    id: early.id,
    input: { idempotencyKey: key() },
  });
  expect(adjustmentReverse.adjustment).toMatchObject({ expectedAmount: '-100.00', varianceFromExpected: '-10.00' });
});

test.each([
  ['a day that has fees already', {}, 'DUPLICATE', 'effectiveFrom'],
  ['an old version', { expectedVersion: 9 }, 'STALE_VERSION', 'expectedVersion'],
  ['a version of what was never there', { payer: 'Other', expectedVersion: 1 }, 'STALE_VERSION', 'expectedVersion'],
  ['a blank payer', { payer: ' ' }, 'INVALID', 'payer'],
  ['a blank procedure', { procedureCode: '' }, 'INVALID', 'procedureCode'],
  ['a negative fee', { usualFee: '-1' }, 'BAD_AMOUNT', 'usualFee'],
  ['a contract above the usual fee', { contractedFee: '6000.01' }, 'BAD_AMOUNT', 'contractedFee'],
  ['another clinic', { clinicId: clinicIdText(OTHER_CLINIC) }, 'NOT_FOUND', 'clinicId'],
])('%s is refused and nothing is written', async (_, of, code, path) => {
  const before = await written();
  const { payerFee, userErrors } = await set(of);
  expect([payerFee, userErrors]).toEqual([null, [{ code, path: ['input', path] }]]);
  expect(await written()).toEqual(before);
});

test('ten fees of one day at once make one', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => set({ payer: 'Race' })));
  expect(answers.filter(({ payerFee }) => payerFee)).toHaveLength(1);
});

test('fees are known by reference within reach, read by those who see reports and set by those who set rules', async () => {
  const { payerFee } = await set({ payer: 'Ref' });
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on PayerFee { payer } } }`;
  const r = [{ __typename: 'PayerFee', id: payerFee.id }];
  expect((await graph.get(accountant, query, { r }))._entities).toEqual([{ payer: 'Ref' }]);
  expect((await graph.get(outsider, query, { r }))._entities).toEqual([null]);
  const input = { idempotencyKey: key(), clinicId, payer: 'X', procedureCode: 'X', usualFee: '1', contractedFee: '1' };
  for (const as of [
    viewer({ clinicIds: [], scopes: [] }),
    viewer({ ...accountant, scopes: ['finance:manage_adjustments'] }),
  ]) {
    expect((await graph.ask(as, LIST, { clinicId })).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const denied = await graph.ask(as, SET, { input: { ...input, effectiveFrom: '2026-01-01' } });
    expect(denied.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  }
});
