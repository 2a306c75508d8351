import { CurrencyCode, DateScalar, TimeZone } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { ClinicCapability, ClinicKind, LocationKind, Weekday } from './directory.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';
const VERSION = 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.';
const EXTERNAL = 'Identifier in the system it came from.';

@InputType('ClinicInput', { description: 'A clinic to create or change.' })
export class ClinicInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Clinic to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: EXTERNAL })
  externalId?: string | null | undefined;

  @Field(() => String, { description: 'Name shown to users.' })
  name: string;

  @Field(() => ClinicKind, { description: 'What is done at most of its places.' })
  kind: ClinicKind;

  @Field(() => CurrencyCode, { description: 'Currency of the books; cannot change once there are entries.' })
  currency: string;

  @Field(() => TimeZone, { description: 'Time zone of the clinic.' })
  timeZone: string;

  @Field(() => Int, {
    nullable: true,
    description: 'First month of the fiscal year, 1 to 12. Left out on creation: 1.',
  })
  fiscalYearStartMonth?: number | null | undefined;

  @Field(() => [ClinicCapability], {
    nullable: true,
    description: 'Domains switched on. Left out on creation: all.',
  })
  capabilities?: ClinicCapability[] | null | undefined;

  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null | undefined;
}

@InputType('LocationInput', { description: 'A location to create or change.' })
export class LocationInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Location to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: EXTERNAL })
  externalId?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Name shown to users.' })
  name: string;

  @Field(() => LocationKind, {
    nullable: true,
    description: 'What is done there. Left out on creation: the kind of the clinic.',
  })
  kind?: LocationKind | null | undefined;

  @Field(() => TimeZone, { description: 'Zone in which its business days are cut.' })
  timeZone: string;

  @Field(() => Int, { nullable: true, description: 'Chairs or rooms in use. Left out on creation: 0.' })
  chairCount?: number | null | undefined;

  @Field(() => [Weekday], {
    nullable: true,
    description: 'Days of the week on which it works. Left out on creation: Monday to Friday.',
  })
  workingWeekdays?: Weekday[] | null | undefined;

  @Field(() => [DateScalar], {
    nullable: true,
    description: 'Days on which it is closed against its weekly pattern. Left out on creation: none.',
  })
  closedDates?: string[] | null | undefined;

  @Field(() => Boolean, { nullable: true, description: 'False shuts it. Left out on creation: true.' })
  active?: boolean | null | undefined;

  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null | undefined;
}

@InputType('ProviderInput', { description: 'A provider to create or change.' })
export class ProviderInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Provider to change or stub to fill in; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: EXTERNAL })
  externalId?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Display code or name at work.' })
  name: string;

  @Field(() => String, { description: 'Profession, for example orthodontist.' })
  role: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False when the provider left. Left out on creation: true.',
  })
  active?: boolean | null | undefined;

  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null | undefined;
}
