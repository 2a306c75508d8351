import { connectionOf, CurrencyCode, DateScalar, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { Ratio } from '@practice-graph/practice';
import { Field, ObjectType } from 'type-graphql';
import { Location } from '../directory/references.types';
import { Product } from './product.entity';
import { StockSeverity } from './stock-severity.types';

@ObjectType('ProductStockLevel', { simpleResolvers: true, description: 'Stock of a product at a place.' })
export class ProductStockLevel {
  @Field(() => Product, { description: 'Product stocked.' })
  product: Product;

  @Field(() => Location, { description: 'Where it is stocked.', nullable: true })
  location: Location | null;

  @Field(() => Quantity, { description: 'Physically there, blocked lots included, open vials excluded.' })
  onHand: Decimal;

  @Field(() => Quantity, { description: 'Held for appointments and transfers.' })
  reserved: Decimal;

  @Field(() => Quantity, { description: 'Usable and not held.' })
  available: Decimal;

  @Field(() => Quantity, { description: 'Stock at or below which it is low.' })
  reorderPoint: Decimal;

  @Field(() => StockSeverity, { description: 'How scarce it is.' })
  severity: StockSeverity;

  @Field(() => Ratio, {
    description: 'Available over mean use per day of the last 90 days; status ZERO_DENOMINATOR without use.',
  })
  daysOfCover: Ratio;

  @Field(() => CurrencyCode, { description: 'Currency of the value.' })
  currency: string;

  @Field(() => Money, { description: 'On hand at cost.' })
  value: Decimal;

  @Field(() => DateScalar, { description: 'Next day on which a lot expires; null without dated lots.', nullable: true })
  nextExpiration: string | null;
}

export const productStockConnection = connectionOf(
  () => ProductStockLevel,
  'ProductStockLevel',
  'stock levels, scarcest first',
  'stock levels',
);
