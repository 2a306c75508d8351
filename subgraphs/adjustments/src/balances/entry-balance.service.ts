import { Decimal, prepared, rows, type EventHandler, type Tx } from '@practice-graph/kit';
import { eventData } from '@practice-graph/practice';
import { outstandingOf } from './entry-balance.rules';

// Entries are told in any order and more than once: a copy is replaced by a higher version only (E-22). They are locked in
// the order of their key, as by those who adjust several.
const KEEP = `
INSERT INTO production_entry_balance AS k (clinic_id, id, patient_id, gross, collected, stands, version)
SELECT $1::uuid, i.* FROM unnest($2::uuid[], $3::uuid[], $4::numeric[], $5::numeric[], $6::boolean[], $7::integer[])
  AS i (id, patient_id, gross, collected, stands, version) ORDER BY i.id
ON CONFLICT (clinic_id, id) DO UPDATE SET collected = excluded.collected, stands = excluded.stands, version = excluded.version
WHERE k.version < excluded.version`;

/** Keeps what revenue tells of production entries. */
export const applyEntriesChanged: EventHandler = async (tx, event) => {
  const { entries } = eventData('production_entry.changed', event);
  const column = <T>(of: (entry: (typeof entries)[number]) => T): T[] => entries.map(of);
  await prepared(tx, KEEP, [
    event.clinicId,
    column((entry) => entry.id),
    column((entry) => entry.patientId),
    column((entry) => entry.gross),
    column((entry) => entry.collected),
    column((entry) => entry.stands),
    column((entry) => entry.version),
  ]);
};

// Whoever adjusts an entry holds its row until the end, so that of two at once the second sees what the first took. The
// lock and the sum are two statements, because a statement sees what was committed before it began, not before it got
// its lock; they travel together.
const LOCK = `
SELECT patient_id, gross, collected, stands FROM production_entry_balance WHERE clinic_id = $1 AND id = $2 FOR UPDATE`;

// What waits for a decision is taken already where it lowers the balance, and not yet given where it raises it, so that no
// decision makes a credit. A recovery is money for what was given up: it leaves alone what is owed.
const TAKEN = `
SELECT coalesce(sum(amount), 0) AS taken FROM adjustment_entry
WHERE clinic_id = $1 AND production_entry_id = $2 AND category <> 'RECOVERY'
  AND (approval_status IN ('APPROVED', 'AUTO_APPROVED') OR approval_status = 'PENDING' AND amount > 0)`;

interface KeptRow {
  readonly patient_id: string;
  readonly gross: string;
  readonly collected: string;
  readonly stands: boolean;
}

export interface EntryBalance {
  readonly patientId: string;
  /** What is owed of it before the adjustment under way; negative for a credit. */
  readonly outstanding: Decimal;
}

/**
 * What is owed of a production entry, which is locked until the end of the transaction; null for one that revenue has
 * not told of. To be asked when the months of the adjustment are locked.
 */
export async function entryBalance(tx: Tx, clinicId: string, id: string): Promise<EntryBalance | null> {
  const [[kept], [sum]] = await Promise.all([
    prepared<KeptRow>(tx, LOCK, [clinicId, id]),
    prepared<{ taken: string }>(tx, TAKEN, [clinicId, id]),
  ]);
  if (!kept) return null;
  const entry = {
    ...{ patientId: kept.patient_id, stands: kept.stands },
    ...{ gross: new Decimal(kept.gross), collected: new Decimal(kept.collected) },
  };
  return { patientId: entry.patientId, outstanding: outstandingOf(entry, new Decimal(sum?.taken ?? 0)) };
}

/** Locks the balances of several entries in the order of their key, so that two calls never wait for each other crosswise. */
export async function lockEntryBalances(tx: Tx, clinicId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await rows(
    tx,
    'SELECT 1 AS locked FROM production_entry_balance WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE',
    [clinicId, ids],
  );
}
