import { connectionOf, DateTimeScalar } from '@practice-graph/kit';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

// Every domain keeps a trail of its own and answers it in this one form.

export const AuditOutcomeEnum = { ALLOWED: 'ALLOWED', DENIED: 'DENIED', REFUSED: 'REFUSED' } as const;
registerEnumType(AuditOutcomeEnum, {
  name: 'AuditOutcome',
  description: 'What came of an audited act.',
  valuesConfig: {
    ALLOWED: { description: 'It was done.' },
    DENIED: { description: 'A permission was missing.' },
    REFUSED: { description: 'A business rule refused it.' },
  },
});

@Directive('@shareable')
@ObjectType('AuditEvent', {
  simpleResolvers: true,
  description:
    'One recorded act: a change, or a read of patient-linked rows. Events are append-only and chained by hash.',
})
export class AuditEvent {
  @Field(() => ID, { description: 'Identifier of the event.' })
  id: string;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at: Date;

  @Field(() => ID, { description: 'User or partner client that acted.' })
  actorId: string;

  @Field(() => String, { nullable: true, description: 'Role under which the actor did it.' })
  actorRole: string | null;

  @Field(() => String, { description: 'What was done, for example adjustment.approve or patient.read.' })
  action: string;

  @Field(() => String, {
    nullable: true,
    description: 'Type of the record concerned, for example AdjustmentEntry; null for a report.',
  })
  entityType: string | null;

  @Field(() => ID, { nullable: true, description: 'Identifier of the record concerned.' })
  entityId: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Keyed hash of the patient concerned; equal hashes are the same patient. Null when no patient is linked.',
  })
  patientHash: string | null;

  @Field(() => String, { nullable: true, description: 'State before a workflow step; null for other acts.' })
  fromState: string | null;

  @Field(() => String, { nullable: true, description: 'State after a workflow step; null for other acts.' })
  toState: string | null;

  @Field(() => String, { nullable: true, description: 'Comment or reason the actor gave.' })
  note: string | null;

  @Field(() => String, { nullable: true, description: 'Declared purpose of a read, for example TREATMENT or AUDIT.' })
  purpose: string | null;

  @Field(() => AuditOutcomeEnum, { description: 'What came of it.' })
  outcome: keyof typeof AuditOutcomeEnum;

  @Field(() => String, {
    nullable: true,
    description: 'Filter of a report or list, as canonical JSON; null for changes.',
  })
  filter: string | null;

  @Field(() => Int, { nullable: true, description: 'Rows returned by a read; null for changes.' })
  rowCount: number | null;

  @Field(() => String, {
    description: 'Identifier of the request, equal in all domains that one query touched.',
  })
  requestId: string;
}

@InputType('AuditFilter', {
  description: 'Narrows the audit events; members are combined with AND, list members with OR.',
})
export class AuditFilter {
  @Field(() => [ID], { nullable: true, description: 'Users or partner clients.' })
  actorIds?: string[] | null | undefined;

  @Field(() => [String], { nullable: true, description: 'Acts, for example adjustment.approve.' })
  actions?: string[] | null | undefined;

  @Field(() => String, { nullable: true, description: 'Type of the record.' })
  entityType?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One record.' })
  entityId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'One patient; the server compares hashes.' })
  patientId?: string | null | undefined;

  @Field(() => [AuditOutcomeEnum], { nullable: true, description: 'Results of the act.' })
  outcomes?: (keyof typeof AuditOutcomeEnum)[] | null | undefined;
}

export const {
  Connection: AuditEventConnection,
  Edge: AuditEventEdge,
  ConnectionResolver: AuditEventConnectionResolver,
} = connectionOf(() => AuditEvent, 'AuditEvent', 'audit events, newest first', 'audit events', { shareable: true });
