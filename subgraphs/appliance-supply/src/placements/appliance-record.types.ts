import { registerEnumType } from 'type-graphql';

export const ApplianceRecordType = {
  BRACKETS: 'BRACKETS',
  BANDS: 'BANDS',
  ALIGNERS: 'ALIGNERS',
  RETAINER_FIXED: 'RETAINER_FIXED',
  RETAINER_REMOVABLE: 'RETAINER_REMOVABLE',
  EXPANDER: 'EXPANDER',
  HERBST: 'HERBST',
  MARA: 'MARA',
  HEADGEAR: 'HEADGEAR',
  FACEMASK: 'FACEMASK',
  TAD: 'TAD',
  ELASTICS: 'ELASTICS',
  SPRING: 'SPRING',
  POWER_CHAIN: 'POWER_CHAIN',
  OTHER: 'OTHER',
} as const;
export type ApplianceRecordType = (typeof ApplianceRecordType)[keyof typeof ApplianceRecordType];
registerEnumType(ApplianceRecordType, {
  name: 'ApplianceRecordType',
  description: 'Kind of appliance.',
  valuesConfig: {
    BRACKETS: { description: 'Bonded brackets.' },
    BANDS: { description: 'Molar bands.' },
    ALIGNERS: { description: 'Aligner series.' },
    RETAINER_FIXED: { description: 'Bonded retainer.' },
    RETAINER_REMOVABLE: { description: 'Retainer the patient takes out.' },
    EXPANDER: { description: 'Palatal expander.' },
    HERBST: { description: 'Herbst appliance that holds the lower jaw forward.' },
    MARA: { description: 'Mandibular anterior repositioning appliance.' },
    HEADGEAR: { description: 'Headgear worn outside the mouth.' },
    FACEMASK: { description: 'Facemask for pulling the upper jaw forward.' },
    TAD: { description: 'Temporary anchorage device.' },
    ELASTICS: { description: 'Elastics the patient wears.' },
    SPRING: { description: 'Coil or other spring between teeth.' },
    POWER_CHAIN: { description: 'Elastic chain over several brackets.' },
    OTHER: { description: 'Anything else, archwires included.' },
  },
});

export const ApplianceStatus = {
  PLANNED: 'PLANNED',
  ORDERED: 'ORDERED',
  RECEIVED: 'RECEIVED',
  PLACED: 'PLACED',
  REMOVED: 'REMOVED',
  CANCELLED: 'CANCELLED',
} as const;
export type ApplianceStatus = (typeof ApplianceStatus)[keyof typeof ApplianceStatus];
registerEnumType(ApplianceStatus, {
  name: 'ApplianceStatus',
  description: 'Where an appliance stands.',
  valuesConfig: {
    PLANNED: { description: 'Planned, not ordered.' },
    ORDERED: { description: 'Ordered; no stock moved.' },
    RECEIVED: { description: 'Received; no stock moved.' },
    PLACED: { description: 'Placed; its supplies are deducted.' },
    REMOVED: { description: 'Taken off.' },
    CANCELLED: { description: 'Given up before it was placed.' },
  },
});
