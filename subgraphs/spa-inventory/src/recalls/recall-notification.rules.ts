import type { RecallNotificationStatus } from './recall-status.types';

export interface NotificationStep {
  readonly from: RecallNotificationStatus;
  readonly to: RecallNotificationStatus;
  /** How the patient was told, as given now or known before. */
  readonly channel: string | null;
}

/**
 * Why a patient cannot be marked so, or null: told with a channel, then followed up, never back (SPA-127). Telling again,
 * and a remark without a step, are fine.
 */
export function notificationProblem({ from, to, channel }: NotificationStep): 'BACKWARDS' | 'NO_CHANNEL' | null {
  const order = ['OPEN', 'NOTIFIED', 'CLOSED'];
  if (order.indexOf(to) < order.indexOf(from)) return 'BACKWARDS';
  return to !== 'OPEN' && channel === null ? 'NO_CHANNEL' : null;
}

/**
 * True when a step says that the patient was told: the first one past OPEN, and a later NOTIFIED that says how or when.
 * Any other step keeps who told the patient and when.
 */
export const isTelling = ({
  from,
  to,
  tellsHow,
}: Pick<NotificationStep, 'from' | 'to'> & { readonly tellsHow: boolean }): boolean =>
  to !== 'OPEN' && (from === 'OPEN' || (to === 'NOTIFIED' && tellsHow));
