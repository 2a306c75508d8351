import {
  audit,
  expectVersion,
  findByKey,
  insert,
  newId,
  prepared,
  reachable,
  rows,
  sqlState,
  type Decimal,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, gtin14, holdRecalls } from '@practice-graph/practice';
import { watchRecalls } from '../alerts/recall-watch.service';
import { watchEverywhere } from '../alerts/stock-watch.service';
import { blockLotsOfItem } from '../recalls/recalled-lots.service';
import { refuse } from '../refusals';
import { SupplyItem } from './supply-item.entity';
import type { SupplyItemInput } from './supply-item.inputs';

type ItemValues = Omit<SupplyItem, 'clinicId' | 'id' | 'globalId' | 'bucket' | 'currentUnitCost' | 'version'>;

function text(value: string, member: string): string {
  const trimmed = value.trim();
  if (trimmed === '' || trimmed.length > 200)
    throw refuse('INVALID', `${member} takes 1 to 200 characters.`, ['input', member]);
  return trimmed;
}

function level(value: Decimal, member: string): Decimal {
  if (value.isNegative()) throw refuse('BAD_QUANTITY', `${member} may not be negative.`, ['input', member]);
  return value;
}

/** Members as they shall be after the save: what is left out keeps its value, defaults apply on creation (E-26). */
function valuesOf(input: SupplyItemInput, kept: SupplyItem | null): ItemValues {
  const gtin = input.gtin === undefined ? (kept?.gtin ?? null) : input.gtin;
  if (gtin !== null && gtin14(gtin) === null)
    throw refuse('INVALID', 'A GTIN has 8, 12, 13 or 14 digits, the last of which is the right check digit.', [
      'input',
      'gtin',
    ]);
  const values = {
    sku: text(input.sku, 'sku'),
    gtin,
    name: text(input.name, 'name'),
    category: input.category,
    unit: text(input.unit, 'unit'),
    wholeUnitsOnly: input.wholeUnitsOnly ?? kept?.wholeUnitsOnly ?? true,
    lotTracked: input.lotTracked ?? kept?.lotTracked ?? true,
    reorderPoint: level(input.reorderPoint, 'reorderPoint'),
    maxLevel: level(input.maxLevel, 'maxLevel'),
    active: input.active ?? kept?.active ?? true,
  };
  if (values.maxLevel.lt(values.reorderPoint))
    throw refuse('INVALID', 'The maximum level may not lie below the reorder point.', ['input', 'maxLevel']);
  return values;
}

const duplicate = (error: unknown): never => {
  if (sqlState(error) === '23505') throw refuse('DUPLICATE', 'Another item has this SKU.', ['input', 'sku']);
  throw error;
};

const IN_STOCK = `SELECT EXISTS (SELECT 1 FROM supply_stock WHERE clinic_id = $1 AND item_id = $2 AND on_hand > 0) AS stocked,
  EXISTS (SELECT 1 FROM supply_lot WHERE clinic_id = $1 AND item_id = $2) AS received`;

/** What cannot change while goods are there: how they are counted, and whether they are told apart by lot. */
async function refuseWhileStocked(tx: Tx, kept: SupplyItem, values: ItemValues): Promise<void> {
  const changesUnit = kept.unit !== values.unit || (!kept.wholeUnitsOnly && values.wholeUnitsOnly);
  if (!changesUnit && kept.lotTracked === values.lotTracked) return;
  const [found] = await prepared<{ stocked: boolean; received: boolean }>(tx, IN_STOCK, [kept.clinicId, kept.id]);
  if (changesUnit && found?.stocked)
    throw refuse('IN_USE', 'The unit of an item cannot change while there is stock of it.', ['input', 'unit']);
  if (kept.lotTracked !== values.lotTracked && found?.received)
    throw refuse('IN_USE', 'An item that was received keeps its way of lot tracking.', ['input', 'lotTracked']);
}

/** Creates or changes an item of a clinic. Answers its row id. */
export async function saveSupplyItem(tx: Tx, clinicId: string, input: SupplyItemInput): Promise<{ id: string }> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  if (input.id === null || input.id === undefined) {
    const id = newId();
    const values = valuesOf(input, null);
    await insert(tx, SupplyItem, { clinicId, id, ...values, currentUnitCost: null, version: 1 } as never).catch(
      duplicate,
    );
    await audit(tx, clinicId, { action: 'supply_item.create', entityType: 'SupplyItem', entityId: id });
    return { id };
  }
  // A GTIN that is known only now may be a recalled one.
  if (input.gtin) await holdRecalls(tx, clinicId);
  const key = reachable(tx.session.viewer, input.id);
  const kept = key?.clinicId === clinicId ? await findByKey(tx, SupplyItem, key, { lock: 'UPDATE' }) : null;
  if (!kept) throw refuse('NOT_FOUND', 'There is no such item.', ['input', 'id']);
  expectVersion(kept.version, input.expectedVersion);
  const values = valuesOf(input, kept);
  await refuseWhileStocked(tx, kept, values);
  await rows(
    tx,
    `UPDATE supply_item SET sku = $3, gtin = $4, name = $5, category = $6, unit = $7, whole_units_only = $8,
       lot_tracked = $9, reorder_point = $10, max_level = $11, active = $12, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [
      clinicId,
      kept.id,
      values.sku,
      values.gtin,
      values.name,
      values.category,
      values.unit,
      values.wholeUnitsOnly,
      values.lotTracked,
      values.reorderPoint,
      values.maxLevel,
      values.active,
    ],
  ).catch(duplicate);
  if (input.gtin) await watchRecalls(tx, clinicId, [...(await blockLotsOfItem(tx, clinicId, kept.id)).keys()]);
  await watchEverywhere(tx, clinicId, { itemIds: [kept.id] });
  await audit(tx, clinicId, { action: 'supply_item.change', entityType: 'SupplyItem', entityId: kept.id });
  return { id: kept.id };
}

/** An item as the demo loader gives it. */
export type ImportedItem = Omit<ItemValues, 'gtin' | 'active'> & {
  readonly id: string;
  readonly gtin?: string | null;
  readonly active?: boolean;
};

/** Creates many items of a clinic with one statement, under one audit event. */
export async function importItems(tx: Tx, clinicId: string, items: readonly ImportedItem[]): Promise<void> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  await insert(
    tx,
    SupplyItem,
    items.map((item) => ({ gtin: null, active: true, ...item, clinicId, currentUnitCost: null, version: 1 })) as never,
  );
  await audit(tx, clinicId, { action: 'supply_item.import', entityType: 'SupplyItem', rowCount: items.length });
}
