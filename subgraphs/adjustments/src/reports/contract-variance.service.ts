import { Decimal, rows, type Tx } from '@practice-graph/kit';
import { entryConditions } from '../entries/entry-filter.service';
import { membersOf, membersText } from './adjustment-dimension.rules';
import type { ReportQuestion } from './adjustment-report.service';
import {
  columnsOfSplit,
  grouped,
  namedOf,
  selected,
  stretchParams,
  stretchesAt,
  type NamedRow,
} from './adjustment-split.service';

/** Insurance write-offs of a cell of a breakdown that stand under a contract, beside what the contracts let expect. */
export interface ContractSum {
  readonly expected: Decimal;
  /** Amount of the same entries minus expected; entries without a contract are in neither, so that rows add up. */
  readonly variance: Decimal;
}

const cellText = (stretch: number, members: readonly string[]) => `${String(stretch)}|${membersText(members)}`;

/**
 * What contracts let expect, cell by cell (ADJ-70, ADJ-80), with one statement; a cell without any entry under a contract
 * is missing. Entries that count are taken, or all where the breakdown shows all.
 */
export async function contractSums(
  tx: Tx,
  question: ReportQuestion,
  ofAllStates: boolean,
): Promise<(stretch: number, members: readonly string[]) => ContractSum | null> {
  const { clinicId, filter, stretches, by } = question;
  const columns = columnsOfSplit(by);
  const { where, params } = entryConditions(tx.session.viewer, clinicId, filter);
  const found = await rows<NamedRow & { stretch: number; expected: string; variance: string }>(
    tx,
    `SELECT k.stretch, ${selected(columns)}, sum(t.expected_amount) AS expected, sum(t.amount - t.expected_amount) AS variance
     FROM ${stretchesAt(params.length + 1)}
     JOIN adjustment_entry t ON t.adjustment_date BETWEEN k.first AND k.last
     WHERE ${where.join(' AND ')} AND t.category = 'INSURANCE_WRITEOFF' AND t.expected_amount IS NOT NULL
       ${ofAllStates ? '' : "AND t.approval_status IN ('APPROVED', 'AUTO_APPROVED')"}
     GROUP BY k.stretch${grouped(columns)}`,
    [...params, ...stretchParams(stretches)],
  );
  const sums = new Map(
    found.map((row) => [
      cellText(row.stretch, membersOf(by, 'INSURANCE_WRITEOFF', namedOf(row))),
      { expected: new Decimal(row.expected), variance: new Decimal(row.variance) },
    ]),
  );
  return (stretch, members) => sums.get(cellText(stretch, members)) ?? null;
}
