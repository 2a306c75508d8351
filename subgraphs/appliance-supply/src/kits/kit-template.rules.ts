import { type Decimal } from 'decimal.js';

/** What a kit takes of an item, and what of it is usable at a place. */
export interface KitStock {
  readonly itemId: string;
  readonly quantity: Decimal;
  readonly available: Decimal;
}

/** Largest number that the API can tell. */
const KITS_MAX = 2_147_483_647;

/** How many whole kits the stock makes, and the items that allow no more; an item in several lines counts with all of them. */
export function kitsFrom(stock: readonly KitStock[]): { kits: number; limitedBy: string[] } {
  const items = new Map<string, KitStock>();
  for (const line of stock) {
    const known = items.get(line.itemId);
    items.set(line.itemId, known ? { ...line, quantity: known.quantity.plus(line.quantity) } : line);
  }
  const counts = [...items.values()].map((item) => ({
    ...item,
    kits: Math.min(KITS_MAX, item.available.div(item.quantity).floor().toNumber()),
  }));
  const kits = counts.length === 0 ? 0 : Math.min(...counts.map((item) => item.kits));
  return { kits, limitedBy: counts.filter((item) => item.kits === kits).map((item) => item.itemId) };
}

/** What decides whether a kit is for an appliance. */
export interface KitUse {
  readonly id: string;
  readonly applianceType: string;
  /** Null is for any system. */
  readonly applianceSystem: string | null;
}

/** Kits that fit an appliance: those made for its system if there are any, else those for any system (SUP-46). */
export function fittingKits<K extends KitUse>(
  kits: readonly K[],
  appliance: { readonly applianceType: string; readonly applianceSystem: string | null },
): readonly K[] {
  const ofType = kits.filter((kit) => kit.applianceType === appliance.applianceType);
  const ofSystem = ofType.filter(
    (kit) => kit.applianceSystem !== null && kit.applianceSystem === appliance.applianceSystem,
  );
  return ofSystem.length > 0 ? ofSystem : ofType.filter((kit) => kit.applianceSystem === null);
}
