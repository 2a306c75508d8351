import { ApiField } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError, type UserErrorRow } from '../refusals';
import { SupplyOffer } from './supply-offer.entity';

@ObjectType('SupplyOfferPayload', { simpleResolvers: true, description: 'Result of a change: the saved offer.' })
export class SupplyOfferPayload {
  @ApiField(() => SupplyOffer, { nullable: true, description: 'The saved offer; null when refused.' })
  supplyOffer: SupplyOffer | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
