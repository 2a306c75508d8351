import { clinicIdOf, recordIdOf, type Viewer } from '@practice-graph/kit';
import { addMonths, isCalendarDay, type Day } from './calendar.rules';

/** Reserved id of the rows for facts that name no location or provider (E-12). */
export const UNASSIGNED = 'unassigned';

/** Between the ids of a key that stands for several locations or providers: the total of a scorecard under a filter. */
export const SEVERAL = '+';

/** How "none" is kept inside a slice; outside it is null. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** The key of a scorecard row as it comes over the graph. */
export interface PerformanceKey {
  readonly clinicId: string;
  readonly locationId?: string | null | undefined;
  readonly providerId?: string | null | undefined;
  readonly from: Day;
  readonly to: Day;
}

/**
 * What to sum: facts of one clinic and range of days. A list of locations or providers narrows, the nil uuid in it
 * standing for facts that name none; null does not narrow.
 */
export interface SliceScope {
  readonly clinicId: string;
  readonly locationIds: readonly string[] | null;
  readonly providerIds: readonly string[] | null;
  readonly from: Day;
  readonly to: Day;
}

const OUTSIDE = Symbol('outside');

/** Rows that one id of a key stands for, cut to what the viewer may see. */
function narrowed(
  clinicId: string,
  opaque: string | null | undefined,
  only: readonly string[] | undefined,
): readonly string[] | null | typeof OUTSIDE {
  if (opaque === null || opaque === undefined) return only ?? null;
  const rows = opaque.split(SEVERAL).flatMap((one) => {
    if (one === UNASSIGNED) return only === undefined ? [NIL_UUID] : [];
    const record = recordIdOf(one);
    if (record?.clinicId !== clinicId) return [];
    return only === undefined || only.includes(record.id) ? [record.id] : [];
  });
  return rows.length > 0 ? rows : OUTSIDE;
}

/**
 * What a viewer may sum behind the key of a scorecard row: null for a malformed key, for a clinic, location or provider
 * outside reach, and for a range that ends before it begins or exceeds five years; nothing tells which. A key for all
 * together is narrowed to the locations and providers that the viewer is restricted to (E-06).
 */
export function scopeOfKey(viewer: Viewer, key: PerformanceKey): SliceScope | null {
  const clinicId = clinicIdOf(key.clinicId);
  if (clinicId === undefined || !viewer.clinicIds.includes(clinicId)) return null;
  if (!isCalendarDay(key.from) || !isCalendarDay(key.to) || key.to < key.from) return null;
  if (key.to >= addMonths(key.from, 60)) return null;
  const locationIds = narrowed(clinicId, key.locationId, viewer.restrictions['locations']);
  const providerIds = narrowed(clinicId, key.providerId, viewer.restrictions['providers']);
  if (locationIds === OUTSIDE || providerIds === OUTSIDE) return null;
  return { clinicId, locationIds, providerIds, from: key.from, to: key.to };
}

/**
 * Rows that a filter's `locationIds` or `providerIds` select, cut to what the viewer may see: null when nothing narrows,
 * the nil uuid for `unassigned`. An id that is malformed or of another clinic selects nothing, and nothing tells why.
 */
export function idsOfFilter(
  viewer: Viewer,
  clinicId: string,
  kind: 'locations' | 'providers',
  opaqueIds: readonly string[] | null | undefined,
): readonly string[] | null {
  const only = viewer.restrictions[kind];
  if (opaqueIds === null || opaqueIds === undefined) return only ?? null;
  const selected = opaqueIds.flatMap((opaque) => {
    const ids = narrowed(clinicId, opaque, only);
    return ids === OUTSIDE || ids === null ? [] : ids;
  });
  return [...new Set(selected)];
}

/** Scope of a whole clinic, or of one location or provider of it, as the viewer may see it; null when outside reach. */
export const scopeOfRecord = (
  viewer: Viewer,
  place: { clinicId: string; locationId?: string; providerId?: string },
  range: { from: Day; to: Day },
): SliceScope | null => {
  if (!viewer.clinicIds.includes(place.clinicId)) return null;
  const cut = (id: string | undefined, only: readonly string[] | undefined) =>
    id === undefined ? (only ?? null) : only === undefined || only.includes(id) ? [id] : OUTSIDE;
  const locationIds = cut(place.locationId, viewer.restrictions['locations']);
  const providerIds = cut(place.providerId, viewer.restrictions['providers']);
  if (locationIds === OUTSIDE || providerIds === OUTSIDE) return null;
  return { clinicId: place.clinicId, locationIds, providerIds, from: range.from, to: range.to };
};

/** Text that is equal for equal scopes: the key of loaders. */
export const scopeText = ({ clinicId, locationIds, providerIds, from, to }: SliceScope): string =>
  [clinicId, locationIds?.join(SEVERAL), providerIds?.join(SEVERAL), from, to].map((part) => part ?? '*').join(' ');

/** True when the viewer sees only part of a clinic, so that reports say isRestricted. */
export const isRestricted = (viewer: Viewer): boolean =>
  viewer.aggregateOnly || ['locations', 'providers', 'points'].some((kind) => viewer.restrictions[kind] !== undefined);

/**
 * A caller as a domain goes by whose facts name no point of service: none of them is of one who is narrowed to points, as
 * if he were narrowed to no provider at all (E-06).
 */
export const withoutPointsOfService = (caller: Viewer): Viewer =>
  caller.restrictions['points'] === undefined
    ? caller
    : { ...caller, restrictions: { ...caller.restrictions, providers: [] } };
