import {
  audit,
  expectVersion,
  findByKey,
  hydrate,
  prepared,
  readPage,
  rows,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import {
  idsOfFilter,
  requireOpenMonths,
  sliceReader,
  type DayRange,
  type WorkflowStepInput,
} from '@practice-graph/practice';
import { requireWithin } from '../clinics/saving.service';
import { PRODUCTION_SUMS } from '../production/production-measures.types';
import { refuse } from '../refusals';
import { lockSheetsAlone } from './day-sheet-gate.service';
import { DaySheet, type DaySheetStatus } from './day-sheet.entity';

const readSlices = sliceReader('production_slice', PRODUCTION_SUMS);

async function sheetAt(tx: Tx, key: RecordKey, input: WorkflowStepInput, from: DaySheetStatus): Promise<DaySheet> {
  await lockSheetsAlone(tx, key.clinicId);
  const sheet = await findByKey(tx, DaySheet, key, { lock: 'UPDATE' });
  if (!sheet) throw refuse('NOT_FOUND', 'The day sheet does not exist or is outside your reach.', ['id']);
  requireWithin(tx, 'locations', sheet.locationId, ['id']);
  expectVersion(sheet.version, input.expectedVersion);
  if (sheet.status !== from)
    throw refuse('ILLEGAL_STATE_CHANGE', `The day sheet is ${sheet.status.toLowerCase()} already.`, ['id']);
  return sheet;
}

async function move(
  tx: Tx,
  sheet: DaySheet,
  values: Pick<DaySheet, 'status' | 'closedAt' | 'closedBy' | 'frozen'>,
  note: string | null,
): Promise<void> {
  const { clinicId, id } = sheet;
  await tx.update(DaySheet, { clinicId, id }, { ...values, version: sheet.version + 1 });
  await audit(tx, clinicId, {
    action: values.status === 'CLOSED' ? 'daySheet.close' : 'daySheet.reopen',
    entityType: 'DaySheet',
    entityId: id,
    fromState: sheet.status,
    toState: values.status,
    note,
  });
}

/** Sums of sheets as they stand, amounts as text, in the order of the sheets. */
async function sumsToFreeze(
  tx: Tx,
  clinicId: string,
  sheets: readonly Pick<DaySheet, 'locationId' | 'businessDate'>[],
): Promise<Record<string, string>[]> {
  const sums = await readSlices(
    tx,
    sheets.map(({ locationId, businessDate }) => ({
      ...{ clinicId, locationIds: [locationId], providerIds: null, from: businessDate, to: businessDate },
    })),
  );
  const names = Object.keys(PRODUCTION_SUMS) as (keyof typeof PRODUCTION_SUMS)[];
  return sums.map((of) => Object.fromEntries(names.map((name) => [name, String(of[name])])));
}

const FREEZE = `
UPDATE day_sheet s SET status = 'CLOSED', closed_at = $4, closed_by = $5, frozen = k.frozen, version = s.version + 1
FROM unnest($2::uuid[], $3::json[]) AS k (id, frozen) WHERE s.clinic_id = $1 AND s.id = k.id`;

/** Closes all sheets of a range that are still open, as part of taking over closed books; the caller notes it. */
export async function closeSheetsOf(
  tx: Tx,
  clinicId: string,
  range: DayRange,
  of: { readonly at: Date; readonly by: string },
): Promise<number> {
  await lockSheetsAlone(tx, clinicId);
  const open = hydrate(
    tx,
    DaySheet,
    await prepared(
      tx,
      `SELECT * FROM day_sheet WHERE clinic_id = $1 AND status = 'OPEN' AND business_date BETWEEN $2::date AND $3::date ORDER BY id`,
      [clinicId, range.from, range.to],
    ),
  );
  if (open.length === 0) return 0;
  const frozen = await sumsToFreeze(tx, clinicId, open);
  await rows(tx, FREEZE, [
    clinicId,
    open.map(({ id }) => id),
    frozen.map((sums) => JSON.stringify(sums)),
    of.at,
    of.by,
  ]);
  return open.length;
}

/** Closes a day sheet: its entries stay those that it has, its sums stay what they are now. */
export async function closeDaySheet(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<{ id: string }> {
  const sheet = await sheetAt(tx, key, input, 'OPEN');
  const [frozen] = await sumsToFreeze(tx, sheet.clinicId, [sheet]);
  if (!frozen) throw new Error('one sheet in, no sums out');
  const closing = { status: 'CLOSED', closedAt: tx.session.at, closedBy: tx.session.viewer.subject, frozen } as const;
  await move(tx, sheet, closing, input.reason?.trim() ?? null);
  return { id: sheet.id };
}

/** Reopens a closed day sheet whose month is open. */
export async function reopenDaySheet(tx: Tx, key: RecordKey, input: WorkflowStepInput): Promise<{ id: string }> {
  const sheet = await sheetAt(tx, key, input, 'CLOSED');
  const reason = input.reason?.trim() ?? '';
  if (reason === '') throw refuse('REASON_REQUIRED', 'Say why it is reopened.', ['input', 'reason']);
  await requireOpenMonths(tx, sheet.clinicId, [sheet.businessDate], ['id']);
  await move(tx, sheet, { status: 'OPEN', closedAt: null, closedBy: null, frozen: null }, reason);
  return { id: sheet.id };
}

/** One page of the sheets of a clinic, newest day first. */
export function listDaySheets(
  tx: Tx,
  clinicId: string,
  range: DayRange,
  filter: { readonly locationIds: readonly string[] | null; readonly statuses: readonly DaySheetStatus[] | null },
  page: { readonly first: number | null; readonly after: string | null },
): Promise<Page<DaySheet>> {
  const params: unknown[] = [clinicId, range.from, range.to];
  const where = ['d.clinic_id = $1', 'd.business_date BETWEEN $2::date AND $3::date'];
  const within = (column: string, values: readonly string[] | null, type: string) => {
    if (values !== null) where.push(`d.${column} = ANY ($${String(params.push(values))}::${type}[])`);
  };
  within('location_id', idsOfFilter(tx.session.viewer, clinicId, 'locations', filter.locationIds), 'uuid');
  within('status', filter.statuses, 'text');
  return readPage(tx, {
    select: 'd.*',
    from: 'day_sheet d',
    where,
    params,
    order: [
      { expression: 'd.business_date', type: 'date', direction: 'DESC' },
      { expression: 'd.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found) => hydrate(tx, DaySheet, found),
  });
}
