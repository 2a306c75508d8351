import { DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import type { Trend } from './adjustment-trend.rules';

@ObjectType('TrendVariance', { simpleResolvers: true, description: 'How a bucket stands in its series.' })
export class TrendVariance implements Trend {
  @Field(() => Money, {
    nullable: true,
    description: 'Amount of the bucket before; null at the start of the ledger.',
  })
  previousBucket: Decimal | null;

  @Field(() => Money, { nullable: true, description: 'Amount minus the bucket before.' })
  changeFromPreviousBucket: Decimal | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Amount of the same bucket a year before; null when older than the ledger.',
  })
  yearBefore: Decimal | null;

  @Field(() => Money, { nullable: true, description: 'Amount minus the year before.' })
  changeFromYearBefore: Decimal | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Mean of the twelve buckets before; null with fewer than three.',
  })
  trailingMean: Decimal | null;

  @Field(() => Money, { nullable: true, description: 'Standard deviation of these buckets.' })
  trailingDeviation: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Distance from the trailing mean in deviations.',
  })
  zScore: Decimal | null;

  @Field(() => Boolean, { description: 'True when the z-score is beyond 2 either way.' })
  isOutlier: boolean;
}
