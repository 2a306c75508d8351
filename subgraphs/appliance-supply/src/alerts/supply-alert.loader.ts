import { hydrate, readPage, recordLoader, type Page, type Tx, type Viewer } from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { rowIds } from '../directory/directory.loader';
import { SupplyAlert } from './supply-alert.entity';
import type { SupplyAlertFilter } from './supply-alert.inputs';

/** Alerts by key; those of places that the viewer is narrowed away from are null. */
export const supplyAlerts = recordLoader(
  SupplyAlert,
  (alert, viewer) => alert.locationId === null || isWithin(viewer, 'locations', alert.locationId),
);

const URGENCY = `CASE a.severity WHEN 'CRITICAL' THEN 0 WHEN 'WARNING' THEN 1 ELSE 2 END`;

/** One page of a clinic's alerts, most urgent first. */
export function readAlerts(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  filter: SupplyAlertFilter | null | undefined,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<SupplyAlert>> {
  const where = ['a.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const among = (column: string, values: readonly string[], type = 'text') =>
    where.push(`a.${column} = ANY(${bind(values)}::${type}[])`);
  const only = viewer.restrictions['locations'];
  if (only) where.push(`(a.location_id IS NULL OR a.location_id = ANY(${bind(only)}::uuid[]))`);
  among('status', filter?.statuses ?? ['ACTIVE', 'ACKNOWLEDGED']);
  if (filter?.types) among('type', filter.types);
  if (filter?.severities) among('severity', filter.severities);
  if (filter?.locationIds) among('location_id', rowIds(clinicId, filter.locationIds), 'uuid');
  if (filter?.itemIds) among('item_id', rowIds(clinicId, filter.itemIds), 'uuid');
  return readPage(tx, {
    select: 'a.*',
    from: 'supply_alert a',
    where,
    params,
    order: [
      { expression: URGENCY, type: 'integer', direction: 'ASC' },
      { expression: 'a.raised_at', type: 'timestamptz', direction: 'DESC' },
      { expression: 'a.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, SupplyAlert, found),
  });
}
