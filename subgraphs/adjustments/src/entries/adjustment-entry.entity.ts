import {
  BooleanField,
  DateField,
  EnumField,
  EnumListField,
  IdTextField,
  InstantField,
  MoneyField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { PromotionCampaign } from '../campaigns/promotion-campaign.entity';
import { ReasonCode } from '../reason-codes/reason-code.entity';
import { AdjustmentCategory, ApprovalReason, ApprovalStatus } from './adjustment-category.types';

/**
 * A row of the ledger. All columns are facts that nothing may update, except the state of the decision with the day of a
 * row that waits for it, the link to the reversal and the version.
 */
@Entity()
@ForeignKey(() => ReasonCode, ['clinicId', 'reason'], ['clinicId', 'code'])
@ForeignKey(() => AdjustmentEntry, ['clinicId', 'reversesId'], ['clinicId', 'id'])
@ForeignKey(() => AdjustmentEntry, ['clinicId', 'reversedById'], ['clinicId', 'id'])
@ForeignKey(() => AdjustmentEntry, ['clinicId', 'recoveryOfId'], ['clinicId', 'id'])
@ForeignKey(() => AdjustmentEntry, ['clinicId', 'possibleDuplicateOfId'], ['clinicId', 'id'])
@ForeignKey(() => PromotionCampaign, ['clinicId', 'campaignId'], ['clinicId', 'id'])
@Index(['id'])
@Index(['clinicId', 'adjustmentDate', 'id'])
@Index('adjustment_entry_report', { synchronize: false })
@Index('adjustment_entry_by_procedure', { synchronize: false })
@Index('adjustment_entry_by_claim', { synchronize: false })
@Index('adjustment_entry_by_payment', { synchronize: false })
@Index('adjustment_entry_contract', { synchronize: false })
@Index(['clinicId', 'createdAt', 'id'])
@Index(['clinicId', 'createdAt'], { where: "approval_status = 'PENDING'" })
@Index(['clinicId', 'patientId', 'adjustmentDate', 'id'])
@Index(['clinicId', 'treatmentPlanId'])
@Index(['clinicId', 'productionEntryId'])
@Index(['clinicId', 'invoiceId'])
@Index(['clinicId', 'transactionId'])
@Index(['clinicId', 'reason'])
@Index(['clinicId', 'recoveryOfId'])
@Index(['clinicId', 'campaignId'])
@Index(['clinicId', 'reversesId'], { unique: true, where: "approval_status <> 'REJECTED'" })
@Check('amount <> 0')
@Check('is_reversal = (reverses_id IS NOT NULL)')
@Directive('@key(fields: "id")')
@ObjectType('AdjustmentEntry', {
  simpleResolvers: true,
  description: 'One adjustment of an account. Never changed after it was recorded; corrections are reversals.',
})
export class AdjustmentEntry extends TenantRecord {
  @UuidColumn({ nullable: true })
  locationId: string | null;

  @UuidColumn()
  patientId: string;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UuidColumn({ nullable: true })
  treatmentPlanId: string | null;

  @UuidColumn({ nullable: true })
  productionEntryId: string | null;

  @UuidColumn({ nullable: true })
  invoiceId: string | null;

  @IdTextField({ nullable: true, description: 'Transaction of the billing system that caused it.' })
  transactionId: string | null;

  @DateField({ description: 'Day on which it counts.' })
  adjustmentDate: string;

  @DateField({
    nullable: true,
    description: 'Day it was meant for when that period had closed meanwhile; null otherwise.',
  })
  originalAdjustmentDate: string | null;

  @EnumField(AdjustmentCategory, { description: 'Category of the adjustment.' })
  category: AdjustmentCategory;

  /** Code of the reason; the API shows the whole reason. */
  @Column({ type: 'text', name: 'reason_code' })
  reason: string;

  @TextField({ nullable: true, description: 'Why in this case, in words.' })
  description: string | null;

  @MoneyField({
    description: 'Positive reduces what the patient owes, negative raises it; a recovery is positive. Never zero.',
  })
  amount: Decimal;

  @BooleanField({ description: 'True when the policy of its day lets it reduce net production.' })
  affectsNetProduction: boolean;

  @TextField({ nullable: true, description: 'Payer of an insurance write-off.' })
  payer: string | null;

  @DateField({
    nullable: true,
    description: 'Day of the procedure, for the reports by procedure date; null falls back to the adjustment date.',
  })
  procedureDate: string | null;

  @DateField({
    nullable: true,
    description: 'Day on which the claim was sent with the estimate; null falls back to the adjustment date.',
  })
  claimDate: string | null;

  @MoneyField({
    nullable: true,
    description:
      'Write-off estimated with the claim; amount minus estimate is the correction at payment. Null takes the amount as the estimate.',
  })
  estimatedAmount: Decimal | null;

  @DateField({
    nullable: true,
    description: "Day of the payer's payment, for the reports by payment date; null falls back to the adjustment date.",
  })
  paymentDate: string | null;

  @MoneyField({
    nullable: true,
    description: 'Write-off that the contract lets expect: usual fee minus contracted fee; null without a contract.',
  })
  expectedAmount: Decimal | null;

  @UuidColumn({ nullable: true })
  campaignId: string | null;

  @BooleanField({ description: 'True when policy demanded a decision.' })
  requiresApproval: boolean;

  @EnumListField(ApprovalReason, { description: 'Why a decision was demanded; empty when none was.' })
  approvalReasons: ApprovalReason[];

  @EnumField(ApprovalStatus, { description: 'Where the decision stands.' })
  approvalStatus: ApprovalStatus;

  @IdTextField({
    nullable: true,
    description: 'User who approved or rejected it; null while pending and for AUTO_APPROVED.',
  })
  decidedBy: string | null;

  @InstantField({ nullable: true, description: 'When it was decided.' })
  decidedAt: Date | null;

  @BooleanField({ description: 'True for the equal and opposite entry that undoes another.' })
  isReversal: boolean;

  @UuidColumn({ nullable: true })
  reversesId: string | null;

  @UuidColumn({ nullable: true })
  reversedById: string | null;

  /** Bad debt that a recovery belongs to; null for bad debt from before the ledger. */
  @UuidColumn({ nullable: true })
  recoveryOfId: string | null;

  @UuidColumn({ nullable: true })
  possibleDuplicateOfId: string | null;

  @BooleanField({ description: 'True when it was brought in from an older system.' })
  isImported: boolean;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @VersionField()
  version: number;
}
