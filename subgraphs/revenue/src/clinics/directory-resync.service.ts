import type { Tx } from '@practice-graph/kit';
import { Clinic } from './clinic.entity';
import { announceClinic, announceLocations, announceProviders } from './directory.service';
import { Location } from './location.entity';
import { Provider } from './provider.entity';

/** Sends the directory of a clinic again, under the same event ids: who has it already does nothing (E-22). */
export async function resyncDirectory(tx: Tx, clinicId: string): Promise<void> {
  const clinic = await tx.findOneBy(Clinic, { clinicId });
  if (!clinic) return;
  await announceClinic(tx, clinic);
  await announceLocations(tx, clinicId, await tx.find(Location, { where: { clinicId }, order: { id: 'ASC' } }));
  await announceProviders(tx, clinicId, await tx.find(Provider, { where: { clinicId }, order: { id: 'ASC' } }));
}
