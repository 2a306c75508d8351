import { emit, hydrate, prepared, type Fact, type Tx } from '@practice-graph/kit';
import { datedFact, factOf } from '@practice-graph/practice';
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
  const fact =
    entry.reversesId === null
      ? factOf('adjustment.posted', entry.id, { ...state, reversesId: null })
      : factOf('adjustment.reversed', entry.id, { ...state, reversesId: entry.reversesId });
  return datedFact(fact, entry.adjustmentDate);
}

/** The fact that an entry waits for a decision, for those who decide. */
export const factOfPending = (entry: Told & Pick<LedgerRow, 'createdBy' | 'approvalReasons'>): Fact =>
  factOf('adjustment.pending', entry.id, {
    id: entry.id,
    category: entry.category,
    amount: entry.amount,
    adjustmentDate: entry.adjustmentDate,
    locationId: entry.locationId,
    providerId: entry.providerId,
    reversesId: entry.reversesId,
    requestedBy: entry.createdBy,
    reasons: [...entry.approvalReasons],
    version: 1,
  });

/** The fact that someone decided on a waiting entry; there is one decision, so it is version 2 of the entry. */
export const factOfDecision = (
  entry: Told & Pick<LedgerRow, 'createdBy'>,
  decision: { readonly status: 'APPROVED' | 'REJECTED'; readonly by: string; readonly reason: string | null },
): Fact =>
  factOf('adjustment.decided', entry.id, {
    id: entry.id,
    category: entry.category,
    amount: entry.amount,
    adjustmentDate: entry.adjustmentDate,
    requestedBy: entry.createdBy,
    status: decision.status,
    decidedBy: decision.by,
    reason: decision.reason,
    version: 2,
  });

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
