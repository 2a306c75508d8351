import {
  audit,
  emit,
  eventOf,
  findByKey,
  hydrate,
  prepared,
  rows,
  type Fact,
  type GraphEvent,
  type Tx,
} from '@practice-graph/kit';
import { eventData, factOf } from '@practice-graph/practice';
import { Recall } from './recall.entity';

const CODES = 'SELECT gtin FROM product_barcode WHERE clinic_id = $1 AND product_id = $2 ORDER BY gtin';

/** State of a recall for the other inventory, with what it needs to find the same goods under its own items. */
async function factOfRecall(tx: Tx, recall: Recall): Promise<Fact> {
  const { clinicId, id, version } = recall;
  const codes =
    recall.productId === null || recall.gtin !== null
      ? []
      : await prepared<{ gtin: string }>(tx, CODES, [clinicId, recall.productId]);
  return factOf(recall.status === 'CLOSED' ? 'recall.closed' : 'recall.started', id, {
    ...{ id, recallNumber: recall.recallNumber, recallClass: recall.recallClass, reason: recall.reason },
    ...{ announcedOn: recall.announcedOn, lotNumber: recall.lotNumber, gtin: recall.gtin, itemId: recall.itemId },
    gtins: recall.gtin === null ? codes.map((code) => code.gtin) : [recall.gtin],
    startedAt: recall.startedAt.toISOString(),
    startedBy: recall.startedBy,
    closedBy: recall.closedBy,
    isInForce: recall.outcome !== 'TERMINATED',
    version,
  });
}

/** Tells the other inventory of the state of a recall. */
export const announceRecall = async (tx: Tx, recall: Recall): Promise<void> =>
  emit(tx, recall.clinicId, await factOfRecall(tx, recall));

/** The events that tell of the recalls of a clinic as they stand, for a receiver that is loaded beside it. */
export async function eventsOfRecalls(tx: Tx, clinicId: string): Promise<GraphEvent[]> {
  const found = await recallsOf(tx, clinicId);
  const facts = await Promise.all(found.map((recall) => factOfRecall(tx, recall)));
  return facts.map((fact) => eventOf(clinicId, fact, tx.session.at));
}

const recallsOf = async (tx: Tx, clinicId: string): Promise<Recall[]> =>
  hydrate(
    tx,
    Recall,
    await prepared(tx, 'SELECT * FROM recall WHERE clinic_id = $1 ORDER BY started_at, id', [clinicId]),
  );

/** Sends the recalls of a clinic again; who has them already does nothing (E-22). */
export async function resendRecalls(tx: Tx, clinicId: string): Promise<void> {
  for (const recall of await recallsOf(tx, clinicId)) await announceRecall(tx, recall);
}

/**
 * Takes over what the other inventory found under a recall: its lot numbers, and the patients who got of them, who are to
 * be told like all others. Those who are listed already keep what is recorded of them.
 */
export async function applyRecallApplied(tx: Tx, event: GraphEvent): Promise<void> {
  const { recallId, lotNumbers, patientIds } = eventData('recall.applied', event);
  const { clinicId } = event;
  // A restored database may not know the recall yet; the event comes again until it does.
  if (!(await findByKey(tx, Recall, { clinicId, id: recallId }, { lock: 'UPDATE' })))
    throw new Error('the other inventory applied a recall that is not known here');
  // What was found only grows, and the news of it may come in any order.
  await rows(
    tx,
    `UPDATE recall SET supply_lot_numbers = ARRAY(SELECT DISTINCT n FROM unnest(supply_lot_numbers || $3::text[]) AS n ORDER BY n)
     WHERE clinic_id = $1 AND id = $2`,
    [clinicId, recallId, lotNumbers],
  );
  await rows(
    tx,
    `INSERT INTO recall_patient (clinic_id, recall_id, patient_id, status) SELECT $1, $2, p, 'OPEN' FROM unnest($3::uuid[]) AS p
     ON CONFLICT DO NOTHING`,
    [clinicId, recallId, patientIds],
  );
  await audit(tx, clinicId, {
    action: 'recall.patients_added',
    entityType: 'Recall',
    entityId: recallId,
    subjects: patientIds,
  });
}
