import {
  audit,
  expectVersion,
  findByKey,
  Refused,
  rows,
  type Act,
  type GroupedInput,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import type { WorkflowStepInput } from '@practice-graph/practice';
import { requireWithin } from '../clinics/saving.service';
import { scheduledCases } from '../recognition/recognition-schedule.service';
import { isInFee } from '../recognition/recognition.rules';
import { refuse } from '../refusals';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { ProductionEntry } from './production-entry.entity';
import type { ProductionEntriesRecordInput, ProductionEntryRecordInput } from './production-entry.inputs';
import { milestoneOf } from './production-entry.rules';
import { balanceOf, tellBalances } from './production-balance.service';
import { postPending, type LedgerRow } from './production-ledger.service';
import { isRefused, prepareLines, reachMilestone, requireProduction, writeLines } from './production-lines.service';

/** Lines that one call may bring. */
const LINES_MAX = 500;

const recorded = (row: LedgerRow, post: boolean | null | undefined) => ({
  action: 'productionEntry.record',
  entityType: 'ProductionEntry',
  entityId: row.id,
  subjects: [row.patientId],
  toState: (post ?? true) ? 'POSTED' : 'PENDING',
});

/** Records what a completed procedure earned. A procedure that was recorded before answers its first entry (REV-50). */
export async function recordEntry(
  tx: Tx,
  clinicId: string,
  input: ProductionEntryRecordInput,
): Promise<{ id: string }> {
  const [line] = await prepareLines(tx, clinicId, [{ input, path: ['input'] }]);
  if (!line) throw new Error('one line in, none out');
  if (isRefused(line)) throw new Refused(line.refusals);
  const [row] = await writeLines(tx, clinicId, [line]);
  if (row) await audit(tx, clinicId, recorded(row, input.post));
  return { id: line.id };
}

/** Records procedures of several requests; one that is refused leaves no trace and does not concern the others. */
export async function recordEntriesOf(
  tx: Tx,
  clinicId: string,
  requests: readonly GroupedInput<ProductionEntryRecordInput>[],
): Promise<{ results: ({ id: string } | Refused)[]; acts: Act[]; write: () => Promise<unknown> }> {
  const lines = requests.map(({ input }) => ({ input, path: ['input'] }));
  const prepared = await prepareLines(tx, clinicId, lines);
  const acts = prepared.flatMap((line, n) => {
    const row = isRefused(line) ? undefined : line.ready?.row;
    const request = requests[n];
    return row && request ? [{ ...recorded(row, request.input.post), requestId: request.requestId }] : [];
  });
  return {
    results: prepared.map((line) => (isRefused(line) ? new Refused(line.refusals) : { id: line.id })),
    acts,
    write: () => writeLines(tx, clinicId, prepared),
  };
}

/** Records many procedures, all or nothing; every line that is wrong is named. Answers ids in the order of the lines. */
export async function recordEntries(
  tx: Tx,
  clinicId: string,
  input: ProductionEntriesRecordInput,
): Promise<{ ids: string[] }> {
  if (input.entries.length > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `At most ${String(LINES_MAX)} entries at once.`, ['input', 'entries']);
  const isImported = input.isImported ?? false;
  const lines = input.entries.map((entry, index) => ({
    ...{ input: entry, isImported },
    path: ['input', 'entries', String(index)],
  }));
  const prepared = await prepareLines(tx, clinicId, lines);
  const refusals = prepared.flatMap((line) => (isRefused(line) ? line.refusals : []));
  if (refusals.length > 0) throw new Refused(refusals);
  const written = await writeLines(tx, clinicId, prepared);
  if (written.length > 0)
    await audit(tx, clinicId, {
      action: 'productionEntries.record',
      entityType: 'ProductionEntry',
      subjects: [...new Set(written.map((row) => row.patientId))],
      filter: { ids: written.map((row) => row.id) },
      rowCount: written.length,
    });
  return { ids: prepared.flatMap((line) => (isRefused(line) ? [] : [line.id])) };
}

/** The entry, locked, if it waits to be posted; refused otherwise. */
async function pendingEntry(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<ProductionEntry> {
  await requireProduction(tx, key.clinicId);
  const entry = await findByKey(tx, ProductionEntry, key, { lock: 'UPDATE' });
  if (!entry) throw refuse('NOT_FOUND', 'The entry does not exist or is outside your reach.', ['id']);
  requireWithin(tx, 'locations', entry.locationId, ['id']);
  requireWithin(tx, 'providers', entry.providerId, ['id']);
  expectVersion(entry.version, input.expectedVersion);
  if (entry.status !== 'PENDING')
    throw refuse('ILLEGAL_STATE_CHANGE', `The entry is ${entry.status}; only a pending one can be posted or voided.`, [
      'id',
    ]);
  return entry;
}

const step = (entry: ProductionEntry, name: string, toState: string, input: WorkflowStepInput) => ({
  action: `productionEntry.${name}`,
  entityType: 'ProductionEntry',
  entityId: entry.id,
  subjects: [entry.patientId],
  fromState: entry.status,
  toState,
  note: input.reason?.trim() ?? null,
});

/** Lets a pending entry count, on the day of its procedure. */
export async function postEntry(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<{ id: string }> {
  const { clinicId } = key;
  const entry = await pendingEntry(tx, key, input);
  const plan =
    entry.treatmentPlanId && milestoneOf(entry.category)
      ? await findByKey(tx, TreatmentPlan, { clinicId, id: entry.treatmentPlanId }, { lock: 'UPDATE' })
      : null;
  if (entry.treatmentPlanId && isInFee(entry.category) && !entry.gross.isZero())
    if ((await scheduledCases(tx, clinicId, [entry.treatmentPlanId])).size > 0)
      throw refuse(
        'AMOUNT_MISMATCH',
        'The fee of its case is recognised by a schedule by now; void the entry and record the procedure anew, which earns nothing of its own.',
        ['id'],
      );
  const reached = await postPending(tx, clinicId, entry);
  if (plan && reached) await reachMilestone(tx, plan, entry.category, entry.productionDate);
  await audit(tx, clinicId, step(entry, 'post', 'POSTED', input));
  return { id: entry.id };
}

/** Drops a pending entry, which never counted. */
export async function voidEntry(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<{ id: string }> {
  const { clinicId } = key;
  const entry = await pendingEntry(tx, key, input);
  await rows(
    tx,
    `UPDATE production_entry SET status = 'VOIDED', version = version + 1, updated_at = $3 WHERE clinic_id = $1 AND id = $2`,
    [clinicId, entry.id, tx.session.at],
  );
  await tellBalances(tx, clinicId, [balanceOf(entry, { status: 'VOIDED' })]);
  await audit(tx, clinicId, step(entry, 'void', 'VOIDED', input));
  return { id: entry.id };
}
