import type { Decimal } from 'decimal.js';
import { isReasonCode } from '../reason-codes/reason-code.rules';
import { mayBeNegative, type AdjustmentCategory } from './adjustment-category.rules';

/** Why an adjustment may not be recorded as it stands. `path` is relative to the input. */
export interface Problem {
  readonly code:
    | 'BAD_AMOUNT'
    | 'BAD_REASON'
    | 'DOCUMENTATION_REQUIRED'
    | 'NOT_BAD_DEBT'
    | 'EXCEEDS_BALANCE'
    | 'BALANCE_MISMATCH'
    | 'ABOVE_SMALL_BALANCE_LIMIT'
    | 'FUTURE_DATE'
    | 'INVALID';
  readonly message: string;
  readonly path: readonly string[];
}

/** Amount rule (ADJ-46): never zero; negative only where a category goes both ways. */
export function amountProblem(category: AdjustmentCategory, amount: Decimal): Problem | null {
  if (amount.isZero()) return { code: 'BAD_AMOUNT', message: 'The amount may not be zero.', path: ['amount'] };
  if (amount.isNegative() && !mayBeNegative(category))
    return {
      code: 'BAD_AMOUNT',
      message: `${category} takes positive amounts only; undo an entry by reversing it.`,
      path: ['amount'],
    };
  return null;
}

export interface ReasonOfUse {
  readonly category: AdjustmentCategory;
  readonly active: boolean;
  readonly requiresDocumentation: boolean;
}

/** Reason rule (ADJ-02): it must be known, in use and of the same category; some want a description. */
export function reasonProblem(
  category: AdjustmentCategory,
  code: string,
  reason: ReasonOfUse | null,
  description: string | null,
): Problem | null {
  const bad = (message: string): Problem => ({ code: 'BAD_REASON', message, path: ['reasonCode'] });
  if (!reason) return bad(`${isReasonCode(code) ? code : 'The code'} is not a reason of the clinic.`);
  if (!reason.active) return bad(`${code} is retired.`);
  if (reason.category !== category) return bad(`${code} belongs to ${reason.category}, not to ${category}.`);
  if (reason.requiresDocumentation && description === null)
    return {
      code: 'DOCUMENTATION_REQUIRED',
      message: `${code} demands a description of the case.`,
      path: ['description'],
    };
  return null;
}

/** Kinds that need a mutation of their own: a recovery names its bad debt (ADJ-77). */
export function kindProblem(category: AdjustmentCategory): Problem | null {
  if (category === 'RECOVERY')
    return { code: 'NOT_BAD_DEBT', message: 'A recovery must name the bad debt that came back.', path: ['category'] };
  return null;
}

/** What a write-off tells of its procedure, claim and payment. */
export interface ClaimQuestion {
  readonly procedureDate?: string | null | undefined;
  readonly claimDate?: string | null | undefined;
  readonly paymentDate?: string | null | undefined;
  readonly estimatedAmount?: Decimal | null | undefined;
}

/** What happened to a claim lies in the past (G-10), and an estimate is an amount: reports are dated by them (REV-59). */
export function claimProblems(claim: ClaimQuestion, today: string): Problem[] {
  const late = (['procedureDate', 'claimDate', 'paymentDate'] as const).filter(
    (member) => (claim[member] ?? '') > today,
  );
  return [
    ...late.map((member): Problem => ({
      code: 'FUTURE_DATE',
      message: `${member} lies in the future at the location.`,
      path: [member],
    })),
    ...(claim.estimatedAmount?.isNegative()
      ? [{ code: 'BAD_AMOUNT' as const, message: 'An estimate may not be negative.', path: ['estimatedAmount'] }]
      : []),
  ];
}

export interface BalanceQuestion {
  readonly category: AdjustmentCategory;
  readonly amount: Decimal;
  /** What is owed before the adjustment, and who says so; null when nobody did. */
  readonly balance: { readonly amount: Decimal; readonly toldBy: 'caller' | 'revenue' } | null;
  readonly allowCredit: boolean;
  readonly smallBalanceLimit: Decimal;
}

/**
 * Balance rules (ADJ-73, ADJ-100): a small balance is within the limit and written off exactly; nothing else may
 * turn a balance into a credit unless that is allowed. Without a known balance only small balances are refused.
 */
export function balanceProblem(question: BalanceQuestion): Problem | null {
  const { category, amount, allowCredit, smallBalanceLimit } = question;
  const balance = question.balance?.amount ?? null;
  const isTold = question.balance?.toldBy === 'revenue';
  const words = `${isTold ? 'outstanding amount of the entry,' : 'balance of'} ${balance?.toFixed(2) ?? ''}`;
  if (category === 'SMALL_BALANCE') {
    if (balance === null)
      return { code: 'INVALID', message: 'A small-balance write-off needs the balance.', path: ['balance'] };
    if (balance.abs().gt(smallBalanceLimit))
      return {
        code: 'ABOVE_SMALL_BALANCE_LIMIT',
        message: `Balances above ${smallBalanceLimit.toFixed(2)} are not small; it is the ${words}.`,
        path: [isTold ? 'productionEntryId' : 'balance'],
      };
    if (!amount.eq(balance))
      return { code: 'BALANCE_MISMATCH', message: `The amount must be exactly the ${words}.`, path: ['amount'] };
    return null;
  }
  if (balance !== null && !allowCredit && amount.isPositive() && amount.gt(balance))
    return {
      code: 'EXCEEDS_BALANCE',
      message: `The amount exceeds the ${words}; set allowCredit to allow a credit.`,
      path: ['amount'],
    };
  return null;
}

export interface ReversalQuestion {
  readonly isReversal: boolean;
  readonly counts: boolean;
  readonly reversedById: string | null;
}

/** Why an entry cannot be reversed (ADJ-76, ADJ-97, ADJ-98), or null when it can. */
export function reversalProblem(entry: ReversalQuestion): 'NOT_REVERSIBLE' | 'ALREADY_REVERSED' | null {
  if (entry.isReversal || !entry.counts) return 'NOT_REVERSIBLE';
  return entry.reversedById === null ? null : 'ALREADY_REVERSED';
}
