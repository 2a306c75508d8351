import { DateScalar, DecimalScalar, type Decimal } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Field, InputType, Int } from 'type-graphql';
import { RecognitionMethod } from './recognition-policy.entity';

@InputType('RecognitionPolicyInput', { description: 'A new recognition policy.' })
export class RecognitionPolicyInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'First day on which cases start under it.' })
  effectiveFrom: Day;

  @Field(() => RecognitionMethod, { description: 'Whole fee at the start, or in parts.' })
  method: RecognitionMethod;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Share at the start, 0 to 1; the three shares add up to 1.',
  })
  initialShare?: Decimal | null | undefined;

  @Field(() => DecimalScalar, { nullable: true, description: 'Share spread over the months, 0 to 1.' })
  monthlyShare?: Decimal | null | undefined;

  @Field(() => DecimalScalar, { nullable: true, description: 'Share at the debond, 0 to 1.' })
  debondShare?: Decimal | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Months of the monthly share when the case does not say.' })
  months?: number | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
