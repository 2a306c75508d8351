import { Field, ID, InputType } from 'type-graphql';
import { SupplyCategory } from '../items/supply-category.types';
import { StockSeverity } from './supply-stock-level.types';

@InputType('SupplyStockFilter', {
  description: 'Narrows stock levels; members are combined with AND, list members with OR.',
})
export class SupplyStockFilter {
  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Single items.' })
  itemIds?: string[] | null | undefined;

  @Field(() => [SupplyCategory], { nullable: true, description: 'Categories of items.' })
  categories?: SupplyCategory[] | null | undefined;

  @Field(() => [StockSeverity], {
    nullable: true,
    description: 'How scarce; LOW, CRITICAL and OUT make the low-stock list.',
  })
  severities?: StockSeverity[] | null | undefined;
}
