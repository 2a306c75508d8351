import { reachable, recordIdOf, refuseKit, type Viewer } from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';

/**
 * The clinic that a record named in an input belongs to, for inputs without a clinic of their own. NOT_FOUND when the
 * identifier is malformed or its clinic is outside the caller's reach.
 */
export function clinicOfRecord(viewer: Viewer, opaque: string, path: readonly string[]): string {
  const key = reachable(viewer, opaque);
  if (!key) throw refuseKit('NOT_FOUND', 'The record does not exist or is outside your reach.', path);
  return key.clinicId;
}

/** Row of a reference of the same clinic; NOT_FOUND for any other clinic's, so that nothing tells that it exists. */
export function rowOf(clinicId: string, opaque: string, path: readonly string[]): string {
  const key = recordIdOf(opaque);
  if (key?.clinicId !== clinicId)
    throw refuseKit('NOT_FOUND', 'The record does not exist or is outside your reach.', path);
  return key.id;
}

/** Row of a location or provider that the caller may act for; NOT_FOUND where a restriction leaves it out. */
export function placeOf(
  viewer: Viewer,
  clinicId: string,
  kind: 'locations' | 'providers',
  opaque: string,
  path: readonly string[],
): string {
  const id = rowOf(clinicId, opaque, path);
  if (!isWithin(viewer, kind, id))
    throw refuseKit('NOT_FOUND', 'The record does not exist or is outside your reach.', path);
  return id;
}

/** Rows of a list of references in a filter; those of other clinics select nothing. Null does not narrow. */
export const rowsOf = (clinicId: string, opaques: readonly string[] | null | undefined): string[] | null =>
  opaques
    ? opaques.flatMap((opaque) => {
        const key = recordIdOf(opaque);
        return key?.clinicId === clinicId ? [key.id] : [];
      })
    : null;
