import { Field, ID, InputType } from 'type-graphql';
import { ProductCategoryCode } from '../products/product-category.types';
import { WasteReason } from '../waste/waste-reason.types';

@InputType('SpaFilter', {
  description:
    'Narrows use and waste; members are combined with AND, list members with OR. An empty list selects nothing, a missing one everything.',
})
export class SpaFilter {
  @Field(() => [ID], { description: 'Single products.', nullable: true })
  productIds?: string[] | null;

  @Field(() => [ProductCategoryCode], { description: 'Fixed categories.', nullable: true })
  categories?: ProductCategoryCode[] | null;

  @Field(() => [ID], { description: 'Providers to include.', nullable: true })
  providerIds?: string[] | null;

  @Field(() => [ID], { description: 'Locations to include.', nullable: true })
  locationIds?: string[] | null;

  @Field(() => [ID], { description: 'Vendors of the lots.', nullable: true })
  vendorIds?: string[] | null;

  @Field(() => [WasteReason], { description: 'Reasons of waste; use is left out when given.', nullable: true })
  wasteReasons?: WasteReason[] | null;

  @Field(() => ID, { description: 'One patient; needs patient:read.', nullable: true })
  patientId?: string | null;
}
