import { prepared, type Tx } from '@practice-graph/kit';
import type { RecallClassName } from '@practice-graph/practice';
import { STANDING } from '../recalls/supply-recall.entity';
import { watchEverywhere } from './stock-watch.service';
import { recallCause } from './supply-alert.rules';
import { openAlerts, settleAlerts, type Watched } from './supply-alert.service';

interface LotRow {
  id: string;
  item_id: string;
  lot_number: string;
  name: string;
  recall_number: string | null;
  recall_class: RecallClassName;
}

// Of several notices that hold a lot the gravest counts.
const LOTS = `
SELECT l.id, l.item_id, l.lot_number, i.name, n.recall_number, n.recall_class
FROM supply_lot l JOIN supply_item i ON i.clinic_id = l.clinic_id AND i.id = l.item_id
LEFT JOIN LATERAL (
  SELECT recall_number, recall_class FROM supply_recall_lot x JOIN supply_recall r ON r.clinic_id = x.clinic_id AND r.id = x.notice_id
  WHERE x.clinic_id = l.clinic_id AND x.lot_id = l.id AND ${STANDING} ORDER BY recall_class, started_at LIMIT 1
) n ON true
WHERE l.clinic_id = $1 AND l.id = ANY($2::uuid[]) ORDER BY l.id`;

/**
 * Looks at lots after a recall blocked or freed them: raises their alerts or closes them, and judges the stock that they
 * leave or join. Answers the ids of the alerts that it raised.
 */
export async function watchRecalls(tx: Tx, clinicId: string, lotIds: readonly string[]): Promise<string[]> {
  if (lotIds.length === 0) return [];
  const lots = await prepared<LotRow>(tx, LOTS, [clinicId, lotIds]);
  const watched = lots.map(({ recall_number: recallNumber, ...lot }): Watched => ({
    ...{ key: `recall/${lot.id}`, itemId: lot.item_id, lotId: lot.id, locationId: null },
    cause:
      recallNumber === null
        ? null
        : recallCause({ lotNumber: lot.lot_number, item: lot.name }, { recallNumber, recallClass: lot.recall_class }),
  }));
  const keys = watched.map((each) => each.key);
  const raised = await settleAlerts(tx, clinicId, watched, await openAlerts(tx, clinicId, keys));
  return [...raised, ...(await watchEverywhere(tx, clinicId, { lotIds }))];
}
