import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { SortDirection } from '@practice-graph/practice';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { AdjustmentCategory, AdjustmentGroup, ApprovalStatus } from './adjustment-category.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';

@InputType('AdjustmentLineInput', { description: 'One of several adjustments to record.' })
export class AdjustmentLineInput {
  @Field(() => ID, { nullable: true, description: 'Place to credit.' })
  locationId?: string | null | undefined;

  @Field(() => ID, { description: 'Account concerned.' })
  patientId: string;

  @Field(() => ID, { nullable: true, description: 'Provider to credit; null is shown as Unassigned.' })
  providerId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Case it belongs to.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Production entry it explains.' })
  productionEntryId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Invoice it reduces.' })
  invoiceId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Transaction of the billing system that caused it.' })
  transactionId?: string | null | undefined;

  @Field(() => DateScalar, { description: 'Day on which it should count.' })
  adjustmentDate: string;

  @Field(() => AdjustmentCategory, {
    description: 'Category; RECOVERY is refused, adjustmentRecoveryRecord records it.',
  })
  category: AdjustmentCategory;

  @Field(() => String, { description: 'Standard reason of this category.' })
  reasonCode: string;

  @Field(() => String, { nullable: true, description: 'Why in this case, in words.' })
  description?: string | null | undefined;

  @Field(() => Money, {
    description: 'Not zero; negative only for TIMING_ADJUSTMENT, ERROR_CORRECTION and OTHER.',
  })
  amount: Decimal;

  @Field(() => Money, {
    nullable: true,
    description:
      'Balance of the account before it, against which small balances and credits are checked; null skips the checks.',
  })
  balance?: Decimal | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Lets the amount exceed the balance of the invoice.',
  })
  allowCredit?: boolean | null | undefined;

  @Field(() => String, { nullable: true, description: 'Payer of an insurance write-off.' })
  payer?: string | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Day of the procedure; null falls back to the adjustment date.',
  })
  procedureDate?: string | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Day on which the claim was sent with the estimate; null falls back to the adjustment date.',
  })
  claimDate?: string | null | undefined;

  @Field(() => Money, {
    nullable: true,
    description: 'Write-off estimated with the claim; null takes the amount as the estimate.',
  })
  estimatedAmount?: Decimal | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: "Day of the payer's payment; null falls back to the adjustment date.",
  })
  paymentDate?: string | null | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Procedure of an insurance write-off, to find the contract.',
  })
  procedureCode?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Promotion that grants it.' })
  campaignId?: string | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Tries to collect that document a bad debt.' })
  collectionEffortIds?: string[] | null | undefined;
}

@InputType('AdjustmentRecordInput', { description: 'An adjustment to record.' })
export class AdjustmentRecordInput extends AdjustmentLineInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;
}

@InputType('AdjustmentsRecordInput', { description: 'Several adjustments of one clinic, all or none.' })
export class AdjustmentsRecordInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => [AdjustmentLineInput], {
    description: 'Adjustments to record, at most 500; more are refused with TOO_MANY_LINES.',
  })
  adjustments: AdjustmentLineInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True when they are brought in from an older system; each of them says so from then on.',
  })
  isImported?: boolean | null | undefined;
}

@InputType('AdjustmentFilter', {
  description:
    'Narrows adjustments; members are combined with AND, list members with OR. An empty list selects nothing, a missing one everything.',
})
export class AdjustmentFilter {
  @Field(() => [AdjustmentCategory], { nullable: true, description: 'Categories of adjustments.' })
  categories?: AdjustmentCategory[] | null | undefined;

  @Field(() => [AdjustmentGroup], { nullable: true, description: 'Groups of categories.' })
  groups?: AdjustmentGroup[] | null | undefined;

  @Field(() => [String], { nullable: true, description: 'Standard reasons.' })
  reasonCodes?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Providers to include.' })
  providerIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient; needs patient:read.' })
  patientId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One case.' })
  treatmentPlanId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One invoice.' })
  invoiceId?: string | null | undefined;

  @Field(() => [ApprovalStatus], {
    nullable: true,
    description: 'States of the decision; reports count APPROVED and AUTO_APPROVED by default, lists show all.',
  })
  statuses?: ApprovalStatus[] | null | undefined;

  @Field(() => [String], { nullable: true, description: 'Payers of insurance write-offs.' })
  payers?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Promotions.' })
  campaignIds?: string[] | null | undefined;

  @Field(() => Money, { nullable: true, description: 'Least amount without sign.' })
  minAmount?: Decimal | null | undefined;

  @Field(() => Money, { nullable: true, description: 'Greatest amount without sign.' })
  maxAmount?: Decimal | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'False leaves out reversals and reversed entries.',
  })
  includeReversals?: boolean | null | undefined;
}

export const AdjustmentOrderField = {
  ADJUSTMENT_DATE: 'ADJUSTMENT_DATE',
  AMOUNT: 'AMOUNT',
  CREATED_AT: 'CREATED_AT',
} as const;
export type AdjustmentOrderField = keyof typeof AdjustmentOrderField;
registerEnumType(AdjustmentOrderField, {
  name: 'AdjustmentOrderField',
  description: 'Columns by which adjustments can be ordered.',
  valuesConfig: {
    ADJUSTMENT_DATE: { description: 'Day on which it counts.' },
    AMOUNT: { description: 'Amount without sign.' },
    CREATED_AT: { description: 'When it was recorded; ascending gives the queue for approvers.' },
  },
});

@InputType('AdjustmentOrder', { description: 'Order of adjustments; ties by identifier.' })
export class AdjustmentOrder {
  @Field(() => AdjustmentOrderField, { description: 'Column to order by.' })
  field: AdjustmentOrderField;

  @Field(() => SortDirection, { defaultValue: 'DESC', description: 'Direction of the order.' })
  direction: SortDirection;
}
