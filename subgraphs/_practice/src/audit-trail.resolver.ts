import {
  AfterArg,
  ClinicArg,
  FirstArg,
  forbidden,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
  type Page,
  type Viewer,
} from '@practice-graph/kit';
import { Arg, Ctx, Query, Resolver, type ClassType } from 'type-graphql';
import { readTrail } from './audit-trail.service';
import { type AuditEvent, AuditEventConnection, AuditFilter } from './audit-trail.types';
import { clinicCopies } from './directory.loader';
import { todayAt } from './directory.service';
import { periodOf } from './period.service';
import { PeriodInput } from './report.inputs';

/** A clinic with what its days are reckoned by; null when there is none. */
export type ClinicOfTrail = (
  context: Context,
  clinicId: string,
) => Promise<{ clinicId: string; timeZone: string; fiscalYearStartMonth: number } | null>;

/** Rows about single people are not for readers of sums (E-06). */
export function requireRows(viewer: Viewer): void {
  if (viewer.aggregateOnly) throw forbidden('You may read sums only, not rows of single patients.');
}

/** The root field by which a domain shows its trail: `name` is the field's, `domain` what its description calls it. */
export function auditEventsResolver(
  name: string,
  domain: string,
  clinicOf: ClinicOfTrail = (context, clinicId) => context.of(clinicCopies).load(clinicId),
): ClassType {
  @Resolver()
  class AuditEventsResolver {
    @Scopes(['audit:read'])
    @PagedList()
    @Query(() => AuditEventConnection, {
      name,
      nullable: true,
      description: `Changes and audited reads of the ${domain}. Reading this list is itself audited.`,
    })
    async events(
      @ClinicArg() opaque: string,
      @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
      @Arg('filter', () => AuditFilter, {
        nullable: true,
        description: 'What to include; null includes everything.',
      })
      filter: AuditFilter | null,
      @FirstArg() first: number | null,
      @AfterArg() after: string | null,
      @Ctx() context: Context,
    ): Promise<Page<AuditEvent> | null> {
      requireRows(context.viewer);
      const clinicId = reachableClinic(context.viewer, opaque);
      if (clinicId === undefined) return null;
      const tx = await context.read();
      const clinic = await clinicOf(context, clinicId);
      if (!clinic) return null;
      const calendar = { today: todayAt(tx, clinic), fiscalYearStartMonth: clinic.fiscalYearStartMonth };
      return readTrail(tx, context, { clinic, days: periodOf(period, calendar), filter, first, after });
    }
  }
  return AuditEventsResolver;
}
