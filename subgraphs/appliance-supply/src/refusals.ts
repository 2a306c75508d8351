import { refusals } from '@practice-graph/kit';
import { DIRECTORY_CODES, POSTING_DAY_CODES } from '@practice-graph/practice';

export const { codes, UserErrorCode, UserError, refuse } = refusals({
  ...DIRECTORY_CODES,
  ...POSTING_DAY_CODES,
  ILLEGAL_STATE_CHANGE: 'The workflow does not allow this step from the present state.',
  REASON_REQUIRED: 'This step needs a reason.',
  BAD_QUANTITY: 'The quantity is zero, negative, or finer than the step allowed.',
  WHOLE_UNITS_ONLY: 'The item can only be used in whole units.',
  INSUFFICIENT_STOCK: 'Usable stock at the place does not suffice; skippedLots tells what was passed over and why.',
  LOT_REQUIRED: 'The item or product is tracked by lot and none was named.',
  LOT_RECALLED: 'The lot is under recall; no permission lifts this.',
  LOT_EXPIRED: 'The last day of use of the lot has passed at the location.',
  LOT_QUARANTINED: 'The lot is held in quarantine.',
  LOT_DAMAGED: 'The lot is marked as damaged.',
  LOT_NOT_YET_RECEIVED: 'The day of use lies before the lot was received.',
  EXPIRY_MISMATCH: 'The lot is known with another expiry date.',
  NOT_PLACED: 'Supplies are deducted only for placed appliances.',
  ALREADY_PLACED: 'The appliance is placed and its supplies were deducted.',
  EMPTY_KIT: 'The kit has no lines, or no kit fits the appliance, so nothing would be deducted.',
  TOO_MANY_LINES: 'A bulk change takes at most 500 lines.',
  SELF_APPROVAL: 'Nobody decides on what they recorded, counted or requested themselves.',
  IN_USE: 'The record is referred to, or has stock or open vials, so that it cannot change this way.',
  DUPLICATE: 'Another record has the same code, number or effective day.',
});

export type UserErrorRow = InstanceType<typeof UserError>;
