import {
  clinicOfInput,
  Decimal,
  findByKey,
  newId,
  noteOf,
  prepared,
  reachable,
  Refused,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import {
  clinicOf,
  isWithin,
  locationOf,
  postingDayProblem,
  requireOpenMonths,
  todayAt,
  type Day,
} from '@practice-graph/practice';
import { affectsNet } from '../policy/adjustment-policy.rules';
import { policyOn } from '../policy/adjustment-policy.service';
import { keepStandardReasons, reasonForUse } from '../reason-codes/reason-code.service';
import { codes, refuse } from '../refusals';
import { counts } from './adjustment-category.rules';
import { enter, judge } from './adjustment-entering.service';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { amountProblem, reasonProblem } from './adjustment.rules';
import type { LedgerRow } from './ledger.service';
import { isVisible } from './visibility.rules';

/** Money recovered on bad debt; identifiers are the opaque ones of the API. */
export interface RecordRecovery {
  readonly writeOffId?: string | null | undefined;
  readonly clinicId?: string | null | undefined;
  readonly patientId?: string | null | undefined;
  readonly amount: Decimal;
  readonly recoveredOn: Day;
  readonly reasonCode: string;
  readonly description?: string | null | undefined;
}

type Account = Pick<
  LedgerRow,
  'locationId' | 'patientId' | 'providerId' | 'treatmentPlanId' | 'productionEntryId' | 'invoiceId' | 'recoveryOfId'
>;

/** Uuid of the clinic of a recovery: that of the bad debt, or of the input for one from before the ledger. */
export function clinicOfRecovery(tx: Pick<Tx['session'], 'viewer'>, input: RecordRecovery): string {
  const { viewer } = tx;
  const { writeOffId, clinicId, patientId } = input;
  if (writeOffId !== null && writeOffId !== undefined) {
    const key = reachable(viewer, writeOffId);
    if (!key) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'writeOffId']);
    return key.clinicId;
  }
  if (!clinicId || !patientId)
    throw refuse('INVALID', 'A recovery without its write-off needs the clinic and the patient.', [
      'input',
      clinicId ? 'patientId' : 'clinicId',
    ]);
  return clinicOfInput(viewer, clinicId);
}

/** The bad debt that came back, locked, so that recoveries and its reversal come one after the other. */
async function debtOf(tx: Tx, clinicId: string, input: RecordRecovery): Promise<AdjustmentEntry | null> {
  const { viewer } = tx.session;
  const { writeOffId } = input;
  if (writeOffId === null || writeOffId === undefined) return null;
  const key = reachable(viewer, writeOffId);
  const debt = key && (await findByKey(tx, AdjustmentEntry, key, { lock: 'UPDATE' }));
  if (!debt || !isVisible(debt, viewer)) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'writeOffId']);
  if (debt.category !== 'BAD_DEBT' || debt.isReversal || debt.reversedById !== null || !counts(debt.approvalStatus))
    throw refuse('NOT_BAD_DEBT', codes.NOT_BAD_DEBT, ['input', 'writeOffId']);
  const { patientId, clinicId: given } = input;
  if (patientId && reachable(viewer, patientId)?.id !== debt.patientId)
    throw refuse('INVALID', 'The bad debt is of another patient.', ['input', 'patientId']);
  if (given && clinicOfInput(viewer, given) !== clinicId)
    throw refuse('INVALID', 'The bad debt is of another clinic.', ['input', 'clinicId']);
  return debt;
}

/** What came back on a bad debt so far, waiting recoveries included: what is reversed or rejected is not in it. */
async function recoveredSoFar(tx: Tx, debt: RecordKey): Promise<Decimal> {
  const [sum] = await prepared<{ recovered: string }>(
    tx,
    `SELECT coalesce(sum(amount), 0) AS recovered FROM adjustment_entry WHERE clinic_id = $1 AND recovery_of_id = $2
       AND NOT is_reversal AND reversed_by_id IS NULL AND approval_status <> 'REJECTED'`,
    [debt.clinicId, debt.id],
  );
  return new Decimal(sum?.recovered ?? 0);
}

/** Account of a recovery of bad debt from before the ledger. */
function accountBefore(tx: Tx, clinicId: string, input: RecordRecovery): Account {
  const { viewer } = tx.session;
  const patient = reachable(viewer, input.patientId ?? '');
  if (patient?.clinicId !== clinicId) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'patientId']);
  // A caller who is narrowed to some places or providers records nothing that names none.
  if (!isWithin(viewer, 'locations', null) || !isWithin(viewer, 'providers', null))
    throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'clinicId']);
  return {
    locationId: null,
    patientId: patient.id,
    providerId: null,
    treatmentPlanId: null,
    productionEntryId: null,
    invoiceId: null,
    recoveryOfId: null,
  };
}

/** Records money that came back on a bad debt, which counts on its own day (ADJ-77); answers its key. */
export async function recordRecovery(tx: Tx, clinicId: string, input: RecordRecovery): Promise<RecordKey> {
  const { viewer, at } = tx.session;
  const { amount, recoveredOn } = input;
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const description = noteOf(input.description, ['input', 'description']);
  const debt = await debtOf(tx, clinicId, input);
  const account: Account = debt
    ? {
        locationId: debt.locationId,
        patientId: debt.patientId,
        providerId: debt.providerId,
        treatmentPlanId: debt.treatmentPlanId,
        productionEntryId: debt.productionEntryId,
        invoiceId: debt.invoiceId,
        recoveryOfId: debt.id,
      }
    : accountBefore(tx, clinicId, input);
  const place = account.locationId
    ? await locationOf(tx, { clinicId, id: account.locationId }, ['input', 'writeOffId'])
    : clinic;
  const today = todayAt(tx, place);
  const dayProblem = postingDayProblem({
    day: recoveredOn,
    today,
    mayBackdate: viewer.scopes.includes('records:backdate'),
    maxBackdateDays: (await policyOn(tx, clinicId, today)).maxBackdateDays,
  });
  const reason = await reasonForUse(tx, clinicId, input.reasonCode);
  const problems = [
    amountProblem('RECOVERY', amount),
    reasonProblem('RECOVERY', input.reasonCode, reason, description),
    dayProblem && { code: dayProblem, message: codes[dayProblem], path: ['recoveredOn'] },
    debt && recoveredOn < debt.adjustmentDate
      ? { code: 'BAD_RANGE' as const, message: 'Nothing comes back before it was given up.', path: ['recoveredOn'] }
      : null,
    debt && (await recoveredSoFar(tx, debt)).plus(amount).gt(debt.amount)
      ? { code: 'RECOVERY_EXCEEDS_WRITE_OFF' as const, message: codes.RECOVERY_EXCEEDS_WRITE_OFF, path: ['amount'] }
      : null,
  ].filter((problem) => problem !== null);
  if (problems.length > 0)
    throw new Refused(problems.map((problem) => ({ ...problem, path: ['input', ...problem.path] })));
  await requireOpenMonths(tx, clinicId, [recoveredOn], ['input', 'recoveredOn']);

  const policy = await policyOn(tx, clinicId, recoveredOn);
  const judged = await judge(tx, {
    clinicId,
    policy,
    category: 'RECOVERY',
    amount,
    reasonRequiresApproval: reason?.requiresApproval ?? false,
    cumulative: null,
  });
  if (reason?.version === 0) await keepStandardReasons(tx, clinicId, [reason.code]);
  const row: LedgerRow = {
    id: newId(),
    ...account,
    transactionId: null,
    adjustmentDate: recoveredOn,
    originalAdjustmentDate: null,
    category: 'RECOVERY',
    reason: input.reasonCode,
    description,
    amount,
    affectsNetProduction: affectsNet(policy, 'RECOVERY'),
    payer: null,
    procedureDate: null,
    claimDate: null,
    estimatedAmount: null,
    paymentDate: null,
    expectedAmount: null,
    campaignId: null,
    ...judged,
    reversesId: null,
    possibleDuplicateOfId: null,
    isImported: false,
    createdAt: at,
    createdBy: viewer.subject,
  };
  await enter(tx, clinicId, [{ row, act: { action: 'adjustment.recover' } }]);
  return { clinicId, id: row.id };
}
