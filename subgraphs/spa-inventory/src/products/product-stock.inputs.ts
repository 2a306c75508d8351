import { Field, ID, InputType } from 'type-graphql';
import { ProductCategoryCode } from './product-category.types';
import { StockSeverity } from './stock-severity.types';

@InputType('ProductStockFilter', {
  description: 'Narrows stock levels; members are combined with AND, list members with OR.',
})
export class ProductStockFilter {
  @Field(() => [ID], { description: 'Locations to include.', nullable: true })
  locationIds?: string[] | null;

  @Field(() => [ID], { description: 'Single products.', nullable: true })
  productIds?: string[] | null;

  @Field(() => [ProductCategoryCode], { description: 'Fixed categories.', nullable: true })
  categories?: ProductCategoryCode[] | null;

  @Field(() => [StockSeverity], {
    description: 'How scarce; LOW, CRITICAL and OUT make the low-stock list.',
    nullable: true,
  })
  severities?: StockSeverity[] | null;
}
