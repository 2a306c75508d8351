import { Field, InputType, Int, registerEnumType } from 'type-graphql';

export const AlertSeverity = { INFO: 'INFO', WARNING: 'WARNING', CRITICAL: 'CRITICAL' } as const;
export type AlertSeverity = keyof typeof AlertSeverity;
registerEnumType(AlertSeverity, {
  name: 'AlertSeverity',
  description: 'How urgent an alert is.',
  valuesConfig: {
    INFO: { description: 'For information: expires within 90 days.' },
    WARNING: { description: 'Act soon: low stock, expires within 30 days, class III recall.' },
    CRITICAL: { description: 'Act now: out of stock, expires within 7 days, class I or II recall.' },
  },
});

export const AlertStatus = {
  ACTIVE: 'ACTIVE',
  ACKNOWLEDGED: 'ACKNOWLEDGED',
  RESOLVED: 'RESOLVED',
  DISMISSED: 'DISMISSED',
} as const;
export type AlertStatus = keyof typeof AlertStatus;
registerEnumType(AlertStatus, {
  name: 'AlertStatus',
  description: 'Where an alert stands.',
  valuesConfig: {
    ACTIVE: { description: 'Raised and unseen; closes by itself when its cause clears.' },
    ACKNOWLEDGED: { description: 'Someone has seen it.' },
    RESOLVED: { description: 'The cause is gone, by act or by itself.' },
    DISMISSED: { description: 'Ignored on purpose; raised again only when it gets worse.' },
  },
});

@InputType('AlertUpdateInput', { description: 'Moves an alert on.' })
export class AlertUpdateInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => AlertStatus, { description: 'New state; ACTIVE is refused.' })
  to: AlertStatus;

  @Field(() => String, { nullable: true, description: 'Comment for colleagues.' })
  note?: string | null | undefined;

  @Field(() => Int, { description: 'Version that the caller saw; STALE_VERSION when it moved on.' })
  expectedVersion: number;
}
