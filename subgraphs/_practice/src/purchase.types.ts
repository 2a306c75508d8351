import { CurrencyCode, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { Ratio } from './report.types';

@Directive('@shareable')
@ObjectType('PurchaseMeasures', {
  simpleResolvers: true,
  description: 'What was bought from a vendor in a period, by receipts.',
})
export class PurchaseMeasures {
  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Money, { description: 'Received quantity times received cost.' })
  spend: Decimal;

  @Field(() => Int, { description: 'Deliveries counted.' })
  receiptCount: number;

  @Field(() => Ratio, { description: 'Deliveries that arrived by their expected day, over deliveries with one.' })
  onTime: Ratio;

  @Field(() => Ratio, { description: 'Mean days from order to receipt, as days over deliveries.' })
  leadTime: Ratio;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Change of unit cost against the period of equal length before, weighted by quantity, as a fraction; null without a base.',
  })
  priceChangeRate: Decimal | null;

  @Field(() => Int, { description: 'Lots of the vendor that came under recall in the period.' })
  recalledLotCount: number;
}
