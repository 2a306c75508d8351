import type { Viewer } from '@practice-graph/kit';
import { idsOfFilter, lotNumberKey, NIL_UUID, type DayRange } from '@practice-graph/practice';
import type { CostBasis } from '../case-cost/supply-cost.types';
import { rowIds } from '../directory/directory.loader';
import { bucketOf } from '../items/cost-bucket.rules';
import { SupplyCategory } from '../items/supply-category.types';
import type { SupplyUsageFilter } from '../usage/appliance-usage.inputs';
import { usageConditions } from '../usage/appliance-usage.loader';
import type { SupplyDimension } from './supply-dimension.rules';

/** What a report sums: use and waste of a clinic behind a filter, over stretches of days. */
export interface ReportQuestion {
  readonly clinicId: string;
  readonly filter: SupplyUsageFilter;
  readonly basis: CostBasis;
  readonly stretches: readonly DayRange[];
  readonly by: readonly SupplyDimension[];
}

/** How a fact names the member of each dimension. */
export const DIMENSION_COLUMN: Readonly<Record<SupplyDimension, string>> = {
  ...{ APPLIANCE_TYPE: 'appliance_type', APPLIANCE_SYSTEM: 'appliance_system', ITEM: 'item_id', CATEGORY: 'category' },
  ...{ BUCKET: 'bucket', PROVIDER: 'provider_id', LOCATION: 'location_id', VENDOR: 'vendor_id' },
};

const BUCKET_OF_ITEM = `CASE i.category ${Object.values(SupplyCategory)
  .map((category) => `WHEN '${category}' THEN '${bucketOf(category)}'`)
  .join(' ')} END`;

/**
 * Whether waste is part of a question: it names neither provider nor patient nor appliance, so a filter or a restriction
 * to some of those leaves it out.
 */
function countsWaste(viewer: Viewer, { filter }: ReportQuestion): boolean {
  if (viewer.restrictions['providers']) return false;
  if (filter.providerIds && !filter.providerIds.includes('unassigned')) return false;
  const ofUse = [filter.applianceTypes, filter.applianceSystems, filter.patientId, filter.treatmentPlanId];
  return ofUse.every((member) => member === null || member === undefined) && typeof filter.isRework !== 'boolean';
}

/**
 * The facts of the ledgers that a question sums, as a relation `fact`: uses on their day, reversals on their own, waste
 * on its. An unknown cost is null. CURRENT values each row at the present unit cost of its item, rounded once per row.
 */
export function ledgerFacts(viewer: Viewer, question: ReportQuestion): { text: string; params: unknown[] } {
  const { clinicId, filter, stretches, basis } = question;
  const { where, params, bind } = usageConditions(viewer, clinicId, null, filter);
  const k = `unnest(${bind(stretches.map((_, index) => index))}::int[], ${bind(stretches.map(({ from }) => from))}::date[], ${bind(stretches.map(({ to }) => to))}::date[]) AS k (stretch, first, last)`;
  const current = (quantity: string) => `round(${quantity} * i.current_unit_cost, 2)`;
  const item = (of: string) => `JOIN supply_item i ON i.clinic_id = ${of}.clinic_id AND i.id = ${of}.item_id`;
  const lot = (of: string) => `JOIN supply_lot v ON v.clinic_id = ${of}.clinic_id AND v.id = ${of}.lot_id`;
  const uses = `
SELECT k.stretch, u.location_id, u.provider_id, u.appliance_type, u.appliance_system, u.item_id, u.category, u.bucket,
  ${question.by.includes('VENDOR') ? 'v.vendor_id' : 'NULL::uuid AS vendor_id'}, u.quantity, sign(u.quantity)::int AS uses,
  ${basis === 'CURRENT' ? current('u.quantity') : 'u.total_cost'} AS cost, 0::numeric AS waste, u.is_rework, u.patient_id, u.treatment_plan_id
FROM ${k} JOIN appliance_usage u ON u.clinic_id = $1 AND u.used_on BETWEEN k.first AND k.last
${basis === 'CURRENT' ? item('u') : ''} ${question.by.includes('VENDOR') ? lot('u') : ''}
WHERE ${where.join(' AND ')}`;
  if (!countsWaste(viewer, question)) return { text: `fact AS (${uses})`, params };
  const wasted = [`w.type = 'WASTE'`];
  const rows = (opaque: readonly string[]) => rowIds(clinicId, opaque);
  const locations = idsOfFilter(viewer, clinicId, 'locations', filter.locationIds);
  if (locations !== null) wasted.push(`w.location_id = ANY(${bind(locations)}::uuid[])`);
  if (filter.categories) wasted.push(`i.category = ANY(${bind(filter.categories)}::text[])`);
  if (filter.itemIds) wasted.push(`w.item_id = ANY(${bind(rows(filter.itemIds))}::uuid[])`);
  if (filter.vendorIds) wasted.push(`v.vendor_id = ANY(${bind(rows(filter.vendorIds))}::uuid[])`);
  if (typeof filter.lotNumber === 'string')
    wasted.push(`v.number_key = ${bind(lotNumberKey(filter.lotNumber))}`, `v.lot_number <> ''`);
  const waste = `
SELECT k.stretch, w.location_id, NULL::uuid, NULL::text, NULL::text, w.item_id, i.category, ${BUCKET_OF_ITEM},
  v.vendor_id, 0::numeric, 0, 0::numeric, -coalesce(${basis === 'CURRENT' ? current('w.quantity') : 'w.total_cost'}, 0), false, NULL::uuid, NULL::uuid
FROM ${k} JOIN supply_transaction w ON w.clinic_id = $1 AND w.business_date BETWEEN k.first AND k.last
${item('w')} ${lot('w')} WHERE ${wasted.join(' AND ')}`;
  return { text: `fact AS (${uses} UNION ALL ${waste})`, params };
}

/** Which member of the filter narrows which dimension by codes, and which by records. */
const CODE_FILTERS = {
  APPLIANCE_TYPE: 'applianceTypes',
  APPLIANCE_SYSTEM: 'applianceSystems',
  CATEGORY: 'categories',
} as const;
const RECORD_FILTERS = {
  ITEM: 'itemIds',
  VENDOR: 'vendorIds',
  LOCATION: 'locationIds',
  PROVIDER: 'providerIds',
} as const;

const without = (filter: SupplyUsageFilter, member: keyof SupplyUsageFilter): SupplyUsageFilter =>
  Object.fromEntries(Object.entries(filter).filter(([name]) => name !== member));

/**
 * For each dimension that the filter of a question narrows: the members that it takes, and the same question with all of
 * them, split by the dimension.
 */
export function chosenMembers(
  viewer: Viewer,
  question: ReportQuestion,
): { chosen: readonly string[]; question: ReportQuestion }[] {
  const { clinicId, filter } = question;
  const idsOf = (dimension: keyof typeof RECORD_FILTERS, opaque: readonly string[]): readonly string[] =>
    dimension === 'LOCATION' || dimension === 'PROVIDER'
      ? (idsOfFilter(viewer, clinicId, dimension === 'LOCATION' ? 'locations' : 'providers', opaque) ?? [])
      : rowIds(clinicId, opaque);
  const all = (dimension: SupplyDimension, member: keyof SupplyUsageFilter, chosen: readonly string[]) => ({
    chosen,
    question: { ...question, filter: without(filter, member), by: [dimension] },
  });
  return [
    ...Object.entries(CODE_FILTERS).flatMap(([dimension, member]) => {
      const given = filter[member];
      return given ? [all(dimension as SupplyDimension, member, given)] : [];
    }),
    ...Object.entries(RECORD_FILTERS).flatMap(([dimension, member]) => {
      const given = filter[member];
      return given
        ? [all(dimension as SupplyDimension, member, idsOf(dimension as keyof typeof RECORD_FILTERS, given))]
        : [];
    }),
  ];
}

/** The member of a dimension in a fact, as text; the nil uuid for none. */
export const memberColumn = (dimension: SupplyDimension): string =>
  `coalesce(f.${DIMENSION_COLUMN[dimension]}::text, '${NIL_UUID}')`;
