import {
  batchLoader,
  canonical,
  prepared,
  reachable,
  readPage,
  recordIdText,
  subjectHash,
  type Context,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { AuditEvent, type AuditFilter } from './audit-trail.types';
import type { DayRange } from './calendar.rules';
import type { ClinicCopy } from './directory.entity';

interface EventRow {
  clinic_id: string;
  id: string;
  entity_id: string | null;
  filter: unknown;
}

const COLUMNS = `t.clinic_id, t.id, t.at, t.actor_id AS "actorId", t.actor_role AS "actorRole", t.action,
  t.entity_type AS "entityType", t.entity_id, t.from_state AS "fromState", t.to_state AS "toState", t.note, t.purpose,
  t.outcome, t.filter, t.row_count AS "rowCount", t.request_id AS "requestId",
  (SELECT CASE WHEN count(*) = 1 THEN min(s.subject_hash) END FROM audit_subject s
   WHERE s.clinic_id = t.clinic_id AND s.event_id = t.id) AS "patientHash"`;

const eventOfRow = ({ clinic_id, id, entity_id, filter, ...row }: EventRow): AuditEvent =>
  Object.assign(new AuditEvent(), row, {
    id: recordIdText(clinic_id, id),
    entityId: entity_id === null ? null : recordIdText(clinic_id, entity_id),
    filter: filter === null ? null : canonical(filter),
  });

export interface TrailQuery {
  readonly clinic: Pick<ClinicCopy, 'clinicId' | 'timeZone'>;
  /** Days of the clinic on which the acts were done. */
  readonly days: DayRange;
  readonly filter: AuditFilter | null | undefined;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/**
 * One page of the trail of a clinic, newest first; that it was read is noted in the trail itself. An event that concerns
 * several people shows the hash of none of them, unless one was asked for.
 */
export async function readTrail(tx: Tx, context: Context, query: TrailQuery): Promise<Page<AuditEvent>> {
  const { clinic, days, first, after } = query;
  const { clinicId } = clinic;
  const filter = query.filter ?? {};
  const where: string[] = [];
  const params: unknown[] = [];
  const add = (condition: string, value: unknown) => {
    if (value === null || value === undefined) return;
    params.push(value);
    where.push(condition.replaceAll('?', `$${String(params.length)}`));
  };
  const rowId = (opaque: string | null | undefined) => {
    if (opaque === null || opaque === undefined) return undefined;
    const key = reachable(context.viewer, opaque);
    return key?.clinicId === clinicId ? [key.id] : [];
  };
  const patient = rowId(filter.patientId);
  const hashes = patient?.map((id) => subjectHash(tx.session.database.auditKey, clinicId, id));
  params.push(clinic.timeZone);
  add('t.clinic_id = ?', clinicId);
  add('t.at >= (?::date::timestamp AT TIME ZONE $1)', days.from);
  add('t.at < ((?::date + 1)::timestamp AT TIME ZONE $1)', days.to);
  add('t.actor_id = ANY (?::text[])', filter.actorIds);
  add('t.action = ANY (?::text[])', filter.actions);
  add('t.entity_type = ?', filter.entityType);
  add('t.entity_id = ANY (?::uuid[])', rowId(filter.entityId));
  add('t.outcome = ANY (?::text[])', filter.outcomes);
  add(
    `EXISTS (SELECT 1 FROM audit_subject s WHERE s.clinic_id = t.clinic_id AND s.event_id = t.id AND s.subject_hash = ANY (?::text[]))`,
    hashes,
  );
  const page = await readPage<EventRow, AuditEvent>(tx, {
    select: COLUMNS,
    from: 'audit_event t',
    where,
    params,
    order: [
      { expression: 't.at', type: 'timestamptz', direction: 'DESC' },
      { expression: 't.id', type: 'uuid', direction: 'DESC' },
    ],
    first,
    after,
    map: (found) =>
      found.map(eventOfRow).map((event) => Object.assign(event, hashes?.[0] && { patientHash: hashes[0] })),
  });
  // The person asked for is among the subjects, by hash; the trail keeps no identifier of one.
  const { patientId: _, ...asked } = filter;
  context.reads.push({
    clinicId,
    action: 'audit.read',
    entityType: 'AuditEvent',
    subjects: patient ?? [],
    filter: { days, ...asked },
    rowCount: page.nodes.length,
  });
  return page;
}

/** Changes of N records of a type, oldest first, in the order of the keys, with one statement; reads are not among them. */
export async function trailsOf(tx: Tx, entityType: string, keys: readonly RecordKey[]): Promise<AuditEvent[][]> {
  const found = await prepared<EventRow>(
    tx,
    `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
     JOIN audit_event t ON t.clinic_id = k.clinic_id AND t.entity_id = k.id
     WHERE t.entity_type = $3 AND t.row_count IS NULL ORDER BY t.at, t.id`,
    [keys.map((key) => key.clinicId), keys.map((key) => key.id), entityType],
  );
  return keys.map(({ clinicId, id }) =>
    found.filter((row) => row.clinic_id === clinicId && row.entity_id === id).map(eventOfRow),
  );
}

/** A loader of the histories of records of a type. */
export const trailLoader = (entityType: string) =>
  batchLoader<RecordKey, AuditEvent[]>(
    (tx, keys) => trailsOf(tx, entityType, keys),
    ({ clinicId, id }) => `${clinicId}/${id}`,
  );
