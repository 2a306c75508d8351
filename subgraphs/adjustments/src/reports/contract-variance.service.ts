import { Decimal, prepared, rows, type Tx } from '@practice-graph/kit';
import { signed } from '@practice-graph/practice';
import { datedLedger } from '../dating/dated-entries.service';
import { entryConditions } from '../entries/entry-filter.service';
import { membersOf, membersText } from './adjustment-dimension.rules';
import { detailsBehind } from './detail-slice.service';
import { sourceOf, type ReportQuestion } from './report-question.service';
import {
  columnsOfSplit,
  grouped,
  groupedOfSlices,
  namedOf,
  selected,
  selectedOfSlices,
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
  const { by } = question;
  const found = await (sourceOf(question) === 'LEDGER'
    ? contractsOfLedger(tx, question, ofAllStates)
    : contractsOfDetails(tx, question, ofAllStates));
  const sums = new Map(
    found.map((row) => [
      cellText(row.stretch, membersOf(by, 'INSURANCE_WRITEOFF', namedOf(row))),
      { expected: new Decimal(row.expected), variance: new Decimal(row.variance) },
    ]),
  );
  return (stretch, members) => sums.get(cellText(stretch, members)) ?? null;
}

type ContractRow = NamedRow & { stretch: number; expected: string; variance: string };

function contractsOfDetails(tx: Tx, question: ReportQuestion, ofAllStates: boolean): Promise<ContractRow[]> {
  const columns = columnsOfSplit(question.by);
  const { from, params } = detailsBehind(tx, question);
  return prepared<ContractRow>(
    tx,
    `SELECT k.stretch, ${selectedOfSlices(columns)},
       sum(${signed('t.expected')}) AS expected, sum(${signed('(t.contracted - t.expected)')}) AS variance
     ${from}
     WHERE t.category = 'INSURANCE_WRITEOFF'
       ${ofAllStates ? '' : "AND t.approval_status IN ('APPROVED', 'AUTO_APPROVED')"}
     GROUP BY k.stretch${groupedOfSlices(columns)} HAVING sum(${signed('t.contracts')}) > 0`,
    params,
  );
}

function contractsOfLedger(
  tx: Tx,
  { clinicId, filter, stretches, by, basis }: ReportQuestion,
  ofAllStates: boolean,
): Promise<ContractRow[]> {
  const columns = columnsOfSplit(by);
  const { relation, day, amount, weight } = datedLedger(basis);
  const { where, params } = entryConditions(tx.session.viewer, clinicId, filter);
  return rows<ContractRow>(
    tx,
    `SELECT k.stretch, ${selected(columns)}, sum(t.expected_amount * ${weight}) AS expected,
       sum(${amount} - t.expected_amount * ${weight}) AS variance
     FROM ${stretchesAt(params.length + 1)}
     JOIN ${relation} ON ${day} BETWEEN k.first AND k.last
     WHERE ${where.join(' AND ')} AND t.category = 'INSURANCE_WRITEOFF' AND t.expected_amount IS NOT NULL
       ${ofAllStates ? '' : "AND t.approval_status IN ('APPROVED', 'AUTO_APPROVED')"}
     GROUP BY k.stretch${grouped(columns)}`,
    [...params, ...stretchParams(stretches)],
  );
}
