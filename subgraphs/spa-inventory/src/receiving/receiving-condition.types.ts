import { registerEnumType } from 'type-graphql';

export const ReceivingCondition = {
  GOOD: 'GOOD',
  DAMAGED: 'DAMAGED',
  TEMPERATURE_SUSPECT: 'TEMPERATURE_SUSPECT',
  REJECTED: 'REJECTED',
} as const;
export type ReceivingCondition = (typeof ReceivingCondition)[keyof typeof ReceivingCondition];
registerEnumType(ReceivingCondition, {
  name: 'ReceivingCondition',
  description: 'State in which goods came.',
  valuesConfig: {
    GOOD: { description: 'In order.' },
    DAMAGED: { description: 'Damaged; goes to quarantine.' },
    TEMPERATURE_SUSPECT: { description: 'Temperature not kept; goes to quarantine.' },
    REJECTED: { description: 'Refused; not taken into stock.' },
  },
});
