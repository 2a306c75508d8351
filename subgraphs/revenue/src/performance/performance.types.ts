import { ApiField, CurrencyCode, DateScalar, DateTimeScalar, Money, type Decimal } from '@practice-graph/kit';
import { Period, ratio, Ratio, type Day, type PerformanceKey, type RatioValue } from '@practice-graph/practice';
import { Directive, ID, ObjectType } from 'type-graphql';
import type { ProductionMeasures } from '../production/production-measures.types';

@ObjectType('SupplyMeasures', {
  simpleResolvers: true,
  description: 'Use of appliance supplies over some period and scope.',
})
export class SupplyMeasures {
  @Directive('@external')
  @ApiField(() => Money, { description: 'Cost of supplies used.' })
  cost: Decimal;

  @Directive('@external')
  @ApiField(() => Money, { description: 'Cost of waste.' })
  wasteCost: Decimal;
}

@ObjectType('SpaMeasures', {
  simpleResolvers: true,
  description: 'Use and waste of spa products over some period and scope.',
})
export class SpaMeasures {
  @Directive('@external')
  @ApiField(() => Money, { description: 'Cost of products used on patients.' })
  usedCost: Decimal;

  @Directive('@external')
  @ApiField(() => Money, { description: 'Cost of waste.' })
  wasteCost: Decimal;
}

@ObjectType('ContributionMeasures', { simpleResolvers: true, description: 'Margin after materials.' })
export class ContributionMeasures {
  constructor(
    private readonly production: ProductionMeasures,
    materialCost: Decimal,
  ) {
    this.materialCost = materialCost;
  }

  @ApiField(() => Money, { description: 'Supplies and spa product used, plus waste of both.' })
  materialCost: Decimal;

  @ApiField(() => Money, { description: 'Net production minus material cost.' })
  get margin(): Decimal {
    return this.production.net.minus(this.materialCost);
  }

  @ApiField(() => Ratio, { description: 'Margin over net production.' })
  get marginRate(): RatioValue {
    return ratio(this.margin, this.production.net);
  }

  @ApiField(() => Ratio, { description: 'Material cost over net production.' })
  get materialRate(): RatioValue {
    return ratio(this.materialCost, this.production.net);
  }

  @ApiField(() => Ratio, { description: 'Margin per new patient start.' })
  get perStart(): RatioValue {
    return ratio(this.margin, this.production.starts);
  }

  @ApiField(() => Ratio, { description: 'Margin per used chair hour.' })
  get perUsedChairHour(): Promise<RatioValue> {
    return this.production.usedChairHours.then((hours) => ratio(this.margin, hours));
  }
}

@Directive('@key(fields: "clinicId locationId providerId from to")')
@ObjectType('PerformanceRow', {
  simpleResolvers: true,
  description:
    'One cell of the scorecard. The key alone (clinic, optional location and provider, first and last day) says what to sum, so each domain computes its measures from its own records and nothing is copied.',
})
export class PerformanceRow implements PerformanceKey {
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
  from: Day;

  @ApiField(() => DateScalar, { description: 'Last business day counted.' })
  to: Day;

  @ApiField(() => Period, { description: 'Bucket of the row with its label.' })
  period: Period;

  @Directive('@external')
  @ApiField(() => SupplyMeasures, { nullable: true, description: 'Use of appliance supplies of the scope.' })
  supplies?: { cost: string; wasteCost: string } | null;

  @Directive('@external')
  @ApiField(() => SpaMeasures, { nullable: true, description: 'Use and waste of spa products of the scope.' })
  spa?: { usedCost: string; wasteCost: string } | null;
}

@ObjectType('PerformanceReport', { simpleResolvers: true, description: 'Scorecard of a period.' })
export class PerformanceReport {
  @ApiField(() => Period, { description: 'Period as resolved.' })
  period: Period;

  @ApiField(() => CurrencyCode, { description: 'Currency of all amounts.' })
  currency: string;

  @ApiField(() => DateTimeScalar, { description: 'Instant up to which writes are counted.' })
  asOf: Date;

  @ApiField(() => Boolean, {
    description:
      "True when the caller's role narrows the report to certain points, providers or locations, or to aggregates.",
  })
  isRestricted: boolean;

  @Directive('@listSize(assumedSize: 120)')
  @ApiField(() => [PerformanceRow], { description: 'One row per group and bucket.' })
  rows: PerformanceRow[];

  @ApiField(() => PerformanceRow, {
    description: 'The whole period and all groups in one row; ratios are computed from the sums.',
  })
  total: PerformanceRow;
}
