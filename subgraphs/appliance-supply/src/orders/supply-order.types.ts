import { ApiField, connectionOf } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError, type UserErrorRow } from '../refusals';
import { SupplyOrder } from './supply-order.entity';

export const supplyOrderPages = connectionOf(() => SupplyOrder, 'SupplyOrder', 'orders, latest first', 'orders');

@ObjectType('SupplyOrderPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the order after the change.',
})
export class SupplyOrderPayload {
  @ApiField(() => SupplyOrder, { nullable: true, description: 'The order after the change; null when refused.' })
  supplyOrder: SupplyOrder | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
