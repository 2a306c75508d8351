import { DateScalar, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('SupplyOfferInput', { description: "A vendor's offer." })
export class SupplyOfferInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Offer to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { description: 'Item offered.' })
  itemId: string;

  @Field(() => ID, { description: 'Vendor who offers it.' })
  vendorId: string;

  @Field(() => String, { nullable: true, description: "The vendor's own number for it." })
  vendorSku?: string | null | undefined;

  @Field(() => Money, { description: 'Price of one pack.' })
  packPrice: Decimal;

  @Field(() => Quantity, { nullable: true, description: 'Units in a pack. Left out on creation: 1.' })
  packSize?: Decimal | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Least number of packs per order. Left out on creation: 1.' })
  minimumPacks?: number | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Days from order to delivery.' })
  leadTimeDays?: number | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Place in the preference, 1 first.' })
  rank?: number | null | undefined;

  @Field(() => DateScalar, { description: 'First day of the price.' })
  validFrom: string;

  @Field(() => DateScalar, { nullable: true, description: 'Last day of the price.' })
  validTo?: string | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
