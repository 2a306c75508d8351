import { hydrate, readPage, recordLoader, type Context, type Page, type Viewer } from '@practice-graph/kit';
import { isWithin, NIL_UUID, type DayRange } from '@practice-graph/practice';
import { noteRead } from '../directory/access';
import { InventoryTransaction } from './inventory-transaction.entity';

/** A viewer narrowed to providers sees the uses and waste of these, and the movements that are nobody's. */
const isVisible = (movement: InventoryTransaction, viewer: Viewer): boolean =>
  isWithin(viewer, 'locations', movement.locationId) &&
  (movement.providerId === null || isWithin(viewer, 'providers', movement.providerId)) &&
  !(viewer.aggregateOnly && movement.patientId !== null);

export const inventoryTransactions = recordLoader(InventoryTransaction, isVisible);

/** What of the ledger of a clinic; a list narrows, null does not. */
export interface MovementSearch {
  readonly period?: DayRange;
  readonly lotIds?: readonly string[] | null;
  readonly productIds?: readonly string[] | null;
  readonly types?: readonly string[] | null;
  readonly statuses?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly locationIds?: readonly string[] | null;
  readonly providerIds?: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** What is left of a clinic's ledger for a viewer: the same as `isVisible`, for lists. */
function visibleTo(viewer: Viewer, bind: (value: unknown) => string): string[] {
  const { locations, providers } = viewer.restrictions;
  return [
    ...(locations ? [`t.location_id = ANY(${bind(locations)}::uuid[])`] : []),
    ...(providers ? [`(t.provider_id IS NULL OR t.provider_id = ANY(${bind(providers)}::uuid[]))`] : []),
    ...(viewer.aggregateOnly ? ['t.patient_id IS NULL'] : []),
  ];
}

/** The ledger of a clinic, newest first, as the viewer may see it. */
export async function movementsOf(
  context: Context,
  clinicId: string,
  search: MovementSearch,
): Promise<Page<InventoryTransaction>> {
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const where = ['t.clinic_id = $1', ...visibleTo(context.viewer, bind)];
  const oneOf = (column: string, values: readonly string[] | null | undefined, type = 'uuid') => {
    if (values) where.push(`t.${column} = ANY(${bind(values)}::${type}[])`);
  };
  if (search.period) where.push(`t.business_date BETWEEN ${bind(search.period.from)} AND ${bind(search.period.to)}`);
  oneOf('lot_id', search.lotIds);
  oneOf('product_id', search.productIds);
  oneOf('type', search.types, 'text');
  oneOf('status', search.statuses, 'text');
  oneOf('location_id', search.locationIds);
  oneOf('patient_id', search.patientIds);
  if (search.providerIds)
    where.push(`coalesce(t.provider_id, '${NIL_UUID}') = ANY(${bind(search.providerIds)}::uuid[])`);
  const tx = await context.read();
  const page = await readPage<object, InventoryTransaction>(tx, {
    select: 't.*',
    from: 'inventory_transaction t',
    where,
    params,
    order: [
      { expression: 't.business_date', type: 'date', direction: 'DESC' },
      { expression: 't.created_at', type: 'timestamptz', direction: 'DESC' },
      { expression: 't.id', type: 'uuid', direction: 'DESC' },
    ],
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, InventoryTransaction, found),
  });
  noteRead(context, clinicId, {
    entityType: 'InventoryTransaction',
    patientIds: page.nodes.map((movement) => movement.patientId),
    filter: search,
  });
  return page;
}
