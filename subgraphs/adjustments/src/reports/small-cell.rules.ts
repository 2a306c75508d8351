import { SMALL_CELL_MIN } from '@practice-graph/practice';

/** A row of a table with several axes: where it stands on each of them, and how many patients are behind it. */
export interface CountedCell {
  readonly position: readonly string[];
  readonly patients: number;
}

/**
 * Small cells of a table with several axes (E-06). A cell of one to k - 1 patients is withheld; and since the sum of every
 * line along an axis may be known, a line with a single withheld cell loses the next smallest one too, until no line has
 * just one. Cells without patients go last, because they hide little.
 */
export function withheldCells(cells: readonly CountedCell[], k = SMALL_CELL_MIN): boolean[] {
  const hidden = cells.map(({ patients }) => patients > 0 && patients < k);
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
