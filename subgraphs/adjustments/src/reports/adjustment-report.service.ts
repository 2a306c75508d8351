import { prepared, rows, type Tx } from '@practice-graph/kit';
import {
  hasFacts,
  idsOfFilter,
  readingParams,
  readingsAt,
  signed,
  type Day,
  type DayRange,
} from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import { categoriesOf, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { datedLedger } from '../dating/dated-entries.service';
import type { WriteOffDateBasis } from '../dating/write-off-date-basis.rules';
import { entryConditions, type EntryFilter } from '../entries/entry-filter.service';
import { DETAIL_DIMENSIONS, DETAIL_FILTER, detailMembers, type DetailDimension } from './detail-slice.service';
import type { ReportSum } from './adjustment-breakdown.rules';
import type { AdjustmentDimension } from './adjustment-dimension.rules';
import {
  columnsOfSplit,
  grouped,
  namedOf,
  selected,
  selectedMember,
  stretchParams,
  stretchesAt,
  type NamedRow,
} from './adjustment-split.service';

/** What a report sums: the entries of a clinic behind a filter, over stretches of days. */
export interface ReportQuestion {
  readonly clinicId: string;
  readonly filter: EntryFilter;
  /** Stretches of days that do not overlap, unless asked for by different positions. */
  readonly stretches: readonly DayRange[];
  readonly by: readonly AdjustmentDimension[];
  /** Day under which insurance write-offs are counted; slices know the day of the entry only. */
  readonly basis: WriteOffDateBasis;
}

interface SumRow extends NamedRow {
  stretch: number;
  category: AdjustmentCategory;
  amount: string;
  absolute: string;
  effect: string;
  unlinked_effect: string;
  entries: number;
  pending: string;
  pending_effect: string;
  pending_entries: number;
  all_amount: string;
  all_entries: number;
}

/** Members of a filter that pick by something which only the ledger knows. */
const picksInLedger = (filter: EntryFilter): boolean =>
  filter.includeReversals === false ||
  [filter.patientId, filter.treatmentPlanId, filter.invoiceId, filter.minAmount, filter.maxAmount].some(isGiven);

const isGiven = (member: unknown): boolean => member !== null && member !== undefined;

/** True where a report shows entries of every state, also of those that count in no total. */
export const showsAllStates = ({ filter, by }: Pick<ReportQuestion, 'filter' | 'by'>): boolean =>
  by.includes('APPROVAL_STATUS') || isGiven(filter.statuses);

/** Where the sums of a question are: in slices, in those by reason, payer, campaign or state, or in the ledger alone. */
export function sourceOf(
  { filter, by, basis }: Pick<ReportQuestion, 'filter' | 'by' | 'basis'>,
  isNarrowed: boolean,
): 'SLICES' | DetailDimension | 'LEDGER' {
  if (basis !== 'ADJUSTMENT_DATE' || picksInLedger(filter)) return 'LEDGER';
  const details = DETAIL_DIMENSIONS.filter(
    (dimension) => by.includes(dimension) || isGiven(filter[DETAIL_FILTER[dimension]]),
  );
  const isPlaced =
    isNarrowed ||
    isGiven(filter.locationIds) ||
    isGiven(filter.providerIds) ||
    by.includes('LOCATION') ||
    by.includes('PROVIDER');
  const [detail] = details;
  if (detail === undefined) return 'SLICES';
  return details.length > 1 || isPlaced ? 'LEDGER' : detail;
}

/** Sums of a question with one statement, whatever the number of stretches and slices. */
export async function reportSums(tx: Tx, question: ReportQuestion): Promise<ReportSum[]> {
  const { restrictions } = tx.session.viewer;
  const source = sourceOf(question, Boolean(restrictions['locations'] ?? restrictions['providers']));
  const found =
    source === 'LEDGER'
      ? await sumsOfLedger(tx, question)
      : source === 'SLICES'
        ? await sumsOfSlices(tx, question)
        : await sumsOfDetails(tx, question, source);
  return found.map((row) => ({
    stretch: row.stretch,
    named: namedOf(row),
    category: row.category,
    amount: new Decimal(row.amount),
    absolute: new Decimal(row.absolute),
    effect: new Decimal(row.effect),
    unlinkedEffect: new Decimal(row.unlinked_effect),
    count: row.entries,
    pending: new Decimal(row.pending),
    pendingEffect: new Decimal(row.pending_effect),
    pendingCount: row.pending_entries,
    allAmount: new Decimal(row.all_amount),
    allCount: row.all_entries,
  }));
}

function sumsOfLedger(tx: Tx, { clinicId, filter, stretches, by, basis }: ReportQuestion): Promise<SumRow[]> {
  const columns = columnsOfSplit(by);
  const { where, params } = entryConditions(tx.session.viewer, clinicId, filter);
  const counts = "t.approval_status IN ('APPROVED', 'AUTO_APPROVED')";
  const waits = "t.approval_status = 'PENDING'";
  const { relation, day, amount, weight } = datedLedger(basis);
  const signed = `CASE WHEN t.is_reversal THEN -${weight} ELSE ${weight} END`;
  return rows<SumRow>(
    tx,
    `SELECT k.stretch, ${selected(columns)}, t.category,
       coalesce(sum(${amount}) FILTER (WHERE ${counts}), 0) AS amount,
       coalesce(sum(sign(t.amount) * CASE WHEN t.is_reversal THEN -${amount} ELSE ${amount} END) FILTER (WHERE ${counts}), 0) AS absolute,
       coalesce(sum(${amount}) FILTER (WHERE ${counts} AND t.affects_net_production), 0) AS effect,
       0 AS unlinked_effect,
       coalesce(sum(${signed}) FILTER (WHERE ${counts}), 0)::int AS entries,
       coalesce(sum(${amount}) FILTER (WHERE ${waits}), 0) AS pending,
       coalesce(sum(${amount}) FILTER (WHERE ${waits} AND t.affects_net_production), 0) AS pending_effect,
       coalesce(sum(${weight}) FILTER (WHERE ${waits}), 0)::int AS pending_entries,
       sum(${amount}) AS all_amount, sum(${signed})::int AS all_entries
     FROM ${stretchesAt(params.length + 1)}
     JOIN ${relation} ON ${day} BETWEEN k.first AND k.last
     WHERE ${where.join(' AND ')}${showsAllStates({ filter, by }) ? '' : " AND t.approval_status <> 'REJECTED'"}
     GROUP BY k.stretch, t.category${grouped(columns)}`,
    [...params, ...stretchParams(stretches)],
  );
}

const sumOf = (measure: string, name = measure) => `sum(${signed(`t.${measure}`)}) AS ${name}`;
const countOf = (measure: string, name = measure) => `sum(${signed(`t.${measure}`)})::int AS ${name}`;

function sumsOfSlices(tx: Tx, { clinicId, filter, stretches, by }: ReportQuestion): Promise<SumRow[]> {
  const columns = columnsOfSplit(by);
  const { viewer } = tx.session;
  const locations = idsOfFilter(viewer, clinicId, 'locations', filter.locationIds);
  const providers = idsOfFilter(viewer, clinicId, 'providers', filter.providerIds);
  const dim =
    `${locations || columns.includes('LOCATION') ? 'L' : ''}${providers || columns.includes('PROVIDER') ? 'P' : ''}` ||
    'T';
  const picked = (slice: string) => `${slice}.clinic_id = $9 AND ${slice}.dim = $10
       AND ($11::uuid[] IS NULL OR ${slice}.location_id = ANY ($11)) AND ($12::uuid[] IS NULL OR ${slice}.provider_id = ANY ($12))`;
  const columnOf = (column: string) => (column === 'LOCATION' ? 't.location_id' : 't.provider_id');
  const same = ['t.category', ...columns.map(columnOf)].map((column) => `${column.replace('t.', 'd.')} = ${column}`);
  return prepared<SumRow>(
    tx,
    `SELECT k.stretch, ${selected(columns, columnOf)}, t.category, ${sumOf('amount')}, ${sumOf('absolute')}, ${sumOf('effect')},
       ${sumOf('unlinked_effect')}, ${countOf('entries')}, ${sumOf('pending')}, ${sumOf('pending_effect')},
       ${countOf('pending_entries')}, ${sumOf('amount', 'all_amount')}, ${countOf('entries', 'all_entries')}
     FROM ${readingsAt(1)}
     JOIN adjustment_slice t ON t.grain = k.grain AND t.period BETWEEN k.first AND k.last
     WHERE ${picked('t')}
       AND ($13::text[] IS NULL OR t.category = ANY ($13)) AND ($14::text[] IS NULL OR t.category = ANY ($14))
     GROUP BY k.stretch, k.starts, k.ends, t.category${grouped(columns, columnOf)}
     HAVING ${hasFacts('adjustment_slice', [picked('d'), ...same])}`,
    [
      ...readingParams(stretches),
      clinicId,
      dim,
      locations,
      providers,
      filter.categories ?? null,
      filter.groups?.flatMap(categoriesOf) ?? null,
    ],
  );
}

/** The same of slices by reason, payer, campaign or state. */
function sumsOfDetails(
  tx: Tx,
  { clinicId, filter, stretches, by }: ReportQuestion,
  dim: DetailDimension,
): Promise<SumRow[]> {
  const split = by.includes(dim) ? dim : null;
  return prepared<SumRow>(
    tx,
    `SELECT k.stretch, ${selectedMember(split)}, t.category, ${sumOf('amount')}, ${sumOf('absolute')}, ${sumOf('effect')},
       0 AS unlinked_effect, ${countOf('entries')}, ${sumOf('pending')}, ${sumOf('pending_effect')},
       ${countOf('pending_entries')}, ${sumOf('all_amount')}, ${countOf('all_entries')}
     FROM ${readingsAt(1)}
     JOIN adjustment_detail_slice t ON t.grain = k.grain AND t.period BETWEEN k.first AND k.last
     WHERE t.clinic_id = $9 AND t.dim = $10 AND ($11::text[] IS NULL OR t.member = ANY ($11))
       AND ($12::text[] IS NULL OR t.category = ANY ($12)) AND ($13::text[] IS NULL OR t.category = ANY ($13))
     GROUP BY k.stretch, t.category${split ? ', t.member' : ''} HAVING sum(${signed('t.facts')}) > 0`,
    [
      ...readingParams(stretches),
      clinicId,
      dim,
      detailMembers(tx.session.viewer, clinicId, filter, dim),
      filter.categories ?? null,
      filter.groups?.flatMap(categoriesOf) ?? null,
    ],
  );
}

/** Patients behind a report that a filter narrows to one account, case or invoice; for the audit trail. */
export async function reportSubjects(
  tx: Tx,
  { clinicId, filter, stretches, basis }: Omit<ReportQuestion, 'by'>,
): Promise<readonly string[]> {
  const { where, params } = entryConditions(tx.session.viewer, clinicId, filter);
  const { relation, day } = datedLedger(basis);
  const found = await rows<{ id: string }>(
    tx,
    `SELECT DISTINCT t.patient_id AS id
     FROM ${stretchesAt(params.length + 1)}
     JOIN ${relation} ON ${day} BETWEEN k.first AND k.last
     WHERE ${where.join(' AND ')}`,
    [...params, ...stretchParams(stretches)],
  );
  return found.map(({ id }) => id);
}

/** First day on which an entry of a clinic counts under a basis; null while the ledger is empty. */
export async function ledgerStart(tx: Tx, clinicId: string, basis: WriteOffDateBasis): Promise<Day | null> {
  const { relation, day } = datedLedger(basis);
  const [found] = await prepared<{ day: Day | null }>(
    tx,
    `SELECT min(${day}) AS day FROM ${relation} WHERE t.clinic_id = $1`,
    [clinicId],
  );
  return found?.day ?? null;
}
