/** A span between two instants. */
export interface TimeBlock {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

const MINUTE = 60_000;

/**
 * Minutes that blocks cover together, overlaps counted once (REV-77). They are reckoned on instants and not by the clock
 * on the wall, so that the night on which clocks change has as long as it lasts (G-06). A begun minute counts from half.
 */
export function coveredMinutes(blocks: readonly TimeBlock[]): number {
  const spans = blocks
    .map(({ startsAt, endsAt }) => ({ from: startsAt.getTime(), to: endsAt.getTime() }))
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans) {
    if (to > reached) covered += to - Math.max(from, reached);
    reached = Math.max(reached, to);
  }
  return Math.round(covered / MINUTE);
}
