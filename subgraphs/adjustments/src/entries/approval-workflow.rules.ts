import type { ApprovalStatus } from './adjustment-category.rules';

/** What someone can do about a waiting entry. */
export type Step = 'approve' | 'reject' | 'withdraw';

/**
 * Where each step leads from each state (ADJ-53, ADJ-62). Below every threshold an entry is AUTO_APPROVED from the start;
 * no path leaves a decided state, what is wrong with an approved entry is undone by a reversal.
 */
export const TRANSITIONS = {
  PENDING: { approve: 'APPROVED', reject: 'REJECTED', withdraw: 'REJECTED' },
  APPROVED: {},
  REJECTED: {},
  AUTO_APPROVED: {},
} as const satisfies Readonly<Record<ApprovalStatus, Readonly<Partial<Record<Step, ApprovalStatus>>>>>;

/** State that a step leads to; null when the workflow does not allow it. */
export const after = (from: ApprovalStatus, step: Step): 'APPROVED' | 'REJECTED' | null => {
  const steps: Readonly<Partial<Record<Step, 'APPROVED' | 'REJECTED'>>> = TRANSITIONS[from];
  return steps[step] ?? null;
};

export interface StepQuestion {
  readonly step: Step;
  readonly status: ApprovalStatus;
  /** True for an entry that the caller recorded. */
  readonly isOwn: boolean;
  /** True where the policy forbids to decide on one's own entries. */
  readonly separationOfDuties: boolean;
}

export type StepProblem = 'ALREADY_DECIDED' | 'ILLEGAL_STATE_CHANGE' | 'SELF_APPROVAL' | 'NOT_OWN_ENTRY';

/** Why a step may not be taken, or null when it may. Whose entry it is, is told only of one that still waits. */
export function stepProblem({ step, status, isOwn, separationOfDuties }: StepQuestion): StepProblem | null {
  if (after(status, step) === null) return status === 'AUTO_APPROVED' ? 'ILLEGAL_STATE_CHANGE' : 'ALREADY_DECIDED';
  if (step === 'withdraw') return isOwn ? null : 'NOT_OWN_ENTRY';
  return isOwn && separationOfDuties ? 'SELF_APPROVAL' : null;
}
