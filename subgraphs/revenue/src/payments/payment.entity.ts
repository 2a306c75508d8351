import {
  ApiField,
  DateField,
  EnumField,
  IdTextField,
  InstantField,
  MoneyField,
  TenantRecord,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, Index } from 'typeorm';
import { PaymentMethod } from './payment.types';

/** Money received, or given back when it names the payment that it refunds. Never updated. */
@Entity()
@Index(['id'])
@Index(['clinicId', 'refundOfId'])
@Index(['clinicId', 'patientId'])
@Index(['clinicId', 'businessDate', 'id'])
@Check('amount > 0')
@Check('unapplied_credit >= 0')
@Directive('@key(fields: "id")')
@ObjectType('Payment', {
  simpleResolvers: true,
  description: 'Money received or given back.',
})
export class Payment extends TenantRecord {
  @UuidColumn()
  locationId: string;

  @UuidColumn({ nullable: true })
  patientId: string | null;

  @MoneyField({ description: 'Amount, positive; a refund is told by isRefund.' })
  amount: Decimal;

  @EnumField(PaymentMethod, { description: 'How it was paid; MIXED with two tenders or more.' })
  method: PaymentMethod;

  @InstantField({ description: 'When it was paid.' })
  paidAt: Date;

  @DateField({ description: 'Business day at the location on which it counts.' })
  businessDate: Day;

  @UuidColumn({ nullable: true })
  refundOfId: string | null;

  @IdTextField({
    nullable: true,
    description: 'Key that links records of the same money, so that it counts once.',
  })
  settlementId: string | null;

  @MoneyField({ description: 'Part beyond the invoice, kept as patient credit and not counted as revenue.' })
  unappliedCredit: Decimal;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @ApiField(() => Boolean, { description: 'True when money went back to the payer.' })
  get isRefund(): boolean {
    return this.refundOfId !== null;
  }
}
