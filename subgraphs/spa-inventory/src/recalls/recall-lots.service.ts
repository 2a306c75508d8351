import { audit, emit, hydrate, prepared, type Tx } from '@practice-graph/kit';
import { coversLot, factOf, type LotDispositionName, type RecallableLot } from '@practice-graph/practice';
import { Recall } from './recall.entity';

/** A lot as a recall sees it. */
export interface LotAtRisk extends RecallableLot {
  readonly id: string;
  readonly lotNumber: string;
}

interface LotRow {
  id: string;
  product_id: string;
  lot_number: string;
  lot_key: string;
  is_untracked: boolean;
  gtins: string[];
}

const LOTS = `
SELECT l.id, l.product_id, l.lot_number, l.lot_key, l.is_untracked, array_remove(ARRAY[lpad(l.gtin, 14, '0')] ||
  ARRAY(SELECT b.gtin FROM product_barcode b WHERE b.clinic_id = l.clinic_id AND b.product_id = l.product_id), NULL) AS gtins
FROM inventory_lot l WHERE l.clinic_id = $1`;

const atRisk = (row: LotRow): LotAtRisk => ({
  id: row.id,
  itemId: row.product_id,
  lotNumber: row.lot_number,
  lotKey: row.lot_key,
  hasNumber: !row.is_untracked,
  gtins: row.gtins,
});

const covers = (recall: Recall, lot: LotAtRisk): boolean =>
  coversLot({ lotKey: recall.lotKey, gtins: recall.gtin === null ? [] : [recall.gtin], itemId: recall.productId }, lot);

/** Lots of a clinic that a recall covers. */
export async function lotsUnder(tx: Tx, recall: Recall): Promise<string[]> {
  const found = await prepared<LotRow>(
    tx,
    `${LOTS} AND ($2::text IS NULL OR l.lot_key = $2) AND ($3::uuid IS NULL OR l.product_id = $3)`,
    [recall.clinicId, recall.lotKey, recall.productId],
  );
  return found
    .map(atRisk)
    .filter((lot) => covers(recall, lot))
    .map((lot) => lot.id);
}

/** Recalls of a clinic that stand: all that were not called off. */
export const STANDING = `outcome IS DISTINCT FROM 'TERMINATED'`;

// In the order of their ids, as receipts lock them. NO KEY UPDATE lets the foreign keys of movements pass.
const LOCK =
  'SELECT id, disposition FROM inventory_lot WHERE clinic_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE';

// Damaged lots are blocked already and stay what they are; the link tells that they are recalled too.
const BLOCK = `
WITH linked AS (
  INSERT INTO recall_lot (clinic_id, recall_id, lot_id, linked_at) SELECT $1, $3, id, $6 FROM unnest($2::uuid[]) AS l (id)
  ON CONFLICT DO NOTHING
)
UPDATE inventory_lot SET disposition = 'RECALLED', disposition_reason = $4, disposition_by = $5, disposition_at = $6,
  updated_at = $6, updated_by = $5, version = version + 1
WHERE clinic_id = $1 AND id = ANY($2::uuid[]) AND disposition IN ('AVAILABLE', 'QUARANTINE')
RETURNING id, product_id, lot_number, version`;

interface Blocked {
  id: string;
  product_id: string;
  lot_number: string;
  version: number;
}

/** Puts lots under a recall at all places, with an event and an audit event each. Answers those that it blocked. */
export async function blockLots(tx: Tx, recall: Recall, lotIds: readonly string[]): Promise<readonly Blocked[]> {
  if (lotIds.length === 0) return [];
  const { clinicId } = recall;
  const before = new Map(
    (await prepared<{ id: string; disposition: LotDispositionName }>(tx, LOCK, [clinicId, lotIds])).map((row) => [
      row.id,
      row.disposition,
    ]),
  );
  const reason = `Recall ${recall.recallNumber}: ${recall.reason}`;
  const blocked = await prepared<Blocked>(tx, BLOCK, [
    clinicId,
    lotIds,
    recall.id,
    reason,
    tx.session.viewer.subject,
    tx.session.at,
  ]);
  await audit(
    tx,
    clinicId,
    blocked.map((lot) => ({
      action: 'inventory_lot.recall',
      entityType: 'InventoryLot',
      entityId: lot.id,
      fromState: before.get(lot.id) ?? null,
      toState: 'RECALLED',
      note: reason,
    })),
  );
  await emit(
    tx,
    clinicId,
    blocked.map((lot) =>
      factOf('lot.recalled', lot.id, {
        ...{ id: lot.id, itemId: lot.product_id, lotNumber: lot.lot_number, version: lot.version },
        ...{ recallNumber: recall.recallNumber, recallClass: recall.recallClass },
      }),
    ),
  );
  return blocked;
}

const PATIENTS = `
INSERT INTO recall_patient (clinic_id, recall_id, patient_id, status)
SELECT DISTINCT $1::uuid, $2::uuid, u.patient_id, 'OPEN' FROM lot_usage u WHERE u.clinic_id = $1 AND u.lot_id = ANY($3::uuid[])
ON CONFLICT DO NOTHING RETURNING patient_id`;

/** Lists the patients who got of lots under a recall; those listed already stay as they are. Answers the new ones. */
export async function listPatients(tx: Tx, recall: Recall, lotIds: readonly string[]): Promise<string[]> {
  if (lotIds.length === 0) return [];
  const added = await prepared<{ patient_id: string }>(tx, PATIENTS, [recall.clinicId, recall.id, lotIds]);
  return added.map((row) => row.patient_id);
}

/** Blocks lots that came under standing recalls after their start; answers a warning for each that is covered. */
async function blockLateLots(tx: Tx, clinicId: string, which: string, params: readonly unknown[]): Promise<string[]> {
  const standing = hydrate(
    tx,
    Recall,
    await prepared(tx, `SELECT * FROM recall WHERE clinic_id = $1 AND ${STANDING} ORDER BY started_at, id`, [clinicId]),
  );
  if (standing.length === 0) return [];
  const lots = (await prepared<LotRow>(tx, `${LOTS} AND ${which}`, [clinicId, ...params])).map(atRisk);
  const warned = new Map<string, string>();
  for (const recall of standing) {
    const covered = lots.filter((lot) => covers(recall, lot));
    const ids = covered.map((lot) => lot.id);
    await blockLots(tx, recall, ids);
    const subjects = await listPatients(tx, recall, ids);
    if (subjects.length > 0)
      await audit(tx, clinicId, {
        ...{ action: 'recall.patients_added', entityType: 'Recall', entityId: recall.id },
        subjects,
      });
    for (const lot of covered)
      if (!warned.has(lot.id))
        warned.set(lot.id, `Lot ${lot.lotNumber} is under recall ${recall.recallNumber} and blocked.`);
  }
  return [...warned.values()];
}

/**
 * Blocks those of received lots that a standing recall covers (SPA-129). Answers a warning per lot, also for one that was
 * blocked before. The recalls must be held, and the lots locked.
 */
export const blockReceivedLots = (tx: Tx, clinicId: string, lotIds: readonly string[]): Promise<string[]> =>
  blockLateLots(tx, clinicId, 'l.id = ANY($2::uuid[])', [lotIds]);

/** Blocks the lots of a product that a standing recall covers since its GTINs are known. The recalls must be held. */
export const blockLotsOfProduct = (tx: Tx, clinicId: string, productId: string): Promise<string[]> =>
  blockLateLots(tx, clinicId, 'l.product_id = $2', [productId]);

// Lots of the recall that no other standing recall holds; goods damaged meanwhile stay damaged.
const FREE = `
UPDATE inventory_lot l SET disposition = 'QUARANTINE', disposition_reason = $3, disposition_by = $4, disposition_at = $5,
  updated_at = $5, updated_by = $4, version = l.version + 1
FROM recall_lot x WHERE x.clinic_id = $1 AND x.recall_id = $2 AND l.clinic_id = x.clinic_id AND l.id = x.lot_id
  AND l.disposition = 'RECALLED' AND NOT EXISTS (
    SELECT 1 FROM recall_lot o JOIN recall r ON r.clinic_id = o.clinic_id AND r.id = o.recall_id
    WHERE o.clinic_id = x.clinic_id AND o.lot_id = x.lot_id AND o.recall_id <> x.recall_id AND r.${STANDING})
RETURNING l.id`;

/** Ends the block of a recall that was called off: its lots wait in quarantine for a second person (SPA-22). */
export async function freeLots(tx: Tx, recall: Recall, note: string): Promise<string[]> {
  const { clinicId } = recall;
  const linked = await prepared<{ lot_id: string }>(
    tx,
    'SELECT lot_id FROM recall_lot WHERE clinic_id = $1 AND recall_id = $2',
    [clinicId, recall.id],
  );
  await prepared(tx, LOCK, [clinicId, linked.map((row) => row.lot_id)]);
  const reason = `Recall ${recall.recallNumber} was called off: ${note}`;
  const freed = await prepared<{ id: string }>(tx, FREE, [
    clinicId,
    recall.id,
    reason,
    tx.session.viewer.subject,
    tx.session.at,
  ]);
  await audit(
    tx,
    clinicId,
    freed.map(({ id }) => ({
      action: 'inventory_lot.recall_end',
      entityType: 'InventoryLot',
      entityId: id,
      fromState: 'RECALLED',
      toState: 'QUARANTINE',
      note: reason,
    })),
  );
  return freed.map((row) => row.id);
}
