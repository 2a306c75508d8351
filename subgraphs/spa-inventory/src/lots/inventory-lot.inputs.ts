import { LotStatus } from '@practice-graph/practice';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('LotFilter', { description: 'Narrows lots; members are combined with AND, list members with OR.' })
export class LotFilter {
  @Field(() => [ID], { description: 'Single products.', nullable: true })
  productIds?: string[] | null;

  @Field(() => [ID], { description: 'Places where something is left.', nullable: true })
  locationIds?: string[] | null;

  @Field(() => [LotStatus], { description: 'Present states.', nullable: true })
  statuses?: LotStatus[] | null;

  @Field(() => [ID], { description: 'Vendors the lots came from.', nullable: true })
  vendorIds?: string[] | null;

  @Field(() => String, { description: 'Lot number as printed.', nullable: true })
  lotNumber?: string | null;

  @Field(() => Int, { description: 'Expires within so many days from today.', nullable: true })
  expiringWithinDays?: number | null;
}
