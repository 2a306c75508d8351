import { registerEnumType } from 'type-graphql';

export const ProductionCategory = {
  CONSULTATION: 'CONSULTATION',
  RECORDS: 'RECORDS',
  TREATMENT_START: 'TREATMENT_START',
  ADJUSTMENT: 'ADJUSTMENT',
  DEBOND: 'DEBOND',
  RETENTION: 'RETENTION',
  EMERGENCY: 'EMERGENCY',
  OTHER: 'OTHER',
} as const;
export type ProductionCategory = keyof typeof ProductionCategory;
registerEnumType(ProductionCategory, {
  name: 'ProductionCategory',
  description: 'Orthodontic category of a procedure.',
  valuesConfig: {
    CONSULTATION: { description: 'First talk and examination.' },
    RECORDS: { description: 'Photos, scans and models.' },
    TREATMENT_START: { description: 'Start of active treatment (bonding).' },
    ADJUSTMENT: { description: 'Adjustment visit during treatment. Not a financial adjustment.' },
    DEBOND: { description: 'Removal of the appliance at the end.' },
    RETENTION: { description: 'Retainers and checks after treatment.' },
    EMERGENCY: { description: 'Unplanned visit, such as a loose bracket.' },
    OTHER: { description: 'Anything else.' },
  },
});

export const ProductionStatus = {
  PENDING: 'PENDING',
  POSTED: 'POSTED',
  PARTIALLY_COLLECTED: 'PARTIALLY_COLLECTED',
  COLLECTED: 'COLLECTED',
  VOIDED: 'VOIDED',
  REVERSED: 'REVERSED',
} as const;
export type ProductionStatus = keyof typeof ProductionStatus;
registerEnumType(ProductionStatus, {
  name: 'ProductionStatus',
  description: 'Where a production entry stands; only POSTED and later count in totals.',
  valuesConfig: {
    PENDING: { description: 'Recorded, not yet counted unless a filter includes it.' },
    POSTED: { description: 'Counted, nothing paid.' },
    PARTIALLY_COLLECTED: { description: 'Counted, partly paid.' },
    COLLECTED: { description: 'Counted and fully paid.' },
    VOIDED: { description: 'Dropped while pending; never counted.' },
    REVERSED: { description: 'Undone by a reversal; both count and cancel out.' },
  },
});

export const ReversalDateBasis = {
  POSTED_DATE: 'POSTED_DATE',
  ORIGINAL_DATE: 'ORIGINAL_DATE',
} as const;
export type ReversalDateBasis = keyof typeof ReversalDateBasis;
registerEnumType(ReversalDateBasis, {
  name: 'ReversalDateBasis',
  description: 'Day on which a reversal counts.',
  valuesConfig: {
    POSTED_DATE: { description: 'The day of the reversal, or the first open day after a closed period.' },
    ORIGINAL_DATE: { description: 'The day of the original, while its period is open.' },
  },
});

export const ProductionOrderField = {
  PRODUCTION_DATE: 'PRODUCTION_DATE',
  GROSS: 'GROSS',
  NET: 'NET',
  OUTSTANDING: 'OUTSTANDING',
} as const;
export type ProductionOrderField = keyof typeof ProductionOrderField;
registerEnumType(ProductionOrderField, {
  name: 'ProductionOrderField',
  description: 'Columns by which production entries can be ordered.',
  valuesConfig: {
    PRODUCTION_DATE: { description: 'Business day.' },
    GROSS: { description: 'Amount before adjustments.' },
    NET: { description: 'Amount after adjustments.' },
    OUTSTANDING: { description: 'Amount still to be paid.' },
  },
});

export const ProductionAttribution = {
  ENTRY_PROVIDER: 'ENTRY_PROVIDER',
  SPLIT: 'SPLIT',
} as const;
export type ProductionAttribution = keyof typeof ProductionAttribution;
registerEnumType(ProductionAttribution, {
  name: 'ProductionAttribution',
  description: 'Whom production is credited to.',
  valuesConfig: {
    ENTRY_PROVIDER: { description: 'The provider of the entry takes all.' },
    SPLIT: { description: 'Each provider takes the split of the entry; the total is the same.' },
  },
});
