import { findByKey, findByKeys, transact, type Context, type RecordKey, type Tx } from '@practice-graph/kit';
import { readLevels } from '../lots/supply-stock-level.loader';
import type { SupplyStockLevel } from '../lots/supply-stock-level.types';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { ApplianceRecord } from './appliance-record.entity';
import type { Deducted } from './deduction.service';

/** What a deduction would write, as records. */
export interface Rehearsal {
  readonly kept: Deducted;
  readonly appliance: ApplianceRecord | null;
  readonly usages: readonly ApplianceUsage[];
  readonly lowStock: readonly SupplyStockLevel[];
}

/** Ends a transaction that must leave nothing behind, and carries out what was seen in it. */
class Rehearsed extends Error {
  constructor(readonly seen: Rehearsal) {
    super('rehearsed');
  }
}

/** Reads back, in the transaction that wrote them, the records of a deduction. */
async function seenIn(tx: Tx, clinicId: string, kept: Deducted): Promise<Rehearsal> {
  const keys = (ids: readonly string[]): RecordKey[] => ids.map((id) => ({ clinicId, id }));
  const levels = await readLevels(tx, tx.session.viewer, keys(kept.lowItemIds));
  return {
    kept,
    appliance: await findByKey(tx, ApplianceRecord, { clinicId, id: kept.applianceId }),
    usages: await findByKeys(tx, ApplianceUsage, keys(kept.usageIds)),
    lowStock: levels.filter((level) => level.locationId === kept.locationId),
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
