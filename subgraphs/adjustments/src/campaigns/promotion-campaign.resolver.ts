import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  Money,
  reachableClinic,
  Scopes,
  type Context,
  type Decimal,
} from '@practice-graph/kit';
import { clinicCopies, todayAt } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { PromotionCampaign } from './promotion-campaign.entity';
import { PromotionCampaignInput } from './promotion-campaign.inputs';
import { campaigns, grantedBy, listCampaigns, saveCampaign } from './promotion-campaign.service';
import { PromotionCampaignPayload } from './promotion-campaign.types';

@Resolver(() => PromotionCampaign)
export class PromotionCampaignResolver {
  @Scopes(['finance:view_reports'])
  @Directive('@listSize(assumedSize: 20)')
  @Query(() => [PromotionCampaign], { nullable: true, description: 'Promotions with their budgets.' })
  async promotionCampaigns(
    @ClinicArg() opaque: string,
    @Arg('activeOnly', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'True leaves out those that are over.',
    })
    activeOnly: boolean | null,
    @Ctx() context: Context,
  ): Promise<PromotionCampaign[] | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    return clinic && listCampaigns(tx, { clinicId, activeOnly: activeOnly ?? true, today: todayAt(tx, clinic) });
  }

  @Scopes(['finance:manage_policy'])
  @Change(() => PromotionCampaignPayload, { description: 'Creates or changes a promotion.' })
  async promotionCampaignSave(
    @Arg('input', () => PromotionCampaignInput, { description: 'Data of the change.' }) input: PromotionCampaignInput,
    @Ctx() context: Context,
  ): Promise<PromotionCampaignPayload> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'promotionCampaignSave', input }, (tx) =>
      saveCampaign(tx, clinicId, input),
    );
    return Object.assign(new PromotionCampaignPayload(), { promotionCampaign: await context.of(campaigns).load(kept) });
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() campaign: PromotionCampaign, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicCopies).load(campaign.clinicId))?.currency;
  }

  @FieldResolver(() => Money, { description: 'Discounts granted and approved so far.' })
  granted(@Root() campaign: PromotionCampaign, @Ctx() context: Context): Promise<Decimal> {
    return context.of(grantedBy).load(campaign);
  }

  @FieldResolver(() => Money, { description: 'Budget minus granted; negative when overdrawn.' })
  async remaining(@Root() campaign: PromotionCampaign, @Ctx() context: Context): Promise<Decimal> {
    return campaign.budget.minus(await context.of(grantedBy).load(campaign));
  }
}
