import { ApiField, CurrencyCode, DateScalar, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Ratio, ratio, shares } from '@practice-graph/practice';
import { Directive, ID, Int, ObjectType } from 'type-graphql';
import { ProductionMeasures, type RequiredProduction } from '../directory/production.types';
import { CostBucket } from '../items/supply-category.types';
import type { SupplySums } from './supply-sums.rules';

@ObjectType('SupplyMeasures', {
  simpleResolvers: true,
  description: 'Use of appliance supplies over some period and scope.',
})
export class SupplyMeasures {
  @ApiField(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @ApiField(() => Money, { description: 'Cost of supplies used, reworks included.' })
  cost: Decimal;

  @ApiField(() => Money, { description: 'Part of it for replacing lost or broken appliances and loose brackets.' })
  reworkCost: Decimal;

  @ApiField(() => Money, { description: 'Cost of supplies wasted or expired.' })
  wasteCost: Decimal;

  @ApiField(() => Int, {
    description: 'Uses of supplies: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  usageCount: number;

  @ApiField(() => Money, { description: 'Cost of the uses that name a case; the numerator of costPerCase.' })
  caseCost: Decimal;

  @ApiField(() => Int, {
    description: 'Different cases with supplies used on them in the scope, net of reversals; not additive over rows.',
  })
  caseCount: number | Promise<number>;

  @ApiField(() => Ratio, {
    description: 'Cost of supplies used on cases over the number of different cases treated in the scope.',
  })
  costPerCase: Ratio | Promise<Ratio>;

  @ApiField(() => Int, {
    description: 'Uses whose unit cost is unknown, counted in the same way; they are missing from the cost.',
  })
  uncostedUsageCount: number;

  @ApiField(() => Boolean, { description: 'True when uses are missing from the cost.' })
  isIncomplete: boolean;

  @ApiField(() => [SupplyBucketCost], {
    description: 'Cost by bucket of the case cost; the buckets add up to the cost.',
  })
  byBucket: SupplyBucketCost[];
}

@ObjectType('SupplyBucketCost', { simpleResolvers: true, description: 'Cost of one bucket.' })
export class SupplyBucketCost {
  @ApiField(() => CostBucket, { description: 'Part of the case cost.' })
  bucket: CostBucket;

  @ApiField(() => Money, { description: 'Cost of it.' })
  cost: Decimal;

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Part of the whole cost, as a fraction; null when that is zero.',
  })
  share: Decimal | null;
}

const BUCKETS = Object.values(CostBucket);

const bucketCost = (sums: SupplySums, bucket: CostBucket): Decimal =>
  sums[`${bucket.toLowerCase() as Lowercase<CostBucket>}Cost`];

/** Measures of a scope. Different cases do not add up; where their count is a reading of its own it waits until asked for. */
export function measuresOf(
  sums: SupplySums,
  currency: string,
  cases: number | (() => Promise<number>),
): SupplyMeasures {
  const parts = shares(BUCKETS.map((bucket) => bucketCost(sums, bucket)));
  const { cost, reworkCost, wasteCost, usageCount, caseCost, uncostedUsageCount } = sums;
  return {
    ...{ currency, cost, reworkCost, wasteCost, usageCount, caseCost, uncostedUsageCount },
    get caseCount() {
      return typeof cases === 'number' ? cases : cases();
    },
    get costPerCase() {
      return typeof cases === 'number' ? ratio(caseCost, cases) : cases().then((count) => ratio(caseCost, count));
    },
    isIncomplete: uncostedUsageCount !== 0,
    byBucket: BUCKETS.map((bucket, index) => ({ bucket, cost: bucketCost(sums, bucket), share: parts[index] ?? null })),
  };
}

@ObjectType('SupplyRatios', { simpleResolvers: true, description: 'Supplies against production of a row.' })
export class SupplyRatios {
  @ApiField(() => Ratio, { description: 'Supply cost over new patient starts.' })
  costPerStart: Ratio;

  @ApiField(() => Ratio, { description: 'Supply cost over net production.' })
  costRate: Ratio;

  @ApiField(() => Ratio, { description: 'Supply cost over used chair hours.' })
  costPerUsedChairHour: Ratio;

  @ApiField(() => Ratio, { description: 'Net production minus supply cost, over new patient starts.' })
  netAfterSuppliesPerStart: Ratio;
}

@ObjectType('CaseSupplyRatios', { simpleResolvers: true, description: 'Supplies against production of a case.' })
export class CaseSupplyRatios {
  @ApiField(() => Ratio, { description: 'Supply cost over net production.' })
  costRate: Ratio;
}

@Directive('@key(fields: "clinicId locationId providerId from to")')
@ObjectType('PerformanceRow', {
  simpleResolvers: true,
  description:
    'One cell of the scorecard. The key alone (clinic, optional location and provider, first and last day) says what to sum, so each domain computes its measures from its own records and nothing is copied.',
})
export class PerformanceRow {
  @ApiField(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
  })
  locationId: string | null;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
  })
  providerId: string | null;

  @ApiField(() => DateScalar, { description: 'First business day counted.' })
  from: string;

  @ApiField(() => DateScalar, { description: 'Last business day counted.' })
  to: string;

  @Directive('@external')
  @ApiField(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  production: RequiredProduction | null;
}
