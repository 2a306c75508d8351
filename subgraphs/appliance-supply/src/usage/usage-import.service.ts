import { audit, type Decimal, findByKeys, insert, newId, type Tx } from '@practice-graph/kit';
import { clinicOf, pickLots, type LotPick } from '@practice-graph/practice';
import { bucketOf } from '../items/cost-bucket.rules';
import { SupplyItem } from '../items/supply-item.entity';
import { useCost } from '../lots/lot-cost.rules';
import { writeBooks } from '../lots/movement.service';
import { ApplianceRecord } from '../placements/appliance-record.entity';
import type { ApplianceRecordType, ApplianceStatus } from '../placements/appliance-record.types';
import { movementOf } from '../placements/deduction.service';
import { lockShelf, type LockedLot } from '../placements/shelf.service';
import type { NewUsage } from './appliance-usage.service';

/** An appliance as the demo loader gives it. */
export interface ImportedAppliance {
  readonly id: string;
  readonly externalId?: string | null;
  readonly applianceType: ApplianceRecordType;
  readonly applianceSystem: string | null;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly providerId: string | null;
  readonly locationId: string;
  readonly site?: string | null;
  readonly status: ApplianceStatus;
  readonly orderedOn?: string | null;
  readonly placedOn?: string | null;
  readonly removedOn?: string | null;
  readonly replacesId?: string | null;
}

const BATCH = 3_000;

const batches = <T>(rows: readonly T[]): (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, i) => rows.slice(i * BATCH, (i + 1) * BATCH));

/** Creates many appliances of a clinic, under one audit event; no stock moves. */
export async function importAppliances(
  tx: Tx,
  clinicId: string,
  appliances: readonly ImportedAppliance[],
): Promise<void> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  for (const batch of batches(appliances))
    await insert(
      tx,
      ApplianceRecord,
      batch.map((appliance) => ({
        externalId: null,
        site: null,
        orderedOn: null,
        placedOn: null,
        removedOn: null,
        replacesId: null,
        ...appliance,
        clinicId,
        createdAt: tx.session.at,
        version: 1,
      })) as never,
    );
  await audit(tx, clinicId, {
    action: 'appliance.import',
    entityType: 'ApplianceRecord',
    rowCount: appliances.length,
  });
}

/** A use as the demo loader gives it; without a lot it takes first-expiry-first-out among those there on the day. */
export interface ImportedUsage {
  /** Row id; with a split over several lots the first row has it. */
  readonly id?: string;
  readonly applianceId: string | null;
  readonly applianceType: ApplianceRecordType;
  readonly applianceSystem: string | null;
  readonly patientId: string;
  readonly treatmentPlanId: string | null;
  readonly providerId: string | null;
  readonly locationId: string;
  readonly site?: string | null;
  readonly itemId: string;
  readonly lotId?: string | null;
  readonly usedOn: string;
  readonly quantity: Decimal;
  readonly isRework?: boolean;
  readonly notes?: string | null;
}

type Shelves = Map<string, LockedLot[]>;
const place = (itemId: string, locationId: string) => `${itemId}/${locationId}`;

/** What an imported use takes, and the shelf after it. Throws when stock does not suffice: the import is at fault. */
function taken(usage: ImportedUsage, shelves: Shelves): readonly (LotPick & { lot: LockedLot })[] {
  const key = place(usage.itemId, usage.locationId);
  const shelf = shelves.get(key) ?? [];
  const { lotId } = usage;
  const picks = ((): readonly LotPick[] => {
    if (lotId) return [{ lotId, quantity: usage.quantity }];
    const choice = pickLots(shelf, usage.quantity, { day: usage.usedOn });
    if (choice.isEnough) return choice.picks;
    throw new Error(
      `import: ${usage.quantity.toFixed()} of item ${usage.itemId} on ${usage.usedOn}, only ${choice.available.toFixed()} usable`,
    );
  })();
  return picks.map((pick) => {
    const index = shelf.findIndex((lot) => lot.lotId === pick.lotId);
    const lot = shelf[index];
    if (!lot || lot.onHand.lt(pick.quantity))
      throw new Error(`import: lot ${pick.lotId} does not hold ${pick.quantity.toFixed()} on ${usage.usedOn}`);
    const left = { ...lot, onHand: lot.onHand.minus(pick.quantity) };
    // Empty lots leave the shelf, so that the search stays short over years of lots.
    shelf.splice(index, 1, ...(left.onHand.gt(0) ? [left] : []));
    return { ...pick, lot };
  });
}

function rowsOf(usage: ImportedUsage, item: SupplyItem, shelves: Shelves): NewUsage[] {
  return taken(usage, shelves).map(({ lotId, quantity, lot }, index) => {
    const unitCost = item.lotTracked ? lot.unitCost : item.currentUnitCost;
    return {
      id: index === 0 && usage.id !== undefined ? usage.id : newId(),
      applianceId: usage.applianceId,
      applianceType: usage.applianceType,
      applianceSystem: usage.applianceSystem,
      patientId: usage.patientId,
      treatmentPlanId: usage.treatmentPlanId,
      providerId: usage.providerId,
      locationId: usage.locationId,
      site: usage.site ?? null,
      itemId: item.id,
      lotId,
      category: item.category,
      bucket: bucketOf(item.category),
      fefoOverrideReason: null,
      usedOn: usage.usedOn,
      quantity,
      unitCost,
      totalCost: useCost(quantity, unitCost),
      isRework: usage.isRework ?? false,
      notes: usage.notes ?? null,
      reversesId: null,
    };
  });
}

/**
 * Writes many uses of a clinic in the order given, one statement per batch: stock, ledger, uses, slices and presence. One audit event for all. Answers the number of rows, which is larger where a use was split over lots.
 */
export async function importUsages(tx: Tx, clinicId: string, usages: readonly ImportedUsage[]): Promise<number> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const itemIds = [...new Set(usages.map((usage) => usage.itemId))];
  const found = await findByKeys(
    tx,
    SupplyItem,
    itemIds.map((id) => ({ clinicId, id })),
  );
  const items = new Map(found.map((item) => [item.id, item]));
  const shelf = await lockShelf(tx, clinicId, {
    locationIds: [...new Set(usages.map((usage) => usage.locationId))],
    itemIds,
    lotIds: [],
  });
  const shelves: Shelves = new Map();
  for (const lot of shelf) {
    const key = place(lot.itemId, lot.locationId);
    shelves.set(key, [...(shelves.get(key) ?? []), lot]);
  }
  const write = async (rows: readonly NewUsage[]): Promise<void> => {
    const isMoved = await writeBooks(tx, clinicId, { movements: rows.map(movementOf), usages: rows });
    if (!isMoved) throw new Error('import: stock would be negative');
  };
  let written = 0;
  let writing = Promise.resolve();
  for (const batch of batches(usages)) {
    // Lots are chosen while the batch before is being written.
    const rows = batch.flatMap((usage) => {
      const item = items.get(usage.itemId);
      if (!item) throw new Error(`import: item ${usage.itemId} is not known`);
      return rowsOf(usage, item, shelves);
    });
    await writing;
    writing = write(rows);
    // A failure is thrown where it is awaited, also when the choice of lots fails before.
    writing.catch(() => undefined);
    written += rows.length;
  }
  await writing;
  await audit(tx, clinicId, { action: 'appliance_usage.import', entityType: 'ApplianceUsage', rowCount: written });
  return written;
}
