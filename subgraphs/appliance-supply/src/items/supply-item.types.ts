import { ApiField, connectionOf } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError, type UserErrorRow } from '../refusals';
import { SupplyItem } from './supply-item.entity';

export const supplyItemPages = connectionOf(() => SupplyItem, 'SupplyItem', 'supply items, by name', 'supply items');

@ObjectType('SupplyItemPayload', { simpleResolvers: true, description: 'Result of a change: the saved item.' })
export class SupplyItemPayload {
  @ApiField(() => SupplyItem, { nullable: true, description: 'The saved item; null when refused.' })
  supplyItem: SupplyItem | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
