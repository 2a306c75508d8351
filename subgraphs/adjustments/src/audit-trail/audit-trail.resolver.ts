import { Scopes, type Context } from '@practice-graph/kit';
import { AuditEvent, auditEventsResolver, trailLoader } from '@practice-graph/practice';
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';

export const AuditEventsResolver = auditEventsResolver('adjustmentAuditEvents', 'adjustment domain');

const trails = trailLoader('AdjustmentEntry');

@Resolver(() => AdjustmentEntry)
export class AuditTrailResolver {
  @Scopes(['audit:read'], ['finance:view_reports'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], {
    nullable: true,
    description: 'History of the entry with every state change, oldest first; kept at least seven years.',
  })
  auditTrail(@Root() entry: AdjustmentEntry, @Ctx() context: Context): Promise<AuditEvent[]> {
    return context.of(trails).load(entry);
  }
}
