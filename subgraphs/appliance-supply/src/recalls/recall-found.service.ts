import { emit, hydrate, prepared, type Tx } from '@practice-graph/kit';
import { factOf } from '@practice-graph/practice';
import { TOUCHED } from '../usage/reversal.service';
import { SupplyRecall } from './supply-recall.entity';

const FOUND = `
SELECT count(*)::int AS lots, coalesce(array_agg(DISTINCT l.lot_number) FILTER (WHERE l.lot_number <> ''), '{}') AS numbers,
  coalesce((SELECT array_agg(p.patient_id ORDER BY p.patient_id) FROM (
    SELECT u.patient_id FROM supply_recall_lot y JOIN appliance_usage u ON u.clinic_id = y.clinic_id AND u.lot_id = y.lot_id ${TOUCHED}
    WHERE y.clinic_id = $1 AND y.notice_id = $2 GROUP BY u.patient_id HAVING sum(u.quantity + coalesce(w.touched, 0)) > 0) p), '{}') AS patients
FROM supply_recall_lot x JOIN supply_lot l ON l.clinic_id = x.clinic_id AND l.id = x.lot_id
WHERE x.clinic_id = $1 AND x.notice_id = $2`;

/**
 * Tells the owner of a recall what it covers here: lot numbers, and the patients who got of them. Told again when lots
 * came under it later, and only then: they are part of the key.
 */
export async function announceFound(tx: Tx, notice: SupplyRecall): Promise<void> {
  if (notice.recallId === null) return;
  const [found] = await prepared<{ lots: number; numbers: string[]; patients: string[] }>(tx, FOUND, [
    notice.clinicId,
    notice.id,
  ]);
  const fact = factOf('recall.applied', notice.recallId, {
    recallId: notice.recallId,
    lotNumbers: found?.numbers ?? [],
    patientIds: found?.patients ?? [],
    version: notice.eventVersion,
  });
  await emit(tx, notice.clinicId, { ...fact, key: `${fact.key}:${String(found?.lots ?? 0)}` });
}

/** Sends what was found under each recall again, to a new or restored neighbour. */
export async function resendFound(tx: Tx, clinicId: string): Promise<void> {
  const found = await prepared(tx, 'SELECT * FROM supply_recall WHERE clinic_id = $1 AND recall_id IS NOT NULL', [
    clinicId,
  ]);
  for (const notice of hydrate(tx, SupplyRecall, found)) await announceFound(tx, notice);
}
