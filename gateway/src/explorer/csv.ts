import { type Cell, numberOf, type RowSet } from './rows';

/** A leading sign of these makes a spreadsheet read the text as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A table as RFC 4180 text for spreadsheets; texts that would become formulas are defused, numbers stay numbers. */
export function csvOf({ columns, rows }: RowSet): string {
  const names = columns.map((column) => column.name);
  const lines = [names.map(field), ...rows.map((row) => names.map((name) => field(row[name])))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  const safe = FORMULA.test(text) && numberOf(cell) === null ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
