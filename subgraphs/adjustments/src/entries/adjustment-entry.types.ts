import { connectionOf, CurrencyCode, Money, type Decimal, type UserErrorShape } from '@practice-graph/kit';
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

@ObjectType('AdjustmentsPayload', {
  simpleResolvers: true,
  description: 'Result of deciding on or writing several adjustments.',
})
export class AdjustmentsPayload {
  @Field(() => [AdjustmentEntry], {
    description: 'Adjustments decided or written; in a dry run those that would be, without identifiers that last.',
  })
  adjustments: readonly AdjustmentEntry[] = [];

  @Field(() => Money, { nullable: true, description: 'Sum of their amounts; null when there are none.' })
  total: Decimal | null = null;

  @Field(() => CurrencyCode, { nullable: true, description: 'Currency of the sum; null when there are none.' })
  currency: string | null = null;

  @Field(() => [UserError], {
    description: 'Refusals, each with the position of its entry in the path; the others went through.',
  })
  userErrors: UserErrorShape[] = [];
}
