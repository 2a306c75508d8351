import { numberOf, type RowSet } from './rows';

/** What a chart draws: one value, or none, for every label in every series. */
export interface Drawing {
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** Places for which several rows speak. They stay empty, since values must not be added up without knowing them. */
  readonly ambiguous: number;
}

const NONE = '–';

/** Every row is a label of its own, in the order of the answer; every chosen column is a series. */
export function byRow(set: RowSet, label: string, columns: readonly string[]): Drawing {
  return {
    labels: set.rows.map((row, index) => (label ? String(row[label] ?? NONE) : String(index + 1))),
    series: columns.map((name) => ({ name, values: set.rows.map((row) => numberOf(row[name])) })),
    ambiguous: 0,
  };
}

/** Rows with an equal label share a place, and each value of the column `split` is a series, for example a provider. */
export function bySplit(set: RowSet, label: string, split: string, column: string): Drawing {
  const labels = [...new Set(set.rows.map((row) => String(row[label] ?? NONE)))];
  const names = [...new Set(set.rows.map((row) => String(row[split] ?? NONE)))];
  const found = new Map<string, (number | null)[]>();
  for (const row of set.rows) {
    const key = JSON.stringify([row[label] ?? NONE, row[split] ?? NONE].map(String));
    found.set(key, [...(found.get(key) ?? []), numberOf(row[column])]);
  }
  let ambiguous = 0;
  const series = names.map((name) => ({
    name,
    values: labels.map((text) => {
      const values = found.get(JSON.stringify([text, name])) ?? [];
      if (values.length > 1) ambiguous += 1;
      return values.length === 1 ? (values[0] ?? null) : null;
    }),
  }));
  return { labels, series, ambiguous };
}

/** Column that most likely names the rows: a label, else a name, else a day, else the first text. */
export function likelyLabel(set: RowSet): string {
  const texts = set.columns.filter((column) => !column.isNumeric).map((column) => column.name);
  for (const wanted of [/label$/i, /name$/i, /(date|from|day)$/i]) {
    const found = texts.find((name) => wanted.test(name) && new Set(set.rows.map((row) => row[name])).size > 1);
    if (found !== undefined) return found;
  }
  return texts[0] ?? '';
}
