/** A list of an answer as a table: nested objects become dotted columns. */
export interface RowSet {
  /** Where the list stands in the answer, for example `performanceReport.rows`. */
  readonly path: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly name: string;
  /** True when every value that is there is a number; identifiers never are. */
  readonly isNumeric: boolean;
}

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

type Json = Readonly<Record<string, unknown>>;

const NUMBER = /^-?\d+(\.\d+)?$/;
const IDENTIFIER = /(^|\.)(id|[a-z]\w*Id|number|reference|code|sku)$/;

/** Lists of an answer that can be shown as tables, the largest first; an answer without lists is a table of one row. */
export function rowSets(answer: unknown): RowSet[] {
  if (!isObject(answer)) return [];
  const found: RowSet[] = [];
  collect(answer, [], found);
  if (found.length === 0) return Object.keys(answer).length > 0 ? [rowSet('', [answer])] : [];
  return found.sort((a, b) => b.rows.length - a.rows.length);
}

/** Value of a cell as a number, or null when it has none. */
export function numberOf(cell: Cell | undefined): number | null {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'string' && NUMBER.test(cell) ? Number(cell) : null;
}

function collect(value: Json, path: readonly string[], found: RowSet[]): void {
  for (const [key, child] of Object.entries(value)) {
    const here = [...path, key];
    if (Array.isArray(child)) {
      const objects = child
        .filter(isObject)
        .map((item) => (key === 'edges' && isObject(item['node']) ? item['node'] : item));
      if (objects.length > 0) found.push(rowSet(here.join('.'), objects));
    } else if (isObject(child)) collect(child, here, found);
  }
}

function rowSet(path: string, objects: readonly Json[]): RowSet {
  const rows = objects.map((object) => {
    const row: Record<string, Cell> = {};
    flatten(object, '', row);
    return row;
  });
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names
    // An object that is null in some rows gives its name as a column of nulls there; its members say enough.
    .filter((name) => !names.some((other) => other.startsWith(`${name}.`)))
    .map((name) => ({ name, isNumeric: isNumeric(name, rows) }));
  return { path, columns, rows };
}

function flatten(object: Json, prefix: string, row: Record<string, Cell>): void {
  for (const [key, value] of Object.entries(object)) {
    if (key === '__typename') continue;
    const name = prefix + key;
    if (isObject(value)) flatten(value, `${name}.`, row);
    else if (Array.isArray(value)) row[name] = listText(value);
    else row[name] = value as Cell;
  }
}

/** Lists inside a row: values as text, objects as their number. */
const listText = (list: readonly unknown[]): string =>
  list.some(isObject)
    ? `${String(list.length)} ${list.length === 1 ? 'item' : 'items'}`
    : list.map((item) => String(item)).join('; ');

function isNumeric(name: string, rows: readonly Row[]): boolean {
  if (IDENTIFIER.test(name)) return false;
  const values = rows.map((row) => row[name]).filter((cell) => cell !== null && cell !== undefined);
  return values.length > 0 && values.every((cell) => numberOf(cell) !== null);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
