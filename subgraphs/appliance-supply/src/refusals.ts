import { refusals } from '@practice-graph/kit';
import { DIRECTORY_CODES, PERIOD_CODES, POSTING_DAY_CODES, type SkippedLotReasonName } from '@practice-graph/practice';

export const { codes, UserErrorCode, UserError, refuse } = refusals({
  ...DIRECTORY_CODES,
  ...POSTING_DAY_CODES,
  ...PERIOD_CODES,
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
  EXPIRY_REQUIRED: 'The product demands an expiry date at receipt.',
  EXPIRY_MISMATCH: 'The lot is known with another expiry date.',
  ALREADY_REVERSED: 'The record was reversed before; once is all.',
  NOT_REVERSIBLE: 'The record is itself a reversal, or is not in a state that can be reversed.',
  SAME_LOCATION: 'Source and target of a transfer are the same location.',
  OVER_RECEIPT: 'More would be received than was ordered with its tolerance, or than was shipped.',
  BARCODE_UNREADABLE: 'The scanned code is not sound, for example its check digit is wrong.',
  BARCODE_UNKNOWN: 'The scanned code is sound but belongs to no item or product.',
  NOT_PLACED: 'Supplies are deducted only for placed appliances.',
  ALREADY_PLACED: 'The appliance is placed and its supplies were deducted.',
  EMPTY_KIT: 'The kit has no lines, or no kit fits the appliance, so nothing would be deducted.',
  TOO_MANY_LINES: 'A bulk change takes at most 500 lines.',
  ALREADY_RECALLED: 'A recall covers the lot or product already.',
  SELF_APPROVAL: 'Nobody decides on what they recorded, counted or requested themselves.',
  IN_USE: 'The record is referred to, or has stock or open vials, so that it cannot change this way.',
  DUPLICATE: 'Another record has the same code, number or effective day.',
});

const LOT_CODES = {
  RECALLED: ['LOT_RECALLED', 'is under recall'],
  DAMAGED: ['LOT_DAMAGED', 'is marked as damaged'],
  QUARANTINED: ['LOT_QUARANTINED', 'is held in quarantine'],
  EXPIRED: ['LOT_EXPIRED', 'has passed its last day of use'],
  EXPIRES_TOO_EARLY: ['LOT_EXPIRED', 'expires before it is needed'],
  NOT_YET_RECEIVED: ['LOT_NOT_YET_RECEIVED', 'had not been received on that day'],
  RESERVED: ['INSUFFICIENT_STOCK', 'is reserved for someone else'],
} as const;

/** Refuses a named lot for the reason that keeps it from being used. */
export function lotRefusal(
  lot: { readonly reason: SkippedLotReasonName; readonly lotNumber: string },
  path: readonly string[],
) {
  const [code, words] = LOT_CODES[lot.reason];
  return refuse(code, `Lot ${lot.lotNumber} ${words}.`, path);
}

export type UserErrorRow = InstanceType<typeof UserError>;
