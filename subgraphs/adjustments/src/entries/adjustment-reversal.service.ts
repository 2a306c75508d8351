import { audit, emit, expectVersion, findByKey, newId, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf, locationOf, todayAt } from '@practice-graph/practice';
import { APPROVAL_THRESHOLD } from '../defaults';
import { reasonForUse } from '../reason-codes/reason-code.service';
import { codes, refuse } from '../refusals';
import { counts } from './adjustment-category.rules';
import { refuseApproval, textOf } from './adjustment-checks.service';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { reversalProblem } from './adjustment.rules';
import { approvalReasons } from './approval.rules';
import { factOfEntry } from './entry-facts.service';
import { post, type LedgerRow } from './ledger.service';
import { isVisible } from './visibility.rules';

/** True while money that came back is booked to a bad debt: without the debt the recoveries would exceed it (ADJ-77). */
async function hasRecoveries(tx: Tx, { clinicId, id }: RecordKey): Promise<boolean> {
  const standing = await rows(
    tx,
    `SELECT 1 AS standing FROM adjustment_entry WHERE clinic_id = $1 AND recovery_of_id = $2
       AND NOT is_reversal AND reversed_by_id IS NULL AND approval_status <> 'REJECTED' LIMIT 1`,
    [clinicId, id],
  );
  return standing.length > 0;
}

/**
 * Reverses an adjustment once, by an equal and opposite entry on the location's today (E-17) that names it and is named
 * by it. The dates of claim and payment stay behind: under every dating basis a reversal counts on its own day, so that
 * it changes no closed month. The cumulative threshold does not apply, since a reversal grants nothing.
 */
export async function reverseAdjustment(
  tx: Tx,
  key: RecordKey,
  step: { readonly expectedVersion?: number | null | undefined; readonly reason?: string | null | undefined },
): Promise<RecordKey> {
  const { viewer, at } = tx.session;
  const { clinicId } = key;
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const original = await findByKey(tx, AdjustmentEntry, key, { lock: 'UPDATE' });
  if (!original || !isVisible(original, viewer)) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['id']);
  const problem = reversalProblem({
    isReversal: original.isReversal,
    counts: counts(original.approvalStatus),
    reversedById: original.reversedById,
  });
  if (problem) throw refuse(problem, codes[problem], ['id']);
  if (original.category === 'BAD_DEBT' && (await hasRecoveries(tx, original)))
    throw refuse('NOT_REVERSIBLE', 'Recoveries of this bad debt stand; reverse them first.', ['id']);
  expectVersion(original.version, step.expectedVersion);
  const reason = await reasonForUse(tx, clinicId, original.reason);
  refuseApproval(
    approvalReasons({
      amount: original.amount,
      cumulative: null,
      threshold: APPROVAL_THRESHOLD,
      reasonRequiresApproval: reason?.requiresApproval ?? false,
    }),
  );

  const place = original.locationId ? await locationOf(tx, { clinicId, id: original.locationId }, ['id']) : clinic;
  const description = textOf(step.reason, 'reason');
  const row: LedgerRow = {
    id: newId(),
    locationId: original.locationId,
    patientId: original.patientId,
    providerId: original.providerId,
    treatmentPlanId: original.treatmentPlanId,
    productionEntryId: original.productionEntryId,
    invoiceId: original.invoiceId,
    transactionId: original.transactionId,
    adjustmentDate: todayAt(tx, place),
    originalAdjustmentDate: null,
    category: original.category,
    reason: original.reason,
    description,
    amount: original.amount.negated(),
    affectsNetProduction: original.affectsNetProduction,
    payer: original.payer,
    procedureDate: null,
    claimDate: null,
    estimatedAmount: null,
    paymentDate: null,
    requiresApproval: false,
    approvalReasons: [],
    approvalStatus: 'AUTO_APPROVED',
    decidedBy: null,
    decidedAt: null,
    reversesId: original.id,
    recoveryOfId: original.recoveryOfId,
    possibleDuplicateOfId: null,
    isImported: false,
    createdAt: at,
    createdBy: viewer.subject,
  };
  await post(tx, clinicId, [row]);
  await audit(tx, clinicId, {
    action: 'adjustment.reverse',
    entityType: 'AdjustmentEntry',
    entityId: original.id,
    subjects: [row.patientId],
    fromState: original.approvalStatus,
    toState: 'REVERSED',
    note: description,
  });
  await emit(tx, clinicId, factOfEntry(row));
  return { clinicId, id: row.id };
}
