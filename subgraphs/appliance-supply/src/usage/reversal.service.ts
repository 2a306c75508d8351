import { type Decimal, newId, prepared, type Tx } from '@practice-graph/kit';
import { watchStock } from '../alerts/stock-watch.service';
import { useCost } from '../lots/lot-cost.rules';
import { averageReturned, lockCosts } from '../lots/return-cost.service';
import { writeBooks, type Movement } from '../lots/movement.service';
import { lockShelf } from '../placements/shelf.service';
import { refuse } from '../refusals';
import type { ApplianceUsage } from './appliance-usage.entity';
import type { NewUsage } from './appliance-usage.service';

/** A use that is undone, and how much of its goods came back untouched; the rest is waste (SUP-49). */
export interface Undone {
  readonly usage: ApplianceUsage;
  readonly unused: Decimal;
  readonly path: readonly string[];
}

/**
 * JOIN that gives, for a row `u` that undoes a use, what of the goods was touched and thrown away as `w.touched`: it was
 * on the patient all the same.
 */
export const TOUCHED = `
LEFT JOIN LATERAL (SELECT -sum(t.quantity) AS touched FROM supply_transaction t
  WHERE t.clinic_id = u.clinic_id AND t.usage_id = u.id AND t.type = 'WASTE') w ON u.reverses_id IS NOT NULL`;

const REVERSED = `SELECT reverses_id AS id FROM appliance_usage WHERE clinic_id = $1 AND reverses_id = ANY($2::uuid[])`;

/** Uses among these that were undone before. The caller holds what every writer of their reversals locks. */
export async function reversedAmong(tx: Tx, clinicId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await prepared<{ id: string }>(tx, REVERSED, [clinicId, ids])).map((row) => row.id));
}

const negated = (amount: Decimal | null) => amount?.neg() ?? null;

/** The row that undoes a use: the same facts with opposite signs, on the day of the undoing. */
const counterRow = (usage: ApplianceUsage, day: string, reason: string): NewUsage => ({
  id: newId(),
  applianceId: usage.applianceId,
  applianceType: usage.applianceType,
  applianceSystem: usage.applianceSystem,
  patientId: usage.patientId,
  treatmentPlanId: usage.treatmentPlanId,
  providerId: usage.providerId,
  locationId: usage.locationId,
  site: usage.site,
  itemId: usage.itemId,
  lotId: usage.lotId,
  category: usage.category,
  bucket: usage.bucket,
  fefoOverrideReason: null,
  usedOn: day,
  quantity: usage.quantity.neg(),
  unitCost: usage.unitCost,
  totalCost: negated(usage.totalCost),
  isRework: usage.isRework,
  notes: reason,
  reversesId: usage.id,
});

/** Everything comes back into the books of the lot, and what was touched leaves them again as waste. */
function movementsOf(row: NewUsage, { usage, unused }: Undone, reason: string): Movement[] {
  const common = {
    ...{ itemId: usage.itemId, lotId: usage.lotId, locationId: usage.locationId, unitCost: usage.unitCost },
    ...{ usageId: row.id, reason, businessDate: row.usedOn },
  };
  const back: Movement = {
    ...{ ...common, id: newId(), type: 'USE_REVERSAL', quantity: usage.quantity, totalCost: usage.totalCost },
  };
  const wasted = usage.quantity.minus(unused);
  if (wasted.isZero()) return [back];
  // What stays in stock keeps its cost to the cent; the waste bears the rest.
  const kept = useCost(unused, usage.unitCost);
  const cost = usage.totalCost && kept && usage.totalCost.minus(kept);
  return [back, { ...{ ...common, id: newId(), type: 'WASTE', quantity: wasted.neg(), totalCost: negated(cost) } }];
}

/**
 * Undoes uses on a day, each once: a counter-row per use, the goods back to their lots, touched ones on to waste. Answers
 * the ids of the counter-rows and of the alerts that were raised. The stock of the lots is locked before it is asked whether a use was undone already.
 */
export async function reverseUsages(
  tx: Tx,
  clinicId: string,
  of: { readonly undone: readonly Undone[]; readonly day: string; readonly reason: string },
): Promise<{ usageIds: string[]; alertIds: string[] }> {
  const { undone, day, reason } = of;
  if (undone.length === 0) return { usageIds: [], alertIds: [] };
  const all = <T>(value: (usage: ApplianceUsage) => T) => [...new Set(undone.map((each) => value(each.usage)))];
  await lockCosts(tx, clinicId, { itemIds: all((u) => u.itemId), lotIds: all((u) => u.lotId) });
  await lockShelf(tx, clinicId, {
    ...{ locationIds: all((u) => u.locationId), itemIds: all((u) => u.itemId), lotIds: all((u) => u.lotId) },
  });
  const before = await reversedAmong(
    tx,
    clinicId,
    all((u) => u.id),
  );
  for (const { usage, path } of undone)
    if (before.has(usage.id)) throw refuse('ALREADY_REVERSED', 'The use was undone before.', path);
  const rows = undone.map((each) => ({ each, row: counterRow(each.usage, day, reason) }));
  await averageReturned(
    tx,
    clinicId,
    // At their unit cost and not its rounded product, so that nothing changes where no price did.
    undone.flatMap(({ usage: { itemId, lotId, unitCost }, unused }) =>
      unitCost && unused.gt(0) ? [{ itemId, lotId, quantity: unused, cost: unused.times(unitCost) }] : [],
    ),
  );
  const isMoved = await writeBooks(tx, clinicId, {
    movements: rows.flatMap(({ each, row }) => movementsOf(row, each, reason)),
    usages: rows.map(({ row }) => row),
  });
  if (!isMoved) throw refuse('CONFLICT_RETRY', 'The stock changed meanwhile; send it again.');
  return {
    usageIds: rows.map(({ row }) => row.id),
    alertIds: await watchStock(
      tx,
      clinicId,
      rows.map(({ row }) => row),
    ),
  };
}
