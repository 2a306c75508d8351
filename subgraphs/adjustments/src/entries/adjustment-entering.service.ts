import { audit, Decimal, emit, prepared, rows, type Act, type Tx } from '@practice-graph/kit';
import { addDays, daysBetween, type Day } from '@practice-graph/practice';
import type { AdjustmentPolicy } from '../policy/adjustment-policy.entity';
import { thresholdFor } from '../policy/adjustment-policy.rules';
import { counts, type AdjustmentCategory } from './adjustment-category.rules';
import { approvalReasons, largestWindowSum } from './approval.rules';
import { factOfEntry, factOfPending } from './entry-facts.service';
import { post, type LedgerRow } from './ledger.service';

/** What a patient's adjustments around a day come to, this amount included, for the cumulative threshold (ADJ-61). */
async function cumulativeSum(
  tx: Tx,
  clinicId: string,
  of: { patientId: string; day: Day; amount: Decimal; windowDays: number; beside?: Decimal },
): Promise<Decimal> {
  const { patientId, day, amount, windowDays } = of;
  // Entries of one patient are recorded one after the other: else two halves of a split amount could both pass.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('adjustments:' || $1::text, 0))`, [patientId]);
  const reach = windowDays - 1;
  const others = await prepared<{ adjustment_date: Day; amount: string }>(
    tx,
    `SELECT adjustment_date, abs(amount) AS amount FROM adjustment_entry
     WHERE clinic_id = $1 AND patient_id = $2 AND adjustment_date BETWEEN $3 AND $4
       AND NOT is_reversal AND reversed_by_id IS NULL AND category <> 'RECOVERY' AND approval_status <> 'REJECTED'`,
    [clinicId, patientId, addDays(day, -reach), addDays(day, reach)],
  );
  return largestWindowSum(
    { day: 0, amount: amount.abs().plus(of.beside ?? 0) },
    others.map((other) => ({ day: daysBetween(day, other.adjustment_date), amount: new Decimal(other.amount) })),
    windowDays,
  );
}

export interface Judged {
  readonly clinicId: string;
  /** Rules of the day on which the entry counts. */
  readonly policy: AdjustmentPolicy;
  readonly category: AdjustmentCategory;
  readonly amount: Decimal;
  readonly reasonRequiresApproval: boolean;
  /** Whose adjustments are added up, around which day; null where the cumulative rule does not apply. */
  readonly cumulative: {
    readonly patientId: string;
    readonly day: Day;
    /** What the same request adds for the patient besides, not written so far. */
    readonly beside?: Decimal;
  } | null;
}

/** What policy says of an entry of the caller: approved by itself, or waiting, and why (ADJ-61, D-17). */
export async function judge(tx: Tx, of: Judged) {
  const { policy, category, amount } = of;
  const threshold = thresholdFor(policy.approvalRules, category, tx.session.viewer.role);
  const windowDays = policy.cumulativeWindowDays;
  const approvalReasonsFound = approvalReasons({
    amount,
    threshold,
    cumulative:
      of.cumulative && windowDays > 0 && threshold
        ? await cumulativeSum(tx, of.clinicId, { ...of.cumulative, amount, windowDays })
        : null,
    reasonRequiresApproval: of.reasonRequiresApproval,
  });
  const waits = approvalReasonsFound.length > 0;
  return {
    requiresApproval: waits,
    approvalReasons: approvalReasonsFound,
    approvalStatus: waits ? 'PENDING' : 'AUTO_APPROVED',
    decidedBy: null,
    decidedAt: null,
  } as const;
}

/** Writes new rows with their audit events, and tells of each that it counts, or that it waits. */
export async function enter(tx: Tx, clinicId: string, entered: readonly { row: LedgerRow; act: Act }[]): Promise<void> {
  await post(
    tx,
    clinicId,
    entered.map(({ row }) => row),
  );
  await audit(
    tx,
    clinicId,
    entered.map(({ row, act }) => ({
      entityType: 'AdjustmentEntry',
      entityId: row.id,
      subjects: [row.patientId],
      toState: row.approvalStatus,
      note: row.description,
      ...act,
    })),
  );
  await emit(
    tx,
    clinicId,
    entered.map(({ row }) => (counts(row.approvalStatus) ? factOfEntry(row) : factOfPending(row))),
  );
}
