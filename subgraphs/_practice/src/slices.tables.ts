import { tenantTable, type Roles } from '@practice-graph/kit';

/** A table of slices: pre-summed measures of one dimension at a time, by day and by month. */
export interface SliceTable {
  readonly table: string;
  /** Dimensions that are kept: T, L, P and LP for the scorecard, and further ones of the domain. */
  readonly dims: readonly string[];
  /** Columns of further dimensions, text, empty where a slice is not split by them, for example category. */
  readonly splits?: readonly string[];
  /** Columns of the measures with their types, for example { gross: 'numeric(16,2)', entry_count: 'integer' }. */
  readonly measures: Readonly<Record<string, string>>;
}

/** Columns of the key, in the order in which one stretch of the scorecard is one range of the index. */
export const sliceKey = (of: SliceTable): readonly string[] => [
  'clinic_id',
  'dim',
  'location_id',
  'provider_id',
  'grain',
  'period',
  ...(of.splits ?? []),
  'slot',
];

/**
 * SQL of a table of slices, for a migration. "The months or days of one dimension of a clinic" is the only question.
 * The service inserts and adds up, and never deletes; `slot` spreads a hot row over several, which readers sum.
 */
export function sliceTable(roles: Roles, of: SliceTable): string {
  const measures = Object.entries(of.measures);
  return `
CREATE TABLE ${of.table} (
  clinic_id uuid NOT NULL,
  dim text NOT NULL CHECK (dim IN (${of.dims.map((dim) => `'${dim}'`).join(', ')})),
  grain text NOT NULL CHECK (grain IN ('D', 'M')),
  period date NOT NULL,
  location_id uuid NOT NULL,
  provider_id uuid NOT NULL,
${(of.splits ?? []).map((split) => `  ${split} text NOT NULL DEFAULT '',\n`).join('')}  slot smallint NOT NULL DEFAULT 0,
${measures.map(([column, type]) => `  ${column} ${type} NOT NULL,\n`).join('')}  PRIMARY KEY (${sliceKey(of).join(', ')})
) WITH (fillfactor = 70);
${tenantTable(roles, of.table, `SELECT, INSERT, UPDATE (${measures.map(([column]) => column).join(', ')})`)}`;
}
