import { batchLoader, hydrate, prepared, recordLoader, type RecordKey } from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { ReceivedItem } from './received-item.entity';
import { ReceivingRecord } from './receiving-record.entity';

export const receivingRecords = recordLoader(ReceivingRecord, (record, viewer) =>
  isWithin(viewer, 'locations', record.locationId),
);

/** Lots of deliveries in the order of their lines: one statement for all deliveries of a fetch. */
export const itemsOfDeliveries = batchLoader<RecordKey, ReceivedItem[]>(
  async (tx, keys) => {
    const found = hydrate(
      tx,
      ReceivedItem,
      await prepared(
        tx,
        `SELECT i.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
         JOIN received_item i ON i.clinic_id = k.clinic_id AND i.receiving_id = k.id ORDER BY i.receiving_id, i.line`,
        [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
      ),
    );
    return keys.map((key) => found.filter((item) => item.clinicId === key.clinicId && item.receivingId === key.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);
