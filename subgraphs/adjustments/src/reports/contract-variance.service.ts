import { Decimal, prepared, rows, type Tx } from '@practice-graph/kit';
import { readingParams, readingsAt, signed } from '@practice-graph/practice';
import { categoriesOf } from '../entries/adjustment-category.rules';
import { datedLedger } from '../dating/dated-entries.service';
import { entryConditions } from '../entries/entry-filter.service';
import { membersOf, membersText } from './adjustment-dimension.rules';
import { sourceOf, type ReportQuestion } from './adjustment-report.service';
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
  const found = await (readsDetails(tx, question, ofAllStates)
    ? contractsOfDetails(tx, question)
    : contractsOfLedger(tx, question, ofAllStates));
  const sums = new Map(
    found.map((row) => [
      cellText(row.stretch, membersOf(by, 'INSURANCE_WRITEOFF', namedOf(row))),
      { expected: new Decimal(row.expected), variance: new Decimal(row.variance) },
    ]),
  );
  return (stretch, members) => sums.get(cellText(stretch, members)) ?? null;
}

type ContractRow = NamedRow & { stretch: number; expected: string; variance: string };

/** By payer and over all, the slices say it; entries that do not count are in those by state, which are read elsewhere. */
function readsDetails(tx: Tx, { filter, by, basis }: ReportQuestion, ofAllStates: boolean): boolean {
  const { restrictions } = tx.session.viewer;
  const source = sourceOf(
    { filter, by: [...by, 'PAYER'], basis },
    Boolean(restrictions['locations'] ?? restrictions['providers']),
  );
  return source === 'PAYER' && !ofAllStates;
}

function contractsOfDetails(tx: Tx, { clinicId, filter, stretches, by }: ReportQuestion): Promise<ContractRow[]> {
  const isByPayer = by.includes('PAYER');
  return prepared<ContractRow>(
    tx,
    `SELECT k.stretch, ${selectedMember(isByPayer ? 'PAYER' : null)},
       sum(${signed('t.expected')}) AS expected, sum(${signed('(t.contracted - t.expected)')}) AS variance
     FROM ${readingsAt(1)}
     JOIN adjustment_detail_slice t ON t.grain = k.grain AND t.period BETWEEN k.first AND k.last
     WHERE t.clinic_id = $9 AND t.dim = 'PAYER' AND t.category = 'INSURANCE_WRITEOFF' AND ($10::text[] IS NULL OR t.member = ANY ($10))
       AND ($11::text[] IS NULL OR t.category = ANY ($11)) AND ($12::text[] IS NULL OR t.category = ANY ($12))
     GROUP BY k.stretch${isByPayer ? ', t.member' : ''} HAVING sum(${signed('t.contracts')}) > 0`,
    [
      ...readingParams(stretches),
      clinicId,
      filter.payers ?? null,
      filter.categories ?? null,
      filter.groups?.flatMap(categoriesOf) ?? null,
    ],
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
