import { audit, eventOf, type Act, type Decimal, type GraphEvent, type Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { AFFECTS_NET_PRODUCTION, APPROVAL_THRESHOLD } from '../defaults';
import { keepStandardReasons, reasonsIn } from '../reason-codes/reason-code.service';
import { counts, type AdjustmentCategory, type ApprovalReason, type ApprovalStatus } from './adjustment-category.rules';
import { factOfEntry } from './entry-facts.service';
import { post, type LedgerRow } from './ledger.service';

/** An adjustment of another system, decided there unless it still waits. Identifiers are row uuids of the clinic. */
export interface ImportedAdjustment {
  readonly clinicId: string;
  readonly id: string;
  readonly locationId?: string | null;
  readonly patientId: string;
  readonly providerId?: string | null;
  readonly treatmentPlanId?: string | null;
  readonly productionEntryId?: string | null;
  readonly invoiceId?: string | null;
  readonly transactionId?: string | null;
  readonly adjustmentDate: Day;
  readonly category: AdjustmentCategory;
  readonly reasonCode: string;
  readonly description?: string | null;
  /** Signed; of a reversal the negative of its original. */
  readonly amount: Decimal;
  readonly payer?: string | null;
  readonly procedureDate?: Day | null;
  readonly claimDate?: Day | null;
  readonly estimatedAmount?: Decimal | null;
  readonly paymentDate?: Day | null;
  /** Write-off that the contract let expect, as the other system knew it. */
  readonly expectedAmount?: Decimal | null;
  /** Who decided on it and when makes it APPROVED, or REJECTED if it says so; null makes it AUTO_APPROVED. */
  readonly decision: { readonly by: string; readonly at: Date; readonly rejected?: boolean } | null;
  /** True for one that still waits for a decision, which is made here then. */
  readonly isPending?: boolean;
  /** Entry of the same call, or of an earlier one, that this one undoes. */
  readonly reversesId?: string | null;
  /** Bad debt that a recovery belongs to; null for bad debt from before the ledger. */
  readonly recoveryOfId?: string | null;
  /** Campaign of the clinic that granted the discount. */
  readonly campaignId?: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** State in which a row is taken over. */
const statusOf = ({ decision, isPending }: ImportedAdjustment): ApprovalStatus =>
  isPending ? 'PENDING' : decision ? (decision.rejected ? 'REJECTED' : 'APPROVED') : 'AUTO_APPROVED';

const ledgerRow = (entry: ImportedAdjustment): LedgerRow => {
  const status = statusOf(entry);
  const reasons: readonly ApprovalReason[] =
    status !== 'AUTO_APPROVED' && entry.amount.abs().gte(APPROVAL_THRESHOLD) ? ['AMOUNT_THRESHOLD'] : [];
  return {
    id: entry.id,
    locationId: entry.locationId ?? null,
    patientId: entry.patientId,
    providerId: entry.providerId ?? null,
    treatmentPlanId: entry.treatmentPlanId ?? null,
    productionEntryId: entry.productionEntryId ?? null,
    invoiceId: entry.invoiceId ?? null,
    transactionId: entry.transactionId ?? null,
    adjustmentDate: entry.adjustmentDate,
    originalAdjustmentDate: null,
    category: entry.category,
    reason: entry.reasonCode,
    description: entry.description ?? null,
    amount: entry.amount,
    affectsNetProduction: AFFECTS_NET_PRODUCTION[entry.category],
    payer: entry.payer ?? null,
    procedureDate: entry.procedureDate ?? null,
    claimDate: entry.claimDate ?? null,
    estimatedAmount: entry.estimatedAmount ?? null,
    paymentDate: entry.paymentDate ?? null,
    expectedAmount: entry.expectedAmount ?? null,
    campaignId: entry.campaignId ?? null,
    requiresApproval: status !== 'AUTO_APPROVED',
    approvalReasons: reasons,
    approvalStatus: status,
    decidedBy: entry.decision?.by ?? null,
    decidedAt: entry.decision?.at ?? null,
    reversesId: entry.reversesId ?? null,
    recoveryOfId: entry.recoveryOfId ?? null,
    possibleDuplicateOfId: null,
    isImported: true,
    createdAt: entry.createdAt,
    createdBy: entry.createdBy,
  };
};

/** What the trail says of a row that was taken over: the state in which it came, and who had decided on it. */
const actOf = (entry: ImportedAdjustment): Act => ({
  action: 'adjustment.import',
  entityType: 'AdjustmentEntry',
  entityId: entry.id,
  subjects: [entry.patientId],
  toState: statusOf(entry),
  note: entry.decision ? `Decided by ${entry.decision.by} at ${entry.decision.at.toISOString()}` : null,
});

/**
 * Takes over adjustments of one clinic, flagged as imported, by the same statement as a recorded one: no
 * threshold, balance or backdating rule applies. Standard reasons and those that the clinic saved may be used. Each entry
 * begins its history (ADJ-06). Answers the events that the counting entries are to other domains, in the order of the
 * rows; they are not enqueued, so that a loader may hand them over in bulk.
 */
export async function importAdjustments(tx: Tx, entries: readonly ImportedAdjustment[]): Promise<GraphEvent[]> {
  const clinicId = entries[0]?.clinicId;
  if (clinicId === undefined) return [];
  if (entries.some((entry) => entry.clinicId !== clinicId)) throw new Error('one call takes rows of one clinic');
  await keepStandardReasons(
    tx,
    clinicId,
    entries.map((entry) => entry.reasonCode),
  );
  const reasons = new Map(
    (await reasonsIn(tx, clinicId, { activeOnly: false })).map((reason) => [reason.code, reason.category]),
  );
  for (const { id, reasonCode, category, decision, isPending, createdBy } of entries) {
    if (reasons.get(reasonCode) !== category) throw new Error(`${id}: ${reasonCode} is no reason of ${category}`);
    if (decision && isPending) throw new Error(`${id}: what was decided on does not wait`);
    if (decision?.by === createdBy) throw new Error(`${id}: nobody approves an own entry`);
  }
  const written = entries.map(ledgerRow);
  await post(tx, clinicId, written);
  await audit(tx, clinicId, entries.map(actOf));
  return written
    .filter((row) => counts(row.approvalStatus))
    .map((row) => eventOf(clinicId, factOfEntry(row), tx.session.at));
}
