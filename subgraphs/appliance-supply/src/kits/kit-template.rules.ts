import { type Decimal } from 'decimal.js';

/** What a kit takes of an item, and what of it is usable at a place. */
export interface KitStock {
  readonly itemId: string;
  readonly quantity: Decimal;
  readonly available: Decimal;
}

/** How many whole kits the stock makes, and the items that allow no more. */
export function kitsFrom(stock: readonly KitStock[]): { kits: number; limitedBy: string[] } {
  const counts = stock.map((line) => ({ ...line, kits: line.available.div(line.quantity).floor().toNumber() }));
  const kits = counts.length === 0 ? 0 : Math.min(...counts.map((line) => line.kits));
  return { kits, limitedBy: counts.filter((line) => line.kits === kits).map((line) => line.itemId) };
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
