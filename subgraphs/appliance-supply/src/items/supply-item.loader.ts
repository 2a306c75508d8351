import { readPage, recordLoader, hydrate, type Page, type Tx } from '@practice-graph/kit';
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
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyItem>> {
  const where = ['i.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  if (filter?.activeOnly ?? true) where.push('i.active');
  if (filter?.categories) where.push(`i.category = ANY(${bind(filter.categories)}::text[])`);
  for (const word of (filter?.search ?? '').split(/\s+/).filter(Boolean))
    where.push(`concat_ws(' ', i.name, i.sku, i.gtin) ILIKE ${bind(`%${escaped(word)}%`)}`);
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
