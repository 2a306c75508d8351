import { Decimal, emit, hydrate, prepared, type Tx } from '@practice-graph/kit';
import { factsOfEntries, NIL_UUID, type ProductionEntriesChanged } from '@practice-graph/practice';
import { ProductionEntry } from './production-entry.entity';
import type { LedgerRow } from './production-ledger.service';

/** What can be collected of an entry, as those hear of it who adjust it. */
export type Balance = ProductionEntriesChanged['entries'][number];

const NOTHING = new Decimal(0);
const GONE: readonly string[] = ['REVERSED', 'VOIDED'];

/** Of a row that is being recorded. */
export const newBalance = ({ id, patientId, gross, reversal }: LedgerRow): Balance => ({
  ...{ id, patientId, gross, collected: NOTHING },
  ...{ stands: reversal === null, version: 1 },
});

/** What of an entry decides on its balance. */
export type BalanceFacts = Pick<
  ProductionEntry,
  'id' | 'patientId' | 'gross' | 'collected' | 'status' | 'isReversal' | 'version'
>;

/** Of an entry as it is, or as a change that names its new values leaves it. */
export const balanceOf = (
  entry: BalanceFacts,
  changed: { readonly status?: ProductionEntry['status']; readonly collected?: Decimal } | null = null,
): Balance => ({
  ...{ id: entry.id, patientId: entry.patientId, gross: entry.gross },
  collected: changed?.collected ?? entry.collected,
  stands: !entry.isReversal && !GONE.includes(changed?.status ?? entry.status),
  version: changed === null ? entry.version : entry.version + 1,
});

/**
 * Tells the ledger of adjustments what is to be collected of entries: to be called once by every use case that records
 * entries, or changes what is collected of them or whether they stand.
 */
export const tellBalances = (tx: Tx, clinicId: string, balances: readonly Balance[]): Promise<void> =>
  emit(tx, clinicId, factsOfEntries([...balances]));

const BATCH = 500;

/** Sends the balances of all entries of a clinic, to a new or restored ledger of adjustments. */
export async function resendBalances(tx: Tx, clinicId: string): Promise<void> {
  let after = NIL_UUID;
  for (;;) {
    const found = hydrate(
      tx,
      ProductionEntry,
      await prepared(
        tx,
        `SELECT * FROM production_entry WHERE clinic_id = $1 AND id > $2 ORDER BY id LIMIT ${String(BATCH)}`,
        [clinicId, after],
      ),
    );
    await tellBalances(
      tx,
      clinicId,
      found.map((entry) => balanceOf(entry)),
    );
    const last = found.at(-1);
    if (!last || found.length < BATCH) return;
    after = last.id;
  }
}
