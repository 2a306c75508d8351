import { connectionOf } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { UserError } from '../refusals';
import { Recall } from './recall.entity';

export const recallConnection = connectionOf(() => Recall, 'Recall', 'recalls, newest first', 'recalls');

@ObjectType('RecallPayload', {
  simpleResolvers: true,
  description: 'Result of starting, following up or closing a recall.',
})
export class RecallPayload {
  @Field(() => Recall, { description: 'The recall after the change; null when refused.', nullable: true })
  recall: Recall | null = null;

  @Field(() => [InventoryLot], { description: 'Lots blocked or freed.' })
  lots: InventoryLot[] = [];

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
