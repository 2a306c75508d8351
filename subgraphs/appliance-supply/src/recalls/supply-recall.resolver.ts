import { Change, change, ClinicArg, clinicOfInput, Scopes, type Context } from '@practice-graph/kit';
import { RecallInput, RecallNotice, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { SupplyAlert } from '../alerts/supply-alert.entity';
import { supplyAlerts } from '../alerts/supply-alert.loader';
import { SupplyLot } from '../lots/supply-lot.entity';
import { supplyLots } from '../lots/supply-lot.loader';
import { noticeOfLots } from './recalled-lots.loader';
import { applySupplyRecall, liftSupplyRecall, type RecallKept } from './supply-recall.service';
import { SupplyRecallPayload } from './supply-recall.types';

async function payloadOf(context: Context, clinicId: string, kept: RecallKept): Promise<SupplyRecallPayload> {
  const keys = (ids: readonly string[]) => ids.map((id) => ({ clinicId, id }));
  const lots = await context.of(supplyLots).loadMany(keys(kept.lotIds));
  const alerts = await context.of(supplyAlerts).loadMany(keys(kept.alertIds));
  return Object.assign(new SupplyRecallPayload(), {
    // Goods without lots are blocked like all others and show no lot.
    supplyLots: lots.filter((lot): lot is SupplyLot => lot instanceof SupplyLot && lot.lotNumber !== ''),
    alerts: alerts.filter((alert): alert is SupplyAlert => alert instanceof SupplyAlert),
  });
}

@Resolver(() => SupplyLot)
export class SupplyRecallResolver {
  @FieldResolver(() => RecallNotice, { nullable: true, description: 'Notice that blocks it; null when not recalled.' })
  async recall(@Root() lot: SupplyLot, @Ctx() context: Context): Promise<RecallNotice | null> {
    const notice = await context.of(noticeOfLots).load(lot);
    if (notice === null) return null;
    const { recallNumber, recallClass, reason, announcedOn, startedAt, startedBy } = notice;
    return Object.assign(new RecallNotice(), { recallNumber, recallClass, reason, announcedOn, startedAt, startedBy });
  }

  @Scopes(['inventory:recall'])
  @Change(() => SupplyRecallPayload, {
    description:
      'Blocks every matching lot of supplies everywhere and raises alerts. The notice itself is started by recallStart; send both in one operation.',
  })
  async supplyRecallApply(
    @Arg('input', () => RecallInput, { description: 'Data of the change.' }) input: RecallInput,
    @Ctx() context: Context,
  ): Promise<SupplyRecallPayload | null> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'supplyRecallApply', input }, (tx) =>
      applySupplyRecall(tx, clinicId, input),
    );
    return payloadOf(context, clinicId, kept);
  }

  @Scopes(['inventory:recall'])
  @Change(() => SupplyRecallPayload, {
    description: 'Ends the block of a recall: its lots go to quarantine, from where a second person may release them.',
  })
  async supplyRecallLift(
    @ClinicArg() opaque: string,
    @Arg('recallNumber', () => String, { description: 'Number of the recall.' }) recallNumber: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<SupplyRecallPayload | null> {
    const clinicId = clinicOfInput(context.viewer, opaque, ['clinicId']);
    // A number may stand for several notices, which have no version of their own to compare.
    const kept = await change(context, { clinicId, mutation: 'supplyRecallLift', input, also: recallNumber }, (tx) =>
      liftSupplyRecall(tx, clinicId, { recallNumber, reason: input.reason }),
    );
    return payloadOf(context, clinicId, kept);
  }
}
