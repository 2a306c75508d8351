import {
  audit,
  findByKey,
  hydrate,
  newId,
  noteOf,
  prepared,
  reachable,
  rows,
  type GraphEvent,
  type Tx,
} from '@practice-graph/kit';
import {
  clinicOf,
  eventData,
  isWithinRecall,
  lockRecalls,
  lotNumberKey,
  recallParts,
  recallProblem,
  todayAt,
  type RecallClassName,
  type RecallDescription,
  type RecallTarget,
} from '@practice-graph/practice';
import { watchRecalls } from '../alerts/recall-watch.service';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import { announceFound } from './recall-found.service';
import { blockLots, freeLots, lotsUnder } from './recalled-lots.service';
import { STANDING, SupplyRecall } from './supply-recall.entity';

export interface RecallRequest extends RecallDescription {
  readonly recallClass: RecallClassName;
}

/** What a change did, as it is kept for a retry. */
export interface RecallKept {
  readonly lotIds: readonly string[];
  readonly alertIds: readonly string[];
}

interface Named {
  readonly lotNumber: string | null;
  readonly gtin: string | null;
  /** Item of either inventory. */
  readonly itemId: string | null;
}

const scopeKey = (named: Named): string =>
  [named.lotNumber === null ? '' : lotNumberKey(named.lotNumber), named.gtin ?? '', named.itemId ?? ''].join('/');

/** The named item where it is one of this inventory. */
async function itemHere(tx: Tx, clinicId: string, itemId: string | null): Promise<string | null> {
  return itemId === null ? null : ((await findByKey(tx, SupplyItem, { clinicId, id: itemId }))?.id ?? null);
}

// What was only requested here learns from the event which recall it belongs to and which GTINs its goods have. A recall
// may be called off and started again under the same number: the later one takes the notice over, and late news of the
// earlier one changes nothing. Ids of recalls grow with time.
const SAVE = `
INSERT INTO supply_recall AS k (clinic_id, id, recall_id, number_key, scope_key, recall_number, recall_class, reason, announced_on,
  lot_number, lot_key, gtins, item_id, started_at, started_by, called_off, lifted_at, event_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, $17)
ON CONFLICT (clinic_id, number_key, scope_key) DO UPDATE SET recall_id = coalesce(excluded.recall_id, k.recall_id),
  recall_class = excluded.recall_class, reason = excluded.reason, announced_on = excluded.announced_on,
  gtins = CASE WHEN excluded.event_version = 0 THEN k.gtins ELSE excluded.gtins END,
  called_off = excluded.called_off,
  started_at = CASE WHEN excluded.recall_id > k.recall_id THEN excluded.started_at ELSE k.started_at END,
  started_by = CASE WHEN excluded.recall_id > k.recall_id THEN excluded.started_by ELSE k.started_by END,
  lifted_at = CASE WHEN excluded.event_version = 0 OR excluded.recall_id > k.recall_id THEN NULL ELSE k.lifted_at END,
  event_version = CASE WHEN excluded.event_version = 0 THEN k.event_version ELSE excluded.event_version END
WHERE excluded.event_version = 0 OR k.recall_id IS NULL OR excluded.recall_id > k.recall_id
  OR (excluded.recall_id = k.recall_id AND k.event_version < excluded.event_version)
RETURNING *`;

async function save(tx: Tx, notice: SupplyRecall): Promise<SupplyRecall | null> {
  const found = await prepared(tx, SAVE, [
    notice.clinicId,
    notice.id,
    notice.recallId,
    notice.numberKey,
    notice.scopeKey,
    notice.recallNumber,
    notice.recallClass,
    notice.reason,
    notice.announcedOn,
    notice.lotNumber,
    notice.lotKey,
    notice.gtins,
    notice.itemId,
    notice.startedAt,
    notice.startedBy,
    notice.calledOff,
    notice.eventVersion,
  ]);
  return hydrate(tx, SupplyRecall, found)[0] ?? null;
}

/** What a notice named, read back from its text; numbers of lots may hold slashes, the rest does not. */
function targetOf(notice: SupplyRecall): RecallTarget {
  const parts = notice.scopeKey.split('/');
  const [gtin, itemId] = parts.slice(-2);
  return { lotKey: notice.lotKey, gtin: gtin || null, itemId: itemId || null };
}

/** Refuses what a recall of another number blocks already; the same recall may be told again, for example in another class. */
async function refuseWhatIsRecalled(tx: Tx, of: { clinicId: string; numberKey: string; target: RecallTarget }) {
  const others = hydrate(
    tx,
    SupplyRecall,
    await prepared(
      tx,
      `SELECT * FROM supply_recall WHERE clinic_id = $1 AND number_key <> $2 AND ${STANDING} ORDER BY id`,
      [of.clinicId, of.numberKey],
    ),
  );
  const wider = others.find((other) => isWithinRecall(of.target, targetOf(other)));
  if (wider)
    throw refuse('ALREADY_RECALLED', `Recall ${wider.recallNumber} covers it already.`, [
      'input',
      of.target.lotKey === null ? 'itemId' : 'lotNumber',
    ]);
}

const numberKey = (recallNumber: string): string => recallNumber.trim().toUpperCase();

/**
 * Blocks every lot that a recall covers, and remembers it for later receipts (SUP-42). Doing it twice, or beside the event
 * of the other inventory, changes nothing. Refuses INVALID, REASON_REQUIRED, FUTURE_DATE, NOT_FOUND
 * and ALREADY_RECALLED.
 */
export async function applySupplyRecall(tx: Tx, clinicId: string, request: RecallRequest): Promise<RecallKept> {
  const clinic = await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const problem = recallProblem(request, todayAt(tx, clinic));
  if (problem) throw refuse(problem.code, problem.message, ['input', problem.member]);
  await lockRecalls(tx, clinicId);
  const named = request.itemId ? reachable(tx.session.viewer, request.itemId) : null;
  if (named && named.clinicId !== clinicId) throw refuse('NOT_FOUND', 'There is no such item.', ['input', 'itemId']);
  if (request.itemId && !named) throw refuse('NOT_FOUND', 'There is no such item.', ['input', 'itemId']);
  const parts = recallParts(request);
  const itemId = named?.id ?? null;
  await refuseWhatIsRecalled(tx, {
    ...{ clinicId, numberKey: numberKey(parts.recallNumber), target: { ...parts, itemId } },
  });
  const notice = await save(
    tx,
    Object.assign(new SupplyRecall(), {
      ...{ clinicId, id: newId(), recallId: null, numberKey: numberKey(parts.recallNumber) },
      ...{ ...parts, scopeKey: scopeKey({ ...parts, itemId }), recallClass: request.recallClass },
      ...{ gtins: parts.gtin === null ? [] : [parts.gtin], itemId: await itemHere(tx, clinicId, itemId) },
      ...{ startedAt: tx.session.at, startedBy: tx.session.viewer.subject, calledOff: false, eventVersion: 0 },
    }),
  );
  if (!notice) throw new Error('a request saves its notice');
  const lotIds = await lotsUnder(tx, notice);
  await blockLots(tx, notice, lotIds);
  const alertIds = await watchRecalls(tx, clinicId, lotIds);
  await audit(tx, clinicId, {
    action: 'supply_recall.apply',
    entityType: 'SupplyRecall',
    entityId: notice.id,
    note: notice.reason,
    rowCount: lotIds.length,
  });
  return { lotIds, alertIds };
}

/** Ends every notice of a recall number here; its lots go to quarantine. Refuses NOT_FOUND, REASON_REQUIRED. */
export async function liftSupplyRecall(
  tx: Tx,
  clinicId: string,
  lift: { readonly recallNumber: string; readonly reason?: string | null | undefined },
): Promise<RecallKept> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  await lockRecalls(tx, clinicId);
  const reason = noteOf(lift.reason, ['input', 'reason']);
  if (reason === null) throw refuse('REASON_REQUIRED', 'Say why the recall ends.', ['input', 'reason']);
  const ended = await rows<{ id: string }>(
    tx,
    `UPDATE supply_recall SET lifted_at = $3 WHERE clinic_id = $1 AND number_key = $2 AND ${STANDING} RETURNING id`,
    [clinicId, numberKey(lift.recallNumber), tx.session.at],
  );
  if (ended.length === 0) throw refuse('NOT_FOUND', 'No recall of that number stands.', ['recallNumber']);
  const ids = ended.map((row) => row.id);
  const lotIds = await freeLots(tx, clinicId, ids, {
    reason: `Recall ${lift.recallNumber.trim()} was lifted: ${reason}`,
    by: tx.session.viewer.subject,
  });
  await watchRecalls(tx, clinicId, lotIds);
  await audit(
    tx,
    clinicId,
    ids.map((id) => ({ action: 'supply_recall.lift', entityType: 'SupplyRecall', entityId: id, note: reason })),
  );
  return { lotIds, alertIds: [] };
}

/** Does what the owner of a recall tells: that it started, goes on, or was called off. Old news changes nothing (E-22). */
export async function applyRecallState(tx: Tx, event: GraphEvent): Promise<void> {
  const type = event.type === 'recall.closed' ? 'recall.closed' : 'recall.started';
  const recall = eventData(type, event);
  const { clinicId } = event;
  await lockRecalls(tx, clinicId);
  const { recallNumber, recallClass, reason, announcedOn, lotNumber, startedBy } = recall;
  const notice = await save(
    tx,
    Object.assign(new SupplyRecall(), {
      ...{ clinicId, id: newId(), recallId: recall.id, numberKey: numberKey(recallNumber), scopeKey: scopeKey(recall) },
      ...{ recallNumber, recallClass, reason, announcedOn, lotNumber, startedBy, gtins: recall.gtins },
      lotKey: lotNumber === null ? null : lotNumberKey(lotNumber),
      itemId: await itemHere(tx, clinicId, recall.itemId),
      startedAt: new Date(recall.startedAt),
      ...{ calledOff: !recall.isInForce, eventVersion: recall.version },
    }),
  );
  if (!notice) return;
  if (notice.calledOff) {
    // Whoever called it off does not release the lots too.
    const by = recall.closedBy ?? startedBy;
    const freed = await freeLots(tx, clinicId, [notice.id], { reason: `Recall ${recallNumber} was called off.`, by });
    await watchRecalls(tx, clinicId, freed);
    return;
  }
  if (notice.liftedAt !== null) return;
  const lotIds = await lotsUnder(tx, notice);
  await blockLots(tx, notice, lotIds);
  await watchRecalls(tx, clinicId, lotIds);
  await announceFound(tx, notice);
}
