import { prepared, type Tx } from '@practice-graph/kit';
import { NIL_UUID } from '@practice-graph/practice';
import { CATEGORIES, groupOf, type AdjustmentCategory } from '../entries/adjustment-category.rules';
import { datedLedger } from '../dating/dated-entries.service';
import { entryConditions } from '../entries/entry-filter.service';
import type { ReportCount } from './adjustment-breakdown.rules';
import type { AdjustmentDimension } from './adjustment-dimension.rules';
import { showsAllStates, type ReportQuestion } from './report-question.service';
import {
  columnsOfSplit,
  grouped,
  namedOf,
  selected,
  stretchParams,
  stretchesAt,
  type NamedRow,
} from './adjustment-split.service';

const GROUP_OF_CATEGORY = `CASE t.category ${CATEGORIES.map((category) => `WHEN '${category}' THEN '${groupOf(category)}'`).join(' ')} END`;

type CountRow = NamedRow & {
  stretch: number;
  category: AdjustmentCategory | null;
  group: string | null;
  is_part: boolean;
  patients: number;
  others: number;
  waiting: number;
};

/**
 * Distinct patients behind each slice of each stretch and behind each category of it, for the suppression of small cells;
 * beside them those whom the filter leaves out, who could be told by asking again without it. Entries that wait are shown
 * in measures too, so their patients count; rejected ones do where the split or filter shows them.
 */
export async function reportPatients(tx: Tx, question: ReportQuestion): Promise<readonly ReportCount[]> {
  const { clinicId, filter, stretches, by } = question;
  const { relation, day } = datedLedger(question.basis);
  const columns = columnsOfSplit(by);
  const { where, params, narrowedFrom } = entryConditions(tx.session.viewer, clinicId, filter);
  const picks = where.slice(narrowedFrom).join(' AND ') || 'true';
  const slice = `k.stretch${grouped(columns)}${by.includes('GROUP') ? `, ${GROUP_OF_CATEGORY}` : ''}`;
  // Under a split by category a slice has no parts.
  const sets = by.includes('CATEGORY') ? `(${slice}, t.category)` : `(${slice}), (${slice}, t.category)`;
  const found = await prepared<CountRow>(
    tx,
    `SELECT k.stretch, ${selected(columns)}, t.category, ${by.includes('GROUP') ? GROUP_OF_CATEGORY : 'NULL'} AS "group",
       ${by.includes('CATEGORY') ? 'false' : 'grouping(t.category) = 0'} AS is_part,
       count(DISTINCT t.patient_id) FILTER (WHERE ${picks})::int AS patients,
       count(DISTINCT t.patient_id) FILTER (WHERE (${picks}) IS NOT TRUE)::int AS others,
       count(DISTINCT t.patient_id) FILTER (WHERE ${picks} AND t.approval_status = 'PENDING')::int AS waiting
     FROM ${stretchesAt(params.length + 1)}
     JOIN ${relation} ON ${day} BETWEEN k.first AND k.last
     WHERE ${where.slice(0, narrowedFrom).join(' AND ')}${showsAllStates(question) ? '' : " AND t.approval_status <> 'REJECTED'"}
     GROUP BY GROUPING SETS (${sets})`,
    [...params, ...stretchParams(stretches)],
  );
  return found.map((row) => {
    const named: Partial<Record<AdjustmentDimension, string>> = {
      ...namedOf(row),
      ...(by.includes('CATEGORY') && row.category !== null && { CATEGORY: row.category }),
      ...(row.group !== null && { GROUP: row.group }),
    };
    return {
      stretch: row.stretch,
      members: by.map((dimension) => named[dimension] ?? NIL_UUID),
      category: row.is_part ? row.category : null,
      patients: row.patients,
      others: row.others,
      waiting: row.waiting,
    };
  });
}
