import { batchLoader, columnsOf, hydrate, prepared, type RecordKey } from '@practice-graph/kit';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { isVisible } from './visibility.rules';

/** Recoveries of N bad debts that count and were not undone, oldest first, with one statement. */
export const recoveriesOf = batchLoader<RecordKey, AdjustmentEntry[]>(
  async (tx, keys, context) => {
    const found = hydrate(
      tx,
      AdjustmentEntry,
      await prepared(
        tx,
        `SELECT ${columnsOf(tx.dataSource.getMetadata(AdjustmentEntry), 't')}
         FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
         JOIN adjustment_entry t ON t.clinic_id = k.clinic_id AND t.recovery_of_id = k.id
         WHERE NOT t.is_reversal AND t.reversed_by_id IS NULL AND t.approval_status IN ('APPROVED', 'AUTO_APPROVED')
         ORDER BY t.adjustment_date, t.id`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
      ),
    ).filter((entry) => isVisible(entry, context.viewer));
    return keys.map((key) => found.filter((of) => of.clinicId === key.clinicId && of.recoveryOfId === key.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);
