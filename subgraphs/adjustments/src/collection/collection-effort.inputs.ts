import { DateTimeScalar } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';
import { CollectionChannel } from './collection-channel.rules';

@InputType('CollectionEffortInput', { description: 'A try to collect.' })
export class CollectionEffortInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, { description: 'Patient who owes.' })
  patientId: string;

  @Field(() => DateTimeScalar, { description: 'When it was tried.' })
  at: Date;

  @Field(() => CollectionChannel, { description: 'How the patient was reached.' })
  channel: CollectionChannel;

  @Field(() => String, { description: 'What came of it.' })
  outcome: string;

  @Field(() => String, { nullable: true, description: "Reference of a letter or of the agency's file." })
  documentReference?: string | null | undefined;
}
