import { registerEnumType } from 'type-graphql';

export const ClinicKind = {
  ORTHODONTIC: 'ORTHODONTIC',
  HOSPITAL: 'HOSPITAL',
  MEDICAL_SPA: 'MEDICAL_SPA',
} as const;
export type ClinicKind = keyof typeof ClinicKind;
const KINDS = {
  ORTHODONTIC: { description: 'Orthodontic practice whose production is reported by provider and procedure.' },
  HOSPITAL: { description: 'Hospital whose revenue is reported by point of service.' },
  MEDICAL_SPA: { description: 'Practice for cosmetic treatments with injectables and skin care.' },
};
registerEnumType(ClinicKind, {
  name: 'ClinicKind',
  description: 'What a clinic does at most of its places.',
  valuesConfig: KINDS,
});

export const LocationKind = {
  ORTHODONTIC: 'ORTHODONTIC',
  HOSPITAL: 'HOSPITAL',
  MEDICAL_SPA: 'MEDICAL_SPA',
} as const;
export type LocationKind = keyof typeof LocationKind;
registerEnumType(LocationKind, {
  name: 'LocationKind',
  description: 'What is done at a place: a clinic group may run several kinds of places.',
  valuesConfig: KINDS,
});

export const ClinicCapability = {
  PRODUCTION: 'PRODUCTION',
  REVENUE_POINTS: 'REVENUE_POINTS',
  ADJUSTMENTS: 'ADJUSTMENTS',
  APPLIANCE_SUPPLY: 'APPLIANCE_SUPPLY',
  SPA_INVENTORY: 'SPA_INVENTORY',
} as const;
export type ClinicCapability = keyof typeof ClinicCapability;
registerEnumType(ClinicCapability, {
  name: 'ClinicCapability',
  description: 'A domain that can be switched on per clinic.',
  valuesConfig: {
    PRODUCTION: { description: 'Production of procedures, goals and chair hours.' },
    REVENUE_POINTS: { description: 'Revenue by point of service.' },
    ADJUSTMENTS: { description: 'Write-offs, adjustments and approvals.' },
    APPLIANCE_SUPPLY: { description: 'Stock of appliance supplies.' },
    SPA_INVENTORY: { description: 'Stock of the medical spa.' },
  },
});

export const Weekday = {
  MONDAY: 'MONDAY',
  TUESDAY: 'TUESDAY',
  WEDNESDAY: 'WEDNESDAY',
  THURSDAY: 'THURSDAY',
  FRIDAY: 'FRIDAY',
  SATURDAY: 'SATURDAY',
  SUNDAY: 'SUNDAY',
} as const;
export type Weekday = keyof typeof Weekday;
registerEnumType(Weekday, {
  name: 'Weekday',
  description: 'Day of the week.',
  valuesConfig: {
    MONDAY: { description: 'First day of the week.' },
    TUESDAY: { description: 'Second day of the week.' },
    WEDNESDAY: { description: 'Third day of the week.' },
    THURSDAY: { description: 'Fourth day of the week.' },
    FRIDAY: { description: 'Fifth day of the week.' },
    SATURDAY: { description: 'Sixth day of the week.' },
    SUNDAY: { description: 'Last day of the week.' },
  },
});
