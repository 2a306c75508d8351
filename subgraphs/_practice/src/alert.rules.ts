/** Where an alert stands. */
export type AlertStatusName = 'ACTIVE' | 'ACKNOWLEDGED' | 'RESOLVED' | 'DISMISSED';

/** A cause of alerts as it is now; a higher rank is worse. */
export interface AlertCause {
  readonly type: string;
  readonly severity: string;
  readonly rank: number;
}

/** The alert of a cause that is not resolved; there is at most one. */
export interface OpenAlert extends AlertCause {
  readonly status: AlertStatusName;
}

/** What becomes of the alert of a cause: it stays, closes, is raised, or gives way to another. */
export type AlertStep = 'KEEP' | 'RESOLVE' | 'RAISE' | 'REPLACE';

/**
 * What to do about a cause. One alert per cause until it is resolved; it closes when the cause clears; another follows
 * when the cause changes, but what was dismissed comes again only when it gets worse (SUP-41).
 */
export function alertStep(cause: AlertCause | null, open: OpenAlert | null): AlertStep {
  if (!open) return cause ? 'RAISE' : 'KEEP';
  if (!cause) return 'RESOLVE';
  if (cause.type === open.type && cause.severity === open.severity) return 'KEEP';
  return open.status === 'DISMISSED' && cause.rank <= open.rank ? 'KEEP' : 'REPLACE';
}

const STEPS: Readonly<Record<AlertStatusName, readonly AlertStatusName[]>> = {
  ACTIVE: ['ACKNOWLEDGED', 'RESOLVED', 'DISMISSED'],
  ACKNOWLEDGED: ['RESOLVED', 'DISMISSED'],
  DISMISSED: ['ACKNOWLEDGED', 'RESOLVED'],
  RESOLVED: [],
};

/** True when a person may move an alert so; nobody makes one active by hand, and a resolved one is history. */
export const isAlertMove = (from: AlertStatusName, to: AlertStatusName): boolean => STEPS[from].includes(to);

const INFO_DAYS = 90;
const WARNING_DAYS = 30;
const CRITICAL_DAYS = 7;

/** How urgent it is that a lot expires in so many days; null while there is time. */
export function expiryUrgency(daysLeft: number): 'INFO' | 'WARNING' | 'CRITICAL' | null {
  if (daysLeft <= CRITICAL_DAYS) return 'CRITICAL';
  if (daysLeft <= WARNING_DAYS) return 'WARNING';
  return daysLeft <= INFO_DAYS ? 'INFO' : null;
}

/** Days ahead in which a lot is told to expire. */
export const EXPIRY_NOTICE_DAYS = INFO_DAYS;
