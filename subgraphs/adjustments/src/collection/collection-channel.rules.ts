/** How a patient was reached for collection. */
export const CollectionChannel = {
  PHONE: 'PHONE',
  EMAIL: 'EMAIL',
  LETTER: 'LETTER',
  SMS: 'SMS',
  AGENCY: 'AGENCY',
  IN_PERSON: 'IN_PERSON',
} as const;
export type CollectionChannel = keyof typeof CollectionChannel;

/** True when the tries document a bad debt (ADJ-72): enough of them, or one that placed it with an agency. */
export const isDocumented = (tries: readonly { readonly channel: CollectionChannel }[], least: number): boolean =>
  tries.length >= least || tries.some(({ channel }) => channel === 'AGENCY');
