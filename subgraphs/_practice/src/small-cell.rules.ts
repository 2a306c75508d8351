/** Fewest patients that a row for readers of aggregates may stand for (G-16). */
export const SMALL_CELL_MIN = 11;

/** A row of a table with several axes: where it stands on each of them, and how many patients are behind it. */
export interface CountedCell {
  readonly position: readonly string[];
  readonly patients: number;
  /** Patients whom a wider question would tell; few of them make the cell small as well. */
  readonly others?: number;
}

/** A cell that shows several measures, each of which has patients of its own behind it. */
export interface LayeredCell {
  readonly position: readonly string[];
  readonly layers: ReadonlyMap<string, Omit<CountedCell, 'position'>>;
}

/** True for a number of patients that may not be shown: nobody is no one's secret. */
const isSmall = (patients: number, k = SMALL_CELL_MIN): boolean => patients > 0 && patients < k;

/**
 * Small cells of a table with several axes (E-06). A cell of one to k - 1 patients is withheld; and since the sum of every
 * line along an axis may be known, a line with a single withheld cell loses the next smallest one too, until no line has
 * just one. Cells without patients go last, because they hide little.
 */
export function withheldCells(cells: readonly CountedCell[], k = SMALL_CELL_MIN): boolean[] {
  const hidden = cells.map(({ patients, others }) => isSmall(patients, k) || isSmall(others ?? 0, k));
  const rank = (index: number) => cells[index]?.patients || Number.POSITIVE_INFINITY;
  const lines = linesOf(cells);
  for (let changed = true; changed;) {
    changed = false;
    for (const line of lines) {
      if (line.filter((index) => hidden[index]).length !== 1) continue;
      const [next] = line.filter((index) => !hidden[index]).sort((a, b) => rank(a) - rank(b) || a - b);
      if (next === undefined) continue;
      hidden[next] = true;
      changed = true;
    }
  }
  return hidden;
}

/**
 * Cells that are withheld in any of their layers. Each layer is a table of its own, so that a cell is withheld for the
 * same reason whether a layer is asked for alone or with the others.
 */
export function withheldInAnyLayer(cells: readonly LayeredCell[]): boolean[] {
  const names = new Set(cells.flatMap(({ layers }) => [...layers.keys()]));
  const verdicts = [...names].map((name) =>
    withheldCells(cells.map(({ position, layers }) => ({ position, ...(layers.get(name) ?? { patients: 0 }) }))),
  );
  return cells.map((_, at) => verdicts.some((verdict) => verdict[at]));
}

/**
 * True when a report of some members of a dimension, next to a breakdown by it, would tell of one that the breakdown
 * withholds: when it takes in a part of what is withheld, but not all of it.
 */
export function tellsWithheld(
  members: readonly { readonly members: readonly string[]; readonly patients: number }[],
  chosen: readonly string[],
): boolean {
  const verdicts = withheldCells(
    members.map(({ members: [member = ''], patients }) => ({ position: [member], patients })),
  );
  const withheld = members.filter((_, index) => verdicts[index]);
  const taken = withheld.filter(({ members: [member = ''] }) => chosen.includes(member)).length;
  return taken > 0 && taken < withheld.length;
}

/** Cells that differ in one axis only, for every axis. */
function linesOf(cells: readonly CountedCell[]): number[][] {
  const lines = new Map<string, number[]>();
  cells.forEach(({ position }, index) => {
    position.forEach((_, axis) => {
      const line = JSON.stringify([axis, position.map((at, i) => (i === axis ? null : at))]);
      const members = lines.get(line);
      if (members) members.push(index);
      else lines.set(line, [index]);
    });
  });
  return [...lines.values()];
}
