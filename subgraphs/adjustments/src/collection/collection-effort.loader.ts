import {
  batchLoader,
  columnsOf,
  hydrate,
  prepared,
  recordLoader,
  type Context,
  type RecordKey,
} from '@practice-graph/kit';
import { CollectionEffort } from './collection-effort.entity';

/** Tries by key; readers of aggregates see none. */
export const efforts = recordLoader(CollectionEffort, (_, viewer) => !viewer.aggregateOnly);

/** Tries that document N bad debts, oldest first, with one statement. */
export const effortsOfEntries = batchLoader<RecordKey, CollectionEffort[]>(
  async (tx, keys) => {
    const found = await prepared<{ entry_id: string }>(
      tx,
      `SELECT l.entry_id, ${columnsOf(tx.dataSource.getMetadata(CollectionEffort), 't')}
       FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN bad_debt_effort l ON l.clinic_id = k.clinic_id AND l.entry_id = k.id
       JOIN collection_effort t ON t.clinic_id = l.clinic_id AND t.id = l.effort_id
       ORDER BY t.at, t.id`,
      [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
    );
    const hydrated = hydrate(tx, CollectionEffort, found);
    return keys.map((key) =>
      hydrated.filter((effort, i) => found[i]?.entry_id === key.id && effort.clinicId === key.clinicId),
    );
  },
  (key) => `${key.clinicId}/${key.id}`,
);

/** Notes for the audit trail that one try is shown. */
export function shownEffort(context: Context, effort: CollectionEffort | null): CollectionEffort | null {
  if (effort)
    context.reads.push({
      clinicId: effort.clinicId,
      action: 'patient.read',
      entityType: 'CollectionEffort',
      entityId: effort.id,
      subjects: [effort.patientId],
      rowCount: 1,
    });
  return effort;
}
