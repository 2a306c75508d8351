import { Field, ID, InputType, Int } from 'type-graphql';
import { AdjustmentCategory } from '../entries/adjustment-category.types';

@InputType('ReasonCodeInput', { description: 'A reason to create or change.' })
export class ReasonCodeInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Code, unique in the clinic; an existing one is changed.' })
  code: string;

  @Field(() => String, { description: 'Text for people.' })
  label: string;

  @Field(() => AdjustmentCategory, { description: 'Only category it may be used with.' })
  category: AdjustmentCategory;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when the entry needs a description or documents. Left out on creation: false.',
  })
  requiresDocumentation?: boolean | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when each use needs a decision. Left out on creation: false.',
  })
  requiresApproval?: boolean | null | undefined;

  @Field(() => Boolean, { nullable: true, description: 'False retires it. Left out on creation: true.' })
  active?: boolean | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
