import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  forbidden,
  Money,
  reachableClinic,
  Scopes,
  type Context,
  type Decimal,
} from '@practice-graph/kit';
import { clinicCopies, isRestricted, todayAt, withheldCells } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { PromotionCampaign } from './promotion-campaign.entity';
import { PromotionCampaignInput } from './promotion-campaign.inputs';
import { campaigns, grantedBy, listCampaigns, saveCampaign } from './promotion-campaign.service';
import { PromotionCampaignPayload } from './promotion-campaign.types';

/**
 * What a campaign granted, for a viewer who may know. It is a sum of the whole clinic and of all time, so a reader of a
 * part is not told, and a reader of aggregates only when enough patients stand behind it (E-06).
 */
async function grantedOf(campaign: PromotionCampaign, context: Context): Promise<Decimal> {
  const { viewer } = context;
  if (isRestricted({ ...viewer, aggregateOnly: false }))
    throw forbidden('Your role sees a part of the clinic; what a campaign granted is of the whole.');
  const { amount, patients } = await context.of(grantedBy).load(campaign);
  if (viewer.aggregateOnly && withheldCells([{ position: [], patients }]).includes(true))
    throw forbidden('Fewer patients than the privacy limit stand behind what the campaign granted.');
  return amount;
}

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
    return grantedOf(campaign, context);
  }

  @FieldResolver(() => Money, { description: 'Budget minus granted; negative when overdrawn.' })
  async remaining(@Root() campaign: PromotionCampaign, @Ctx() context: Context): Promise<Decimal> {
    return campaign.budget.minus(await grantedOf(campaign, context));
  }
}
