import { Decimal } from 'decimal.js';

export const BenchmarkStanding = {
  ON_TARGET: 'ON_TARGET',
  WATCH: 'WATCH',
  OVER: 'OVER',
  NO_BENCHMARK: 'NO_BENCHMARK',
  NOT_COMPUTED: 'NOT_COMPUTED',
} as const;
export type BenchmarkStanding = (typeof BenchmarkStanding)[keyof typeof BenchmarkStanding];

export interface Parts {
  readonly numerator: Decimal | null;
  readonly denominator: Decimal | null;
}

/** How far a rate is from its benchmark, and the verdict. */
export interface Standing {
  readonly distance: Decimal | null;
  readonly standing: BenchmarkStanding;
}

/**
 * Verdict on a rate (ADJ-86): ON_TARGET strictly below the benchmark, WATCH up to the margin above it, OVER beyond.
 * The unrounded quotient is compared. Production that is not positive gives no verdict, since a rate over it misleads.
 */
export function standingOf(parts: Parts, benchmark: Decimal | null, watchMargin: Decimal): Standing {
  const { numerator, denominator } = parts;
  if (numerator === null || denominator === null || denominator.lte(0))
    return { distance: null, standing: 'NOT_COMPUTED' };
  if (benchmark === null) return { distance: null, standing: 'NO_BENCHMARK' };
  const distance = numerator.div(denominator).minus(benchmark);
  // Compared without dividing, so that a rate exactly on a limit is judged as such.
  const limit = (of: Decimal) => of.times(denominator);
  const standing = numerator.lt(limit(benchmark))
    ? 'ON_TARGET'
    : numerator.lte(limit(benchmark.times(watchMargin.plus(1))))
      ? 'WATCH'
      : 'OVER';
  return { distance: distance.toDecimalPlaces(6, Decimal.ROUND_HALF_UP), standing };
}
