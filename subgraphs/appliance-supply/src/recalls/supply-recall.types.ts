import { Field, ObjectType } from 'type-graphql';
import { SupplyLot } from '../lots/supply-lot.entity';
import { UserError, type UserErrorRow } from '../refusals';

@ObjectType('SupplyRecallPayload', {
  simpleResolvers: true,
  description: 'Result of applying or lifting a recall.',
})
export class SupplyRecallPayload {
  @Field(() => [SupplyLot], {
    description: 'Lots blocked or unblocked; empty when none is in stock, the number is remembered all the same.',
  })
  supplyLots: SupplyLot[] = [];

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
