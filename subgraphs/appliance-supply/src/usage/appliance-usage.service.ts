import type { Decimal } from '@practice-graph/kit';
import type { CostBucket, SupplyCategory } from '../items/supply-category.types';
import type { ApplianceRecordType } from '../placements/appliance-record.types';

/** A use to be written; cost is kept as it was at that time and null when it is not known. */
export interface NewUsage {
  readonly id: string;
  readonly applianceId: string | null;
  readonly applianceType: ApplianceRecordType;
  readonly applianceSystem: string | null;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly providerId: string | null;
  readonly locationId: string;
  readonly site: string | null;
  readonly itemId: string;
  readonly lotId: string;
  readonly category: SupplyCategory;
  readonly bucket: CostBucket;
  readonly fefoOverrideReason: string | null;
  readonly usedOn: string;
  /** Negative on a row that undoes another. */
  readonly quantity: Decimal;
  readonly unitCost: Decimal | null;
  readonly totalCost: Decimal | null;
  readonly isRework: boolean;
  readonly notes: string | null;
  /** Use that this row undoes. */
  readonly reversesId: string | null;
}

type Column = readonly [name: string, type: string, value: (usage: NewUsage) => unknown];

const COLUMNS: readonly Column[] = [
  ['id', 'uuid', (u) => u.id],
  ['appliance_id', 'uuid', (u) => u.applianceId],
  ['appliance_type', 'text', (u) => u.applianceType],
  ['appliance_system', 'text', (u) => u.applianceSystem],
  ['patient_id', 'uuid', (u) => u.patientId],
  ['treatment_plan_id', 'uuid', (u) => u.treatmentPlanId],
  ['provider_id', 'uuid', (u) => u.providerId],
  ['location_id', 'uuid', (u) => u.locationId],
  ['site', 'text', (u) => u.site],
  ['item_id', 'uuid', (u) => u.itemId],
  ['lot_id', 'uuid', (u) => u.lotId],
  ['category', 'text', (u) => u.category],
  ['bucket', 'text', (u) => u.bucket],
  ['fefo_override_reason', 'text', (u) => u.fefoOverrideReason],
  ['used_on', 'date', (u) => u.usedOn],
  ['quantity', 'numeric', (u) => u.quantity],
  ['unit_cost', 'numeric', (u) => u.unitCost],
  ['total_cost', 'numeric', (u) => u.totalCost],
  ['is_rework', 'boolean', (u) => u.isRework],
  ['notes', 'text', (u) => u.notes],
  ['reverses_id', 'uuid', (u) => u.reversesId],
];

/**
 * INSERT of uses, for the one statement that writes the books. `$1` is the clinic, `at` and `by` name the parameters of
 * instant and actor, `first` is the number of the first of the columns' arrays.
 */
export const insertUsages = (first: number, at: string, by: string): string => `
INSERT INTO appliance_usage (clinic_id, ${COLUMNS.map(([name]) => name).join(', ')}, created_at, created_by)
SELECT $1::uuid, x.*, ${at}, ${by} FROM unnest(${COLUMNS.map(([, type], i) => `$${String(first + i)}::${type}[]`).join(', ')}) x
RETURNING *`;

/** Arrays of the columns, in the order of `insertUsages`. */
export const usageColumns = (usages: readonly NewUsage[]): unknown[][] =>
  COLUMNS.map(([, , value]) => usages.map(value));
