import { Field, ID, InputType } from 'type-graphql';
import { SupplyTransactionType } from './supply-transaction.entity';

@InputType('SupplyTransactionFilter', {
  description: 'Narrows movements; members are combined with AND, list members with OR.',
})
export class SupplyTransactionFilter {
  @Field(() => [SupplyTransactionType], { nullable: true, description: 'Why stock moved.' })
  types?: SupplyTransactionType[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Single items.' })
  itemIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Single lots.' })
  lotIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;
}
