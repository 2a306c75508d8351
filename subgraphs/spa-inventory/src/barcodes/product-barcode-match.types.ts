import { Quantity, type Decimal } from '@practice-graph/kit';
import { Barcode } from '@practice-graph/practice';
import { Field, ObjectType } from 'type-graphql';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { Product } from '../products/product.entity';
import { LotTrace } from '../traces/lot-trace.types';

@ObjectType('ProductBarcodeMatch', { simpleResolvers: true, description: 'What a scanned code means here.' })
export class ProductBarcodeMatch {
  @Field(() => Barcode, { description: 'The code, read.' })
  barcode: Barcode;

  @Field(() => Product, { nullable: true, description: 'Product of any of its pack levels; null when unknown.' })
  product: Product | null;

  @Field(() => Quantity, {
    nullable: true,
    description: 'Units in the scanned pack; null when the product is unknown.',
  })
  unitsPerPack: Decimal | null;

  @Field(() => InventoryLot, { nullable: true, description: 'Lot already known; null for a new one.' })
  lot: InventoryLot | null;

  @Field(() => LotTrace, {
    nullable: true,
    description: 'The lot number in both inventories; null when the code has none.',
  })
  trace: LotTrace | null;
}
