import type { UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { PromotionCampaign } from './promotion-campaign.entity';

@ObjectType('PromotionCampaignPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the saved promotion.',
})
export class PromotionCampaignPayload {
  @Field(() => PromotionCampaign, { nullable: true, description: 'The saved promotion; null when refused.' })
  promotionCampaign: PromotionCampaign | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
