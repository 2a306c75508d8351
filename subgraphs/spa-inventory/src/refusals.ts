import { refusals } from '@practice-graph/kit';
import { DIRECTORY_CODES, PERIOD_CODES, POSTING_DAY_CODES } from '@practice-graph/practice';

/** Why this domain refuses a change. */
export const { codes, UserErrorCode, UserError, refuse } = refusals({
  ...DIRECTORY_CODES,
  ...POSTING_DAY_CODES,
  ...PERIOD_CODES,
  ILLEGAL_STATE_CHANGE: 'The workflow does not allow this step from the present state.',
  REASON_REQUIRED: 'This step needs a reason.',
  BAD_QUANTITY: 'The quantity is zero, negative, or finer than the step allowed.',
  BAD_AMOUNT: 'The amount is zero, has the wrong sign, or has more digits than the currency.',
  INSUFFICIENT_STOCK: 'Usable stock at the place does not suffice; skippedLots tells what was passed over and why.',
  LOT_REQUIRED: 'The item or product is tracked by lot and none was named.',
  SERIAL_REQUIRED: 'The product is tracked by serial number and none was named.',
  LOT_RECALLED: 'The lot is under recall; no permission lifts this.',
  LOT_EXPIRED: 'The last day of use of the lot has passed at the location.',
  LOT_QUARANTINED: 'The lot is held in quarantine.',
  LOT_DAMAGED: 'The lot is marked as damaged.',
  EXPIRY_REQUIRED: 'The product demands an expiry date at receipt.',
  EXPIRY_MISMATCH: 'The lot is known with another expiry date.',
  POLICY_REQUIRED: 'Stability beyond the label needs the reference of a signed policy.',
  AREAS_MISMATCH: 'The units of the areas do not add up to the quantity.',
  PRODUCT_NOT_APPROVED: 'A product that waits for approval cannot be ordered or used.',
  IN_USE: 'The record is referred to, or has stock or open vials, so that it cannot change this way.',
  DUPLICATE: 'Another record has the same code, number or effective day.',
  ALREADY_RECALLED: 'A recall covers the lot or product already.',
  BARCODE_UNREADABLE: 'The scanned code is not sound, for example its check digit is wrong.',
});

export type UserError = InstanceType<typeof UserError>;
