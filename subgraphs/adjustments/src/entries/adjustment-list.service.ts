import {
  columnsOf,
  hydrate,
  reachable,
  readPage,
  readPages,
  type Decimal,
  type OrderKey,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { UNASSIGNED, type DayRange } from '@practice-graph/practice';
import {
  categoriesOf,
  type AdjustmentCategory,
  type AdjustmentGroup,
  type ApprovalStatus,
} from './adjustment-category.rules';
import { AdjustmentEntry } from './adjustment-entry.entity';

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
  readonly minAmount?: Decimal | null | undefined;
  readonly maxAmount?: Decimal | null | undefined;
  readonly includeReversals?: boolean | null | undefined;
}

export interface EntryList {
  readonly clinicId: string;
  readonly days: DayRange | null;
  readonly filter: EntryFilter | null | undefined;
  readonly orderBy:
    | { readonly field: 'ADJUSTMENT_DATE' | 'AMOUNT' | 'CREATED_AT'; readonly direction: 'ASC' | 'DESC' }
    | null
    | undefined;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

const COLUMN = {
  ADJUSTMENT_DATE: { expression: 't.adjustment_date', type: 'date' },
  AMOUNT: { expression: 'abs(t.amount)', type: 'numeric' },
  CREATED_AT: { expression: 't.created_at', type: 'timestamptz' },
} as const;

function orderOf(orderBy: EntryList['orderBy']): OrderKey[] {
  const direction = orderBy?.direction ?? 'DESC';
  return [
    { ...COLUMN[orderBy?.field ?? 'ADJUSTMENT_DATE'], direction },
    { expression: 't.id', type: 'uuid', direction },
  ];
}

/** Conditions that are added one by one, each with its parameters. */
class Conditions {
  readonly where: string[] = [];
  readonly params: unknown[] = [];

  /** Adds a condition in which `?` stands for the value; a value that is left out adds none. */
  add(condition: string, value: unknown): void {
    if (value === null || value === undefined) return;
    this.params.push(value);
    this.where.push(condition.replaceAll('?', `$${String(this.params.length)}`));
  }
}

/** One page of adjustments of a clinic as the viewer may see them, newest first unless another order is asked for. */
export async function listEntries(tx: Tx, list: EntryList): Promise<Page<AdjustmentEntry>> {
  const { viewer } = tx.session;
  const { clinicId, days } = list;
  const filter = list.filter ?? {};
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
  conditions.add('t.adjustment_date >= ?::date', days?.from);
  conditions.add('t.adjustment_date <= ?::date', days?.to);
  conditions.add('t.location_id = ANY (?::uuid[])', viewer.restrictions['locations']);
  conditions.add('t.provider_id = ANY (?::uuid[])', viewer.restrictions['providers']);
  conditions.add('t.category = ANY (?::text[])', filter.categories);
  conditions.add('t.category = ANY (?::text[])', filter.groups?.flatMap(categoriesOf));
  conditions.add('t.reason_code = ANY (?::text[])', filter.reasonCodes);
  placed('provider_id', filter.providerIds);
  placed('location_id', filter.locationIds);
  named('patient_id', filter.patientId);
  named('treatment_plan_id', filter.treatmentPlanId);
  named('invoice_id', filter.invoiceId);
  conditions.add('t.approval_status = ANY (?::text[])', filter.statuses);
  conditions.add('t.payer = ANY (?::text[])', filter.payers);
  conditions.add('abs(t.amount) >= ?::numeric', filter.minAmount);
  conditions.add('abs(t.amount) <= ?::numeric', filter.maxAmount);
  if (filter.includeReversals === false) conditions.where.push('NOT t.is_reversal AND t.reversed_by_id IS NULL');

  return readPage<object, AdjustmentEntry>(tx, {
    select: columnsOf(tx.dataSource.getMetadata(AdjustmentEntry), 't'),
    from: 'adjustment_entry t',
    where: conditions.where,
    params: conditions.params,
    order: orderOf(list.orderBy),
    first: list.first,
    after: list.after,
    map: (found) => hydrate(tx, AdjustmentEntry, found),
  });
}

/** One page of the visible adjustments of each of N patients, newest first, with one statement for all. */
export function listEntriesOfPatients(
  tx: Tx,
  patients: readonly RecordKey[],
  page: { readonly first: number | null | undefined; readonly after: string | null | undefined },
): Promise<Page<AdjustmentEntry>[]> {
  const { restrictions } = tx.session.viewer;
  const conditions = new Conditions();
  conditions.where.push('t.clinic_id = p.clinic_id', 't.patient_id = p.id');
  conditions.add('t.location_id = ANY (?::uuid[])', restrictions['locations']);
  conditions.add('t.provider_id = ANY (?::uuid[])', restrictions['providers']);
  return readPages<object, AdjustmentEntry>(tx, patients, {
    select: columnsOf(tx.dataSource.getMetadata(AdjustmentEntry), 't'),
    from: 'adjustment_entry t',
    where: conditions.where,
    params: conditions.params,
    order: orderOf(null),
    ...page,
    map: (found) => hydrate(tx, AdjustmentEntry, found),
  });
}
