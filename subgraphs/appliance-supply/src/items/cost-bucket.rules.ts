import type { CostBucket, SupplyCategory } from './supply-category.types';

const BUCKETS: Record<SupplyCategory, CostBucket> = {
  BRACKET: 'BRACKET',
  BAND: 'BRACKET',
  ARCHWIRE: 'WIRE',
  ADHESIVE: 'BONDING',
  PRIMER: 'BONDING',
  ETCH: 'BONDING',
  ELASTIC: 'ELASTIC',
  POWER_CHAIN: 'ELASTIC',
  LIGATURE: 'ELASTIC',
  RETAINER: 'RETAINER',
  SPRING: 'ACCESSORY',
  TAD: 'ACCESSORY',
  EXPANDER: 'ACCESSORY',
  HERBST: 'ACCESSORY',
  MARA: 'ACCESSORY',
  HEADGEAR: 'ACCESSORY',
  FACEMASK: 'ACCESSORY',
  ALIGNER: 'ALIGNER',
  OTHER: 'OTHER',
};

/**
 * True for goods that age on the shelf: bonding materials. A lot of them without a last day of use would never be seen to
 * expire.
 */
export const isPerishable = (category: SupplyCategory): boolean => BUCKETS[category] === 'BONDING';

/** Bucket of the case cost into which supplies of a category fall (SUP-30). */
export const bucketOf = (category: SupplyCategory): CostBucket => BUCKETS[category];
