import type { TestSubgraph } from '@practice-graph/kit/testing';
import { accountant, clinicId, key, openLedger } from '../testing';
import { POLICY_SET } from '../testing/approvals';

let graph: TestSubgraph;
const set = async (of: Record<string, unknown>) =>
  (
    await graph.get(accountant, POLICY_SET, {
      clinicId,
      input: { idempotencyKey: key(), effectiveFrom: '2026-06-01', ...of },
    })
  ).adjustmentPolicySet;
beforeAll(async () => {
  graph = await openLedger();
  await set({ watchMargin: '0.25' });
});
afterAll(() => graph.stop());

const written = async () => [
  await graph.sql('SELECT clinic_id, effective_from, version FROM adjustment_policy ORDER BY 1, 2'),
  await graph.sql(`SELECT count(*) FROM audit_event WHERE action <> 'patient.read'`),
  await graph.sql('SELECT count(*) FROM idempotency'),
];

test.each([
  ['a day that has rules already', {}, 'DUPLICATE', 'effectiveFrom'],
  ['an old version', { expectedVersion: 0 }, 'STALE_VERSION', 'expectedVersion'],
  ['a negative threshold', { approvalRules: [{ threshold: '-1' }] }, 'BAD_AMOUNT', 'approvalRules.0.threshold'],
  ['a threshold given twice', { approvalRules: [{ threshold: '1' }, { threshold: '2' }] }, 'INVALID', 'approvalRules'],
  ['a blank role', { approvalRules: [{ role: ' ', threshold: '1' }] }, 'INVALID', 'approvalRules.0.role'],
  ['a negative window', { cumulativeWindowDays: -1 }, 'INVALID', 'cumulativeWindowDays'],
  ['bad debt without efforts', { minCollectionEfforts: 0 }, 'INVALID', 'minCollectionEfforts'],
  ['an endless reach back', { maxBackdateDays: 99_999 }, 'INVALID', 'maxBackdateDays'],
  ['a negative limit', { smallBalanceLimit: '-1' }, 'BAD_AMOUNT', 'smallBalanceLimit'],
  ['a benchmark of nothing', { benchmarks: [{ rate: 'BAD_DEBT', benchmark: '0' }] }, 'INVALID', 'benchmarks'],
  [
    'a benchmark given twice',
    { benchmarks: [1, 2].map((n) => ({ rate: 'BAD_DEBT', benchmark: `0.${String(n)}` })) },
    'INVALID',
    'benchmarks',
  ],
  [
    'an effect given twice',
    { categories: [true, false].map((affectsNetProduction) => ({ category: 'OTHER', affectsNetProduction })) },
    'INVALID',
    'categories',
  ],
  [
    'a recovery that reduces net',
    { categories: [{ category: 'RECOVERY', affectsNetProduction: true }] },
    'INVALID',
    'categories',
  ],
  ['a negative margin', { watchMargin: '-0.1' }, 'INVALID', 'watchMargin'],
])('%s is refused and nothing is written', async (_, of, code, path) => {
  const before = await written();
  const { adjustmentPolicy, userErrors } = await set(of);
  expect(adjustmentPolicy).toBeNull();
  expect([userErrors[0].code, userErrors[0].path.join('.')]).toEqual([code, `input.${path}`]);
  expect(await written()).toEqual(before);
});
