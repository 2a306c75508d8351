import { batchLoader, columnsOf, hydrate, prepared, recordLoader, type Tx } from '@practice-graph/kit';
import { Clinic } from './clinic.entity';
import { Location } from './location.entity';
import { Provider } from './provider.entity';

const within = (only: readonly string[] | undefined, id: string) => only === undefined || only.includes(id);

export const clinicLoader = recordLoader(Clinic);
export const locationLoader = recordLoader(Location, (location, viewer) =>
  within(viewer.restrictions['locations'], location.id),
);
export const providerLoader = recordLoader(Provider, (provider, viewer) =>
  within(viewer.restrictions['providers'], provider.id),
);

/** All rows of a kind of each clinic, by name. */
async function ofClinics<E extends Location | Provider>(
  tx: Tx,
  entity: new () => E,
  clinicIds: readonly string[],
): Promise<E[]> {
  const metadata = tx.dataSource.getMetadata(entity);
  const found = await prepared(
    tx,
    `SELECT ${columnsOf(metadata, 't')} FROM ${metadata.tableName} t WHERE t.clinic_id = ANY($1::uuid[]) ORDER BY t.name, t.id`,
    [clinicIds],
  );
  return hydrate(tx, entity, found);
}

/** Places of a clinic that the viewer may see, by name. */
export const locationsOfClinic = batchLoader<string, Location[]>(
  async (tx, clinicIds, context) => {
    const only = context.viewer.restrictions['locations'];
    const all = (await ofClinics(tx, Location, clinicIds)).filter((location) => within(only, location.id));
    for (const location of all) context.of(locationLoader).prime(location, location);
    return clinicIds.map((id) => all.filter((location) => location.clinicId === id));
  },
  (id) => id,
);

/** People of a clinic that the viewer may see, by name. */
export const providersOfClinic = batchLoader<string, Provider[]>(
  async (tx, clinicIds, context) => {
    const only = context.viewer.restrictions['providers'];
    const all = (await ofClinics(tx, Provider, clinicIds)).filter((provider) => within(only, provider.id));
    for (const provider of all) context.of(providerLoader).prime(provider, provider);
    return clinicIds.map((id) => all.filter((provider) => provider.clinicId === id));
  },
  (id) => id,
);
