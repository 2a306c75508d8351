import { batchLoader, reachableClinic, Scopes, type Context, type Page, type RecordKey } from '@practice-graph/kit';
import {
  AuditEvent,
  AuditEventConnection,
  AuditFilter,
  clinicCopies,
  PeriodInput,
  periodOf,
  readTrail,
  todayAt,
  trailsOf,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';
import { forbidForAggregates } from '../entries/adjustment-entry.resolver';

const trails = batchLoader<RecordKey, AuditEvent[]>(
  (tx, keys) => trailsOf(tx, 'AdjustmentEntry', keys),
  ({ clinicId, id }) => `${clinicId}/${id}`,
);

@Resolver(() => AdjustmentEntry)
export class AuditTrailResolver {
  @Scopes(['audit:read'])
  @Directive(
    '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
  )
  @Query(() => AuditEventConnection, {
    nullable: true,
    description: 'Changes and audited reads of the adjustment domain. Reading this list is itself audited.',
  })
  async adjustmentAuditEvents(
    @Arg('clinicId', () => ID, { description: 'Clinic concerned.' }) opaque: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => AuditFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: AuditFilter | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 50, description: 'Page size, 1 to 200.' })
    first: number | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'Cursor of the last item already seen; null starts at the beginning.',
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<Page<AuditEvent> | null> {
    forbidForAggregates(context);
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    const calendar = { today: todayAt(tx, clinic), fiscalYearStartMonth: clinic.fiscalYearStartMonth };
    return readTrail(tx, context, { clinic, days: periodOf(period, calendar), filter, first, after });
  }

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
