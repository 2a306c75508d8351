import {
  audit,
  emit,
  expectVersion,
  findByKeys,
  noteOf,
  prepared,
  reachable,
  Refused,
  type RecordKey,
  type Refusal,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, todayAt, type ClinicCopy } from '@practice-graph/practice';
import { policyOn } from '../policy/adjustment-policy.service';
import { codes, refuse } from '../refusals';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { auditReversed, hasRecoveries } from './adjustment-reversal.service';
import { reversalProblem } from './adjustment.rules';
import { after, stepProblem, type Step } from './approval-workflow.rules';
import { countingDays } from './counting-day.service';
import { factOfDecision, factOfEntry } from './entry-facts.service';
import { counts } from './adjustment-category.rules';
import { decide } from './ledger.service';
import { isVisible } from './visibility.rules';

/** Entries that one request may decide on. */
const BATCH_MAX = 200;

interface Locked {
  readonly clinic: ClinicCopy;
  readonly entries: ReadonlyMap<string, AdjustmentEntry>;
  readonly separationOfDuties: boolean;
}

/**
 * Locks entries and the originals of those that are reversals, all in the order of their key, so that of two decisions at
 * once the second sees the first.
 */
async function lockForDecision(tx: Tx, clinicId: string, ids: readonly string[]): Promise<Locked> {
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const undone = await prepared<{ id: string }>(
    tx,
    `SELECT reverses_id AS id FROM adjustment_entry WHERE clinic_id = $1 AND id = ANY ($2::uuid[]) AND reverses_id IS NOT NULL`,
    [clinicId, ids],
  );
  const all = [...new Set([...ids, ...undone.map(({ id }) => id)])];
  const locked = await findByKeys(
    tx,
    AdjustmentEntry,
    all.map((id) => ({ clinicId, id })),
    { lock: 'UPDATE' },
  );
  const { separationOfDuties } = await policyOn(tx, clinicId, todayAt(tx, clinic));
  return { clinic, entries: new Map(locked.map((entry) => [entry.id, entry])), separationOfDuties };
}

/** Why an entry may not take a step; null when it may. What it undoes must still stand when the undoing is approved. */
async function problemOf(
  tx: Tx,
  locked: Locked,
  id: string | undefined,
  step: Step,
): Promise<Omit<Refusal, 'path'> | null> {
  const { viewer } = tx.session;
  const entry = id === undefined ? undefined : locked.entries.get(id);
  if (!entry || !isVisible(entry, viewer)) return { code: 'NOT_FOUND', message: codes.NOT_FOUND };
  const problem = stepProblem({
    step,
    status: entry.approvalStatus,
    isOwn: entry.createdBy === viewer.subject,
    separationOfDuties: locked.separationOfDuties,
  });
  if (problem) return { code: problem, message: codes[problem] };
  const original = entry.reversesId === null ? undefined : locked.entries.get(entry.reversesId);
  if (step !== 'approve' || !original) return null;
  const unfit = reversalProblem({
    isReversal: original.isReversal,
    counts: counts(original.approvalStatus),
    reversedById: original.reversedById,
  });
  if (unfit) return { code: unfit, message: codes[unfit] };
  if (original.category === 'BAD_DEBT' && (await hasRecoveries(tx, original)))
    return { code: 'NOT_REVERSIBLE', message: 'Recoveries of this bad debt stand; reverse them first.' };
  return null;
}

const keyOf = ({ id, reversesId }: AdjustmentEntry) => ({ id, reversesId });

/** Moves entries that may take the step, with their history, and tells of it; what was approved counts from now on. */
async function take(tx: Tx, clinicId: string, locked: Locked, ids: readonly string[], step: Step, note: string | null) {
  const status = after('PENDING', step);
  if (status === null) throw new Error(`${step} leads nowhere`);
  const decided = ids.map((id) => locked.entries.get(id) as AdjustmentEntry);
  const days = status === 'APPROVED' ? await countingDays(tx, locked.clinic, decided) : null;
  await decide(
    tx,
    clinicId,
    decided.map((entry) => ({ ...keyOf(entry), day: days?.get(entry.id) ?? entry.adjustmentDate })),
    status,
  );
  for (const entry of decided) {
    const day = days?.get(entry.id) ?? entry.adjustmentDate;
    if (day !== entry.adjustmentDate)
      Object.assign(entry, {
        adjustmentDate: day,
        originalAdjustmentDate: entry.originalAdjustmentDate ?? entry.adjustmentDate,
      });
  }
  await audit(
    tx,
    clinicId,
    decided.map((entry) => ({
      action: `adjustment.${step}`,
      entityType: 'AdjustmentEntry',
      entityId: entry.id,
      subjects: [entry.patientId],
      fromState: entry.approvalStatus,
      toState: status,
      note,
    })),
  );
  const decision = { status, by: tx.session.viewer.subject, reason: note };
  await emit(tx, clinicId, [
    ...decided.map((entry) => factOfDecision(entry, decision)),
    ...(status === 'APPROVED' ? decided.map(factOfEntry) : []),
  ]);
  if (status !== 'APPROVED') return;
  for (const { reversesId, description } of decided) {
    const original = reversesId === null ? undefined : locked.entries.get(reversesId);
    if (original) await auditReversed(tx, original, description);
  }
}

/** What a request that may succeed in part leaves: row uuids of what was done, and why the rest was not. */
export interface PartDone {
  readonly ids: readonly string[];
  readonly refusals: readonly Refusal[];
}

/** Refuses INVALID when a request decides on nothing, or on more than one may. */
export function requireBatch(opaqueIds: readonly string[]): void {
  if (opaqueIds.length === 0 || opaqueIds.length > BATCH_MAX)
    throw refuse('INVALID', `One request decides on 1 to ${String(BATCH_MAX)} entries.`, ['ids']);
}

/**
 * Approves waiting entries of one clinic, each on its own (ADJ-62): those that may not be are refused under their
 * position, the others count from now on. Refuses when none may be.
 */
export async function approveAdjustments(
  tx: Tx,
  clinicId: string,
  opaqueIds: readonly string[],
  step: { readonly reason?: string | null | undefined },
): Promise<PartDone> {
  const note = noteOf(step.reason, ['input', 'reason']);
  const ids = opaqueIds.map((opaque) => {
    const key = reachable(tx.session.viewer, opaque);
    return key?.clinicId === clinicId ? key.id : undefined;
  });
  const known = ids.filter((id) => id !== undefined);
  const locked = await lockForDecision(tx, clinicId, known);
  const approved: string[] = [];
  const refusals: Refusal[] = [];
  for (const [position, id] of ids.entries()) {
    const problem =
      id !== undefined && approved.includes(id)
        ? ({ code: 'ALREADY_DECIDED', message: 'The entry is named twice.' } as const)
        : await problemOf(tx, locked, id, 'approve');
    if (problem) refusals.push({ ...problem, path: ['ids', String(position)] });
    else approved.push(id as string);
  }
  if (approved.length === 0) throw new Refused(refusals);
  await take(tx, clinicId, locked, approved, 'approve', note);
  return { ids: approved, refusals };
}

interface OneStep {
  readonly expectedVersion?: number | null | undefined;
  readonly reason?: string | null | undefined;
}

async function takeOne(tx: Tx, key: RecordKey, step: Step, input: OneStep, note: string | null): Promise<RecordKey> {
  const { clinicId, id } = key;
  const locked = await lockForDecision(tx, clinicId, [id]);
  const problem = await problemOf(tx, locked, id, step);
  if (problem) throw new Refused({ ...problem, path: ['id'] });
  expectVersion((locked.entries.get(id) as AdjustmentEntry).version, input.expectedVersion);
  await take(tx, clinicId, locked, [id], step, note);
  return { clinicId, id };
}

/** Rejects a waiting entry for good; demands a reason. */
export async function rejectAdjustment(tx: Tx, key: RecordKey, input: OneStep): Promise<RecordKey> {
  const reason = noteOf(input.reason, ['input', 'reason']);
  if (reason === null) throw refuse('REASON_REQUIRED', codes.REASON_REQUIRED, ['input', 'reason']);
  return takeOne(tx, key, 'reject', input, reason);
}

/** Takes back a waiting entry of one's own. */
export function withdrawAdjustment(tx: Tx, key: RecordKey, input: OneStep): Promise<RecordKey> {
  const reason = noteOf(input.reason, ['input', 'reason']);
  return takeOne(tx, key, 'withdraw', input, reason === null ? 'WITHDRAWN' : `WITHDRAWN: ${reason}`);
}
