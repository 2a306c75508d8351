import { connectionOf, type UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { AdjustmentEntry } from './adjustment-entry.entity';

export const {
  Connection: AdjustmentEntryConnection,
  Edge: AdjustmentEntryEdge,
  ConnectionResolver: AdjustmentEntryConnectionResolver,
} = connectionOf(() => AdjustmentEntry, 'AdjustmentEntry', 'adjustments', 'adjustments');

@ObjectType('AdjustmentPayload', {
  simpleResolvers: true,
  description: 'Result of recording, deciding on or reversing one adjustment.',
})
export class AdjustmentPayload {
  @Field(() => AdjustmentEntry, {
    nullable: true,
    description: 'The adjustment; for a reversal the reversing entry. Null when refused.',
  })
  adjustment: AdjustmentEntry | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
