import {
  audit,
  expectVersion,
  findByKey,
  hydrate,
  insert,
  newId,
  prepared,
  recordIdOf,
  refuseKit,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import {
  clinicOf,
  isWithinRecall,
  lockRecalls,
  recallParts,
  recallProblem,
  todayAt,
  type RecallClassName,
  type RecallDescription,
} from '@practice-graph/practice';
import { rowOf } from '../directory/reference.service';
import { Product } from '../products/product.entity';
import { refuse } from '../refusals';
import { announceRecall } from './recall-facts.service';
import { blockLots, freeLots, listPatients, lotsUnder, STANDING } from './recall-lots.service';
import type { RecallOutcome } from './recall-status.types';
import { Recall } from './recall.entity';

/** What a step of a recall did, as it is kept for a retry. */
export interface RecallKept {
  readonly recallId: string;
  readonly lotIds: readonly string[];
}

export interface RecallRequest extends RecallDescription {
  readonly recallClass: RecallClassName;
}

async function refuseWhatIsRecalled(tx: Tx, recall: Recall): Promise<void> {
  const standing = hydrate(
    tx,
    Recall,
    await prepared(tx, `SELECT * FROM recall WHERE clinic_id = $1 AND ${STANDING} ORDER BY started_at, id`, [
      recall.clinicId,
    ]),
  );
  const wider = standing.find((other) => isWithinRecall(recall, other));
  if (wider)
    throw refuse('ALREADY_RECALLED', `Recall ${wider.recallNumber} covers it already.`, [
      'input',
      recall.lotKey === null ? 'itemId' : 'lotNumber',
    ]);
}

/**
 * Starts a recall (SPA-125): blocks every lot that it covers at all places, lists the patients who got of them, and tells
 * the other inventory, which does the same. What is not in stock is remembered, so that a later receipt is caught
 * (SPA-129). Refuses INVALID, REASON_REQUIRED, FUTURE_DATE, NOT_FOUND and ALREADY_RECALLED.
 */
export async function startRecall(tx: Tx, clinicId: string, request: RecallRequest): Promise<RecallKept> {
  const clinic = await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  const problem = recallProblem(request, todayAt(tx, clinic));
  if (problem) throw refuse(problem.code, problem.message, ['input', problem.member]);
  await lockRecalls(tx, clinicId);
  const itemId = request.itemId ? rowOf(clinicId, request.itemId, ['input', 'itemId']) : null;
  const product = itemId === null ? null : await findByKey(tx, Product, { clinicId, id: itemId });
  const recall = Object.assign(new Recall(), {
    ...recallParts(request),
    ...{ clinicId, id: newId(), recallClass: request.recallClass, itemId, productId: product?.id ?? null },
    ...{ supplyLotNumbers: [], status: 'OPEN', startedAt: tx.session.at, startedBy: tx.session.viewer.subject },
    ...{ closedAt: null, closedBy: null, outcome: null, closeNote: null, version: 1 },
  } satisfies Partial<Recall>);
  await refuseWhatIsRecalled(tx, recall);
  await insert(tx, Recall, recall as never);
  const lotIds = await lotsUnder(tx, recall);
  await blockLots(tx, recall, lotIds);
  await audit(tx, clinicId, {
    action: 'recall.start',
    entityType: 'Recall',
    entityId: recall.id,
    subjects: await listPatients(tx, recall, lotIds),
    toState: 'OPEN',
    note: recall.reason,
  });
  await announceRecall(tx, recall);
  return { recallId: recall.id, lotIds };
}

/** The recall of a change, locked. Refuses NOT_FOUND. */
export async function recallToChange(tx: Tx, key: RecordKey): Promise<Recall> {
  await clinicOf(tx, key.clinicId, 'SPA_INVENTORY');
  const recall = await findByKey(tx, Recall, key, { lock: 'UPDATE' });
  if (!recall) throw refuseKit('NOT_FOUND', 'The recall does not exist or is outside your reach.', ['id']);
  return recall;
}

export interface RecallEnd {
  readonly outcome: RecallOutcome;
  readonly note: string;
  readonly expectedVersion: number;
}

/**
 * Closes a recall. One that the maker called off leaves its lots in quarantine, here and in the other inventory; goods
 * that were destroyed or sent back stay recalled, and so does what is received of them later. Patients can be dealt with
 * afterwards too: what was done is to be recorded. Refuses NOT_FOUND, STALE_VERSION, ILLEGAL_STATE_CHANGE, REASON_REQUIRED.
 */
export async function closeRecall(tx: Tx, key: RecordKey, end: RecallEnd): Promise<RecallKept> {
  await lockRecalls(tx, key.clinicId);
  const recall = await recallToChange(tx, key);
  expectVersion(recall.version, end.expectedVersion);
  if (recall.status === 'CLOSED') throw refuse('ILLEGAL_STATE_CHANGE', 'The recall is closed.', ['id']);
  const note = end.note.trim();
  if (note === '') throw refuse('REASON_REQUIRED', 'Say how the recall ended.', ['input', 'note']);
  const { at, viewer } = tx.session;
  await rows(
    tx,
    `UPDATE recall SET status = 'CLOSED', outcome = $3, close_note = $4, closed_at = $5, closed_by = $6, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, end.outcome, note, at, viewer.subject],
  );
  const lotIds = end.outcome === 'TERMINATED' ? await freeLots(tx, recall, note) : [];
  await audit(tx, key.clinicId, {
    action: 'recall.close',
    entityType: 'Recall',
    entityId: key.id,
    fromState: recall.status,
    toState: 'CLOSED',
    note,
  });
  await announceRecall(
    tx,
    Object.assign(recall, {
      status: 'CLOSED',
      outcome: end.outcome,
      closedBy: viewer.subject,
      version: recall.version + 1,
    }),
  );
  return { recallId: key.id, lotIds };
}

/** Row of the patient that an input names; NOT_FOUND for one of another clinic. */
export function patientOf(key: RecordKey, opaque: string): string {
  const patient = recordIdOf(opaque);
  if (patient?.clinicId !== key.clinicId)
    throw refuseKit('NOT_FOUND', 'The patient does not exist or is outside your reach.', ['input', 'patientId']);
  return patient.id;
}
