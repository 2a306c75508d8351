import { findByKeys, transact, type Context, type RecordKey, type Tx } from '@practice-graph/kit';
import { SupplyAlert } from '../alerts/supply-alert.entity';
import { readLevels } from '../lots/supply-stock-level.loader';
import type { SupplyStockLevel } from '../lots/supply-stock-level.types';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { ApplianceRecord } from './appliance-record.entity';
import type { Deducted } from './deduction.service';

/** What a deduction would write, as records. */
export interface Rehearsal {
  readonly kept: Deducted;
  readonly appliances: readonly ApplianceRecord[];
  readonly usages: readonly ApplianceUsage[];
  readonly lowStock: readonly SupplyStockLevel[];
  readonly alerts: readonly SupplyAlert[];
}

/** Ends a transaction that must leave nothing behind, and carries out what was seen in it. */
class Rehearsed extends Error {
  constructor(readonly seen: Rehearsal) {
    super('rehearsed');
  }
}

/** The levels of the stock that fell to its reorder point. */
export const lowAmong = (levels: readonly SupplyStockLevel[], { low }: Deducted): SupplyStockLevel[] =>
  levels.filter((level) => low.some((at) => at.itemId === level.itemId && at.locationId === level.locationId));

/** Records in the order of their ids as kept. */
export const inOrder = <R extends { readonly id: string }>(records: readonly R[], ids: readonly string[]): R[] =>
  ids.flatMap((id) => records.find((record) => record.id === id) ?? []);

/** Reads back, in the transaction that wrote them, the records of a deduction. */
async function seenIn(tx: Tx, clinicId: string, kept: Deducted): Promise<Rehearsal> {
  const keys = (ids: readonly string[]): RecordKey[] => ids.map((id) => ({ clinicId, id }));
  const items = [...new Set(kept.low.map((at) => at.itemId))];
  return {
    kept,
    appliances: inOrder(await findByKeys(tx, ApplianceRecord, keys(kept.applianceIds)), kept.applianceIds),
    usages: inOrder(await findByKeys(tx, ApplianceUsage, keys(kept.usageIds)), kept.usageIds),
    alerts: inOrder(await findByKeys(tx, SupplyAlert, keys(kept.alertIds)), kept.alertIds),
    lowStock: lowAmong(await readLevels(tx, tx.session.viewer, keys(items)), kept),
  };
}

/** Runs a deduction through all of its rules and statements and rolls it back: nothing is written, no key is kept. */
export async function rehearse(
  context: Context,
  clinicId: string,
  work: (tx: Tx) => Promise<Deducted>,
): Promise<Rehearsal> {
  try {
    return await transact(context.database, context.viewer, clinicId, async (tx): Promise<Rehearsal> => {
      throw new Rehearsed(await seenIn(tx, clinicId, await work(tx)));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.seen;
    throw error;
  }
}
