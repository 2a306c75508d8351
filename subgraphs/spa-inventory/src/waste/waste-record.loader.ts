import { hydrate, readPage, recordLoader, type Page, type Tx } from '@practice-graph/kit';
import { isWithin, type DayRange } from '@practice-graph/practice';
import { WasteRecord } from './waste-record.entity';

export const wasteRecords = recordLoader(
  WasteRecord,
  (waste, viewer) => isWithin(viewer, 'locations', waste.locationId) && isWithin(viewer, 'providers', waste.providerId),
);

/** What of the waste of a clinic; a list narrows, null does not; the nil uuid stands for nobody. */
export interface WasteSearch {
  readonly period: DayRange;
  readonly productIds: readonly string[] | null;
  readonly vendorIds: readonly string[] | null;
  readonly categories: readonly string[] | null;
  readonly reasons: readonly string[] | null;
  /** True when a condition leaves nothing. */
  readonly isEmpty: boolean;
  readonly locationIds: readonly string[] | null;
  readonly providerIds: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Waste of a clinic, newest first. */
export function wastePage(tx: Tx, clinicId: string, search: WasteSearch): Promise<Page<WasteRecord>> {
  const params: unknown[] = [clinicId, search.period.from, search.period.to];
  const where = ['w.clinic_id = $1', 'w.business_date BETWEEN $2 AND $3'];
  if (search.isEmpty) where.push('false');
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  if (search.productIds) where.push(`w.product_id = ANY(${bind(search.productIds)}::uuid[])`);
  if (search.locationIds) where.push(`w.location_id = ANY(${bind(search.locationIds)}::uuid[])`);
  if (search.providerIds)
    where.push(
      `coalesce(w.provider_id, '00000000-0000-0000-0000-000000000000') = ANY(${bind(search.providerIds)}::uuid[])`,
    );
  if (search.reasons) where.push(`w.reason = ANY(${bind(search.reasons)}::text[])`);
  if (search.categories)
    where.push(`EXISTS (SELECT 1 FROM product p WHERE p.clinic_id = w.clinic_id AND p.id = w.product_id
      AND p.category = ANY(${bind(search.categories)}::text[]))`);
  if (search.vendorIds)
    where.push(`EXISTS (SELECT 1 FROM inventory_lot l WHERE l.clinic_id = w.clinic_id AND l.id = w.lot_id
      AND l.vendor_id = ANY(${bind(search.vendorIds)}::uuid[]))`);
  return readPage<object, WasteRecord>(tx, {
    select: 'w.*',
    from: 'waste_record w',
    where,
    params,
    order: [
      { expression: 'w.business_date', type: 'date', direction: 'DESC' },
      { expression: 'w.created_at', type: 'timestamptz', direction: 'DESC' },
      { expression: 'w.id', type: 'uuid', direction: 'DESC' },
    ],
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, WasteRecord, found),
  });
}
