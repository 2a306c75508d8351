import { rows, type GraphEvent, type Tx } from '@practice-graph/kit';
import { eventData } from '@practice-graph/practice';

// A copy is replaced by a higher version only: events come in any order and more than once (E-22).
const SAVE = `
INSERT INTO vendor_copy AS k (clinic_id, id, name, preferred, version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, preferred = excluded.preferred, version = excluded.version
WHERE k.version < excluded.version`;

/** Keeps what the owner of the vendors tells of one. */
export async function applyVendorSaved(tx: Tx, event: GraphEvent): Promise<void> {
  const vendor = eventData('vendor.saved', event);
  await rows(tx, SAVE, [event.clinicId, vendor.id, vendor.name, vendor.preferred, vendor.version]);
}
