import { rows, type Decimal, type Tx } from '@practice-graph/kit';
import { requireOpenMonths, type Day } from '@practice-graph/practice';
import { INTO_SLICES, told } from './slice-upkeep.service';
import { counts, type AdjustmentCategory, type ApprovalReason, type ApprovalStatus } from './adjustment-category.rules';

/** A row to be written to the ledger, whole. Amounts carry their sign: a reversal is the negative of its original. */
export interface LedgerRow {
  readonly id: string;
  readonly locationId: string | null;
  readonly patientId: string;
  readonly providerId: string | null;
  readonly treatmentPlanId: string | null;
  readonly productionEntryId: string | null;
  readonly invoiceId: string | null;
  readonly transactionId: string | null;
  readonly adjustmentDate: string;
  readonly originalAdjustmentDate: string | null;
  readonly category: AdjustmentCategory;
  readonly reason: string;
  readonly description: string | null;
  readonly amount: Decimal;
  readonly affectsNetProduction: boolean;
  readonly payer: string | null;
  readonly procedureDate: string | null;
  readonly claimDate: string | null;
  readonly estimatedAmount: Decimal | null;
  readonly paymentDate: string | null;
  readonly expectedAmount: Decimal | null;
  readonly campaignId: string | null;
  readonly requiresApproval: boolean;
  readonly approvalReasons: readonly ApprovalReason[];
  readonly approvalStatus: ApprovalStatus;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reversesId: string | null;
  readonly recoveryOfId: string | null;
  readonly possibleDuplicateOfId: string | null;
  readonly isImported: boolean;
  readonly createdAt: Date;
  readonly createdBy: string;
}

const POST = `
WITH e AS (
  INSERT INTO adjustment_entry (clinic_id, id, location_id, patient_id, provider_id, treatment_plan_id, production_entry_id,
    invoice_id, transaction_id, adjustment_date, original_adjustment_date, category, reason_code, description, amount,
    affects_net_production, payer, procedure_date, claim_date, estimated_amount, payment_date, requires_approval,
    approval_reasons, approval_status, decided_by, decided_at, is_reversal, reverses_id, reversed_by_id, recovery_of_id,
    possible_duplicate_of_id, is_imported, created_at, created_by, version, expected_amount, campaign_id)
  SELECT $1::uuid, r.id, r."locationId", r."patientId", r."providerId", r."treatmentPlanId", r."productionEntryId",
    r."invoiceId", r."transactionId", r."adjustmentDate", r."originalAdjustmentDate", r.category, r.reason, r.description,
    r.amount, r."affectsNetProduction", r.payer, r."procedureDate", r."claimDate", r."estimatedAmount", r."paymentDate",
    r."requiresApproval", r."approvalReasons", r."approvalStatus", r."decidedBy", r."decidedAt",
    r."reversesId" IS NOT NULL, r."reversesId", NULL, r."recoveryOfId", r."possibleDuplicateOfId", r."isImported",
    r."createdAt", r."createdBy", 1,
    r."expectedAmount", r."campaignId"
  FROM json_to_recordset($2::json) AS r (id uuid, "locationId" uuid, "patientId" uuid, "providerId" uuid,
    "treatmentPlanId" uuid, "productionEntryId" uuid, "invoiceId" uuid, "transactionId" text, "adjustmentDate" date,
    "originalAdjustmentDate" date, category text, reason text, description text, amount numeric,
    "affectsNetProduction" boolean, payer text, "procedureDate" date, "claimDate" date, "estimatedAmount" numeric,
    "paymentDate" date, "requiresApproval" boolean, "approvalReasons" text[], "approvalStatus" text, "decidedBy" text,
    "decidedAt" timestamptz, "reversesId" uuid, "recoveryOfId" uuid, "possibleDuplicateOfId" uuid, "isImported" boolean,
    "createdAt" timestamptz, "createdBy" text, "expectedAmount" numeric, "campaignId" uuid)
  RETURNING ${told('adjustment_entry')}, adjustment_date, approval_status AS state, 1 AS stands,
    (approval_status IN ('APPROVED', 'AUTO_APPROVED'))::int AS counted, (approval_status = 'PENDING')::int AS waiting
), ${INTO_SLICES}`;

// What ends to wait leaves the day that it was meant for, and what counts from now on stands on the day given. A day that
// it was meant for before, such as that of the entry which it undoes, is kept.
const DECIDE = `
WITH o AS (
  SELECT e.clinic_id, e.id, e.adjustment_date AS meant, k.day FROM unnest($2::uuid[], $6::date[]) AS k (id, day)
  JOIN adjustment_entry e ON e.clinic_id = $1 AND e.id = k.id WHERE e.approval_status = 'PENDING'
), d AS (
  UPDATE adjustment_entry t SET approval_status = $3, decided_by = $4, decided_at = $5, version = version + 1,
    adjustment_date = o.day, original_adjustment_date = CASE WHEN o.day = o.meant THEN original_adjustment_date ELSE coalesce(original_adjustment_date, o.meant) END
  FROM o WHERE t.clinic_id = o.clinic_id AND t.id = o.id
  RETURNING ${told('t')}, t.adjustment_date, o.meant
), e AS (
  SELECT ${told('d')}, adjustment_date, $3::text AS state, 1 AS stands, ($3 = 'APPROVED')::int AS counted, 0 AS waiting FROM d
  UNION ALL SELECT ${told('d')}, meant, 'PENDING', -1, 0, -1 FROM d
), ${INTO_SLICES}`;

// The second half of the link between an entry and its reversal; rows in the order of their key, as everywhere.
const LINK_REVERSED = `
WITH o AS (
  SELECT k.reversal_id, e.clinic_id, e.id FROM unnest($2::uuid[], $3::uuid[]) AS k (reversal_id, original_id)
  JOIN adjustment_entry e ON e.clinic_id = $1 AND e.id = k.original_id
  WHERE e.reversed_by_id IS NULL ORDER BY e.id FOR UPDATE OF e
)
UPDATE adjustment_entry e SET reversed_by_id = o.reversal_id, version = e.version + 1
FROM o WHERE e.clinic_id = o.clinic_id AND e.id = o.id RETURNING e.id`;

/** Links originals to reversals that count from now on; throws when one was reversed before. */
async function linkReversals(tx: Tx, clinicId: string, counting: readonly Pick<LedgerRow, 'id' | 'reversesId'>[]) {
  const reversals = counting.filter((entry) => entry.reversesId !== null);
  if (reversals.length === 0) return;
  const linked = await rows(tx, LINK_REVERSED, [
    clinicId,
    reversals.map((entry) => entry.id),
    reversals.map((entry) => entry.reversesId),
  ]);
  if (linked.length !== reversals.length) throw new Error('an entry to be reversed is missing or was reversed before');
}

/**
 * Writes rows of one clinic with their slices, and the links of reversals that count. An original must be written
 * before or together with its reversal, and throws when it was reversed before. Refuses PERIOD_CLOSED.
 */
export async function post(tx: Tx, clinicId: string, entries: readonly LedgerRow[]): Promise<void> {
  if (entries.length === 0) return;
  await requireOpenMonths(
    tx,
    clinicId,
    entries.map((entry) => entry.adjustmentDate),
  );
  await rows(tx, POST, [clinicId, JSON.stringify(entries)]);
  await linkReversals(
    tx,
    clinicId,
    entries.filter((entry) => counts(entry.approvalStatus)),
  );
}

/** A waiting entry that is decided on, and the day on which it counts from now on, if it does. */
export interface DecidedRow extends Pick<LedgerRow, 'id' | 'reversesId'> {
  readonly day: Day;
}

/**
 * Moves waiting entries, which the caller has locked, to their last state, with their slices and the links of reversals
 * that count from now on. Refuses PERIOD_CLOSED for what would count in a month that takes no postings.
 */
export async function decide(
  tx: Tx,
  clinicId: string,
  entries: readonly DecidedRow[],
  status: 'APPROVED' | 'REJECTED',
): Promise<void> {
  if (entries.length === 0) return;
  const { viewer, at } = tx.session;
  const days = entries.map((entry) => entry.day);
  if (status === 'APPROVED') await requireOpenMonths(tx, clinicId, days);
  await rows(tx, DECIDE, [clinicId, entries.map((entry) => entry.id), status, viewer.subject, at, days]);
  if (status === 'APPROVED') await linkReversals(tx, clinicId, entries);
}
