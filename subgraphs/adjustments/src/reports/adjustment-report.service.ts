import { prepared, rows, type Tx } from '@practice-graph/kit';
import { hasFacts, readingParams, readingsAt, signed, slicesRead, type Day } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import { categoriesOf, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { datedLedger } from '../dating/dated-entries.service';
import type { WriteOffDateBasis } from '../dating/write-off-date-basis.rules';
import { entryConditions } from '../entries/entry-filter.service';
import { detailsBehind, placesOf } from './detail-slice.service';
import type { ReportSum } from './adjustment-breakdown.rules';
import {
  columnsOfSplit,
  grouped,
  groupedOfSlices,
  namedOf,
  selected,
  selectedOfSlices,
  SLICE_EXPRESSION,
  stretchParams,
  stretchesAt,
  type NamedRow,
} from './adjustment-split.service';
import { showsAllStates, sourceOf, type ReportQuestion } from './report-question.service';

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

/** Sums of a question with one statement, whatever the number of stretches and slices. */
export async function reportSums(tx: Tx, question: ReportQuestion): Promise<ReportSum[]> {
  const source = sourceOf(question);
  const found =
    source === 'LEDGER'
      ? await sumsOfLedger(tx, question)
      : source === 'SLICES'
        ? await sumsOfSlices(tx, question)
        : await sumsOfDetails(tx, question);
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
  const { place, locations, providers } = placesOf(tx.session, { clinicId, filter, by });
  const picked = (slice: string): string[] => [
    `${slice}.clinic_id = $9 AND ${slice}.dim = $10`,
    ...(locations ? [`${slice}.location_id = ANY ($11::uuid[])`] : ['$11::uuid[] IS NULL']),
    ...(providers ? [`${slice}.provider_id = ANY ($12::uuid[])`] : ['$12::uuid[] IS NULL']),
  ];
  const same = ['t.category', ...columns.map((column) => SLICE_EXPRESSION[column])].map(
    (column) => `${column.replace('t.', 'd.')} = ${column}`,
  );
  return prepared<SumRow>(
    tx,
    `SELECT k.stretch, ${selectedOfSlices(columns)}, t.category, ${sumOf('amount')}, ${sumOf('absolute')}, ${sumOf('effect')},
       ${sumOf('unlinked_effect')}, ${countOf('entries')}, ${sumOf('pending')}, ${sumOf('pending_effect')},
       ${countOf('pending_entries')}, ${sumOf('amount', 'all_amount')}, ${countOf('entries', 'all_entries')}
     FROM ${readingsAt(1)} ${slicesRead('adjustment_slice', 't', picked('t'))}
     WHERE ($13::text[] IS NULL OR t.category = ANY ($13)) AND ($14::text[] IS NULL OR t.category = ANY ($14))
     GROUP BY k.stretch, k.starts, k.ends, t.category${groupedOfSlices(columns)}
     HAVING ${hasFacts('adjustment_slice', [...picked('d'), ...same])}`,
    [
      ...readingParams(stretches),
      clinicId,
      place,
      locations,
      providers,
      filter.categories ?? null,
      filter.groups?.flatMap(categoriesOf) ?? null,
    ],
  );
}

/** The same of slices by reason, payer, campaign and state. */
function sumsOfDetails(tx: Tx, question: ReportQuestion): Promise<SumRow[]> {
  const columns = columnsOfSplit(question.by);
  const { from, params } = detailsBehind(tx, question);
  const sumWhere = (condition: string, measure: string) =>
    `coalesce(sum(${signed(`t.${measure}`)}) FILTER (WHERE ${condition}), 0)`;
  const counts = "t.approval_status IN ('APPROVED', 'AUTO_APPROVED')";
  const waits = "t.approval_status = 'PENDING'";
  return prepared<SumRow>(
    tx,
    `SELECT k.stretch, ${selectedOfSlices(columns)}, t.category, ${sumWhere(counts, 'amount')} AS amount,
       ${sumWhere(counts, 'absolute')} AS absolute, ${sumWhere(counts, 'effect')} AS effect, 0 AS unlinked_effect,
       ${sumWhere(counts, 'entries')}::int AS entries, ${sumWhere(waits, 'amount')} AS pending,
       ${sumWhere(waits, 'effect')} AS pending_effect, ${sumWhere(waits, 'facts')}::int AS pending_entries,
       ${sumOf('amount', 'all_amount')}, ${countOf('entries', 'all_entries')}
     ${from}
     GROUP BY k.stretch, t.category${groupedOfSlices(columns)} HAVING sum(${signed('t.facts')}) > 0`,
    params,
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
