import { emit, hydrate, prepared, type Fact, type Tx } from '@practice-graph/kit';
import { factOf } from '@practice-graph/practice';
import { AdjustmentEntry } from './adjustment-entry.entity';
import type { LedgerRow } from './ledger.service';

/** What an entry is to other domains. */
type Told = Pick<
  LedgerRow,
  | 'id'
  | 'category'
  | 'amount'
  | 'affectsNetProduction'
  | 'adjustmentDate'
  | 'originalAdjustmentDate'
  | 'locationId'
  | 'providerId'
  | 'patientId'
  | 'treatmentPlanId'
  | 'productionEntryId'
  | 'invoiceId'
  | 'reversesId'
>;

/**
 * The fact that an entry counts. What it tells never changes afterwards, so its version is always 1: being reversed is
 * told by the reversal, and a resync sends every fact under the id it had at first.
 */
export function factOfEntry(entry: Told): Fact {
  const state = {
    id: entry.id,
    category: entry.category,
    amount: entry.amount,
    affectsNetProduction: entry.affectsNetProduction,
    adjustmentDate: entry.adjustmentDate,
    originalDate: entry.originalAdjustmentDate,
    locationId: entry.locationId,
    providerId: entry.providerId,
    patientId: entry.patientId,
    treatmentPlanId: entry.treatmentPlanId,
    productionEntryId: entry.productionEntryId,
    invoiceId: entry.invoiceId,
    version: 1,
  };
  return entry.reversesId === null
    ? factOf('adjustment.posted', entry.id, { ...state, reversesId: null })
    : factOf('adjustment.reversed', entry.id, { ...state, reversesId: entry.reversesId });
}

const BATCH = 500;

/** Sends every counting entry of a clinic again, to a new or restored neighbour. */
export async function resendEntries(tx: Tx, clinicId: string): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const found = hydrate(
      tx,
      AdjustmentEntry,
      await prepared(
        tx,
        `SELECT * FROM adjustment_entry WHERE clinic_id = $1 AND id > $2
         AND approval_status IN ('APPROVED', 'AUTO_APPROVED') ORDER BY id LIMIT ${String(BATCH)}`,
        [clinicId, after],
      ),
    );
    await emit(tx, clinicId, found.map(factOfEntry));
    const last = found.at(-1);
    if (!last || found.length < BATCH) return;
    after = last.id;
  }
}
