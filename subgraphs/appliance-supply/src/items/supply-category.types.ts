import { registerEnumType } from 'type-graphql';

export const SupplyCategory = {
  BRACKET: 'BRACKET',
  BAND: 'BAND',
  ARCHWIRE: 'ARCHWIRE',
  ADHESIVE: 'ADHESIVE',
  PRIMER: 'PRIMER',
  ETCH: 'ETCH',
  ELASTIC: 'ELASTIC',
  POWER_CHAIN: 'POWER_CHAIN',
  LIGATURE: 'LIGATURE',
  RETAINER: 'RETAINER',
  SPRING: 'SPRING',
  TAD: 'TAD',
  EXPANDER: 'EXPANDER',
  HERBST: 'HERBST',
  MARA: 'MARA',
  HEADGEAR: 'HEADGEAR',
  FACEMASK: 'FACEMASK',
  ALIGNER: 'ALIGNER',
  OTHER: 'OTHER',
} as const;
export type SupplyCategory = (typeof SupplyCategory)[keyof typeof SupplyCategory];
registerEnumType(SupplyCategory, {
  name: 'SupplyCategory',
  description: 'What a supply is; it decides the bucket of the case cost.',
  valuesConfig: {
    BRACKET: { description: 'Bracket; bracket bucket.' },
    BAND: { description: 'Band or tube; bracket bucket.' },
    ARCHWIRE: { description: 'Archwire; wire bucket.' },
    ADHESIVE: { description: 'Adhesive; bonding bucket.' },
    PRIMER: { description: 'Primer; bonding bucket.' },
    ETCH: { description: 'Etch gel; bonding bucket.' },
    ELASTIC: { description: 'Elastic; elastic bucket.' },
    POWER_CHAIN: { description: 'Power chain; elastic bucket.' },
    LIGATURE: { description: 'Ligature; elastic bucket.' },
    RETAINER: { description: 'Retainer or its material; retainer bucket.' },
    SPRING: { description: 'Spring; accessory bucket.' },
    TAD: { description: 'Temporary anchorage device; accessory bucket.' },
    EXPANDER: { description: 'Expander; accessory bucket.' },
    HERBST: { description: 'Herbst appliance; accessory bucket.' },
    MARA: { description: 'MARA appliance; accessory bucket.' },
    HEADGEAR: { description: 'Headgear; accessory bucket.' },
    FACEMASK: { description: 'Facemask; accessory bucket.' },
    ALIGNER: { description: 'Aligner or aligner laboratory case; aligner bucket.' },
    OTHER: { description: 'Anything else; other bucket.' },
  },
});

export const CostBucket = {
  BRACKET: 'BRACKET',
  WIRE: 'WIRE',
  BONDING: 'BONDING',
  ELASTIC: 'ELASTIC',
  ACCESSORY: 'ACCESSORY',
  RETAINER: 'RETAINER',
  ALIGNER: 'ALIGNER',
  OTHER: 'OTHER',
} as const;
export type CostBucket = (typeof CostBucket)[keyof typeof CostBucket];
registerEnumType(CostBucket, {
  name: 'CostBucket',
  description: 'Bucket of the supply cost of a case.',
  valuesConfig: {
    BRACKET: { description: 'Brackets, bands and tubes.' },
    WIRE: { description: 'Archwires.' },
    BONDING: { description: 'Adhesive, primer and etch.' },
    ELASTIC: { description: 'Elastics, chains and ligatures.' },
    ACCESSORY: { description: 'Springs, anchorage devices, expanders, functional and extraoral appliances.' },
    RETAINER: { description: 'Retainers.' },
    ALIGNER: { description: 'Aligners.' },
    OTHER: { description: 'Anything else.' },
  },
});
