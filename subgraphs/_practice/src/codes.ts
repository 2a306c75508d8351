/** Refusals that several domains give, with the words of the contract; a domain spreads those it uses into its list. */
export const DIRECTORY_CODES = {
  CAPABILITY_OFF: 'The domain is not switched on for the clinic.',
} as const;

export const RANGE_CODES = {
  BAD_RANGE: 'The end of a range is before its begin.',
} as const;

export const POSTING_DAY_CODES = {
  BACKDATED_TOO_FAR: 'The business day lies further back than the clinic allows without records:backdate.',
  FUTURE_DATE: 'The business day lies in the future at the location.',
} as const;

export const PERIOD_CODES = {
  PERIOD_CLOSED: 'The financial period of the business day is closing, closed or locked.',
} as const;
