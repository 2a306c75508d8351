import { readPage, recordLoader, hydrate, type Page, type Tx } from '@practice-graph/kit';
import { rowIds } from '../directory/directory.loader';
import { SupplyItem } from './supply-item.entity';
import type { SupplyItemFilter } from './supply-item.inputs';

/** Items by key. */
export const supplyItems = recordLoader(SupplyItem);

const escaped = (words: string) => words.replace(/[\\%_]/g, '\\$&');

/** One page of a clinic's items, by name. */
export function readItems(
  tx: Tx,
  clinicId: string,
  filter: SupplyItemFilter | null | undefined,
  today: string,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyItem>> {
  const where = ['i.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  if (filter?.activeOnly ?? true) where.push('i.active');
  if (filter?.categories) where.push(`i.category = ANY(${bind(filter.categories)}::text[])`);
  for (const word of (filter?.search ?? '').split(/\s+/).filter(Boolean))
    where.push(`concat_ws(' ', i.name, i.sku, i.gtin, (SELECT string_agg(o.vendor_sku, ' ') FROM supply_offer o
      WHERE o.clinic_id = i.clinic_id AND o.item_id = i.id)) ILIKE ${bind(`%${escaped(word)}%`)}`);
  if (filter?.vendorIds)
    where.push(`EXISTS (SELECT 1 FROM supply_offer o WHERE o.clinic_id = i.clinic_id AND o.item_id = i.id
      AND o.vendor_id = ANY(${bind(rowIds(clinicId, filter.vendorIds))}::uuid[])
      AND ${bind(today)}::date BETWEEN o.valid_from AND coalesce(o.valid_to, 'infinity'))`);
  return readPage(tx, {
    select: 'i.*',
    from: 'supply_item i',
    where,
    params,
    order: [
      { expression: 'i.name', type: 'text', direction: 'ASC' },
      { expression: 'i.id', type: 'uuid', direction: 'ASC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, SupplyItem, found),
  });
}
