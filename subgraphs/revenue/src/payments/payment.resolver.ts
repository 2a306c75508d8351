import {
  ApiField,
  Change,
  change,
  clinicOfInput,
  CurrencyCode,
  IdArg,
  reachable,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { clinicLoader } from '../clinics/directory.loader';
import { UserError } from '../refusals';
import { refundPayment } from './payment-refund.service';
import { Payment } from './payment.entity';
import { PaymentRecordInput, PaymentRefundInput } from './payment.inputs';
import { paymentLoader, refundsOfPayment, tendersOfPayment } from './payment.loader';
import { recordPayment } from './payment.service';
import { PaymentTender } from './payment.types';

@ObjectType('PaymentPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the payment or refund.',
})
export class PaymentPayload {
  @ApiField(() => Payment, { nullable: true, description: 'The payment or refund; null when refused.' })
  payment: Payment | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

@Resolver(() => Payment)
export class PaymentResolver {
  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() { clinicId }: Payment, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicLoader).load({ clinicId, id: clinicId }))?.currency;
  }

  @FieldResolver(() => [PaymentTender], { description: 'Tenders that make up the amount.' })
  tenders(@Root() payment: Payment, @Ctx() context: Context): Promise<PaymentTender[]> {
    return context.of(tendersOfPayment).load(payment);
  }

  @FieldResolver(() => Payment, { nullable: true, description: 'Payment that a refund gives back.' })
  refundOf(@Root() { clinicId, refundOfId }: Payment, @Ctx() context: Context): Promise<Payment | null> | null {
    return refundOfId ? context.of(paymentLoader).load({ clinicId, id: refundOfId }) : null;
  }

  @FieldResolver(() => [Payment], { description: 'Refunds of this payment.' })
  refunds(@Root() payment: Payment, @Ctx() context: Context): Promise<Payment[]> {
    return context.of(refundsOfPayment).load(payment);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => PaymentPayload, {
    description: 'Records a payment on an invoice, on production entries, or directly at a department.',
  })
  async paymentRecord(
    @Arg('input', () => PaymentRecordInput, { description: 'Data of the change.' }) input: PaymentRecordInput,
    @Ctx() context: Context,
  ): Promise<PaymentPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'paymentRecord', input }, (tx) =>
      recordPayment(tx, clinicId, input),
    );
    return { payment: await context.of(paymentLoader).load({ clinicId, id }), userErrors: [] };
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => PaymentPayload, {
    description:
      'Refunds all or part of a payment on the day of the refund, in the points and methods of the original.',
  })
  async paymentRefund(
    @IdArg() id: string,
    @Arg('input', () => PaymentRefundInput, { description: 'Data of the change.' }) input: PaymentRefundInput,
    @Ctx() context: Context,
  ): Promise<PaymentPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The payment does not exist or is outside your reach.', ['id']);
    const { clinicId } = key;
    const refund = await change(context, { clinicId, mutation: 'paymentRefund', input, also: { id } }, (tx) =>
      refundPayment(tx, key, input),
    );
    return { payment: await context.of(paymentLoader).load({ clinicId, id: refund.id }), userErrors: [] };
  }
}
