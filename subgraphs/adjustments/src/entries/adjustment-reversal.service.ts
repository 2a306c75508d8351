import { audit, expectVersion, findByKey, newId, noteOf, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf, firstOpenDay, locationOf, monthStates, todayAt, type Day } from '@practice-graph/practice';
import { policyOn } from '../policy/adjustment-policy.service';
import { reasonForUse } from '../reason-codes/reason-code.service';
import { codes, refuse } from '../refusals';
import { counts } from './adjustment-category.rules';
import { enter, judge } from './adjustment-entering.service';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { reversalProblem } from './adjustment.rules';
import type { LedgerRow } from './ledger.service';
import { isVisible } from './visibility.rules';

/** True while money that came back is booked to a bad debt: without the debt the recoveries would exceed it (ADJ-77). */
export async function hasRecoveries(tx: Tx, { clinicId, id }: RecordKey): Promise<boolean> {
  const standing = await rows(
    tx,
    `SELECT 1 AS standing FROM adjustment_entry WHERE clinic_id = $1 AND recovery_of_id = $2
       AND NOT is_reversal AND reversed_by_id IS NULL AND approval_status <> 'REJECTED' LIMIT 1`,
    [clinicId, id],
  );
  return standing.length > 0;
}

/** True while a reversal of an entry waits for a decision (E-17). */
async function isBeingReversed(tx: Tx, { clinicId, id }: RecordKey): Promise<boolean> {
  const waiting = await rows(
    tx,
    `SELECT 1 AS waiting FROM adjustment_entry WHERE clinic_id = $1 AND reverses_id = $2 AND approval_status = 'PENDING'`,
    [clinicId, id],
  );
  return waiting.length > 0;
}

/** Notes on an original that a reversal of it counts from now on. */
export const auditReversed = (tx: Tx, original: AdjustmentEntry, note: string | null): Promise<void> =>
  audit(tx, original.clinicId, {
    action: 'adjustment.reversed',
    entityType: 'AdjustmentEntry',
    entityId: original.id,
    subjects: [original.patientId],
    fromState: original.approvalStatus,
    toState: 'REVERSED',
    note,
  });

/**
 * The day on which a reversal counts: today, or the first open day when that month takes no postings (E-17); and the day
 * that it was meant for: that of the original when its month is closed (G-11), else today when it counts later.
 */
async function reversalDays(tx: Tx, original: AdjustmentEntry, today: Day) {
  const { clinicId, adjustmentDate } = original;
  const day = await firstOpenDay(tx, clinicId, today);
  const [state] = await monthStates(tx, clinicId, [adjustmentDate]);
  return { day, meant: state?.status !== 'OPEN' ? adjustmentDate : day === today ? null : today };
}

/**
 * Reverses an adjustment once, by an equal and opposite entry on the location's today (E-17) that names it and is named
 * by it. The dates of claim and payment stay behind: under every dating basis a reversal counts on its own day, so that
 * it changes no closed month. The same policy approves it by itself or holds it back; the cumulative threshold does not
 * apply, since a reversal grants nothing.
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
  if (await isBeingReversed(tx, original))
    throw refuse('CONFLICT_RETRY', 'A reversal of it waits for a decision; try again afterwards.', ['id']);

  const reason = await reasonForUse(tx, clinicId, original.reason);
  const place = original.locationId ? await locationOf(tx, { clinicId, id: original.locationId }, ['id']) : clinic;
  const today = todayAt(tx, place);
  const { day, meant } = await reversalDays(tx, original, today);
  const description = noteOf(step.reason, ['input', 'reason']);
  const amount = original.amount.negated();
  const judged = await judge(tx, {
    clinicId,
    policy: await policyOn(tx, clinicId, today),
    category: original.category,
    amount,
    reasonRequiresApproval: reason?.requiresApproval ?? false,
    cumulative: null,
  });
  const row: LedgerRow = {
    id: newId(),
    locationId: original.locationId,
    patientId: original.patientId,
    providerId: original.providerId,
    treatmentPlanId: original.treatmentPlanId,
    productionEntryId: original.productionEntryId,
    invoiceId: original.invoiceId,
    transactionId: original.transactionId,
    adjustmentDate: day,
    originalAdjustmentDate: meant,
    category: original.category,
    reason: original.reason,
    description,
    amount,
    affectsNetProduction: original.affectsNetProduction,
    payer: original.payer,
    procedureDate: null,
    claimDate: null,
    estimatedAmount: null,
    paymentDate: null,
    expectedAmount: original.expectedAmount?.negated() ?? null,
    campaignId: original.campaignId,
    ...judged,
    reversesId: original.id,
    recoveryOfId: original.recoveryOfId,
    possibleDuplicateOfId: null,
    isImported: false,
    createdAt: at,
    createdBy: viewer.subject,
  };
  await enter(tx, clinicId, [{ row, act: { action: 'adjustment.reverse' } }]);
  if (counts(row.approvalStatus)) await auditReversed(tx, original, row.description);
  return { clinicId, id: row.id };
}
