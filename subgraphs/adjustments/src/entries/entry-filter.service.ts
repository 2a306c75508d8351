import { reachable, type Decimal, type Viewer } from '@practice-graph/kit';
import { UNASSIGNED } from '@practice-graph/practice';
import {
  categoriesOf,
  type AdjustmentCategory,
  type AdjustmentGroup,
  type ApprovalStatus,
} from './adjustment-category.rules';

export interface EntryFilter {
  readonly categories?: readonly AdjustmentCategory[] | null | undefined;
  readonly groups?: readonly AdjustmentGroup[] | null | undefined;
  readonly reasonCodes?: readonly string[] | null | undefined;
  readonly providerIds?: readonly string[] | null | undefined;
  readonly locationIds?: readonly string[] | null | undefined;
  readonly patientId?: string | null | undefined;
  readonly treatmentPlanId?: string | null | undefined;
  readonly invoiceId?: string | null | undefined;
  readonly statuses?: readonly ApprovalStatus[] | null | undefined;
  readonly payers?: readonly string[] | null | undefined;
  readonly campaignIds?: readonly string[] | null | undefined;
  readonly minAmount?: Decimal | null | undefined;
  readonly maxAmount?: Decimal | null | undefined;
  readonly includeReversals?: boolean | null | undefined;
}

/** Conditions that are added one by one, each with its parameters. */
export class Conditions {
  readonly where: string[] = [];
  readonly params: unknown[] = [];
  /** Position of the first condition that picks some of the entries of the categories asked for. */
  narrowedFrom = 0;

  /** Adds a condition in which `?` stands for the value; a value that is left out adds none. */
  add(condition: string, value: unknown): void {
    if (value === null || value === undefined) return;
    this.params.push(value);
    this.where.push(condition.replaceAll('?', `$${String(this.params.length)}`));
  }
}

/** What selects the entries "t" of a clinic that pass a filter, cut to what the viewer may see (E-06). */
export function entryConditions(viewer: Viewer, clinicId: string, filter: EntryFilter): Conditions {
  const conditions = new Conditions();
  // Identifiers of other clinics name nothing here; they select nothing, like an empty list.
  const rowId = (opaque: string) => {
    const key = reachable(viewer, opaque);
    return key?.clinicId === clinicId ? [key.id] : [];
  };
  const placed = (column: string, ids: readonly string[] | null | undefined) => {
    if (!ids) return;
    conditions.add(
      `(t.${column} = ANY (?::uuid[])${ids.includes(UNASSIGNED) ? ` OR t.${column} IS NULL` : ''})`,
      ids.flatMap(rowId),
    );
  };
  const named = (column: string, id: string | null | undefined) => {
    if (id !== null && id !== undefined) conditions.add(`t.${column} = ANY (?::uuid[])`, rowId(id));
  };

  conditions.add('t.clinic_id = ?', clinicId);
  conditions.add('t.location_id = ANY (?::uuid[])', viewer.restrictions['locations']);
  conditions.add('t.provider_id = ANY (?::uuid[])', viewer.restrictions['providers']);
  conditions.add('t.category = ANY (?::text[])', filter.categories);
  conditions.add('t.category = ANY (?::text[])', filter.groups?.flatMap(categoriesOf));
  conditions.narrowedFrom = conditions.where.length;
  conditions.add('t.reason_code = ANY (?::text[])', filter.reasonCodes);
  placed('provider_id', filter.providerIds);
  placed('location_id', filter.locationIds);
  named('patient_id', filter.patientId);
  named('treatment_plan_id', filter.treatmentPlanId);
  named('invoice_id', filter.invoiceId);
  conditions.add('t.approval_status = ANY (?::text[])', filter.statuses);
  conditions.add('t.payer = ANY (?::text[])', filter.payers);
  conditions.add('t.campaign_id = ANY (?::uuid[])', filter.campaignIds?.flatMap(rowId));
  conditions.add('abs(t.amount) >= ?::numeric', filter.minAmount);
  conditions.add('abs(t.amount) <= ?::numeric', filter.maxAmount);
  if (filter.includeReversals === false) conditions.where.push('NOT t.is_reversal AND t.reversed_by_id IS NULL');
  return conditions;
}
