import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('PayerFeeInput', {
  description: 'Fees of a payer; ends the fee of the same payer and procedure the day before.',
})
export class PayerFeeInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Insurer or plan.' })
  payer: string;

  @Field(() => String, { description: 'Procedure the fee is for, for example D8080.' })
  procedureCode: string;

  @Field(() => Money, { description: 'Usual fee of the practice.' })
  usualFee: Decimal;

  @Field(() => Money, { description: 'Fee agreed with the payer.' })
  contractedFee: Decimal;

  @Field(() => DateScalar, { description: 'First day of the contract.' })
  effectiveFrom: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
