import {
  columnsOf,
  hydrate,
  readPage,
  readPages,
  type OrderKey,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import type { DayRange } from '@practice-graph/practice';
import { AdjustmentEntry } from './adjustment-entry.entity';
import { countsWithin } from '../dating/dated-entries.service';
import type { WriteOffDateBasis } from '../dating/write-off-date-basis.rules';
import { Conditions, entryConditions, type EntryFilter } from './entry-filter.service';

export interface EntryList {
  readonly clinicId: string;
  readonly days: DayRange | null;
  /** Day of insurance write-offs that must lie in the days. */
  readonly basis: WriteOffDateBasis;
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

/** One page of adjustments of a clinic as the viewer may see them, newest first unless another order is asked for. */
export async function listEntries(tx: Tx, list: EntryList): Promise<Page<AdjustmentEntry>> {
  const { clinicId, days, basis } = list;
  const conditions = entryConditions(tx.session.viewer, clinicId, list.filter ?? {});
  if (days) {
    const placeholder = (day: string) => `$${String(conditions.params.push(day))}::date`;
    conditions.where.push(countsWithin(basis, placeholder(days.from), placeholder(days.to)));
  }

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
