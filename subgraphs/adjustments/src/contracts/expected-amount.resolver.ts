import { Money, type Context, type Decimal } from '@practice-graph/kit';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { PromotionCampaign } from '../campaigns/promotion-campaign.entity';
import { campaigns } from '../campaigns/promotion-campaign.service';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';

/** What an entry has to do with contracts and campaigns. */
@Resolver(() => AdjustmentEntry)
export class ExpectedAmountResolver {
  @FieldResolver(() => Money, { nullable: true, description: 'Amount minus expected; null without a contract.' })
  varianceFromExpected(@Root() entry: AdjustmentEntry): Decimal | null {
    return entry.expectedAmount && entry.amount.minus(entry.expectedAmount);
  }

  @FieldResolver(() => PromotionCampaign, { nullable: true, description: 'Promotion that grants it.' })
  async campaign(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<PromotionCampaign | null> {
    const { clinicId, campaignId } = entry;
    return campaignId === null ? null : context.of(campaigns).load({ clinicId, id: campaignId });
  }
}
