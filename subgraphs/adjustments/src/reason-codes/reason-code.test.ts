import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { STANDARD_REASONS } from '../defaults';
import { accountant, anAdjustment, clinicId, idOf, key, openLedger, outsider, patient, RECORD } from '../testing';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const LIST = `query ($clinicId: ID!, $category: AdjustmentCategory, $activeOnly: Boolean = true) {
  reasonCodes(clinicId: $clinicId, category: $category, activeOnly: $activeOnly) {
    code label category requiresDocumentation requiresApproval active version } }`;
const SAVE = `mutation ($input: ReasonCodeInput!) { reasonCodeSave(input: $input) {
  reasonCode { code label category requiresDocumentation requiresApproval active version } userErrors { code path } } }`;

const list = async (of: Record<string, unknown> = {}, as = accountant) =>
  (await graph.get(as, LIST, { clinicId, ...of })).reasonCodes;
const save = async (of: Record<string, unknown>, as = accountant) =>
  (await graph.get(as, SAVE, { input: { idempotencyKey: key(), clinicId, ...of } })).reasonCodeSave;
let patients = 0;
const record = async (of: Record<string, unknown>) =>
  (
    await graph.get(accountant, RECORD, {
      input: anAdjustment({ patientId: idOf(patient(++patients)), ...of }),
    })
  ).adjustmentRecord;
const stored = () => graph.sql('SELECT code, version FROM reason_code ORDER BY code');

test('a clinic that never saved a reason has the 25 standard ones as version 0, and none of them is stored', async () => {
  const reasons = await list();

  expect(reasons).toHaveLength(25);
  expect(new Set(reasons.map(({ version }: { version: number }) => version))).toEqual(new Set([0]));
  expect(reasons.map(({ code }: { code: string }) => code).sort()).toEqual(STANDARD_REASONS.map((r) => r.code).sort());
  expect(await stored()).toEqual([]);
});

test('one category can be asked for, and nothing of a clinic out of reach', async () => {
  const codes = (await list({ category: 'ERROR_CORRECTION' })).map(({ code }: { code: string }) => code);
  expect(codes).toEqual(['ERR-ACCOUNT', 'ERR-DUPLICATE', 'ERR-FEE']);
  expect(await list({}, outsider)).toBeNull();
  expect(await list({ clinicId: clinicIdText('00000000-0000-7000-8000-0000000000c9') })).toBeNull();
});

test('the first use of a standard reason stores it, still as version 0', async () => {
  expect((await record({ reasonCode: 'CRT-PREPAID' })).userErrors).toEqual([]);
  expect(await stored()).toEqual([{ code: 'CRT-PREPAID', version: 0 }]);
  expect(await list()).toHaveLength(25);
});

test('a clinic makes a reason of its own; what is left out takes its default', async () => {
  const { reasonCode, userErrors } = await save({
    code: 'CRT-KIND',
    label: ' Kindness ',
    category: 'COURTESY_DISCOUNT',
  });

  expect(userErrors).toEqual([]);
  expect(reasonCode).toEqual({
    code: 'CRT-KIND',
    label: 'Kindness',
    category: 'COURTESY_DISCOUNT',
    requiresDocumentation: false,
    requiresApproval: false,
    active: true,
    version: 1,
  });
  expect(await list()).toHaveLength(26);
});

test('a change keeps what it leaves out, and a null counts as left out', async () => {
  await save({ code: 'OTH-X', label: 'X', category: 'OTHER', requiresDocumentation: true, requiresApproval: true });
  const { reasonCode } = await save({ code: 'OTH-X', label: 'Y', category: 'OTHER', active: null, expectedVersion: 1 });

  expect(reasonCode).toMatchObject({ label: 'Y', requiresDocumentation: true, requiresApproval: true, active: true });
  expect(reasonCode.version).toBe(2);
});

test('a standard reason that is retired is listed only on request and can no longer be used', async () => {
  const { reasonCode } = await save({
    code: 'PRM-REFERRAL',
    label: 'Thanks',
    category: 'PROMOTIONAL',
    active: false,
    expectedVersion: 0,
  });
  expect(reasonCode.version).toBe(1);
  expect(await list({ category: 'PROMOTIONAL' })).toHaveLength(1);
  expect(await list({ category: 'PROMOTIONAL', activeOnly: false })).toHaveLength(2);

  const { userErrors } = await record({ category: 'PROMOTIONAL', reasonCode: 'PRM-REFERRAL' });
  expect(userErrors[0].code).toBe('BAD_REASON');
});

test('a reason that demands approval holds its entries back whatever the amount', async () => {
  await save({ code: 'CRT-VIP', label: 'Guest of the owner', category: 'COURTESY_DISCOUNT', requiresApproval: true });

  const { adjustment } = await record({ reasonCode: 'CRT-VIP', amount: '1.00' });
  expect(adjustment).toMatchObject({ approvalStatus: 'PENDING', approvalReasons: ['REASON_CODE'] });
});

test.each([
  ['an old version', { code: 'CRT-KIND', expectedVersion: 9 }, 'STALE_VERSION'],
  ['a version of what was never there', { code: 'NEW-1', expectedVersion: 1 }, 'STALE_VERSION'],
  ['a code with a blank', { code: 'A B' }, 'INVALID'],
  ['a blank label', { code: 'NEW-2', label: '  ' }, 'INVALID'],
  ['another category of a reason in use', { code: 'CRT-PREPAID', category: 'OTHER' }, 'BAD_REASON'],
  ['another clinic', { code: 'NEW-3', clinicId: clinicIdText('00000000-0000-7000-8000-0000000000c2') }, 'NOT_FOUND'],
])('%s is refused and nothing is written', async (_, of, code) => {
  const before = [await stored(), await graph.sql('SELECT count(*) FROM audit_event')];
  const { reasonCode, userErrors } = await save({ label: 'L', category: 'COURTESY_DISCOUNT', ...of });

  expect(reasonCode).toBeNull();
  expect(userErrors[0].code).toBe(code);
  expect([await stored(), await graph.sql('SELECT count(*) FROM audit_event')]).toEqual(before);
});

test('saving needs finance:manage_policy', async () => {
  const clerk = viewer({ ...accountant, scopes: ['finance:manage_adjustments'] });
  const answer = await graph.ask(clerk, SAVE, {
    input: { idempotencyKey: key(), clinicId, code: 'N', label: 'N', category: 'OTHER' },
  });
  expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('ten first savings of one code at once make one reason', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => save({ code: 'RACE', label: `L${String(i)}`, category: 'OTHER' })),
  );

  const saved = answers.filter(({ reasonCode }) => reasonCode !== null);
  expect(saved.length).toBeGreaterThanOrEqual(1);
  const [row] = await graph.sql(
    `SELECT count(*)::int AS n, max(version) AS version FROM reason_code WHERE code = 'RACE'`,
  );
  expect(row).toEqual({ n: 1, version: saved.length });
});
