/** Supplies and products of the demonstration: generic names, prices as in the trade. */
import type { Random } from './random';

/** A family of appliance supplies; one item per variant. */
export interface SupplyFamily {
  readonly key: string;
  readonly name: string;
  readonly category: string;
  readonly unit: string;
  readonly wholeUnitsOnly: boolean;
  readonly variants: number;
  readonly packSize: number;
  /** Price of one unit, in cents, from the cheapest to the dearest variant. */
  readonly lowCents: number;
  readonly highCents: number;
  readonly shelfLifeDays: number | null;
}

const family = (
  key: string,
  name: string,
  category: string,
  variants: number,
  [packSize, lowCents, highCents]: readonly [number, number, number],
  shelfLifeDays: number | null = null,
  unit = 'piece',
): SupplyFamily => ({
  ...{ key, name, category, unit, variants, packSize, lowCents, highCents, shelfLifeDays },
  wholeUnitsOnly: unit === 'piece',
});

const YEAR = 365;

export const SUPPLY_FAMILIES: readonly SupplyFamily[] = [
  family('metal', 'Metal bracket', 'BRACKET', 16, [50, 260, 450]),
  family('ceramic', 'Ceramic bracket', 'BRACKET', 12, [20, 600, 1_100]),
  family('ligating', 'Self-ligating bracket', 'BRACKET', 12, [20, 900, 1_400]),
  family('tube', 'Molar tube', 'BAND', 16, [20, 380, 520]),
  family('wire', 'Archwire', 'ARCHWIRE', 30, [10, 150, 900]),
  family('adhesive', 'Light-cure adhesive', 'ADHESIVE', 8, [4, 320, 400], 548, 'gram'),
  family('primer', 'Primer', 'PRIMER', 5, [25, 90, 160], 548),
  family('etch', 'Etch gel', 'ETCH', 5, [25, 110, 190], 548),
  family('elastic', 'Elastics, bag', 'ELASTIC', 20, [50, 120, 240], 3 * YEAR),
  family('chain', 'Power chain, segment', 'POWER_CHAIN', 12, [30, 90, 180], 3 * YEAR),
  family('ligature', 'Ligature set', 'LIGATURE', 12, [40, 60, 140], 3 * YEAR),
  family('retainer', 'Retainer', 'RETAINER', 10, [5, 2_500, 6_000]),
  family('aligner', 'Aligner laboratory case', 'ALIGNER', 6, [1, 90_000, 150_000]),
  family('spring', 'Coil spring', 'SPRING', 6, [20, 180, 420]),
  family('anchor', 'Anchorage device', 'TAD', 3, [5, 4_500, 7_500]),
  family('expander', 'Palatal expander', 'EXPANDER', 3, [1, 9_000, 16_000]),
  family('wax', 'Comfort wax', 'OTHER', 3, [50, 20, 45], 3 * YEAR),
];

/** How many variants of a family a clinic keeps. */
export const kept = (variants: number, share: number): number => Math.max(1, Math.round(variants * share));

/** Price of a variant, evenly spread over its family. */
export const priceOf = (low: number, high: number, variant: number, variants: number): number =>
  Math.round(low + ((high - low) * (variant + 0.5)) / variants);

export interface ProductFamily {
  readonly key: string;
  readonly name: string;
  readonly category: 'NEUROTOXIN' | 'FILLER' | 'SKINCARE' | 'DEVICE' | 'CONSUMABLE' | 'SUPPLEMENT';
  readonly variants: number;
  readonly unitType: string;
  readonly packSize: number;
  readonly lowCents: number;
  readonly highCents: number;
  /** Price to patients over cost; null for what is not sold. */
  readonly markup: number | null;
  readonly shelfLifeDays: number | null;
  readonly labelStabilityHours: number | null;
}

const product = (
  key: string,
  name: string,
  category: ProductFamily['category'],
  variants: number,
  [unitType, packSize, lowCents, highCents]: readonly [string, number, number, number],
  markup: number | null,
  shelfLifeDays: number | null = 700,
  labelStabilityHours: number | null = null,
): ProductFamily => ({
  ...{ key, name, category, variants, unitType, packSize, lowCents, highCents, markup, shelfLifeDays },
  labelStabilityHours,
});

export const PRODUCT_FAMILIES: readonly ProductFamily[] = [
  product('toxinA', 'Neurotoxin A 100U', 'NEUROTOXIN', 1, ['unit', 100, 650, 650], 2.1, 700, 24),
  product('toxinB', 'Neurotoxin B 50U', 'NEUROTOXIN', 1, ['unit', 50, 620, 620], 2.1, 700, 72),
  product('toxinC', 'Neurotoxin C 300U', 'NEUROTOXIN', 1, ['unit', 300, 170, 170], 2.6, 700, 24),
  product('filler', 'Filler 1 mL', 'FILLER', 10, ['syringe', 2, 29_000, 42_000], 2.25),
  product('fillerSmall', 'Filler 0.55 mL', 'FILLER', 4, ['syringe', 2, 21_000, 26_000], 2.2),
  product('needle', 'Needle', 'CONSUMABLE', 14, ['piece', 100, 12, 40], null, 1_400),
  product('gauze', 'Gauze and antiseptic set', 'CONSUMABLE', 14, ['piece', 50, 55, 130], null, 1_000),
  product('cream', 'Numbing cream, portion', 'CONSUMABLE', 8, ['piece', 30, 150, 260], null, 500),
  product('serum', 'Serum', 'SKINCARE', 18, ['piece', 6, 2_200, 5_500], 2),
  product('sunscreen', 'Sunscreen', 'SKINCARE', 12, ['piece', 12, 900, 1_900], 2),
  product('tip', 'Device tip', 'DEVICE', 5, ['piece', 10, 1_800, 4_500], null, null),
  product('capsule', 'Collagen capsules', 'SUPPLEMENT', 6, ['piece', 12, 1_200, 2_600], 1.9, 600),
];

/** Sentence-like name of a variant: brands are letters. */
export const variantName = (name: string, variant: number, variants: number): string =>
  variants === 1 ? name : `${name}, type ${String(variant + 1)}`;

/** A dose of neurotoxin in thousandths of a unit: small, middle, larger and full treatments, in half units. */
export const dose = (random: Random): number =>
  random.weighted([
    [() => 500 * random.int(8, 16), 35],
    [() => 500 * random.int(20, 25), 30],
    [() => 500 * random.int(40, 50), 25],
    [() => 500 * random.int(80, 128), 10],
  ] as const)();
