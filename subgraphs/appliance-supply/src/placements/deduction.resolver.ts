import {
  Change,
  change,
  Decimal,
  reachable,
  refuseKit,
  Scopes,
  sum,
  userErrors,
  type Context,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { currencyOf } from '../directory/directory.loader';
import { levelsOfItems } from '../lots/supply-stock-level.loader';
import type { UserErrorRow } from '../refusals';
import type { ApplianceUsage } from '../usage/appliance-usage.entity';
import { applianceUsages } from '../usage/appliance-usage.loader';
import { ApplianceDeductInput, AppliancePlaceInput } from './appliance-record.inputs';
import { applianceRecords } from './appliance-record.loader';
import { DeductionRefused, type Deducted, type KeptLine } from './deduction.service';
import { ApplianceDeductPayload, type DeductLineResult } from './deduction.types';
import { deductForAppliance, placeAppliance } from './placement.service';
import { rehearse, type Rehearsal } from './rehearsal.service';

const isThere = <T>(record: T | null | Error): record is T => record !== null && !(record instanceof Error);

/** The records of a deduction that was made, now or by an earlier request with the same key. */
async function recorded(context: Context, clinicId: string, kept: Deducted): Promise<Rehearsal> {
  const keys = (ids: readonly string[]): RecordKey[] => ids.map((id) => ({ clinicId, id }));
  const key = { clinicId, id: kept.applianceId };
  const [appliance, usages, levels] = await Promise.all([
    context.of(applianceRecords).clear(key).load(key),
    context.of(applianceUsages).loadMany(keys(kept.usageIds)),
    context.of(levelsOfItems).clearAll().loadMany(keys(kept.lowItemIds)),
  ]);
  const lowStock = levels.filter(isThere).flat();
  return {
    kept,
    appliance,
    usages: usages.filter(isThere),
    lowStock: lowStock.filter((level) => level.locationId === kept.locationId),
  };
}

const lineOf = (line: KeptLine, usages: readonly ApplianceUsage[]): DeductLineResult => ({
  index: line.index,
  usages: usages.filter((usage) => line.usageIds.includes(usage.id)),
  available: line.available === null ? null : new Decimal(line.available),
  skippedLots: line.skipped.map((lot) => ({ ...lot, quantity: new Decimal(lot.quantity) })),
  error: line.error as UserErrorRow | null,
});

async function payloadOf(context: Context, clinicId: string, of: Rehearsal): Promise<ApplianceDeductPayload> {
  const costs = of.usages.map((usage) => usage.totalCost);
  const isCosted = costs.every((cost) => cost !== null);
  return Object.assign(new ApplianceDeductPayload(), {
    appliances: of.appliance ? [of.appliance] : [],
    usages: [...of.usages],
    lines: of.kept.lines.map((line) => lineOf(line, of.usages)),
    totalCost: isCosted ? sum(costs) : null,
    currency: of.usages.length > 0 ? await currencyOf(context, clinicId) : null,
    lowStock: [...of.lowStock],
  });
}

interface Step {
  readonly mutation: string;
  readonly input: { readonly idempotencyKey: string; readonly dryRun?: boolean | null | undefined };
  readonly work: (tx: Tx, key: RecordKey) => Promise<Deducted>;
}

async function step(context: Context, id: string, path: string, { mutation, input, work }: Step) {
  const key = reachable(context.viewer, id);
  if (!key) throw refuseKit('NOT_FOUND', 'There is no such appliance.', [path]);
  const { clinicId } = key;
  try {
    const seen =
      input.dryRun === true
        ? await rehearse(context, clinicId, (tx) => work(tx, key))
        : await recorded(
            context,
            clinicId,
            await change(context, { clinicId, mutation, input, also: key.id }, (tx) => work(tx, key)),
          );
    return await payloadOf(context, clinicId, seen);
  } catch (error) {
    if (!(error instanceof DeductionRefused)) throw error;
    return Object.assign(new ApplianceDeductPayload(), {
      lines: error.lines.map((line) => lineOf(line, [])),
      userErrors: userErrors(error),
    });
  }
}

@Resolver()
export class DeductionResolver {
  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description: 'Marks an appliance as placed and deducts its kit or the given lines, once.',
  })
  applianceRecordPlace(
    @Arg('id', () => ID, { description: 'Identifier of the record asked for or changed.' })
    id: string,
    @Arg('input', () => AppliancePlaceInput, { description: 'Data of the change.' })
    input: AppliancePlaceInput,
    @Ctx() context: Context,
  ) {
    const work = (tx: Tx, key: RecordKey) => placeAppliance(tx, key, input);
    return step(context, id, 'id', { mutation: 'applianceRecordPlace', input, work });
  }

  @Scopes(['appliance:update'])
  @Change(() => ApplianceDeductPayload, {
    description: 'Deducts supplies for a placed appliance, all lines or none.',
  })
  applianceInventoryDeduct(
    @Arg('applianceId', () => ID, { description: 'Appliance concerned; it must be placed.' })
    applianceId: string,
    @Arg('input', () => ApplianceDeductInput, { description: 'Data of the change.' })
    input: ApplianceDeductInput,
    @Ctx() context: Context,
  ) {
    const work = (tx: Tx, key: RecordKey) => deductForAppliance(tx, key, input);
    return step(context, applianceId, 'applianceId', { mutation: 'applianceInventoryDeduct', input, work });
  }
}
