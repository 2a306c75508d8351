import { refusals } from '@practice-graph/kit';
import { DIRECTORY_CODES, PERIOD_CODES, POSTING_DAY_CODES, RANGE_CODES } from '@practice-graph/practice';

/** Every refusal that this domain can give, beside those of the kit. */
export const { codes, UserErrorCode, UserError, refuse } = refusals({
  ...DIRECTORY_CODES,
  ...RANGE_CODES,
  ...POSTING_DAY_CODES,
  ...PERIOD_CODES,
  ILLEGAL_STATE_CHANGE: 'The workflow does not allow this step from the present state.',
  REASON_REQUIRED: 'This step needs a reason.',
  BAD_AMOUNT: 'The amount is zero, has the wrong sign, or has more digits than the currency.',
  AMOUNT_MISMATCH: 'Amounts that must agree do not, for example parts and their total.',
  ALREADY_REVERSED: 'The record was reversed before; once is all.',
  NOT_REVERSIBLE: 'The record is itself a reversal, or is not in a state that can be reversed.',
  DAY_SHEET_CLOSED: 'The day sheet of the location and day is closed.',
  EXCEEDS_BALANCE: 'The amount exceeds what is owed and no credit was allowed.',
  EXCEEDS_PAYMENT: 'The refund exceeds what is left of the payment.',
  OPEN_DAY_SHEETS: 'Day sheets of the period are still open.',
  PERIOD_UNCONFIRMED:
    'A domain has not yet confirmed that it stopped posting into the period; unconfirmedDomains names it.',
  BAD_SHARES: 'The shares of the policy or split do not add up to the whole.',
  IN_USE: 'The record is referred to, or has stock or open vials, so that it cannot change this way.',
  DUPLICATE: 'Another record has the same code, number or effective day.',
  TOO_MANY_LINES: 'A bulk change takes at most 500 lines.',
});
export type UserError = InstanceType<typeof UserError>;
