import { DateScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';

@InputType('SupplyOrderRecordInput', { description: 'An order to a vendor.' })
export class SupplyOrderRecordInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => String, { nullable: true, description: 'Number of the order; null lets the server count.' })
  number?: string | null | undefined;

  @Field(() => ID, { description: 'Item ordered.' })
  itemId: string;

  @Field(() => ID, { description: 'Vendor ordered from.' })
  vendorId: string;

  @Field(() => ID, { description: 'Where it shall go.' })
  locationId: string;

  @Field(() => Quantity, { description: 'Units ordered.' })
  quantity: Decimal;

  @Field(() => DateScalar, { description: 'Day of the order.' })
  orderedOn: string;

  @Field(() => DateScalar, { nullable: true, description: 'Day it is expected.' })
  expectedOn?: string | null | undefined;
}
