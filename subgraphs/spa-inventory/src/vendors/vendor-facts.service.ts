import { emit, findByKeys, prepared, type Tx } from '@practice-graph/kit';
import { factOf } from '@practice-graph/practice';
import { Vendor } from './vendor.entity';

/** Tells the other inventory of the state of vendors, as it stands in this transaction. */
export async function announceVendors(tx: Tx, clinicId: string, ids: readonly string[]): Promise<void> {
  const found = await findByKeys(
    tx,
    Vendor,
    ids.map((id) => ({ clinicId, id })),
  );
  await emit(
    tx,
    clinicId,
    found.map(({ id, name, preferred, version }) => factOf('vendor.saved', id, { id, name, preferred, version })),
  );
}

/** Sends the vendors of a clinic again, under the same event ids: who has them already does nothing (E-22). */
export async function resendVendors(tx: Tx, clinicId: string): Promise<void> {
  const found = await prepared<{ id: string }>(tx, 'SELECT id FROM vendor WHERE clinic_id = $1 ORDER BY id', [
    clinicId,
  ]);
  await announceVendors(
    tx,
    clinicId,
    found.map((row) => row.id),
  );
}
