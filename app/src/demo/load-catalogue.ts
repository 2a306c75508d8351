/** What stands around the stock of supplies: offers of vendors, kits, and what is on order, all read off the rows. */
import { importKits, importOffers, importOrders, sweepStock } from '@practice-graph/appliance-supply';
import { Decimal, stableId } from '@practice-graph/kit';
import { addDays } from '@practice-graph/practice';
import { cents, milli, write, type Target } from './loading';
import type { LotRow, UsageRow } from './rows.types';

/** How much dearer the second vendor of an item is. */
const SECOND_PRICE = new Decimal('1.04');
/** One item in so many has an order under way. */
const ORDER_EVERY = 9;
const ORDER_PACKS = 4;

/** The latest lot of each item: its vendor and price are those of the present offer. */
function latestLots(lots: readonly LotRow[]): LotRow[] {
  const latest = new Map<string, LotRow>();
  for (const lot of lots) if ((latest.get(lot.ofId)?.receivedOn ?? '') <= lot.receivedOn) latest.set(lot.ofId, lot);
  return [...latest.values()];
}

function offersOf({ rows }: Target) {
  const { vendors, supplies } = rows;
  const since = supplies.lots.reduce((day, lot) => (lot.receivedOn < day ? lot.receivedOn : day), '9999-12-31');
  return latestLots(supplies.lots).flatMap((lot, index) => {
    const others = vendors.filter((vendor) => vendor.id !== lot.vendorId);
    const second = others[index % Math.max(1, others.length)];
    const price = cents(lot.packPriceCents);
    const offer = (vendorId: string, packPrice: Decimal, rank: number | null, leadTimeDays: number) => ({
      ...{ id: stableId(`demo offer ${lot.ofId} ${vendorId}`), itemId: lot.ofId, vendorId, packPrice, rank },
      ...{ vendorSku: `${lot.ofId.slice(-6).toUpperCase()}-${String(lot.packSize)}`, leadTimeDays, minimumPacks: 1 },
      ...{ packSize: new Decimal(lot.packSize), validFrom: since, validTo: null },
    });
    return [
      offer(lot.vendorId, price, 1, 3 + (index % 5)),
      ...(second ? [offer(second.id, price.times(SECOND_PRICE).toDecimalPlaces(2), null, 7)] : []),
    ];
  });
}

/** A kit per kind and system: what the most sparing appliance of it took on the day it was placed. */
function kitsOf({ rows: { supplies } }: Target) {
  const byAppliance = new Map<string, UsageRow[]>();
  for (const usage of supplies.usages)
    if (usage.applianceId !== null)
      byAppliance.set(usage.applianceId, [...(byAppliance.get(usage.applianceId) ?? []), usage]);
  const sparing = new Map<string, { units: number; kit: ReturnType<typeof kitOf> }>();
  for (const appliance of supplies.appliances) {
    const name = `${appliance.applianceType} ${appliance.applianceSystem}`.toLowerCase().replaceAll('_', ' ');
    const taken = (byAppliance.get(appliance.id) ?? []).filter((usage) => usage.date === appliance.placedOn);
    const units = taken.reduce((sum, usage) => sum + usage.quantityMilli, 0);
    if (units > 0 && units < (sparing.get(name)?.units ?? Infinity))
      sparing.set(name, { units, kit: kitOf(name, appliance, taken) });
  }
  return [...sparing.values()].map(({ kit }) => kit);
}

function kitOf(name: string, appliance: Target['rows']['supplies']['appliances'][number], taken: readonly UsageRow[]) {
  const quantities = new Map<string, number>();
  for (const { itemId, quantityMilli } of taken) quantities.set(itemId, (quantities.get(itemId) ?? 0) + quantityMilli);
  return {
    ...{ id: stableId(`demo kit ${appliance.clinicId} ${name}`), name },
    ...{ applianceType: appliance.applianceType, applianceSystem: appliance.applianceSystem },
    lines: [...quantities].map(([itemId, quantityMilli]) => ({ itemId, quantity: milli(quantityMilli) })),
  };
}

function ordersOf({ rows: { supplies } }: Target) {
  const last = supplies.usages.reduce((day, usage) => (usage.date > day ? usage.date : day), '');
  const places = new Map(supplies.receipts.map((receipt) => [receipt.lotId, receipt.locationId]));
  return latestLots(supplies.lots).flatMap((lot, index) => {
    const locationId = places.get(lot.id);
    if (index % ORDER_EVERY !== 0 || locationId === undefined) return [];
    return [
      {
        ...{ id: stableId(`demo order ${lot.ofId}`), number: `SO-D${String(index + 1).padStart(4, '0')}` },
        ...{ itemId: lot.ofId, vendorId: lot.vendorId, locationId, ordered: new Decimal(lot.packSize * ORDER_PACKS) },
        ...{ orderedOn: addDays(last, -3 - (index % 4)), expectedOn: addDays(last, 4) },
      },
    ];
  });
}

/** Loads offers, kits and orders of a clinic that keeps supplies. */
export async function loadSupplyCatalogue(target: Target): Promise<void> {
  const { clinic, supplies } = target.rows;
  if (supplies.usages.length === 0) return;
  await write(target, async (tx) => {
    await importOffers(tx, clinic.id, offersOf(target));
    await importKits(tx, clinic.id, kitsOf(target));
    await importOrders(tx, clinic.id, ordersOf(target));
    await sweepStock(tx, clinic.id);
  });
}
