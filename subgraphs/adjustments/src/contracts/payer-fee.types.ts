import { connectionOf, type UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { PayerFee } from './payer-fee.entity';

export const {
  Connection: PayerFeeConnection,
  Edge: PayerFeeEdge,
  ConnectionResolver: PayerFeeConnectionResolver,
} = connectionOf(() => PayerFee, 'PayerFee', 'contracted fees', 'contracted fees');

@ObjectType('PayerFeePayload', { simpleResolvers: true, description: 'Result of a change: the new fees.' })
export class PayerFeePayload {
  @Field(() => PayerFee, { nullable: true, description: 'The new fees; null when refused.' })
  payerFee: PayerFee | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
