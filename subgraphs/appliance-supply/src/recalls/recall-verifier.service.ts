import { rows, type Comparison, type Tx } from '@practice-graph/kit';
import { STANDING } from './supply-recall.entity';

// A lot is blocked exactly while a notice that stands holds it; a damaged one is blocked anyway and stays damaged.
const LOTS = `
SELECT l.lot_number, l.disposition, EXISTS (
  SELECT 1 FROM supply_recall_lot x JOIN supply_recall r ON r.clinic_id = x.clinic_id AND r.id = x.notice_id
  WHERE x.clinic_id = l.clinic_id AND x.lot_id = l.id AND ${STANDING}) AS held
FROM supply_lot l WHERE l.clinic_id = $1 AND l.disposition <> 'DAMAGED' ORDER BY l.id`;

/** Compares the block of each lot with the notices that stand. */
export const verifyRecalls = async (tx: Tx, clinicId: string): Promise<readonly Comparison[]> => {
  const found = await rows<{ lot_number: string; disposition: string; held: boolean }>(tx, LOTS, [clinicId]);
  return [
    {
      what: 'lots under recall',
      compared: found.length,
      differences: found
        .filter((lot) => (lot.disposition === 'RECALLED') !== lot.held)
        .map((lot) => `lot ${lot.lot_number} is ${lot.disposition}, ${lot.held ? 'a' : 'no'} notice holds it`),
    },
  ];
};
