import { CurrencyCode, Money, type Decimal } from '@practice-graph/kit';
import { Ratio, type SliceScope } from '@practice-graph/practice';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('SpaMeasures', {
  simpleResolvers: true,
  description: 'Use and waste of spa products over some period and scope.',
})
export class SpaMeasures {
  /** What was summed; the key of what is loaded apart. */
  scope: SliceScope;

  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Money, { description: 'Cost of products used on patients.' })
  usedCost: Decimal;

  @Field(() => Money, { description: 'Cost of waste, all reasons.' })
  wasteCost: Decimal;

  @Field(() => Money, { description: 'Part of the waste that had expired or outlived its stability.' })
  expiredCost: Decimal;

  @Field(() => Ratio, { description: 'Waste over used plus waste, by cost.' })
  wasteRate: Ratio;

  @Field(() => Int, {
    description: 'Uses on patients: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  useCount: number;

  @Field(() => Money, { description: 'Billed for the uses.' })
  revenue: Decimal;

  @Field(() => Money, { description: 'Revenue minus used and wasted cost.' })
  profit: Decimal;

  @Field(() => Ratio, { description: 'Profit over revenue.' })
  profitMargin: Ratio;
}

@ObjectType('SpaRatios', { simpleResolvers: true, description: 'Spa products against production of a row.' })
export class SpaRatios {
  @Field(() => Ratio, { description: 'Used plus wasted cost over net production.' })
  costRate: Ratio;

  @Field(() => Ratio, { description: 'Wasted cost over net production.' })
  wasteRate: Ratio;
}
