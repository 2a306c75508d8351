import { NIL_UUID, type DayRange } from '@practice-graph/practice';
import type { ReportSum } from './adjustment-breakdown.rules';
import type { AdjustmentDimension } from './adjustment-dimension.rules';

/** Columns of entries or slices "t" that a report is split by; nothing of the kind is the nil uuid or null. */
const COLUMN = {
  REASON_CODE: { expression: 't.reason_code', name: 'reason' },
  PROVIDER: { expression: `coalesce(t.provider_id, '${NIL_UUID}')`, name: 'provider' },
  LOCATION: { expression: `coalesce(t.location_id, '${NIL_UUID}')`, name: 'location' },
  APPROVAL_STATUS: { expression: 't.approval_status', name: 'status' },
  PAYER: { expression: 't.payer', name: 'payer' },
  CAMPAIGN: { expression: 't.campaign_id', name: 'campaign' },
} as const;
type Column = keyof typeof COLUMN;
const COLUMNS = Object.keys(COLUMN) as Column[];

/** What a row of a split names; null for what it is not split by, and for facts that name none. */
export type NamedRow = Readonly<Record<(typeof COLUMN)[Column]['name'], string | null>>;

export const columnsOfSplit = (by: readonly AdjustmentDimension[]): Column[] =>
  COLUMNS.filter((dimension) => by.includes(dimension));

/** Members of a row by dimension; one that is missing is named by nothing. */
export const namedOf = (row: NamedRow): ReportSum['named'] =>
  Object.fromEntries(
    COLUMNS.flatMap((column) => {
      const member = row[COLUMN[column].name];
      return member === null ? [] : [[column, member]];
    }),
  );

/** The select list of a split: each column of the row, null where it is not split by it. */
export const selected = (
  columns: readonly Column[],
  expressionOf: (column: Column) => string = (column) => COLUMN[column].expression,
): string =>
  COLUMNS.map((column) => `${columns.includes(column) ? expressionOf(column) : 'NULL'} AS ${COLUMN[column].name}`).join(
    ', ',
  );

/** The same of slices "t", in which the nil uuid or nothing stands for none. */
export const SLICE_EXPRESSION: Readonly<Record<Column, string>> = {
  REASON_CODE: 't.reason_code',
  PROVIDER: 't.provider_id',
  LOCATION: 't.location_id',
  APPROVAL_STATUS: 't.approval_status',
  PAYER: "nullif(t.payer, '')",
  CAMPAIGN: `nullif(t.campaign_id, '${NIL_UUID}')`,
};
export const selectedOfSlices = (columns: readonly Column[]): string =>
  selected(columns, (column) => SLICE_EXPRESSION[column]);
export const groupedOfSlices = (columns: readonly Column[]): string =>
  columns.map((column) => `, ${SLICE_EXPRESSION[column]}`).join('');

/** The rest of a GROUP BY of a split. */
export const grouped = (columns: readonly Column[]): string =>
  columns.map((column) => `, ${COLUMN[column].expression}`).join('');

/** Stretches of days as a table "k", from the parameter at a position on. */
export const stretchesAt = (at: number): string =>
  `unnest($${String(at)}::int[], $${String(at + 1)}::date[], $${String(at + 2)}::date[]) AS k (stretch, first, last)`;
export const stretchParams = (stretches: readonly DayRange[]): unknown[] => [
  stretches.map((_, index) => index),
  stretches.map(({ from }) => from),
  stretches.map(({ to }) => to),
];
