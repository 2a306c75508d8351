import { DateScalar, Decimal, Quantity } from '@practice-graph/kit';
import { DateRangeInput } from '@practice-graph/practice';
import { Field, ID, InputType, Int } from 'type-graphql';
import { ApplianceRecordType, ApplianceStatus } from './appliance-record.types';

@InputType('ApplianceRecordFilter', {
  description: 'Narrows appliances; members are combined with AND, list members with OR.',
})
export class ApplianceRecordFilter {
  @Field(() => [ApplianceRecordType], { nullable: true, description: 'Kinds of appliance.' })
  applianceTypes?: ApplianceRecordType[] | null | undefined;

  @Field(() => [ApplianceStatus], { nullable: true, description: 'Where it stands.' })
  statuses?: ApplianceStatus[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient.' })
  patientId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One case.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => DateRangeInput, { nullable: true, description: 'Days of placement.' })
  placedIn?: DateRangeInput | null | undefined;
}

@InputType('ApplianceRecordInput', { description: 'An appliance to record or change before it is placed.' })
export class ApplianceRecordInput {
  @Field(() => ID, { nullable: true, description: 'Appliance to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Identifier in the clinical system.' })
  externalId?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, { description: 'Where it will be placed.' })
  locationId: string;

  @Field(() => ID, { description: 'Patient who will wear it.' })
  patientId: string;

  @Field(() => ID, { nullable: true, description: 'Case it belongs to.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => ApplianceRecordType, { description: 'Kind of appliance.' })
  applianceType: ApplianceRecordType;

  @Field(() => String, { nullable: true, description: 'System such as METAL_BRACKETS or ALIGNERS; null when unknown.' })
  applianceSystem?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Tooth or arch.' })
  site?: string | null | undefined;

  @Field(() => ApplianceStatus, {
    nullable: true,
    description: 'PLANNED, ORDERED or RECEIVED. Left out on creation: PLANNED.',
  })
  status?: ApplianceStatus | null | undefined;

  @Field(() => DateScalar, { nullable: true, description: 'Day it was ordered.' })
  orderedOn?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Lost or broken appliance that it replaces.' })
  replacesId?: string | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}

@InputType('DeductLineInput', { description: 'A supply to deduct; give an item or a scan.' })
export class DeductLineInput {
  @Field(() => ID, { nullable: true, description: 'Item used.' })
  itemId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Scanned code that names item and lot.' })
  scanned?: string | null | undefined;

  @Field(() => Quantity, { defaultValue: new Decimal(1), description: 'How much, more than zero.' })
  quantity: Decimal;

  @Field(() => ID, {
    nullable: true,
    description: 'Lot to take; null takes first-expiry-first-out, over several lots when one is short.',
  })
  lotId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Why this lot; kept as an override of first-expiry-first-out.' })
  fefoOverrideReason?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Tooth or arch.' })
  site?: string | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True when it replaces something lost or broken.',
  })
  isRework?: boolean | null | undefined;
}

@InputType('AppliancePlaceInput', { description: 'Placement of an appliance.' })
export class AppliancePlaceInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'Business day of placement.' })
  placedOn: string;

  @Field(() => ID, { description: 'Provider who placed it.' })
  providerId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Kit to deduct; null takes the kit of the kind and system when no lines are given.',
  })
  kitTemplateId?: string | null | undefined;

  @Field(() => [DeductLineInput], { nullable: true, description: 'Lines instead of a kit.' })
  lines?: DeductLineInput[] | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Deducts nothing; for appliances from a laboratory.',
  })
  withoutInventory?: boolean | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True returns what would be deducted and writes nothing.',
  })
  dryRun?: boolean | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version the step is based on; STALE_VERSION when the record moved on. Null skips the check.',
  })
  expectedVersion?: number | null | undefined;
}

@InputType('ApplianceDeductInput', { description: 'Supplies to deduct for one appliance.' })
export class ApplianceDeductInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'Business day of use.' })
  usedOn: string;

  @Field(() => ID, { description: 'Provider or assistant who used them.' })
  providerId: string;

  @Field(() => [DeductLineInput], { description: 'What was used.' })
  lines: DeductLineInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True returns what would be deducted and writes nothing.',
  })
  dryRun?: boolean | null | undefined;

  @Field(() => String, { nullable: true, description: 'Remark kept on each row.' })
  notes?: string | null | undefined;
}
