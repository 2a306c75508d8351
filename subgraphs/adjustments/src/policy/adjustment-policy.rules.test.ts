import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { CATEGORIES } from '../entries/adjustment-category.rules';
import { approvalReasons } from '../entries/approval.rules';
import { affectsNet, mostSpecialFirst, thresholdFor, type ThresholdRule } from './adjustment-policy.rules';

const rule = (category: ThresholdRule['category'], role: string | null, threshold: number): ThresholdRule => ({
  category,
  role,
  threshold: new Decimal(threshold),
});
const rules = [
  rule(null, null, 250),
  rule(null, 'front_desk', 100),
  rule('BAD_DEBT', null, 50),
  rule('BAD_DEBT', 'front_desk', 1),
];

test.each([
  ['OTHER', null, 250],
  ['OTHER', 'front_desk', 100],
  ['BAD_DEBT', 'owner', 50],
  ['BAD_DEBT', 'front_desk', 1],
] as const)('the most special rule for %s by %s is %d', (category, role, threshold) => {
  expect(thresholdFor(rules, category, role)?.toNumber()).toBe(threshold);
});

test('category and role go before category, role and all', () => {
  expect(mostSpecialFirst(rules).map(({ category, role }) => [category, role])).toEqual([
    ['BAD_DEBT', 'front_desk'],
    ['BAD_DEBT', null],
    [null, 'front_desk'],
    [null, null],
  ]);
  expect(thresholdFor([rule('OTHER', null, 5)], 'BAD_DEBT', null)).toBeNull();
});

test('a category that the policy does not name keeps its default effect', () => {
  const policy = { categories: [{ category: 'OTHER', affectsNetProduction: false } as const] };
  expect([affectsNet(policy, 'OTHER'), affectsNet(policy, 'PROMOTIONAL'), affectsNet(policy, 'BAD_DEBT')]).toEqual([
    false,
    true,
    false,
  ]);
});

test('lowering a threshold never takes an adjustment out of those that need a decision (C-A6)', () => {
  const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => new Decimal(n).div(100));
  const rolesOf = fc.constantFrom(null, 'front_desk', 'owner');
  const anyRules = fc.uniqueArray(
    fc.record({ category: fc.constantFrom(null, ...CATEGORIES), role: rolesOf, threshold: cents }),
    { minLength: 1, maxLength: 8, selector: ({ category, role }) => `${String(category)} ${String(role)}` },
  );
  fc.assert(
    fc.property(
      anyRules,
      fc.nat(7),
      cents,
      cents,
      cents,
      fc.constantFrom(...CATEGORIES),
      rolesOf,
      (all, which, less, amount, others, category, role) => {
        const lowered = all.map((of, i) =>
          i === which ? { ...of, threshold: Decimal.max(0, of.threshold.minus(less)) } : of,
        );
        const needs = (of: readonly ThresholdRule[]) =>
          approvalReasons({
            amount,
            cumulative: amount.plus(others),
            threshold: thresholdFor(of, category, role),
            reasonRequiresApproval: false,
          }).length > 0;
        return !needs(all) || needs(lowered);
      },
    ),
  );
});
