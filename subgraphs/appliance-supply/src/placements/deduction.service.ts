import { Decimal, newId, Refused, type Refusal, type Tx } from '@practice-graph/kit';
import { availableQuantity, type SkippedLotReasonName } from '@practice-graph/practice';
import { watchStock, type ItemAtPlace } from '../alerts/stock-watch.service';
import { bucketOf } from '../items/cost-bucket.rules';
import { useCost } from '../lots/lot-cost.rules';
import { writeBooks } from '../lots/movement.service';
import { lotRefusal, refuse } from '../refusals';
import type { NewUsage } from '../usage/appliance-usage.service';
import { checkCount, checkedLines, type CheckedLine, type DeductionEntry } from './deduction-line.service';
import { planDeduction, type DeductionPlan } from './deduction.rules';
import { lockShelf, type LockedLot } from './shelf.service';

/** Result of a line as it is kept for retries: identifiers and texts. */
export interface KeptLine {
  readonly index: number;
  readonly usageIds: readonly string[];
  readonly available: string | null;
  readonly skipped: readonly { lotNumber: string; reason: SkippedLotReasonName; quantity: string }[];
  readonly error: Refusal | null;
}

/** What is kept of a deduction, or of its undoing, for retries. */
export interface Deducted {
  readonly applianceIds: readonly string[];
  readonly usageIds: readonly string[];
  readonly lines: readonly KeptLine[];
  /** Stock that fell to its reorder point. */
  readonly low: readonly ItemAtPlace[];
  /** Alerts that were raised. */
  readonly alertIds: readonly string[];
}

/** A deduction that is refused still tells what each line met. */
export class DeductionRefused extends Refused {
  constructor(
    refusals: readonly Refusal[],
    readonly lines: readonly KeptLine[],
  ) {
    super(refusals);
    this.name = 'DeductionRefused';
  }
}

/** What is deducted, for whom and when. */
export interface Deduction {
  readonly entries: readonly DeductionEntry[];
  readonly providerId: string;
  readonly usedOn: string;
  readonly notes: string | null;
  /** True writes the lines that can be written although others are refused. */
  readonly isPartial: boolean;
}

/** Why a planned line cannot be written; null when it can. */
function refusalOf({ problem }: DeductionPlan, { asked, item }: CheckedLine): Refusal | null {
  const no = (code: Parameters<typeof refuse>[0], message: string, member: string) =>
    refuse(code, message, asked.path(member)).refusals[0] ?? null;
  switch (problem?.kind) {
    case undefined:
      return null;
    case 'LOT':
      return lotRefusal(problem, asked.path('lotId')).refusals[0] ?? null;
    case 'UNKNOWN_LOT':
      return no('NOT_FOUND', `There is no such lot of ${item.name} at this location.`, 'lotId');
    case 'OVERRIDE_WITHOUT_REASON':
      return no('REASON_REQUIRED', 'Another lot expires earlier; say why this one is used.', 'fefoOverrideReason');
    case 'NOT_YET_RECEIVED':
      return no('LOT_NOT_YET_RECEIVED', `${item.name} had not been received on the day of use.`, 'quantity');
    case 'SHORT':
      return no(
        'INSUFFICIENT_STOCK',
        `${item.name}: ${problem.requested.toFixed()} ${item.unit} requested, ${problem.available.toFixed()} available.`,
        'quantity',
      );
  }
}

interface PlannedLine {
  readonly checked: CheckedLine;
  readonly plan: DeductionPlan;
  readonly error: Refusal | null;
  readonly usages: readonly NewUsage[];
}

const keptLine = ({ checked, plan, error, usages }: PlannedLine): KeptLine => ({
  index: checked.asked.index,
  usageIds: usages.map((usage) => usage.id),
  available: plan.available.toFixed(),
  skipped: plan.skipped.map(({ lotNumber, reason, quantity }) => ({ lotNumber, reason, quantity: quantity.toFixed() })),
  error,
});

const keptRefusal = (index: number, error: Refusal): KeptLine => ({
  ...{ index, usageIds: [], available: null, skipped: [] },
  error,
});

const groupedBy = <T>(list: readonly T[], keyOf: (each: T) => string): readonly (readonly T[])[] => {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return [...groups.values()];
};

const total = (of: readonly Decimal[]) => of.reduce((a, b) => a.plus(b), new Decimal(0));

/** Stock that was above its reorder point before and is at or below it now (SUP-04). */
function fellLow(shelf: readonly LockedLot[], written: readonly PlannedLine[]): ItemAtPlace[] {
  const groups = groupedBy(written, ({ checked }) => `${checked.item.id}/${checked.appliance.locationId}`);
  return groups.flatMap((lines): ItemAtPlace[] => {
    const [first] = lines;
    if (!first) return [];
    const { item, appliance, today } = first.checked;
    const lots = shelf.filter((lot) => lot.itemId === item.id && lot.locationId === appliance.locationId);
    const before = total(lots.map((lot) => availableQuantity(lot, lot.onHand, lot.reserved, today)));
    const taken = total(lines.flatMap(({ usages }) => usages.map((usage) => usage.quantity)));
    const fell = before.gt(item.reorderPoint) && before.minus(taken).lte(item.reorderPoint);
    return fell ? [{ itemId: item.id, locationId: appliance.locationId }] : [];
  });
}

/**
 * Takes supplies for appliances from the stock of their places: stock, ledger, uses, slices and presence, or nothing of
 * it; a partial deduction leaves out the lines that are refused. Lines of the same item at one place are checked on their
 * sum. The cost of each use is that of its lot, or the moving average for goods without lots, and stays (SUP-43).
 */
export async function deduct(tx: Tx, clinicId: string, deduction: Deduction): Promise<Deducted> {
  const { entries, isPartial } = deduction;
  checkCount(entries);
  const { lines, refused } = await checkedLines(tx, clinicId, entries);
  const early = [...refused].map(([index, error]) => keptRefusal(index, error));
  if (early.length > 0 && (!isPartial || lines.length === 0)) throw refusedWith(early);
  const shelf = await lockShelf(tx, clinicId, {
    locationIds: [...new Set(lines.map((checked) => checked.appliance.locationId))],
    itemIds: [...new Set(lines.map((checked) => checked.item.id))],
    lotIds: lines.flatMap(({ line }) => line.lotId ?? []),
  });
  const planned = groupedBy(lines, (checked) => checked.appliance.locationId).flatMap((atPlace) =>
    plannedAt(shelf, atPlace, deduction),
  );
  const kept = [...early, ...planned.map(keptLine)].sort((a, b) => a.index - b.index);
  const written = planned.filter((line) => line.error === null);
  if (written.length === 0 || (!isPartial && written.length < planned.length))
    throw refusedWith(kept.map((line) => ({ ...line, usageIds: [] })));
  const usages = written.flatMap((line) => line.usages);
  const isMoved = await writeBooks(tx, clinicId, { movements: usages.map(movementOf), usages });
  if (!isMoved) throw refuse('CONFLICT_RETRY', 'The stock changed meanwhile; send it again.');
  return {
    applianceIds: [...new Set(written.map(({ checked }) => checked.appliance.id))],
    usageIds: usages.map((usage) => usage.id),
    lines: kept,
    low: fellLow(shelf, written),
    alertIds: await watchStock(tx, clinicId, usages),
  };
}

const refusedWith = (lines: readonly KeptLine[]) =>
  new DeductionRefused(
    lines.flatMap((line) => line.error ?? []),
    lines,
  );

/** Plans the lines at one place, and the uses that they lead to. */
function plannedAt(shelf: readonly LockedLot[], lines: readonly CheckedLine[], deduction: Deduction): PlannedLine[] {
  const locationId = lines[0]?.appliance.locationId;
  const here = shelf.filter((lot) => lot.locationId === locationId);
  const lots = new Map(here.map((lot) => [lot.lotId, lot]));
  const plans = planDeduction(
    here,
    lines.map((checked) => checked.line),
    { day: deduction.usedOn },
  );
  return plans.map((plan, i) => {
    const checked = lines[i] as CheckedLine;
    const usages = plan.picks.map((pick) => usageOf(deduction, plan, checked, pick, lots));
    return { checked, plan, error: refusalOf(plan, checked), usages };
  });
}

function usageOf(
  { providerId, usedOn, notes }: Deduction,
  plan: DeductionPlan,
  { asked, appliance, item }: CheckedLine,
  pick: { lotId: string; quantity: Decimal },
  lots: ReadonlyMap<string, LockedLot>,
): NewUsage {
  const { input } = asked;
  const unitCost = item.lotTracked ? (lots.get(pick.lotId)?.unitCost ?? null) : item.currentUnitCost;
  return {
    id: newId(),
    applianceId: appliance.id,
    applianceType: appliance.applianceType,
    applianceSystem: appliance.applianceSystem,
    patientId: appliance.patientId,
    treatmentPlanId: appliance.treatmentPlanId,
    providerId,
    locationId: appliance.locationId,
    site: input.site?.trim() || appliance.site,
    itemId: item.id,
    lotId: pick.lotId,
    category: item.category,
    bucket: bucketOf(item.category),
    fefoOverrideReason: plan.isOverride ? (input.fefoOverrideReason?.trim() ?? null) : null,
    usedOn,
    quantity: pick.quantity,
    unitCost,
    totalCost: useCost(pick.quantity, unitCost),
    // What replaces a lost or broken appliance is rework as a whole (SUP-67).
    isRework: appliance.replacesId !== null || input.isRework === true,
    notes,
    reversesId: null,
  };
}

/** The movement of stock that belongs to a use. */
export const movementOf = (usage: NewUsage) => ({
  id: newId(),
  type: 'USE' as const,
  itemId: usage.itemId,
  lotId: usage.lotId,
  locationId: usage.locationId,
  quantity: usage.quantity.neg(),
  unitCost: usage.unitCost,
  totalCost: usage.totalCost?.neg() ?? null,
  usageId: usage.id,
  reason: null,
  businessDate: usage.usedOn,
});
