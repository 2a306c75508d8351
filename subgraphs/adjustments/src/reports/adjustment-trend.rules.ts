import {
  addDays,
  addMonths,
  bucketAround,
  buckets,
  type Bucket,
  type Day,
  type GranularityName,
} from '@practice-graph/practice';
import { Decimal } from 'decimal.js';

/** Buckets of the trailing mean, and the fewest that make one (ADJ-88). */
const TRAILING = 12;
const TRAILING_MIN = 3;
/** Deviations beyond which a bucket is an outlier. */
const OUTLIER_Z = 2;

const MONTHS_BACK: Readonly<Record<GranularityName, number>> = { DAY: 12, WEEK: 13, MONTH: 12, QUARTER: 36, YEAR: 144 };
const BUCKETS_A_YEAR: Readonly<Record<Exclude<GranularityName, 'DAY'>, number>> = {
  WEEK: 52,
  MONTH: 12,
  QUARTER: 4,
  YEAR: 1,
};

/** Whole buckets before the one in which a range begins: a year and the trailing ones, whichever reaches further. */
export function bucketsBefore(from: Day, granularity: GranularityName): Bucket[] {
  const first = bucketAround(from, granularity).from;
  const back = bucketAround(addMonths(first, -MONTHS_BACK[granularity]), granularity).from;
  return buckets(back, addDays(first, -1), granularity);
}

/** A bucket of a series; its amount is null where it is withheld. */
export interface SeriesBucket extends Bucket {
  readonly amount: Decimal | null;
}

export interface Trend {
  readonly previousBucket: Decimal | null;
  readonly changeFromPreviousBucket: Decimal | null;
  readonly yearBefore: Decimal | null;
  readonly changeFromYearBefore: Decimal | null;
  readonly trailingMean: Decimal | null;
  readonly trailingDeviation: Decimal | null;
  readonly zScore: Decimal | null;
  readonly isOutlier: boolean;
}

const round = (value: Decimal, decimals: number) => value.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP);

/**
 * How a bucket stands in its series: against the one before, the same one a year before, and mean and deviation of the
 * twelve before (of the population, not of a sample). Buckets that ended before the ledger began do not exist; what
 * follows from a withheld one is null. Without any deviation there is no z-score.
 */
export function trendOf(
  series: readonly SeriesBucket[],
  index: number,
  granularity: GranularityName,
  ledgerStart: Day | null,
): Trend {
  const amountAt = (i: number): Decimal | null => {
    const bucket = series[i];
    return bucket && ledgerStart !== null && bucket.to >= ledgerStart ? bucket.amount : null;
  };
  const current = series[index]?.amount ?? null;
  const aYearBack = (): number => {
    if (granularity !== 'DAY') return index - BUCKETS_A_YEAR[granularity];
    const day = addMonths(series[index]?.from ?? '', -12);
    return series.findIndex((bucket) => bucket.from === day);
  };
  const change = (before: Decimal | null) => (current && before ? current.minus(before) : null);
  const previousBucket = amountAt(index - 1);
  const yearBefore = amountAt(aYearBack());

  const behind = series
    .slice(Math.max(0, index - TRAILING), index)
    .filter((bucket) => ledgerStart !== null && bucket.to >= ledgerStart);
  const known = behind.flatMap(({ amount }) => (amount ? [amount] : []));
  const hasMean = known.length >= TRAILING_MIN && known.length === behind.length;
  const mean = hasMean ? Decimal.sum(...known).div(known.length) : null;
  const deviation =
    mean &&
    Decimal.sum(...known.map((amount) => amount.minus(mean).pow(2)))
      .div(known.length)
      .sqrt();
  const zScore = current && mean && deviation && !deviation.isZero() ? current.minus(mean).div(deviation) : null;
  return {
    previousBucket,
    changeFromPreviousBucket: change(previousBucket),
    yearBefore,
    changeFromYearBefore: change(yearBefore),
    trailingMean: mean && round(mean, 2),
    trailingDeviation: deviation && round(deviation, 2),
    zScore: zScore && round(zScore, 6),
    isOutlier: zScore !== null && zScore.abs().gt(OUTLIER_Z),
  };
}
