import { batchLoader, recordLoader, type Viewer } from '@practice-graph/kit';
import { type ClinicCopy, LocationCopy, ProviderCopy } from './directory.entity';
import { clinicsById } from './directory.service';

/** True unless the viewer is narrowed to other rows of this kind. Facts that name none are outside every restriction. */
export function isWithin(viewer: Viewer, kind: 'locations' | 'providers', id: string | null): boolean {
  const only = viewer.restrictions[kind];
  return only === undefined || (id !== null && only.includes(id));
}

/** Clinics by uuid: one statement for all of a fetch; null when not known here yet. */
export const clinicCopies = batchLoader<string, ClinicCopy | null>(
  (tx, clinicIds) => clinicsById(tx, clinicIds),
  (clinicId) => clinicId,
);

/** Locations by key, without those that the viewer is not to see. */
export const locationCopies = recordLoader(LocationCopy, (location, viewer) =>
  isWithin(viewer, 'locations', location.id),
);

/** Providers by key, without those that the viewer is not to see. */
export const providerCopies = recordLoader(ProviderCopy, (provider, viewer) =>
  isWithin(viewer, 'providers', provider.id),
);
