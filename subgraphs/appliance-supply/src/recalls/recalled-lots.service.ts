import { audit, emit, hydrate, prepared, type Tx } from '@practice-graph/kit';
import { coversLot, factOf, type LotDispositionName, type RecallableLot } from '@practice-graph/practice';
import { announceFound } from './recall-found.service';
import { STANDING, SupplyRecall } from './supply-recall.entity';

interface LotAtRisk extends RecallableLot {
  readonly id: string;
}

interface LotRow {
  id: string;
  item_id: string;
  number_key: string;
  gtins: string[];
}

const LOTS = `
SELECT l.id, l.item_id, l.number_key, array_remove(ARRAY[lpad(l.gtin, 14, '0'), lpad(i.gtin, 14, '0')], NULL) AS gtins
FROM supply_lot l JOIN supply_item i ON i.clinic_id = l.clinic_id AND i.id = l.item_id WHERE l.clinic_id = $1`;

const atRisk = (row: LotRow): LotAtRisk => ({
  id: row.id,
  itemId: row.item_id,
  lotKey: row.number_key,
  hasNumber: row.number_key !== '',
  gtins: row.gtins,
});

const covers = ({ lotKey, gtins, itemId }: SupplyRecall, lot: LotAtRisk): boolean =>
  coversLot({ lotKey, gtins, itemId }, lot);

/** Lots of a clinic that a notice covers. */
export async function lotsUnder(tx: Tx, notice: SupplyRecall): Promise<string[]> {
  const found = await prepared<LotRow>(
    tx,
    `${LOTS} AND ($2::text IS NULL OR l.number_key = $2) AND ($3::uuid IS NULL OR l.item_id = $3)`,
    [notice.clinicId, notice.lotKey, notice.itemId],
  );
  return found
    .map(atRisk)
    .filter((lot) => covers(notice, lot))
    .map((lot) => lot.id);
}

// In the order of their ids, like everyone who locks lots. NO KEY UPDATE lets the foreign keys of movements pass.
const LOCK =
  'SELECT id, disposition FROM supply_lot WHERE clinic_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE';

// Damaged lots are blocked already and stay what they are; the link tells that they are recalled too.
const BLOCK = `
WITH linked AS (
  INSERT INTO supply_recall_lot (clinic_id, notice_id, lot_id) SELECT $1, $3, id FROM unnest($2::uuid[]) AS l (id)
  ON CONFLICT DO NOTHING
)
UPDATE supply_lot SET disposition = 'RECALLED', disposition_reason = $4, disposition_by = $5, version = version + 1
WHERE clinic_id = $1 AND id = ANY($2::uuid[]) AND disposition IN ('AVAILABLE', 'QUARANTINE')
RETURNING id, item_id, lot_number, version`;

interface Blocked {
  id: string;
  item_id: string;
  lot_number: string;
  version: number;
}

/** Puts lots under a notice at all places, with an event and an audit event each. Answers those that it blocked. */
export async function blockLots(tx: Tx, notice: SupplyRecall, lotIds: readonly string[]): Promise<readonly Blocked[]> {
  if (lotIds.length === 0) return [];
  const { clinicId, recallNumber, recallClass } = notice;
  const before = new Map(
    (await prepared<{ id: string; disposition: LotDispositionName }>(tx, LOCK, [clinicId, lotIds])).map((row) => [
      row.id,
      row.disposition,
    ]),
  );
  const reason = `Recall ${recallNumber}: ${notice.reason}`;
  const blocked = await prepared<Blocked>(tx, BLOCK, [clinicId, lotIds, notice.id, reason, notice.startedBy]);
  await audit(
    tx,
    clinicId,
    blocked.map((lot) => ({
      action: 'supply_lot.recall',
      entityType: 'SupplyLot',
      entityId: lot.id,
      fromState: before.get(lot.id) ?? null,
      toState: 'RECALLED',
      note: reason,
    })),
  );
  await emit(
    tx,
    clinicId,
    blocked.map(({ id, item_id, lot_number, version }) =>
      factOf('lot.recalled', id, { id, itemId: item_id, lotNumber: lot_number, version, recallNumber, recallClass }),
    ),
  );
  return blocked;
}

/**
 * Blocks lots that came under standing notices after their start and tells the owners of the recalls. Answers, by lot, the
 * number of the recall.
 */
async function blockLateLots(
  tx: Tx,
  clinicId: string,
  which: string,
  params: readonly unknown[],
): Promise<ReadonlyMap<string, string>> {
  const standing = hydrate(
    tx,
    SupplyRecall,
    await prepared(tx, `SELECT * FROM supply_recall WHERE clinic_id = $1 AND ${STANDING} ORDER BY started_at, id`, [
      clinicId,
    ]),
  );
  const found = new Map<string, string>();
  if (standing.length === 0) return found;
  const lots = (await prepared<LotRow>(tx, `${LOTS} AND ${which}`, [clinicId, ...params])).map(atRisk);
  for (const notice of standing) {
    const covered = lots.filter((lot) => covers(notice, lot)).map((lot) => lot.id);
    if (covered.length === 0) continue;
    await blockLots(tx, notice, covered);
    await announceFound(tx, notice);
    for (const id of covered) if (!found.has(id)) found.set(id, notice.recallNumber);
  }
  return found;
}

/**
 * Blocks those of received lots that a standing notice covers (SPA-129). Answers, by lot, the number of the recall. The
 * recalls must be held, and the lots locked.
 */
export const blockReceivedLots = (
  tx: Tx,
  clinicId: string,
  lotIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => blockLateLots(tx, clinicId, 'l.id = ANY($2::uuid[])', [lotIds]);

/** Blocks the lots of an item that a standing notice covers since its GTIN is known. The recalls must be held. */
export const blockLotsOfItem = (tx: Tx, clinicId: string, itemId: string): Promise<ReadonlyMap<string, string>> =>
  blockLateLots(tx, clinicId, 'l.item_id = $2', [itemId]);

// Lots of notices that no other standing one holds; goods damaged meanwhile stay damaged. Goods without lots are free at
// once: nobody can name them to release them.
const FREE = `
UPDATE supply_lot l SET disposition = CASE WHEN l.lot_number = '' THEN 'AVAILABLE' ELSE 'QUARANTINE' END, disposition_reason = $3, disposition_by = $4, version = version + 1
WHERE l.clinic_id = $1 AND l.disposition = 'RECALLED'
  AND l.id IN (SELECT x.lot_id FROM supply_recall_lot x WHERE x.clinic_id = $1 AND x.notice_id = ANY($2::uuid[]))
  AND NOT EXISTS (SELECT 1 FROM supply_recall_lot o JOIN supply_recall r ON r.clinic_id = o.clinic_id AND r.id = o.notice_id
    WHERE o.clinic_id = l.clinic_id AND o.lot_id = l.id AND ${STANDING})
RETURNING l.id, l.disposition`;

/** Ends the block of notices that no longer stand: their lots wait in quarantine for a second person (SPA-22). */
export async function freeLots(
  tx: Tx,
  clinicId: string,
  noticeIds: readonly string[],
  { reason, by }: { reason: string; by: string },
): Promise<string[]> {
  const linked = await prepared<{ lot_id: string }>(
    tx,
    'SELECT lot_id FROM supply_recall_lot WHERE clinic_id = $1 AND notice_id = ANY($2::uuid[])',
    [clinicId, noticeIds],
  );
  await prepared(tx, LOCK, [clinicId, linked.map((row) => row.lot_id)]);
  const freed = await prepared<{ id: string; disposition: LotDispositionName }>(tx, FREE, [
    clinicId,
    noticeIds,
    reason,
    by,
  ]);
  await audit(
    tx,
    clinicId,
    freed.map(({ id, disposition }) => ({
      action: 'supply_lot.recall_end',
      entityType: 'SupplyLot',
      entityId: id,
      fromState: 'RECALLED',
      toState: disposition,
      note: reason,
    })),
  );
  return freed.map((row) => row.id);
}
