import { Decimal, findByKeys, newId, reachable, Refused, type Refusal, type Tx } from '@practice-graph/kit';
import { availableQuantity, type SkippedLotReasonName } from '@practice-graph/practice';
import { LINES_MAX } from '../defaults';
import { bucketOf } from '../items/cost-bucket.rules';
import { SupplyItem } from '../items/supply-item.entity';
import { useCost } from '../lots/lot-cost.rules';
import { writeMovements } from '../lots/movement.service';
import { refuse } from '../refusals';
import { writeUsages, type NewUsage } from '../usage/appliance-usage.service';
import type { ApplianceRecord } from './appliance-record.entity';
import type { DeductLineInput } from './appliance-record.inputs';
import { planDeduction, type DeductionLine, type DeductionPlan } from './deduction.rules';
import { lockShelf, type LockedLot } from './shelf.service';

/** Result of a line as it is kept for retries: identifiers and texts. */
export interface KeptLine {
  readonly index: number;
  readonly usageIds: readonly string[];
  readonly available: string | null;
  readonly skipped: readonly { lotNumber: string; reason: SkippedLotReasonName; quantity: string }[];
  readonly error: Refusal | null;
}

/** What is kept of a deduction for retries. */
export interface Deducted {
  readonly applianceId: string;
  readonly locationId: string;
  readonly usageIds: readonly string[];
  readonly lines: readonly KeptLine[];
  /** Items that fell to their reorder point at the place. */
  readonly lowItemIds: readonly string[];
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
  readonly appliance: ApplianceRecord;
  readonly providerId: string;
  readonly usedOn: string;
  /** Current business day of the place. */
  readonly today: string;
  readonly notes: string | null;
  readonly lines: readonly DeductLineInput[];
}

const LOT_CODES = {
  RECALLED: ['LOT_RECALLED', 'is under recall'],
  DAMAGED: ['LOT_DAMAGED', 'is marked as damaged'],
  QUARANTINED: ['LOT_QUARANTINED', 'is held in quarantine'],
  EXPIRED: ['LOT_EXPIRED', 'has passed its last day of use'],
  EXPIRES_TOO_EARLY: ['LOT_EXPIRED', 'expires before it is needed'],
  NOT_YET_RECEIVED: ['LOT_NOT_YET_RECEIVED', 'had not been received on the day of use'],
  RESERVED: ['INSUFFICIENT_STOCK', 'is reserved for someone else'],
} as const;

const pathOf = (index: number, member: string) => ['input', 'lines', String(index), member];

function refusalOf({ line, problem }: DeductionPlan, item: SupplyItem): Refusal | null {
  const no = (code: Parameters<typeof refuse>[0], message: string, member: string) =>
    refuse(code, message, pathOf(line.index, member)).refusals[0] ?? null;
  switch (problem?.kind) {
    case undefined:
      return null;
    case 'LOT': {
      const [code, words] = LOT_CODES[problem.reason];
      return no(code, `Lot ${problem.lotNumber} ${words}.`, 'lotId');
    }
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

/** Checks the form of the lines and names their items. */
async function checkedLines(tx: Tx, clinicId: string, lines: readonly DeductLineInput[]) {
  if (lines.length === 0)
    throw refuse('EMPTY_KIT', 'There are no lines, so nothing would be deducted.', ['input', 'lines']);
  if (lines.length > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `A deduction takes at most ${String(LINES_MAX)} lines.`, ['input', 'lines']);
  const { viewer } = tx.session;
  const keys = lines.map((line) => reachable(viewer, line.itemId ?? ''));
  const wanted = keys.flatMap((key) => (key?.clinicId === clinicId ? [key] : []));
  const items = new Map((await findByKeys(tx, SupplyItem, wanted)).map((item) => [item.id, item]));
  const problems: Refusal[] = [];
  const checked = lines.flatMap((line, index): DeductionLine[] => {
    const no = (code: Parameters<typeof refuse>[0], message: string, member: string) => {
      problems.push(...refuse(code, message, pathOf(index, member)).refusals);
      return [];
    };
    const item = items.get(keys[index]?.id ?? '');
    if (!line.itemId) return no('INVALID', 'Name the item that was used.', 'itemId');
    if (!item) return no('NOT_FOUND', 'There is no such item.', 'itemId');
    if (!line.quantity.gt(0)) return no('BAD_QUANTITY', 'The quantity must be more than zero.', 'quantity');
    if (item.wholeUnitsOnly && !line.quantity.isInteger())
      return no('WHOLE_UNITS_ONLY', `${item.name} is used in whole units only.`, 'quantity');
    if (!line.lotId) return [{ index, itemId: item.id, quantity: line.quantity, lotId: null, hasReason: false }];
    if (!item.lotTracked) return no('INVALID', `${item.name} is not tracked by lot.`, 'lotId');
    const lot = reachable(viewer, line.lotId);
    if (lot?.clinicId !== clinicId) return no('NOT_FOUND', 'There is no such lot.', 'lotId');
    const hasReason = (line.fefoOverrideReason?.trim() ?? '') !== '';
    return [{ index, itemId: item.id, quantity: line.quantity, lotId: lot.id, hasReason }];
  });
  if (problems.length > 0) throw new Refused(problems);
  return { items, checked };
}

const keptLine = (plan: DeductionPlan, usageIds: readonly string[], error: Refusal | null): KeptLine => ({
  index: plan.line.index,
  usageIds,
  available: plan.available.toFixed(),
  skipped: plan.skipped.map(({ lotNumber, reason, quantity }) => ({ lotNumber, reason, quantity: quantity.toFixed() })),
  error,
});

/** Items that were above their reorder point before and are at or below it now (SUP-04). */
function lowItems(
  items: Iterable<SupplyItem>,
  shelf: readonly LockedLot[],
  plans: readonly DeductionPlan[],
  today: string,
) {
  const sum = (of: readonly Decimal[]) => of.reduce((a, b) => a.plus(b), new Decimal(0));
  return [...items].flatMap((item) => {
    const lots = shelf.filter((lot) => lot.itemId === item.id);
    const before = sum(lots.map((lot) => availableQuantity(lot, lot.onHand, lot.reserved, today)));
    const taken = sum(plans.filter((p) => p.line.itemId === item.id).flatMap((p) => p.picks.map((x) => x.quantity)));
    return before.gt(item.reorderPoint) && before.minus(taken).lte(item.reorderPoint) ? [item.id] : [];
  });
}

/**
 * Takes supplies for an appliance from the stock of its place: stock, ledger, uses, slices and presence, or nothing of
 * it. The cost of each use is that of its lot, or the moving average for goods without lots, and stays (SUP-43).
 */
export async function deduct(tx: Tx, clinicId: string, deduction: Deduction): Promise<Deducted> {
  const { appliance, usedOn, today } = deduction;
  const { items, checked } = await checkedLines(tx, clinicId, deduction.lines);
  const shelf = await lockShelf(tx, clinicId, {
    locationIds: [appliance.locationId],
    itemIds: [...items.keys()],
    lotIds: checked.flatMap((line) => line.lotId ?? []),
  });
  const plans = planDeduction(shelf, checked, { day: usedOn });
  const itemOf = (plan: DeductionPlan) => items.get(plan.line.itemId) as SupplyItem;
  const errors = plans.map((plan) => refusalOf(plan, itemOf(plan)));
  if (errors.some((error) => error !== null))
    throw new DeductionRefused(
      errors.flatMap((error) => error ?? []),
      plans.map((plan, i) => keptLine(plan, [], errors[i] ?? null)),
    );

  const lots = new Map(shelf.map((lot) => [lot.lotId, lot]));
  const byLine = plans.map((plan) => plan.picks.map((pick) => usageOf(deduction, plan, pick, itemOf(plan), lots)));
  const usages = byLine.flat();
  const isMoved = await writeMovements(tx, clinicId, usages.map(movementOf));
  if (!isMoved) throw refuse('CONFLICT_RETRY', 'The stock changed meanwhile; send it again.');
  await writeUsages(tx, clinicId, usages);
  return {
    applianceId: appliance.id,
    locationId: appliance.locationId,
    usageIds: usages.map((usage) => usage.id),
    lines: plans.map((plan, i) =>
      keptLine(
        plan,
        (byLine[i] ?? []).map((usage) => usage.id),
        null,
      ),
    ),
    lowItemIds: lowItems(items.values(), shelf, plans, today),
  };
}

function usageOf(
  { appliance, providerId, usedOn, notes, lines }: Deduction,
  plan: DeductionPlan,
  pick: { lotId: string; quantity: Decimal },
  item: SupplyItem,
  lots: ReadonlyMap<string, LockedLot>,
): NewUsage {
  const line = lines[plan.line.index];
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
    site: line?.site?.trim() ?? appliance.site,
    itemId: item.id,
    lotId: pick.lotId,
    category: item.category,
    bucket: bucketOf(item.category),
    fefoOverrideReason: plan.isOverride ? (line?.fefoOverrideReason?.trim() ?? null) : null,
    usedOn,
    quantity: pick.quantity,
    unitCost,
    totalCost: useCost(pick.quantity, unitCost),
    // What replaces a lost or broken appliance is rework as a whole (SUP-67).
    isRework: appliance.replacesId !== null || line?.isRework === true,
    notes,
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
