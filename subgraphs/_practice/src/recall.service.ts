import { prepared, type Tx } from '@practice-graph/kit';

// A receipt reads the recalls before it makes its lots, and a recall reads the lots: without a lock each could miss the
// other while neither has committed. Both take it before any row, so that they never wait in a circle.
const KEY = `hashtextextended('recalls:' || $1::text, 0)`;

/** Keeps the recalls of a clinic from changing until the end of the transaction; receipts do not hinder one another. */
export const holdRecalls = (tx: Tx, clinicId: string): Promise<unknown> =>
  prepared(tx, `SELECT pg_advisory_xact_lock_shared(${KEY})`, [clinicId]);

/** Keeps receipts of a clinic waiting while its recalls change. */
export const lockRecalls = (tx: Tx, clinicId: string): Promise<unknown> =>
  prepared(tx, `SELECT pg_advisory_xact_lock(${KEY})`, [clinicId]);
