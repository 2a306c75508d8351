import { clinicIdText } from '@practice-graph/kit';
import { viewer, type TestSubgraph } from '@practice-graph/kit/testing';
import { tellPeriod } from '@practice-graph/practice/testing';
import {
  accountant,
  anAdjustment,
  CLINIC,
  clinicId,
  DR_LEE,
  idOf,
  key,
  openLedger,
  OTHER_CLINIC,
  patient,
  RECORD,
} from '../testing';
import { POLICY_SET } from '../testing/approvals';
import { SWEEP } from '../testing/bad-debt';

let graph: TestSubgraph;
beforeAll(async () => {
  graph = await openLedger();
});
afterAll(() => graph.stop());

const sweep = async (balances: unknown[], of: Record<string, unknown> = {}, as = accountant) =>
  (
    await graph.get(as, SWEEP, {
      input: {
        idempotencyKey: key(),
        clinicId,
        dryRun: false,
        adjustmentDate: '2026-06-30',
        reasonCode: 'SML-RESIDUE',
        balances,
        ...of,
      },
    })
  ).smallBalanceWriteOff;
const refusalsOf = ({ userErrors }: { userErrors: { code: string; path: string[] | null }[] }) =>
  userErrors.map(({ code, path }) => [code, path?.join('.')]);
const written = async () => [
  await graph.sql('SELECT count(*), sum(version) FROM adjustment_entry'),
  await graph.sql('SELECT sum(amount), sum(entries), sum(pending) FROM adjustment_slice'),
  await graph.sql('SELECT (SELECT count(*) FROM collection_effort) AS e, (SELECT count(*) FROM bad_debt_effort) AS l'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql('SELECT (SELECT count(*) FROM idempotency) AS k, (SELECT count(*) FROM reason_code) AS r'),
  (await graph.events()).length,
];
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = await written();
  const answer = await work();
  expect(await written()).toEqual(before);
  return answer;
};

const balance = (n: number, amount: string, of: Record<string, unknown> = {}) => ({
  patientId: idOf(patient(n)),
  balance: amount,
  ...of,
});

test('a preview writes nothing, not even its key; the same request then writes exactly that', async () => {
  const list = [balance(701, '9.99'), balance(702, '-3.00'), balance(703, '10.01'), balance(704, '10.00')];
  const input = { idempotencyKey: 'sweep-1' };
  const preview = await unchanged(() => sweep(list, { ...input, dryRun: true }));
  expect(preview).toMatchObject({
    adjustments: [
      {
        amount: '9.99',
        category: 'SMALL_BALANCE',
        approvalStatus: 'AUTO_APPROVED',
        reasonCode: { code: 'SML-RESIDUE' },
      },
      { amount: '-3.00', patient: { id: idOf(patient(702)) } },
      { amount: '10.00' },
    ],
    total: '16.99',
    currency: 'USD',
    userErrors: [{ code: 'ABOVE_SMALL_BALANCE_LIMIT', path: ['input', 'balances', '2', 'balance'] }],
  });
  expect(await sweep(list, input)).toEqual(preview);
  expect(await unchanged(() => sweep(list, input))).toEqual(preview);
});

test('each balance is refused on its own; when all are, nothing is written', async () => {
  const invoiceId = idOf(patient(9), OTHER_CLINIC);
  const answer = await sweep([
    balance(711, '1.00'),
    balance(711, '1.00'),
    balance(712, '0'),
    balance(713, '2.00', { invoiceId }),
    balance(714, '2.00', { patientId: 'nonsense' }),
    balance(711, '1.00', { invoiceId: idOf(patient(9)) }),
  ]);
  expect([answer.total, refusalsOf(answer)]).toEqual([
    '2.00',
    [
      ['INVALID', 'input.balances.1.patientId'],
      ['BAD_AMOUNT', 'input.balances.2.balance'],
      ['NOT_FOUND', 'input.balances.3.invoiceId'],
      ['NOT_FOUND', 'input.balances.4.patientId'],
    ],
  ]);
  for (const [list, of, code, path] of [
    [[balance(715, '11')], {}, 'ABOVE_SMALL_BALANCE_LIMIT', 'balances.0.balance'],
    [[], {}, 'INVALID', 'balances'],
    [[balance(715, '1')], { reasonCode: 'CRT-PREPAID' }, 'BAD_REASON', 'reasonCode'],
    [[balance(715, '1')], { adjustmentDate: '2026-07-01' }, 'FUTURE_DATE', 'adjustmentDate'],
    [[balance(715, '1')], { clinicId: clinicIdText(OTHER_CLINIC) }, 'NOT_FOUND', 'clinicId'],
  ] as const)
    expect(refusalsOf(await unchanged(() => sweep([...list], of)))).toEqual([[code, `input.${path}`]]);
  const narrow = viewer({ ...accountant, restrictions: { providers: [DR_LEE] } });
  expect(refusalsOf(await unchanged(() => sweep([balance(716, '1')], {}, narrow)))).toEqual([
    ['NOT_FOUND', 'input.clinicId'],
  ]);
});

test('balances of one patient in one sweep are added up against the threshold', async () => {
  const input = anAdjustment({ patientId: idOf(patient(721)), amount: '235.00' });
  await graph.get(accountant, RECORD, { input });
  const invoice = (n: number) => ({ invoiceId: idOf(patient(n)) });
  const answer = await sweep([balance(721, '8.00', invoice(1)), balance(721, '8.00', invoice(2))]);
  expect(answer.adjustments.map((a: { approvalStatus: string }) => a.approvalStatus)).toEqual([
    'AUTO_APPROVED',
    'PENDING',
  ]);
});

test('what changed between the preview and the sweep decides: sums of the patient, the limit, the month', async () => {
  const list = [balance(731, '9.00'), balance(732, '4.00')];
  const input = { idempotencyKey: 'sweep-2' };
  const states = async (dryRun: boolean, of: Record<string, unknown> = {}) => {
    const answer = await sweep(list, { ...input, ...of, dryRun });
    return [answer.adjustments.map((a: { approvalStatus: string }) => a.approvalStatus), refusalsOf(answer)];
  };
  expect(await states(true)).toEqual([['AUTO_APPROVED', 'AUTO_APPROVED'], []]);
  await graph.get(accountant, RECORD, { input: anAdjustment({ patientId: idOf(patient(731)), amount: '241.00' }) });
  expect(await unchanged(() => states(true))).toEqual([['PENDING', 'AUTO_APPROVED'], []]);
  const { adjustmentPolicySet } = await graph.get(accountant, POLICY_SET, {
    clinicId,
    input: { idempotencyKey: key(), effectiveFrom: '2026-06-30', smallBalanceLimit: '5.00' },
  });
  expect(adjustmentPolicySet.userErrors).toEqual([]);
  expect(await states(false)).toEqual([['AUTO_APPROVED'], [['ABOVE_SMALL_BALANCE_LIMIT', 'input.balances.0.balance']]]);
  // What was swept stays so; another sweep after the month closed writes nothing.
  await tellPeriod(graph, CLINIC, '2026-06', 'CLOSING');
  expect(await unchanged(() => states(false))).toEqual([
    ['AUTO_APPROVED'],
    [['ABOVE_SMALL_BALANCE_LIMIT', 'input.balances.0.balance']],
  ]);
  expect(await unchanged(() => states(true, { idempotencyKey: 'sweep-3' }))).toEqual([
    [],
    [['PERIOD_CLOSED', 'input.adjustmentDate']],
  ]);
});
