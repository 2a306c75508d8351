import { Field, ID, InputType } from 'type-graphql';
import { InventoryTransactionStatus, InventoryTransactionType } from './inventory-transaction-type.types';

@InputType('TransactionFilter', {
  description: 'Narrows movements; members are combined with AND, list members with OR.',
})
export class TransactionFilter {
  @Field(() => [InventoryTransactionType], { description: 'Why stock moved.', nullable: true })
  types?: InventoryTransactionType[] | null;

  @Field(() => [InventoryTransactionStatus], { description: 'Where it stands.', nullable: true })
  statuses?: InventoryTransactionStatus[] | null;

  @Field(() => [ID], { description: 'Single products.', nullable: true })
  productIds?: string[] | null;

  @Field(() => [ID], { description: 'Single lots.', nullable: true })
  lotIds?: string[] | null;

  @Field(() => [ID], { description: 'Locations to include.', nullable: true })
  locationIds?: string[] | null;

  @Field(() => [ID], { description: 'Providers to include.', nullable: true })
  providerIds?: string[] | null;

  @Field(() => ID, { description: 'One patient; needs patient:read.', nullable: true })
  patientId?: string | null;
}
