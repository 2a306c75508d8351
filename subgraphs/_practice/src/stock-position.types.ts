import { CurrencyCode, Money, type Decimal } from '@practice-graph/kit';
import { Directive, Field, ObjectType } from 'type-graphql';

@Directive('@shareable')
@ObjectType('StockPosition', { simpleResolvers: true, description: 'Value of stock at cost, at this moment.' })
export class StockPosition {
  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Money, { description: 'Everything on hand, open vials and goods in transit included.' })
  value: Decimal;

  @Field(() => Money, { description: 'Part that has expired and should be disposed of.' })
  expiredValue: Decimal;

  @Field(() => Money, { description: 'Part that expires within 30 days.' })
  expiringValue: Decimal;

  @Field(() => Money, { description: 'Part in quarantine or under recall.' })
  blockedValue: Decimal;
}
