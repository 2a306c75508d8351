import { prepared, rows, type Tx } from '@practice-graph/kit';
import { idsOfFilter, type Day, type DayRange } from '@practice-graph/practice';
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
  readingsOf,
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

function sumsOfSlices(tx: Tx, { clinicId, filter, stretches, by }: ReportQuestion): Promise<SumRow[]> {
  const columns = columnsOfSplit(by);
  const { viewer } = tx.session;
  const locations = idsOfFilter(viewer, clinicId, 'locations', filter.locationIds);
  const providers = idsOfFilter(viewer, clinicId, 'providers', filter.providerIds);
  const dim =
    `${locations || columns.includes('LOCATION') ? 'L' : ''}${providers || columns.includes('PROVIDER') ? 'P' : ''}` ||
    'T';
  const readings = readingsOf(stretches);
  return prepared<SumRow>(
    tx,
    `SELECT k.stretch, ${selected(columns)}, t.category, sum(t.amount) AS amount, sum(t.absolute) AS absolute,
       sum(t.effect) AS effect, sum(t.unlinked_effect) AS unlinked_effect, sum(t.entries)::int AS entries,
       sum(t.pending) AS pending, sum(t.pending_effect) AS pending_effect, sum(t.pending_entries)::int AS pending_entries,
       sum(t.amount) AS all_amount, sum(t.entries)::int AS all_entries
     FROM unnest($1::int[], $2::text[], $3::date[], $4::date[]) AS k (stretch, grain, first, last)
     JOIN adjustment_slice t ON t.grain = k.grain AND t.period BETWEEN k.first AND k.last
     WHERE t.clinic_id = $5 AND t.dim = $6
       AND ($7::uuid[] IS NULL OR t.location_id = ANY ($7)) AND ($8::uuid[] IS NULL OR t.provider_id = ANY ($8))
       AND ($9::text[] IS NULL OR t.category = ANY ($9)) AND ($10::text[] IS NULL OR t.category = ANY ($10))
     GROUP BY k.stretch, t.category${grouped(columns)}`,
    [
      ...readings,
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
    `SELECT k.stretch, ${selectedMember(split)}, t.category, sum(t.amount) AS amount, sum(t.absolute) AS absolute,
       sum(t.effect) AS effect, 0 AS unlinked_effect, sum(t.entries)::int AS entries, sum(t.pending) AS pending,
       sum(t.pending_effect) AS pending_effect, sum(t.pending_entries)::int AS pending_entries,
       sum(t.all_amount) AS all_amount, sum(t.all_entries)::int AS all_entries
     FROM unnest($1::int[], $2::text[], $3::date[], $4::date[]) AS k (stretch, grain, first, last)
     JOIN adjustment_detail_slice t ON t.grain = k.grain AND t.period BETWEEN k.first AND k.last
     WHERE t.clinic_id = $5 AND t.dim = $6 AND ($7::text[] IS NULL OR t.member = ANY ($7))
       AND ($8::text[] IS NULL OR t.category = ANY ($8)) AND ($9::text[] IS NULL OR t.category = ANY ($9))
     GROUP BY k.stretch, t.category${split ? ', t.member' : ''} HAVING sum(t.facts) > 0`,
    [
      ...readingsOf(stretches),
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
