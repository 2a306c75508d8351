import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('PromotionCampaignInput', { description: 'A promotion to create or change.' })
export class PromotionCampaignInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Promotion to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Code, unique in the clinic.' })
  code: string;

  @Field(() => String, { description: 'Name of the campaign.' })
  name: string;

  @Field(() => DateScalar, { description: 'First day on which it grants discounts.' })
  startsOn: string;

  @Field(() => DateScalar, { description: 'Last day on which it grants discounts.' })
  endsOn: string;

  @Field(() => Money, { description: 'Discounts it may grant in all.' })
  budget: Decimal;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
