import { APPROVAL_THRESHOLD, CUMULATIVE_WINDOW_DAYS } from '../defaults';
import { refuse } from '../refusals';
import type { ApprovalReason } from './adjustment-category.rules';

const TEXT_MAX = 2_000;

/** Text of a caller without blanks around it; blank is none. Refuses INVALID when it is too long. */
export function textOf(given: string | null | undefined, path: string): string | null {
  const text = given?.trim() ?? '';
  if (text.length > TEXT_MAX)
    throw refuse('INVALID', `${path} takes at most ${String(TEXT_MAX)} characters.`, ['input', path]);
  return text === '' ? null : text;
}

/** Refuses what an approver would have to decide on; nothing is kept of it until that can be asked for. */
export function refuseApproval(reasons: readonly ApprovalReason[]): void {
  if (reasons.length === 0) return;
  const because = {
    AMOUNT_THRESHOLD: `the amount reaches ${APPROVAL_THRESHOLD.toFixed(2)}`,
    CUMULATIVE_THRESHOLD: `the patient's adjustments of ${String(CUMULATIVE_WINDOW_DAYS)} days together reach ${APPROVAL_THRESHOLD.toFixed(2)}`,
    REASON_CODE: 'the reason demands it',
  };
  throw refuse(
    'APPROVAL_REQUIRED',
    `An approver must decide on it: ${reasons.map((reason) => because[reason]).join(', and ')}.`,
    ['input', reasons[0] === 'REASON_CODE' ? 'reasonCode' : 'amount'],
  );
}
