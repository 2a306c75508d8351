import { addMonths, splitByLargestRemainder, splitEvenly, type Day } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import type { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import type { RecognitionMethod, RecognitionPartKind } from './recognition.types';

/** What of a policy decides how a fee is cut. */
export interface PolicyTerms {
  readonly method: RecognitionMethod;
  readonly initialShare: Decimal | null;
  readonly monthlyShare: Decimal | null;
  readonly debondShare: Decimal | null;
  readonly months: number | null;
}

/** Months over which a fee may be spread. */
export const MONTHS_MAX = 120;

type Problem = { code: 'BAD_SHARES' | 'INVALID'; message: string; member: string };

/** Terms that only a split has: with the whole fee at the start they would be forgotten without a word. */
const splitTermsOf = (terms: PolicyTerms): Problem[] =>
  (['initialShare', 'monthlyShare', 'debondShare', 'months'] as const).flatMap((member) =>
    terms[member] === null
      ? []
      : [{ code: 'INVALID', message: `FULL_AT_START takes the whole fee at once and has no ${member}.`, member }],
  );

/** What is wrong with the terms of a policy: its shares make one whole, and a monthly share needs its months. */
export function policyProblems(terms: PolicyTerms): Problem[] {
  if (terms.method === 'FULL_AT_START') return splitTermsOf(terms);
  const shares = [terms.initialShare, terms.monthlyShare, terms.debondShare].map((share) => share ?? new Decimal(0));
  const whole = shares.reduce((sum, share) => sum.plus(share), new Decimal(0));
  if (!whole.eq(1) || shares.some((share) => share.isNegative()))
    return [
      {
        code: 'BAD_SHARES',
        message: `The shares make ${whole.toFixed()}, not 1, or one is negative.`,
        member: 'initialShare',
      },
    ];
  const isSpread = terms.monthlyShare?.gt(0) ?? false;
  if (isSpread && (terms.months === null || terms.months < 1 || terms.months > MONTHS_MAX))
    return [{ code: 'INVALID', message: `A monthly share needs 1 to ${String(MONTHS_MAX)} months.`, member: 'months' }];
  return [];
}

/** A part of a fee and the day on which it is planned. */
export interface PlannedPart {
  readonly kind: RecognitionPartKind;
  readonly dueOn: Day;
  readonly amount: Decimal;
}

/**
 * The parts in which the fee of a case is recognised (REV-51): all of it at the start, or a part at the start, equal
 * parts each month and a part at the debond, cut by largest remainder so that they add up to the fee exactly. The
 * months are those planned for the case, else those of the policy.
 */
export function scheduleParts(
  fee: Decimal,
  start: Day,
  terms: PolicyTerms,
  plannedMonths: number | null,
): PlannedPart[] {
  if (terms.method === 'FULL_AT_START') return [{ kind: 'START', dueOn: start, amount: fee }];
  const weights = [terms.initialShare, terms.monthlyShare, terms.debondShare].map((share) => share ?? new Decimal(0));
  const [initial, monthly, debond] = splitByLargestRemainder(fee, weights);
  const months = plannedMonths ?? terms.months ?? 0;
  const isSpread = weights[1]?.gt(0) ?? false;
  const monthlyParts = isSpread && monthly ? splitEvenly(monthly, months) : [];
  return [
    { kind: 'START', dueOn: start, amount: initial ?? fee },
    ...monthlyParts.map((amount, n): PlannedPart => ({ kind: 'MONTH', dueOn: addMonths(start, n + 1), amount })),
    ...(weights[2]?.gt(0) && debond
      ? [{ kind: 'DEBOND' as const, dueOn: addMonths(start, months), amount: debond }]
      : []),
  ];
}

/** Category under which each kind of part becomes production (E-16). */
export const CATEGORY_OF = { START: 'TREATMENT_START', MONTH: 'ADJUSTMENT', DEBOND: 'DEBOND' } as const;

const START_CODE: Readonly<Record<TreatmentPhase, string>> = {
  PHASE_1: 'D8070',
  PHASE_2: 'D8080',
  COMPREHENSIVE: 'D8080',
  LIMITED: 'D8030',
  RETENTION: 'D8680',
};

/** Procedure code under which a part becomes production. */
export const codeOf = (kind: RecognitionPartKind, phase: TreatmentPhase): string =>
  kind === 'START' ? START_CODE[phase] : kind === 'MONTH' ? 'D8670' : 'D8680';

/** Procedures whose value is in the fee of a case with a schedule, so that they earn nothing of their own (E-16). */
export const isInFee = (category: string): boolean =>
  category === 'TREATMENT_START' || category === 'ADJUSTMENT' || category === 'DEBOND';
