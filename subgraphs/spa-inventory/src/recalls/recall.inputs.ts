import { DateTimeScalar } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { RecallNotificationStatus, RecallOutcome } from './recall-status.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';

@InputType('RecallPatientInput', { description: 'How a patient was dealt with in a recall.' })
export class RecallPatientInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Patient who was dealt with.' })
  patientId: string;

  @Field(() => RecallNotificationStatus, { description: 'Where it stands now.' })
  to: RecallNotificationStatus;

  @Field(() => String, { nullable: true, description: 'How the patient was told.' })
  channel?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the patient was told.' })
  at?: Date | null;

  @Field(() => String, { nullable: true, description: 'Remark, for example the planned check-up.' })
  note?: string | null;
}

@InputType('RecallCloseInput', { description: 'End of a recall.' })
export class RecallCloseInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => RecallOutcome, { description: 'How it ended.' })
  outcome: RecallOutcome;

  @Field(() => String, { description: 'Closing remark.' })
  note: string;

  @Field(() => Int, { description: 'Version that the caller saw; STALE_VERSION when the record moved on.' })
  expectedVersion: number;
}
