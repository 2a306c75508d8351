import type { Decimal } from 'decimal.js';

/** What revenue last told of a production entry. */
export interface ToldEntry {
  readonly patientId: string;
  readonly gross: Decimal;
  /** Paid so far, less what was given back. */
  readonly collected: Decimal;
  /** False of an entry that was voided or reversed, and of one that reverses another. */
  readonly stands: boolean;
}

/**
 * What is owed of an entry (ADJ-100): what it earned, less what was paid, less the adjustments of this ledger that name it
 * (`taken`). An entry that does not stand earned nothing. Negative for a credit.
 */
export const outstandingOf = (entry: ToldEntry, taken: Decimal): Decimal =>
  (entry.stands ? entry.gross : entry.gross.times(0)).minus(entry.collected).minus(taken);
