import { Field, ID, InputType } from 'type-graphql';
import { SupplyCategory } from '../items/supply-category.types';
import { ApplianceRecordType } from '../placements/appliance-record.types';

@InputType('SupplyUsageFilter', {
  description:
    'Narrows the use of supplies; members are combined with AND, list members with OR. An empty list selects nothing, a missing one everything.',
})
export class SupplyUsageFilter {
  @Field(() => [ApplianceRecordType], { nullable: true, description: 'Kinds of appliance.' })
  applianceTypes?: ApplianceRecordType[] | null | undefined;

  @Field(() => [String], {
    nullable: true,
    description: 'Systems such as METAL_BRACKETS or ALIGNERS, matched in full.',
  })
  applianceSystems?: string[] | null | undefined;

  @Field(() => [SupplyCategory], { nullable: true, description: 'Categories of items.' })
  categories?: SupplyCategory[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Single items.' })
  itemIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Vendors of the lots.' })
  vendorIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Providers to include.' })
  providerIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient; needs patient:read.' })
  patientId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One case.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Lot number as printed.' })
  lotNumber?: string | null | undefined;

  @Field(() => Boolean, { nullable: true, description: 'True only reworks, false only first uses, null both.' })
  isRework?: boolean | null | undefined;
}
