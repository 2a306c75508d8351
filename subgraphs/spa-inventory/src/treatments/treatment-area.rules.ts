import { Decimal } from 'decimal.js';

/** An area as kept with a use; units are text. */
export interface StoredArea {
  readonly name: string;
  readonly units: string;
}

export interface Area {
  readonly name: string;
  readonly units: Decimal;
}

/** True when the units of the areas add up to the quantity; no areas at all are fine (SPA-28). */
export const areasAddUp = (areas: readonly Area[], quantity: Decimal): boolean =>
  areas.length === 0 || areas.reduce((sum, area) => sum.plus(area.units), new Decimal(0)).eq(quantity);

/**
 * Gives the areas of one treatment to its uses, one use per lot, in order: each use gets areas whose units add up to its
 * quantity, and an area that does not fit into what is left of a lot is continued in the next one.
 */
export function areasPerUse(areas: readonly Area[], quantities: readonly Decimal[]): StoredArea[][] {
  const waiting = areas.map((area) => ({ ...area }));
  return quantities.map((quantity) => {
    const part: StoredArea[] = [];
    let missing = quantity;
    while (waiting.length > 0 && missing.gt(0)) {
      const [area] = waiting as [Area];
      const units = Decimal.min(area.units, missing);
      part.push({ name: area.name, units: units.toFixed() });
      missing = missing.minus(units);
      if (units.eq(area.units)) waiting.shift();
      else waiting[0] = { name: area.name, units: area.units.minus(units) };
    }
    return part;
  });
}
