import { hydrate, readPage, recordLoader, type Page, type Tx, type Viewer } from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { SupplyOrder, type SupplyOrderStatus } from './supply-order.entity';

/** Orders by key, for places that the viewer is not narrowed away from. */
export const supplyOrders = recordLoader(SupplyOrder, (order, viewer) =>
  isWithin(viewer, 'locations', order.locationId),
);

/** One page of a clinic's orders, latest first. */
export function readOrders(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  statuses: readonly SupplyOrderStatus[] | null | undefined,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyOrder>> {
  const where = ['o.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const only = viewer.restrictions['locations'];
  if (only) where.push(`o.location_id = ANY(${bind(only)}::uuid[])`);
  if (statuses) where.push(`o.status = ANY(${bind(statuses)}::text[])`);
  return readPage(tx, {
    select: 'o.*',
    from: 'supply_order o',
    where,
    params,
    order: [
      { expression: 'o.ordered_on', type: 'date', direction: 'DESC' },
      { expression: 'o.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, SupplyOrder, found),
  });
}
