import { refusals } from '@practice-graph/kit';
import { DIRECTORY_CODES, PERIOD_CODES, POSTING_DAY_CODES, RANGE_CODES } from '@practice-graph/practice';

/** Every refusal that this domain can give. */
export const { codes, UserErrorCode, UserError, refuse } = refusals({
  ...DIRECTORY_CODES,
  ...RANGE_CODES,
  ...PERIOD_CODES,
  ...POSTING_DAY_CODES,
  ILLEGAL_STATE_CHANGE: 'The workflow does not allow this step from the present state.',
  REASON_REQUIRED: 'This step needs a reason.',
  ALREADY_DECIDED: 'Someone else decided on the record first.',
  SELF_APPROVAL: 'Nobody decides on what they recorded, counted or requested themselves.',
  NOT_OWN_ENTRY: 'Only the person who recorded an entry may withdraw it.',
  DUPLICATE: 'Another record has the same code, number or effective day.',
  ALREADY_REVIEWED: 'The month was reviewed before and nothing changed since.',
  BAD_AMOUNT: 'The amount is zero, has the wrong sign, or has more digits than the currency.',
  BAD_REASON: 'The reason is unknown, retired, or belongs to another category.',
  DOCUMENTATION_REQUIRED: 'Bad debt lacks documented collection efforts, or the reason demands a description.',
  TOO_MANY_LINES: 'A bulk change takes at most 500 lines.',
  ABOVE_SMALL_BALANCE_LIMIT: 'The balance is larger than the small-balance limit.',
  BALANCE_MISMATCH: 'A small-balance write-off must be exactly the open balance.',
  EXCEEDS_BALANCE: 'The amount exceeds what is owed and no credit was allowed.',
  NOT_BAD_DEBT: 'A recovery must name an approved bad-debt write-off.',
  RECOVERY_EXCEEDS_WRITE_OFF: 'Recoveries together would exceed the bad debt.',
  CAMPAIGN_NOT_RUNNING: 'The promotion does not run on the day of the adjustment.',
  ALREADY_REVERSED: 'The record was reversed before; once is all.',
  NOT_REVERSIBLE: 'The record is itself a reversal, or is not in a state that can be reversed.',
});
