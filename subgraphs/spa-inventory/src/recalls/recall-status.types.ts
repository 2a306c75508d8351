import { registerEnumType } from 'type-graphql';

export const RecallStatus = { OPEN: 'OPEN', NOTIFYING: 'NOTIFYING', CLOSED: 'CLOSED' } as const;
export type RecallStatus = keyof typeof RecallStatus;
registerEnumType(RecallStatus, {
  name: 'RecallStatus',
  description: 'Where a recall stands.',
  valuesConfig: {
    OPEN: { description: 'Lots are blocked, no patient was told yet.' },
    NOTIFYING: { description: 'Patients are being told.' },
    CLOSED: { description: 'Finished.' },
  },
});

export const RecallOutcome = { TERMINATED: 'TERMINATED', DESTROYED: 'DESTROYED', RETURNED: 'RETURNED' } as const;
export type RecallOutcome = keyof typeof RecallOutcome;
registerEnumType(RecallOutcome, {
  name: 'RecallOutcome',
  description: 'How a recall ended.',
  valuesConfig: {
    TERMINATED: { description: 'The maker called it off; lots went to quarantine.' },
    DESTROYED: { description: 'Goods were destroyed.' },
    RETURNED: { description: 'Goods were sent back.' },
  },
});

export const RecallNotificationStatus = { OPEN: 'OPEN', NOTIFIED: 'NOTIFIED', CLOSED: 'CLOSED' } as const;
export type RecallNotificationStatus = keyof typeof RecallNotificationStatus;
registerEnumType(RecallNotificationStatus, {
  name: 'RecallNotificationStatus',
  description: 'Where the notification of a patient stands.',
  valuesConfig: {
    OPEN: { description: 'Still to be told.' },
    NOTIFIED: { description: 'Told, with channel and time.' },
    CLOSED: { description: 'Told and followed up.' },
  },
});
