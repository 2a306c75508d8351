import { ApiField, connectionOf } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError, type UserErrorRow } from '../refusals';
import { SupplyAlert } from './supply-alert.entity';

export const supplyAlertPages = connectionOf(
  () => SupplyAlert,
  'SupplyAlert',
  'alerts on supplies, most urgent first',
  'alerts on supplies',
);

@ObjectType('SupplyAlertPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the alert after the change.',
})
export class SupplyAlertPayload {
  @ApiField(() => SupplyAlert, { nullable: true, description: 'The alert after the change; null when refused.' })
  supplyAlert: SupplyAlert | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
