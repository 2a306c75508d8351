import {
  batchLoader,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { isWithin, lotNumberKey } from '@practice-graph/practice';
import { rowIds } from '../directory/directory.loader';
import { ApplianceUsage } from './appliance-usage.entity';
import type { SupplyUsageFilter } from './appliance-usage.inputs';

/** True for uses at places and by people that the viewer is not narrowed away from. */
export const isUsageVisible = (usage: ApplianceUsage, viewer: Viewer): boolean =>
  !viewer.aggregateOnly &&
  isWithin(viewer, 'locations', usage.locationId) &&
  isWithin(viewer, 'providers', usage.providerId);

/** Uses by key. */
export const applianceUsages = recordLoader(ApplianceUsage, isUsageVisible);

/** Uses for appliances, oldest first: one statement for all appliances of a fetch. */
export const usagesOfAppliances = batchLoader<RecordKey, ApplianceUsage[]>(
  async (tx, keys, context) => {
    const found = await prepared(
      tx,
      `SELECT u.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN appliance_usage u ON u.clinic_id = k.clinic_id AND u.appliance_id = k.id ORDER BY u.used_on, u.id`,
      [keys.map((k) => k.clinicId), keys.map((k) => k.id)],
    );
    const seen = hydrate(tx, ApplianceUsage, found).filter((usage) => isUsageVisible(usage, context.viewer));
    return keys.map((key) => seen.filter((u) => u.clinicId === key.clinicId && u.applianceId === key.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);

/** Rows that undid uses: one statement for all uses of a fetch. */
export const reversalsOf = batchLoader<RecordKey, ApplianceUsage | null>(
  async (tx, keys, context) => {
    const found = await prepared(
      tx,
      `SELECT u.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN appliance_usage u ON u.clinic_id = k.clinic_id AND u.reverses_id = k.id`,
      [keys.map((k) => k.clinicId), keys.map((k) => k.id)],
    );
    const seen = hydrate(tx, ApplianceUsage, found).filter((usage) => isUsageVisible(usage, context.viewer));
    return keys.map((key) => seen.find((u) => u.clinicId === key.clinicId && u.reversesId === key.id) ?? null);
  },
  (key) => `${key.clinicId}/${key.id}`,
);

/** Conditions of a statement over uses, with the parameters that they refer to. */
export interface UsageConditions {
  readonly where: string[];
  readonly params: unknown[];
  readonly bind: (value: unknown) => string;
}

/**
 * Conditions on `appliance_usage u` for a clinic, a range of days, a filter, and what the viewer is narrowed to (E-06).
 * The reserved id `unassigned` selects uses that name no provider.
 */
export function usageConditions(
  viewer: Viewer,
  clinicId: string,
  range: { from: string; to: string } | null,
  filter: SupplyUsageFilter | null | undefined,
): UsageConditions {
  const where = ['u.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const ids = (opaque: readonly string[]) => rowIds(clinicId, opaque);
  const among = (column: string, list: readonly string[]) =>
    `(u.${column} = ANY(${bind(ids(list.filter((id) => id !== 'unassigned')))}::uuid[])${list.includes('unassigned') ? ` OR u.${column} IS NULL` : ''})`;
  if (range) where.push(`u.used_on BETWEEN ${bind(range.from)}::date AND ${bind(range.to)}::date`);
  for (const [kind, column] of [
    ['locations', 'location_id'],
    ['providers', 'provider_id'],
  ] as const) {
    const only = viewer.restrictions[kind];
    if (only) where.push(`u.${column} = ANY(${bind(only)}::uuid[])`);
  }
  if (!filter) return { where, params, bind };
  if (filter.applianceTypes) where.push(`u.appliance_type = ANY(${bind(filter.applianceTypes)}::text[])`);
  if (filter.applianceSystems) where.push(`u.appliance_system = ANY(${bind(filter.applianceSystems)}::text[])`);
  if (filter.categories) where.push(`u.category = ANY(${bind(filter.categories)}::text[])`);
  if (filter.itemIds) where.push(among('item_id', filter.itemIds));
  if (filter.providerIds) where.push(among('provider_id', filter.providerIds));
  if (filter.locationIds) where.push(among('location_id', filter.locationIds));
  if (filter.patientId) where.push(among('patient_id', [filter.patientId]));
  if (filter.treatmentPlanId) where.push(among('treatment_plan_id', [filter.treatmentPlanId]));
  if (filter.isRework !== null && filter.isRework !== undefined) where.push(`u.is_rework = ${bind(filter.isRework)}`);
  const lots: string[] = [];
  if (filter.vendorIds) lots.push(`l.vendor_id = ANY(${bind(ids(filter.vendorIds))}::uuid[])`);
  if (filter.lotNumber !== null && filter.lotNumber !== undefined)
    lots.push(`l.number_key = ${bind(lotNumberKey(filter.lotNumber))}`, `l.lot_number <> ''`);
  if (lots.length > 0)
    where.push(
      `EXISTS (SELECT 1 FROM supply_lot l WHERE l.clinic_id = u.clinic_id AND l.id = u.lot_id AND ${lots.join(' AND ')})`,
    );
  return { where, params, bind };
}

/** One page of uses under such conditions, newest first. */
export const readUsages = (
  tx: Tx,
  conditions: UsageConditions,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<ApplianceUsage>> =>
  readPage(tx, {
    select: 'u.*',
    from: 'appliance_usage u',
    where: conditions.where,
    params: conditions.params,
    order: [
      { expression: 'u.used_on', type: 'date', direction: 'DESC' },
      { expression: 'u.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, ApplianceUsage, found),
  });
