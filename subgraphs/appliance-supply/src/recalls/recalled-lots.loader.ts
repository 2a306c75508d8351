import { batchLoader, hydrate, prepared, type RecordKey } from '@practice-graph/kit';
import { STANDING, SupplyRecall } from './supply-recall.entity';

/** The notice that blocks a lot: the first one that stands; null for a lot that is not recalled. */
export const noticeOfLots = batchLoader<RecordKey, SupplyRecall | null>(
  async (tx, keys) => {
    const found = await prepared<{ lot_id: string }>(
      tx,
      `SELECT DISTINCT ON (x.clinic_id, x.lot_id) x.lot_id, r.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN supply_recall_lot x ON x.clinic_id = k.clinic_id AND x.lot_id = k.id
       JOIN supply_recall r ON r.clinic_id = x.clinic_id AND r.id = x.notice_id AND ${STANDING}
       ORDER BY x.clinic_id, x.lot_id, r.started_at, r.id`,
      [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
    );
    const notices = hydrate(tx, SupplyRecall, found);
    return keys.map(
      (key) => notices.find((notice, i) => found[i]?.lot_id === key.id && notice.clinicId === key.clinicId) ?? null,
    );
  },
  ({ clinicId, id }) => `${clinicId}/${id}`,
);
