import { Decimal, sum, userErrors, type Context, type RecordKey, type Refused } from '@practice-graph/kit';
import { supplyAlerts } from '../alerts/supply-alert.loader';
import { currencyOf } from '../directory/directory.loader';
import { levelsOfItems } from '../lots/supply-stock-level.loader';
import type { UserErrorRow } from '../refusals';
import type { ApplianceUsage } from '../usage/appliance-usage.entity';
import { applianceUsages } from '../usage/appliance-usage.loader';
import { applianceRecords } from './appliance-record.loader';
import type { Deducted, DeductionRefused, KeptLine } from './deduction.service';
import { ApplianceDeductPayload, type DeductLineResult } from './deduction.types';
import { lowAmong, type Rehearsal } from './rehearsal.service';

const isThere = <T>(record: T | null | Error): record is T => record !== null && !(record instanceof Error);

/** The records of a deduction that was made, now or by an earlier request with the same key. */
export async function recorded(context: Context, clinicId: string, kept: Deducted): Promise<Rehearsal> {
  const keys = (ids: readonly string[]): RecordKey[] => ids.map((id) => ({ clinicId, id }));
  const [appliances, usages, alerts, levels] = await Promise.all([
    context.of(applianceRecords).loadMany(keys(kept.applianceIds)),
    context.of(applianceUsages).loadMany(keys(kept.usageIds)),
    context.of(supplyAlerts).loadMany(keys(kept.alertIds)),
    context.of(levelsOfItems).loadMany(keys([...new Set(kept.low.map((at) => at.itemId))])),
  ]);
  return {
    kept,
    appliances: appliances.filter(isThere),
    usages: usages.filter(isThere),
    alerts: alerts.filter(isThere),
    lowStock: lowAmong(levels.filter(isThere).flat(), kept),
  };
}

const lineOf = (line: KeptLine, usages: readonly ApplianceUsage[]): DeductLineResult => ({
  index: line.index,
  usages: usages.filter((usage) => line.usageIds.includes(usage.id)),
  available: line.available === null ? null : new Decimal(line.available),
  skippedLots: line.skipped.map((lot) => ({ ...lot, quantity: new Decimal(lot.quantity) })),
  error: line.error as UserErrorRow | null,
});

/** The answer to a deduction. */
export async function payloadOf(context: Context, clinicId: string, of: Rehearsal): Promise<ApplianceDeductPayload> {
  const costs = of.usages.map((usage) => usage.totalCost);
  const isCosted = costs.every((cost) => cost !== null);
  return Object.assign(new ApplianceDeductPayload(), {
    appliances: [...of.appliances],
    usages: [...of.usages],
    lines: of.kept.lines.map((line) => lineOf(line, of.usages)),
    totalCost: isCosted ? sum(costs) : null,
    currency: of.usages.length > 0 ? await currencyOf(context, clinicId) : null,
    lowStock: [...of.lowStock],
    alerts: [...of.alerts],
  });
}

/** The answer to a deduction that was refused: nothing written, and what each line met. */
export const refusedPayload = (error: DeductionRefused & Refused): ApplianceDeductPayload =>
  Object.assign(new ApplianceDeductPayload(), {
    lines: error.lines.map((line) => lineOf(line, [])),
    userErrors: userErrors(error),
  });
