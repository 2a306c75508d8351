import {
  batchLoader,
  Decimal,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { rowIds } from '../directory/directory.loader';
import { ApplianceRecord } from './appliance-record.entity';
import type { ApplianceRecordFilter } from './appliance-record.inputs';

/** True for appliances at places, and once placed by people, that the viewer is not narrowed away from. */
export const isRecordVisible = (record: ApplianceRecord, viewer: Viewer): boolean =>
  !viewer.aggregateOnly &&
  isWithin(viewer, 'locations', record.locationId) &&
  (record.providerId === null || isWithin(viewer, 'providers', record.providerId));

/** Appliances by key. */
export const applianceRecords = recordLoader(ApplianceRecord, isRecordVisible);

/** Appliances of patients, newest first: one statement for all patients of a fetch. */
export const appliancesOfPatients = batchLoader<RecordKey, ApplianceRecord[]>(
  async (tx, keys, context) => {
    const found = await prepared(
      tx,
      `SELECT r.* FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       JOIN appliance_record r ON r.clinic_id = k.clinic_id AND r.patient_id = k.id ORDER BY r.created_at DESC, r.id DESC`,
      [keys.map((k) => k.clinicId), keys.map((k) => k.id)],
    );
    const seen = hydrate(tx, ApplianceRecord, found).filter((record) => isRecordVisible(record, context.viewer));
    return keys.map((key) => seen.filter((r) => r.clinicId === key.clinicId && r.patientId === key.id));
  },
  (key) => `${key.clinicId}/${key.id}`,
);

/** One page of a clinic's appliances, newest first. */
export function readAppliances(
  tx: Tx,
  viewer: Viewer,
  clinicId: string,
  filter: ApplianceRecordFilter | null | undefined,
  page: { first: number | null | undefined; after: string | null | undefined },
): Promise<Page<ApplianceRecord>> {
  const where = ['r.clinic_id = $1'];
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const among = (column: string, opaque: readonly string[]) =>
    where.push(`r.${column} = ANY(${bind(rowIds(clinicId, opaque))}::uuid[])`);
  const { restrictions } = viewer;
  const [locations, providers] = [restrictions['locations'], restrictions['providers']];
  if (locations) where.push(`r.location_id = ANY(${bind(locations)}::uuid[])`);
  if (providers) where.push(`(r.provider_id IS NULL OR r.provider_id = ANY(${bind(providers)}::uuid[]))`);
  if (filter?.applianceTypes) where.push(`r.appliance_type = ANY(${bind(filter.applianceTypes)}::text[])`);
  if (filter?.statuses) where.push(`r.status = ANY(${bind(filter.statuses)}::text[])`);
  if (filter?.locationIds) among('location_id', filter.locationIds);
  if (filter?.patientId) among('patient_id', [filter.patientId]);
  if (filter?.treatmentPlanId) among('treatment_plan_id', [filter.treatmentPlanId]);
  if (filter?.placedIn)
    where.push(`r.placed_on BETWEEN ${bind(filter.placedIn.from)}::date AND ${bind(filter.placedIn.to)}::date`);
  return readPage(tx, {
    select: 'r.*',
    from: 'appliance_record r',
    where,
    params,
    order: [
      { expression: 'r.created_at', type: 'timestamptz', direction: 'DESC' },
      { expression: 'r.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found: readonly object[]) => hydrate(tx, ApplianceRecord, found),
  });
}

/** Cost of the supplies used for appliances; uses whose cost is not known are missing from it. */
export const applianceCosts = batchLoader<RecordKey, Decimal>(
  async (tx, keys) => {
    const found = await prepared<{ id: string; cost: string }>(
      tx,
      `SELECT k.id, coalesce(sum(u.total_cost), 0)::text AS cost FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
       LEFT JOIN appliance_usage u ON u.clinic_id = k.clinic_id AND u.appliance_id = k.id GROUP BY k.id`,
      [keys.map((k) => k.clinicId), keys.map((k) => k.id)],
    );
    const costs = new Map(found.map((row) => [row.id, row.cost]));
    return keys.map((key) => new Decimal(costs.get(key.id) ?? '0'));
  },
  (key) => `${key.clinicId}/${key.id}`,
);
