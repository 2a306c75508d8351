import { registerEnumType } from 'type-graphql';

export const TreatmentPhase = {
  PHASE_1: 'PHASE_1',
  PHASE_2: 'PHASE_2',
  COMPREHENSIVE: 'COMPREHENSIVE',
  LIMITED: 'LIMITED',
  RETENTION: 'RETENTION',
} as const;
export type TreatmentPhase = keyof typeof TreatmentPhase;
registerEnumType(TreatmentPhase, {
  name: 'TreatmentPhase',
  description: 'Kind of orthodontic treatment.',
  valuesConfig: {
    PHASE_1: { description: 'Early, interceptive treatment.' },
    PHASE_2: { description: 'Second part after an early treatment.' },
    COMPREHENSIVE: { description: 'Full treatment in one go.' },
    LIMITED: { description: 'Treatment of a few teeth.' },
    RETENTION: { description: 'Holding the result.' },
  },
});

export const TreatmentPlanStatus = {
  PROPOSED: 'PROPOSED',
  ACTIVE: 'ACTIVE',
  COMPLETED: 'COMPLETED',
  DISCONTINUED: 'DISCONTINUED',
  TRANSFERRED_OUT: 'TRANSFERRED_OUT',
} as const;
export type TreatmentPlanStatus = keyof typeof TreatmentPlanStatus;
registerEnumType(TreatmentPlanStatus, {
  name: 'TreatmentPlanStatus',
  description: 'Where a case stands.',
  valuesConfig: {
    PROPOSED: { description: 'Offered or accepted, not started.' },
    ACTIVE: { description: 'Started and running.' },
    COMPLETED: { description: 'Debonded as planned.' },
    DISCONTINUED: { description: 'Ended early.' },
    TRANSFERRED_OUT: { description: 'Continued at another practice; the unearned fee was cancelled.' },
  },
});
