import { Field, ID, InputType, Int } from 'type-graphql';
import { PatientType } from './patient.types';

@InputType('PatientFilter', {
  description: 'Narrows the patients; members are combined with AND, list members with OR.',
})
export class PatientFilter {
  @Field(() => [String], {
    nullable: true,
    description: 'Pseudonymous codes such as PT-000123, matched in full.',
  })
  references?: string[] | null | undefined;
}

@InputType('PatientInput', { description: 'A patient record to create or change; it has no place for names.' })
export class PatientInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Patient to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Pseudonymous code. Left out on creation: the server makes one.',
  })
  reference?: string | null | undefined;

  @Field(() => PatientType, { description: 'How the patient is billed.' })
  patientType: PatientType;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
