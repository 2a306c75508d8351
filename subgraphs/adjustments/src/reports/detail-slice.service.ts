import { reachable, type Viewer } from '@practice-graph/kit';
import type { EntryFilter } from '../entries/entry-filter.service';

/** Dimensions that have slices of their own, beside those of places and providers. */
export const DETAIL_DIMENSIONS = ['REASON_CODE', 'APPROVAL_STATUS', 'PAYER', 'CAMPAIGN'] as const;
export type DetailDimension = (typeof DETAIL_DIMENSIONS)[number];

/** Member of a filter that picks by a dimension. */
export const DETAIL_FILTER = {
  REASON_CODE: 'reasonCodes',
  APPROVAL_STATUS: 'statuses',
  PAYER: 'payers',
  CAMPAIGN: 'campaignIds',
} as const satisfies Record<DetailDimension, keyof EntryFilter>;

/** Members of a dimension that a filter lets through, as slices name them; null for all. */
export function detailMembers(
  viewer: Viewer,
  clinicId: string,
  filter: EntryFilter,
  dimension: DetailDimension,
): readonly string[] | null {
  const picked = filter[DETAIL_FILTER[dimension]] ?? null;
  if (dimension !== 'CAMPAIGN' || picked === null) return picked;
  // Identifiers of other clinics name nothing here.
  return picked.flatMap((opaque) => {
    const key = reachable(viewer, opaque);
    return key?.clinicId === clinicId ? [key.id] : [];
  });
}
