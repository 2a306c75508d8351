import {
  audit,
  type Decimal,
  findByKey,
  newId,
  prepared,
  Refused,
  refuseKit,
  ZERO,
  type Tx,
} from '@practice-graph/kit';
import {
  clinicOf,
  isFefoOverride,
  locationOf,
  lotProblem,
  pickLots,
  splitByLargestRemainder,
  todayAt,
  type Day,
  type LotPick,
  type PassedOverLot,
  type SkippedLotReasonName,
} from '@practice-graph/practice';
import { placeOf, rowOf } from '../directory/reference.service';
import { movementCost } from '../ledger/movement.rules';
import { lotsOnShelf, usableQuantity, type ShelfLot } from '../lots/shelf.service';
import { Product } from '../products/product.entity';
import { refuse } from '../refusals';
import { areasAddUp, areasPerUse } from './treatment-area.rules';
import type { TreatmentUseInput } from './treatment-use.inputs';
import { writeUsages, type NewUsage } from './lot-usage.service';

/** The use was refused for want of stock; tells also what was looked at. */
export class ShortOfStock extends Refused {
  constructor(
    refusal: { code: string; message: string; path: readonly string[] },
    readonly available: Decimal,
    readonly skipped: readonly PassedOverLot[],
  ) {
    super(refusal);
  }
}

/** What a use did, as it is kept for a retry. */
export interface UseKept {
  readonly usageIds: readonly string[];
  readonly transactionIds: readonly string[];
  readonly available: string;
  readonly skipped: readonly { lotNumber: string; reason: SkippedLotReasonName; quantity: string }[];
}

const CLOCK_SKEW_MAX_MS = 5 * 60_000;

const LOT_REFUSALS: Partial<
  Record<SkippedLotReasonName, 'LOT_RECALLED' | 'LOT_DAMAGED' | 'LOT_QUARANTINED' | 'LOT_EXPIRED'>
> = { RECALLED: 'LOT_RECALLED', DAMAGED: 'LOT_DAMAGED', QUARANTINED: 'LOT_QUARANTINED', EXPIRED: 'LOT_EXPIRED' };

interface Chosen {
  readonly picks: readonly LotPick[];
  readonly available: Decimal;
  readonly skipped: readonly PassedOverLot[];
  readonly isOverride: boolean;
}

/** The lot that the caller names, if it may be used and holds enough. */
function namedLot(lots: readonly ShelfLot[], lotId: string, quantity: Decimal, day: Day): Chosen {
  const path = ['input', 'lotId'];
  const lot = lots.find((each) => each.lotId === lotId);
  const problem = lot && lotProblem(lot, { day });
  const code = problem ? LOT_REFUSALS[problem] : undefined;
  const available = lot && !problem ? lot.onHand.minus(lot.reserved) : ZERO;
  const skipped = lot && problem ? [{ lotId, lotNumber: lot.lotNumber, reason: problem, quantity: lot.onHand }] : [];
  if (code)
    throw new ShortOfStock({ code, message: `Lot ${lot?.lotNumber ?? ''} may not be used.`, path }, available, skipped);
  if (!lot || available.lt(quantity))
    throw new ShortOfStock(
      {
        code: 'INSUFFICIENT_STOCK',
        message: `The lot has ${available.toFixed()} at the place, ${quantity.toFixed()} are needed.`,
        path,
      },
      available,
      skipped,
    );
  return { picks: [{ lotId, quantity }], available, skipped, isOverride: isFefoOverride(lot, lots, { day }) };
}

function firstToExpireLots(lots: readonly ShelfLot[], quantity: Decimal, day: Day): Chosen {
  const choice = pickLots(lots, quantity, { day });
  if (!choice.isEnough)
    throw new ShortOfStock(
      {
        code: 'INSUFFICIENT_STOCK',
        message: `${choice.available.toFixed()} can be used at the place, ${quantity.toFixed()} are needed.`,
        path: ['input', 'quantity'],
      },
      choice.available,
      choice.skipped,
    );
  return { picks: choice.picks, available: usableQuantity(lots, day), skipped: choice.skipped, isOverride: false };
}

function checkInput(input: TreatmentUseInput): void {
  if (input.quantity.lte(0)) throw refuse('BAD_QUANTITY', 'A use takes more than nothing.', ['input', 'quantity']);
  if (input.revenue?.isNegative()) throw refuse('BAD_AMOUNT', 'What is billed is not negative.', ['input', 'revenue']);
  const areas = input.areas ?? [];
  const empty = areas.findIndex((area) => area.units.lte(0));
  if (empty >= 0)
    throw refuse('BAD_QUANTITY', 'An area takes more than nothing.', ['input', 'areas', String(empty), 'units']);
  const nameless = areas.findIndex((area) => area.name.trim() === '');
  if (nameless >= 0) throw refuse('INVALID', 'Say which area it is.', ['input', 'areas', String(nameless), 'name']);
  if (!areasAddUp(areas, input.quantity))
    throw refuse('AREAS_MISMATCH', 'The units of the areas do not add up to the quantity.', ['input', 'areas']);
}

async function usableProduct(tx: Tx, clinicId: string, opaque: string): Promise<Product> {
  const path = ['input', 'productId'];
  const product = await findByKey(tx, Product, { clinicId, id: rowOf(clinicId, opaque, path) });
  if (!product) throw refuseKit('NOT_FOUND', 'The product does not exist or is outside your reach.', path);
  if (product.storedStatus === 'PENDING_APPROVAL')
    throw refuse('PRODUCT_NOT_APPROVED', 'The product waits for approval.', path);
  if (!product.trackInventory) throw refuse('INVALID', 'No stock is kept of the product.', path);
  return product;
}

const isSkewed = (clientTime: Date | null | undefined, at: Date): boolean =>
  !!clientTime && Math.abs(clientTime.getTime() - at.getTime()) > CLOCK_SKEW_MAX_MS;

/**
 * Uses a product on a patient, from one named lot or by first-expiry-first-out over several (SPA-120 to SPA-122): one
 * use, one movement per lot. The day is today at the location. Refuses INSUFFICIENT_STOCK with what was passed over, the
 * state of a named lot, AREAS_MISMATCH, BAD_QUANTITY, REASON_REQUIRED for a lot against the order without a reason.
 */
export async function recordTreatmentUse(tx: Tx, clinicId: string, input: TreatmentUseInput): Promise<UseKept> {
  checkInput(input);
  const { viewer, at } = tx.session;
  await clinicOf(tx, clinicId, 'SPA_INVENTORY');
  const locationPath = ['input', 'locationId'];
  const locationId = placeOf(viewer, clinicId, 'locations', input.locationId, locationPath);
  const providerId = placeOf(viewer, clinicId, 'providers', input.providerId, ['input', 'providerId']);
  const patientId = rowOf(clinicId, input.patientId, ['input', 'patientId']);
  const location = await locationOf(tx, { clinicId, id: locationId }, locationPath);
  const product = await usableProduct(tx, clinicId, input.productId);
  const day = todayAt(tx, location);
  const lots = await lotsOnShelf(tx, { clinicId, productId: product.id, locationId }, { lock: true });
  const chosen = input.lotId
    ? namedLot(lots, await lotOfProduct(tx, clinicId, product.id, input.lotId), input.quantity, day)
    : firstToExpireLots(lots, input.quantity, day);
  const reason = input.fefoOverrideReason?.trim() ?? '';
  if (chosen.isOverride && reason === '')
    throw refuse('REASON_REQUIRED', 'Another lot expires earlier; say why this one is taken.', [
      'input',
      'fefoOverrideReason',
    ]);

  const quantities = chosen.picks.map((pick) => pick.quantity);
  const areas = areasPerUse(input.areas ?? [], quantities);
  const revenues = input.revenue ? splitByLargestRemainder(input.revenue, quantities) : [];
  const usages = chosen.picks.map((pick, i): NewUsage => {
    const unitCost = lots.find((lot) => lot.lotId === pick.lotId)?.unitCost ?? ZERO;
    return {
      id: newId(),
      transactionId: newId(),
      productId: product.id,
      lotId: pick.lotId,
      locationId,
      patientId,
      providerId,
      appointmentId: input.appointmentId ?? null,
      chartId: input.chartId ?? null,
      serviceName: input.serviceName ?? null,
      at,
      isClockSkewed: isSkewed(input.clientTime, at),
      quantity: pick.quantity,
      areas: areas[i] ?? [],
      unitCost,
      cost: movementCost(pick.quantity, unitCost),
      revenue: revenues[i] ?? null,
      fefoOverrideReason: chosen.isOverride ? reason : null,
      businessDate: day,
    };
  });
  await writeUsages(tx, clinicId, usages);
  await audit(
    tx,
    clinicId,
    usages.map((usage) => ({
      action: 'usage.record',
      entityType: 'LotUsage',
      entityId: usage.id,
      subjects: [patientId],
    })),
  );
  return {
    usageIds: usages.map((usage) => usage.id),
    transactionIds: usages.map((usage) => usage.transactionId),
    available: chosen.available.toFixed(),
    skipped: chosen.skipped.map((lot) => ({
      lotNumber: lot.lotNumber,
      reason: lot.reason,
      quantity: lot.quantity.toFixed(),
    })),
  };
}

/** Row of a lot of the product; NOT_FOUND for a lot of another product. */
async function lotOfProduct(tx: Tx, clinicId: string, productId: string, opaque: string): Promise<string> {
  const path = ['input', 'lotId'];
  const id = rowOf(clinicId, opaque, path);
  const found = await prepared(tx, 'SELECT 1 FROM inventory_lot WHERE clinic_id = $1 AND id = $2 AND product_id = $3', [
    clinicId,
    id,
    productId,
  ]);
  if (found.length === 0) throw refuseKit('NOT_FOUND', 'The product has no such lot.', path);
  return id;
}
