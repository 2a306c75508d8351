import type { Decimal } from 'decimal.js';
import { AFFECTS_NET_PRODUCTION, type RateKind } from '../defaults';
import { CATEGORIES, type AdjustmentCategory } from '../entries/adjustment-category.rules';

/** Amount without sign from which an adjustment needs a decision; null stands for every category or every role. */
export interface ThresholdRule {
  readonly category: AdjustmentCategory | null;
  readonly role: string | null;
  readonly threshold: Decimal;
}

export interface CategoryEffect {
  readonly category: AdjustmentCategory;
  readonly affectsNetProduction: boolean;
}

export interface Benchmark {
  readonly rate: RateKind;
  readonly benchmark: Decimal;
}

/** Members of a policy that a clinic sets; those left out keep their value. */
export interface PolicyMembers {
  readonly approvalRules: readonly ThresholdRule[];
  readonly cumulativeWindowDays: number;
  readonly separationOfDuties: boolean;
  readonly smallBalanceLimit: Decimal;
  readonly minCollectionEfforts: number;
  readonly maxBackdateDays: number;
  /** Categories that differ from the default effect. */
  readonly categories: readonly CategoryEffect[];
  readonly benchmarks: readonly Benchmark[];
  readonly watchMargin: Decimal;
}

const speciality = (rule: ThresholdRule): number => (rule.category === null ? 0 : 2) + (rule.role === null ? 0 : 1);

/** Rules most special first: category and role, category, role, all; equal ones in the order of categories and roles. */
export const mostSpecialFirst = <R extends ThresholdRule>(rules: readonly R[]): R[] =>
  [...rules].sort(
    (a, b) =>
      speciality(b) - speciality(a) ||
      (a.category ? CATEGORIES.indexOf(a.category) : -1) - (b.category ? CATEGORIES.indexOf(b.category) : -1) ||
      (a.role ?? '').localeCompare(b.role ?? ''),
  );

/** Threshold for what someone of a role records in a category (ADJ-61); null when no rule fits, so no amount is too large. */
export function thresholdFor(
  rules: readonly ThresholdRule[],
  category: AdjustmentCategory,
  role: string | null,
): Decimal | null {
  const fitting = rules.filter(
    (rule) => (rule.category === null || rule.category === category) && (rule.role === null || rule.role === role),
  );
  return mostSpecialFirst(fitting)[0]?.threshold ?? null;
}

/** True when a category reduces net production under a policy (D-01). */
export const affectsNet = (policy: Pick<PolicyMembers, 'categories'>, category: AdjustmentCategory): boolean =>
  policy.categories.find((effect) => effect.category === category)?.affectsNetProduction ??
  AFFECTS_NET_PRODUCTION[category];

export interface PolicyProblem {
  readonly code: 'INVALID' | 'BAD_AMOUNT';
  readonly message: string;
  readonly path: readonly string[];
}

const repeated = (keys: readonly string[]): boolean => new Set(keys).size < keys.length;
const LIMITS = { cumulativeWindowDays: [0, 366], minCollectionEfforts: [1, 20], maxBackdateDays: [0, 3_660] } as const;

/** What is wrong with members of a policy; empty when they can be set. */
export function policyProblems(members: Partial<PolicyMembers>): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const invalid = (message: string, ...path: string[]) => problems.push({ code: 'INVALID', message, path });
  const rules = members.approvalRules ?? [];
  rules.forEach((rule, i) => {
    if (rule.threshold.isNegative())
      problems.push({
        code: 'BAD_AMOUNT',
        message: 'A threshold is an amount without sign.',
        path: ['approvalRules', String(i), 'threshold'],
      });
    if (rule.role !== null && (rule.role.trim() === '' || rule.role.length > 100))
      invalid('A role has 1 to 100 characters.', 'approvalRules', String(i), 'role');
  });
  if (repeated(rules.map((rule) => JSON.stringify([rule.category, rule.role]))))
    invalid('Each pair of category and role takes one threshold.', 'approvalRules');
  for (const [member, [least, most]] of Object.entries(LIMITS)) {
    const value = members[member as keyof typeof LIMITS];
    if (value !== undefined && (value < least || value > most))
      invalid(`${member} takes ${String(least)} to ${String(most)}.`, member);
  }
  if (members.smallBalanceLimit?.isNegative())
    problems.push({ code: 'BAD_AMOUNT', message: 'The limit may not be negative.', path: ['smallBalanceLimit'] });
  if (repeated((members.categories ?? []).map((effect) => effect.category)))
    invalid('Each category takes one effect.', 'categories');
  if (members.categories?.some((effect) => effect.category === 'RECOVERY' && effect.affectsNetProduction))
    invalid('A recovery is money that came back and never reduces net production.', 'categories');
  if (repeated((members.benchmarks ?? []).map((of) => of.rate)))
    invalid('Each rate takes one benchmark.', 'benchmarks');
  const share = (value: Decimal) => value.isNegative() || value.gt(10) || value.decimalPlaces() > 6;
  if (members.benchmarks?.some((of) => of.benchmark.isZero() || share(of.benchmark)))
    invalid('A benchmark is a fraction above 0, up to 10, with at most 6 decimals.', 'benchmarks');
  if (members.watchMargin && share(members.watchMargin))
    invalid('The margin is a fraction of 0 to 10 with at most 6 decimals.', 'watchMargin');
  return problems;
}
