import { prepared, type Tx } from '@practice-graph/kit';

/** All providers of a clinic that are known here. */
export async function providersOfClinic(tx: Tx, clinicId: string): Promise<readonly string[]> {
  const found = await prepared<{ id: string }>(tx, 'SELECT id FROM provider_copy WHERE clinic_id = $1 ORDER BY id', [
    clinicId,
  ]);
  return found.map(({ id }) => id);
}
