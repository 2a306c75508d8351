import { registerEnumType } from 'type-graphql';

export const WasteReason = {
  EXPIRED_UNUSED: 'EXPIRED_UNUSED',
  STABILITY_EXCEEDED: 'STABILITY_EXCEEDED',
  CONTAMINATION: 'CONTAMINATION',
  DRAW_UP_LOSS: 'DRAW_UP_LOSS',
  PATIENT_NO_SHOW: 'PATIENT_NO_SHOW',
  ADVERSE_REACTION_DISCARD: 'ADVERSE_REACTION_DISCARD',
  TRAINING: 'TRAINING',
  DAMAGED: 'DAMAGED',
  RECALL: 'RECALL',
  OTHER: 'OTHER',
} as const;
export type WasteReason = (typeof WasteReason)[keyof typeof WasteReason];
registerEnumType(WasteReason, {
  name: 'WasteReason',
  description: 'Why product was wasted.',
  valuesConfig: {
    EXPIRED_UNUSED: { description: 'Expired without having been opened.' },
    STABILITY_EXCEEDED: { description: 'Outlived its hours after preparation.' },
    CONTAMINATION: { description: 'Contaminated.' },
    DRAW_UP_LOSS: { description: 'Lost in needle and hub.' },
    PATIENT_NO_SHOW: { description: 'Prepared for a patient who did not come.' },
    ADVERSE_REACTION_DISCARD: { description: 'Thrown away after an adverse reaction.' },
    TRAINING: { description: 'Used for training.' },
    DAMAGED: { description: 'Broken or damaged.' },
    RECALL: { description: 'Destroyed by a recall.' },
    OTHER: { description: 'Anything else; needs a note.' },
  },
});
