import { DateTimeScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';
import { PaymentMethod } from './payment.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';

@InputType('ProductionCollectionInput', { description: 'Part of a payment that settles a production entry.' })
export class ProductionCollectionInput {
  @Field(() => ID, { description: 'Entry settled.' })
  productionEntryId: string;

  @Field(() => Money, { description: 'Amount for it, at most what is outstanding unless allowCredit.' })
  amount: Decimal;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Lets the entry be paid beyond its net amount.',
  })
  allowCredit?: boolean | null | undefined;
}

@InputType('PaymentTenderInput', { description: 'One tender of a payment.' })
export class PaymentTenderInput {
  @Field(() => PaymentMethod, { description: 'How this part was paid.' })
  method: PaymentMethod;

  @Field(() => Money, { description: 'Amount of this part, more than zero.' })
  amount: Decimal;
}

@InputType('PaymentRecordInput', { description: 'Money received.' })
export class PaymentRecordInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, { nullable: true, description: 'Where it was received.' })
  locationId?: string | null | undefined;

  @Field(() => [ProductionCollectionInput], { nullable: true, description: 'Production entries it settles.' })
  productionEntries?: ProductionCollectionInput[] | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Who paid or for whom.' })
  patientId?: string | null | undefined;

  @Field(() => [PaymentTenderInput], { description: 'Tenders; two or more make a mixed payment.' })
  tenders: PaymentTenderInput[];

  @Field(() => DateTimeScalar, { description: 'When it was paid.' })
  paidAt: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'Key shared with a wallet charge or dispensing line for the same money, so that it counts once.',
  })
  settlementId?: string | null | undefined;
}

@InputType('PaymentRefundInput', { description: 'Money given back.' })
export class PaymentRefundInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => Money, { description: 'Amount, at most what was paid and not yet refunded.' })
  amount: Decimal;

  @Field(() => DateTimeScalar, { description: 'When it was given back.' })
  refundedAt: Date;

  @Field(() => String, { description: 'Why, for the audit trail.' })
  reason: string;
}
