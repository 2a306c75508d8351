import { hydrate, readPage, recordLoader, type Page, type Tx } from '@practice-graph/kit';
import { isWithin, type DayRange } from '@practice-graph/practice';
import { LotUsage } from './lot-usage.entity';

export const lotUsages = recordLoader(
  LotUsage,
  (usage, viewer) =>
    !viewer.aggregateOnly &&
    isWithin(viewer, 'locations', usage.locationId) &&
    isWithin(viewer, 'providers', usage.providerId),
);

export const NEWEST_FIRST = [
  { expression: 'u.business_date', type: 'date', direction: 'DESC' },
  { expression: 'u.used_at', type: 'timestamptz', direction: 'DESC' },
  { expression: 'u.id', type: 'uuid', direction: 'DESC' },
] as const;

/** What of the uses of a clinic; a list narrows, null does not. */
export interface UsageSearch {
  readonly period?: DayRange;
  readonly lotId?: string;
  readonly patientIds?: readonly string[] | null;
  /** True when a condition leaves nothing. */
  readonly isEmpty?: boolean;
  readonly productIds?: readonly string[] | null;
  readonly vendorIds?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
  readonly locationIds: readonly string[] | null;
  readonly providerIds: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Uses of lots on patients, newest first. */
export function usagePage(tx: Tx, clinicId: string, search: UsageSearch): Promise<Page<LotUsage>> {
  const params: unknown[] = [clinicId];
  const where = ['u.clinic_id = $1'];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const oneOf = (column: string, ids: readonly string[] | null | undefined) => {
    if (ids) where.push(`u.${column} = ANY(${bind(ids)}::uuid[])`);
  };
  if (search.period) where.push(`u.business_date BETWEEN ${bind(search.period.from)} AND ${bind(search.period.to)}`);
  if (search.lotId) where.push(`u.lot_id = ${bind(search.lotId)}`);
  if (search.isEmpty) where.push('false');
  oneOf('patient_id', search.patientIds);
  oneOf('product_id', search.productIds);
  oneOf('location_id', search.locationIds);
  oneOf('provider_id', search.providerIds);
  if (search.categories)
    where.push(`EXISTS (SELECT 1 FROM product p WHERE p.clinic_id = u.clinic_id AND p.id = u.product_id
      AND p.category = ANY(${bind(search.categories)}::text[]))`);
  if (search.vendorIds)
    where.push(`EXISTS (SELECT 1 FROM inventory_lot l WHERE l.clinic_id = u.clinic_id AND l.id = u.lot_id
      AND l.vendor_id = ANY(${bind(search.vendorIds)}::uuid[]))`);
  return readPage<object, LotUsage>(tx, {
    select: 'u.*',
    from: 'lot_usage u',
    where,
    params,
    order: NEWEST_FIRST,
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, LotUsage, found),
  });
}
