import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { DateRangeInput, type Day } from '@practice-graph/practice';
import { Field, ID, InputType, Int } from 'type-graphql';
import { TreatmentPhase, TreatmentPlanStatus } from './treatment-plan.types';

@InputType('TreatmentPlanFilter', {
  description: 'Narrows the cases; members are combined with AND, list members with OR.',
})
export class TreatmentPlanFilter {
  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Providers to include.' })
  providerIds?: string[] | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient.' })
  patientId?: string | null | undefined;

  @Field(() => [TreatmentPhase], { nullable: true, description: 'Kinds of treatment.' })
  phases?: TreatmentPhase[] | null | undefined;

  @Field(() => [TreatmentPlanStatus], { nullable: true, description: 'States of the case.' })
  statuses?: TreatmentPlanStatus[] | null | undefined;

  @Field(() => [String], {
    nullable: true,
    description: 'Systems such as METAL_BRACKETS or ALIGNERS, matched in full.',
  })
  applianceSystems?: string[] | null | undefined;

  @Field(() => DateRangeInput, { nullable: true, description: 'Day of the start.' })
  startedIn?: DateRangeInput | null | undefined;
}

@InputType('TreatmentPlanInput', { description: 'A case to create or change.' })
export class TreatmentPlanInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Case to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Identifier in the system it came from.' })
  externalId?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, { description: 'Patient treated.' })
  patientId: string;

  @Field(() => ID, { nullable: true, description: 'Provider who answers for it.' })
  providerId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Where it is treated.' })
  locationId?: string | null | undefined;

  @Field(() => String, { description: 'Appliance system, for example METAL_BRACKETS.' })
  applianceSystem: string;

  @Field(() => TreatmentPhase, { description: 'Kind of treatment.' })
  phase: TreatmentPhase;

  @Field(() => Money, { description: 'Fee for the whole case; fixed once the case has started.' })
  contractFee: Decimal;

  @Field(() => Int, {
    nullable: true,
    description: 'Months planned. Left out on creation: those of the policy.',
  })
  plannedMonths?: number | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when it takes up a discontinued case. Left out on creation: false.',
  })
  isRestart?: boolean | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when it came mid-treatment from another practice. Left out on creation: false.',
  })
  isTransferIn?: boolean | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}

@InputType('TreatmentPlanStepInput', { description: 'Starts or ends a case.' })
export class TreatmentPlanStepInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'Business day of the start or end.' })
  on: Day;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True when the case goes on elsewhere; only for a discontinuation.',
  })
  transferOut?: boolean | null | undefined;

  @Field(() => String, { nullable: true, description: 'Why; demanded for a discontinuation.' })
  reason?: string | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version the step is based on; STALE_VERSION when the record moved on. Null skips the check.',
  })
  expectedVersion?: number | null | undefined;
}
