import { Field, ObjectType } from 'type-graphql';
import { SupplyAlert } from '../alerts/supply-alert.entity';
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

  @Field(() => [SupplyAlert], { description: 'Alerts raised.' })
  alerts: SupplyAlert[] = [];

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
