import type { Tx } from './transact';

/** What a comparison of balances or slices with their ledger found for one clinic. */
export interface Comparison {
  /** What was compared, for people: "production slices". */
  readonly what: string;
  /** How many values were compared. */
  readonly compared: number;
  /** One line per value that differs, with both; empty when all agree. */
  readonly differences: readonly string[];
}

/** Recomputes balances and slices of one clinic from the ledgers and reports every difference. */
export type Verifier = (tx: Tx, clinicId: string) => Promise<readonly Comparison[]>;
