import { DateTimeScalar, Decimal, Money } from '@practice-graph/kit';
import { SortDirection } from '@practice-graph/practice';
import { Field, ID, InputType, Int } from 'type-graphql';
import { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import {
  ProductionAttribution,
  ProductionCategory,
  ProductionOrderField,
  ProductionStatus,
  ReversalDateBasis,
} from './production.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';

@InputType('ProductionFilter', {
  description:
    'Narrows production; members are combined with AND, list members with OR. An empty list selects nothing, a missing one everything.',
})
export class ProductionFilter {
  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Providers to include.' })
  providerIds?: string[] | null | undefined;

  @Field(() => [ProductionCategory], { nullable: true, description: 'Procedure categories.' })
  categories?: ProductionCategory[] | null | undefined;

  @Field(() => [String], { nullable: true, description: 'Codes such as D8080, matched in full.' })
  procedureCodes?: string[] | null | undefined;

  @Field(() => [TreatmentPhase], { nullable: true, description: 'Kinds of treatment.' })
  phases?: TreatmentPhase[] | null | undefined;

  @Field(() => [String], {
    nullable: true,
    description: 'Systems such as METAL_BRACKETS or ALIGNERS, matched in full.',
  })
  applianceSystems?: string[] | null | undefined;

  @Field(() => [ProductionStatus], {
    nullable: true,
    description: 'States of the entry; reports count POSTED and later by default.',
  })
  statuses?: ProductionStatus[] | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True also counts pending entries.',
  })
  includePending?: boolean | null | undefined;

  @Field(() => ProductionAttribution, {
    nullable: true,
    defaultValue: 'ENTRY_PROVIDER',
    description: 'Whom production is credited to.',
  })
  attribution?: ProductionAttribution | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One case.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient.' })
  patientId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One completed procedure.' })
  procedureId?: string | null | undefined;
}

@InputType('ProductionOrder', { description: 'Order of production entries; ties by identifier.' })
export class ProductionOrder {
  @Field(() => ProductionOrderField, { description: 'Column to order by.' })
  field: ProductionOrderField;

  @Field(() => SortDirection, { defaultValue: 'DESC', description: 'Direction of the order.' })
  direction: SortDirection;
}

@InputType('ProviderSplitInput', { description: 'Share of a provider in an entry.' })
export class ProviderSplitInput {
  @Field(() => ID, { description: 'Who takes part.' })
  providerId: string;

  @Field(() => String, { description: 'In which role.' })
  role: string;

  @Field(() => Money, { description: 'Share of the net amount.' })
  net: Decimal;
}

@InputType('ProductionEntryLineInput', { description: 'Production of one completed procedure in a bulk recording.' })
export class ProductionEntryLineInput {
  @Field(() => ID, { description: 'Where it was done.' })
  locationId: string;

  @Field(() => ID, { description: 'Provider credited; an unknown identifier is kept as a stub.' })
  providerId: string;

  @Field(() => [ProviderSplitInput], {
    nullable: true,
    description: 'Shares of other providers; null when one did all.',
  })
  splits?: ProviderSplitInput[] | null | undefined;

  @Field(() => ID, { description: 'Patient treated.' })
  patientId: string;

  @Field(() => ID, { nullable: true, description: 'Case it belongs to.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Appointment it came from.' })
  appointmentId?: string | null | undefined;

  @Field(() => ID, {
    nullable: true,
    description: 'Completed procedure; makes the recording idempotent per clinic.',
  })
  procedureId?: string | null | undefined;

  @Field(() => DateTimeScalar, {
    description:
      "When it was done; the location's zone gives the business day. In the future, or too far back without records:backdate, it is refused.",
  })
  occurredAt: Date;

  @Field(() => String, { description: 'Procedure code, for example D8080.' })
  procedureCode: string;

  @Field(() => ProductionCategory, { description: 'Category of the procedure.' })
  category: ProductionCategory;

  @Field(() => String, { description: 'What was done, in words.' })
  description: string;

  @Field(() => Money, { description: 'Production before adjustments, not negative.' })
  gross: Decimal;

  @Field(() => Money, {
    nullable: true,
    defaultValue: new Decimal(0),
    description: 'Part that an insurer is expected to pay; the patient is expected to pay the rest.',
  })
  insurancePortion?: Decimal | null | undefined;

  @Field(() => Money, {
    nullable: true,
    description: "Net amount the client computed; refused with AMOUNT_MISMATCH when it differs from the server's.",
  })
  expectedNet?: Decimal | null | undefined;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'False leaves the entry PENDING.' })
  post?: boolean | null | undefined;
}

@InputType('ProductionEntryRecordInput', { description: 'Production of a completed procedure.' })
export class ProductionEntryRecordInput extends ProductionEntryLineInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;
}

@InputType('ProductionEntriesRecordInput', { description: 'Production of several completed procedures.' })
export class ProductionEntriesRecordInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => [ProductionEntryLineInput], {
    description: 'Entries to record, at most 500; more are refused with TOO_MANY_LINES.',
  })
  entries: ProductionEntryLineInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True when they are brought in from an older system; each of them says so from then on.',
  })
  isImported?: boolean | null | undefined;
}

@InputType('ProductionEntryReverseInput', { description: 'Reversal of a production entry.' })
export class ProductionEntryReverseInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => String, { description: 'Why, for the audit trail.' })
  reason: string;

  @Field(() => ReversalDateBasis, {
    nullable: true,
    defaultValue: 'POSTED_DATE',
    description: 'Day on which the reversal counts; a closed period always takes POSTED_DATE.',
  })
  dateBasis?: ReversalDateBasis | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version the step is based on; STALE_VERSION when the record moved on. Null skips the check.',
  })
  expectedVersion?: number | null | undefined;
}
