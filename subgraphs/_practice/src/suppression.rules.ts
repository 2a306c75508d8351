/** Fewest patients that a row for readers of aggregates may stand for (G-16). */
export const SMALL_CELL_MIN = 11;

/** Which rows, and whether the total, must be withheld. */
export interface Suppression {
  readonly rows: readonly boolean[];
  readonly total: boolean;
}

/**
 * Small-cell suppression (E-06): a row with one to k - 1 patients is withheld. When that leaves a single withheld row,
 * whose measures would follow from the total and the other rows, the next smallest sibling is withheld too. A total of
 * fewer than k patients withholds everything. Rows without any patient tell nothing of anyone and stay.
 */
export function suppressSmallCells(patientCounts: readonly number[], total: number, k = SMALL_CELL_MIN): Suppression {
  if (total > 0 && total < k) return { rows: patientCounts.map(() => true), total: true };
  const rows = patientCounts.map((count) => count > 0 && count < k);
  if (rows.filter(Boolean).length === 1) {
    const open = patientCounts.map((count, index) => ({ count, index })).filter(({ index }) => !rows[index]);
    // A sibling without patients hides little, so one with patients goes first.
    const rank = (count: number) => (count === 0 ? Number.POSITIVE_INFINITY : count);
    const next = open.sort((a, b) =>
      rank(a.count) === rank(b.count) ? a.index - b.index : rank(a.count) - rank(b.count),
    )[0];
    if (next) rows[next.index] = true;
  }
  return { rows, total: false };
}
