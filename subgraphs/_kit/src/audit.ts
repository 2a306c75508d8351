import { createHash, createHmac } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Database } from './database';
import { newId } from './ids';
import { type Tx, prepared, rows, systemViewer, transactFor } from './transact';

export type AuditOutcome = 'ALLOWED' | 'DENIED' | 'REFUSED';

/** One recorded act: a change, or a read of rows linked to a person. */
export interface Act {
  /** What was done, for example entry.reverse. */
  readonly action: string;
  readonly entityType?: string | null;
  /** Row uuid of the record concerned. */
  readonly entityId?: string | null;
  /** Row uuids of the people concerned; only their keyed hashes are kept. */
  readonly subjects?: readonly string[];
  readonly fromState?: string | null;
  readonly toState?: string | null;
  readonly note?: string | null;
  readonly outcome?: AuditOutcome;
  /** Filter of a list or report. */
  readonly filter?: unknown;
  readonly rowCount?: number | null;
  /** Trace of the request, where a transaction serves several; else that of the caller. */
  readonly requestId?: string;
}

export interface ReadRecord extends Act {
  readonly clinicId: string;
}

/** Hash under which the audit trail knows a person of a clinic; equal in all subgraphs, useless without the key. */
export const subjectHash = (auditKey: string, clinicId: string, subjectId: string): string =>
  createHmac('sha256', auditKey).update(`${clinicId}:${subjectId}`).digest('hex').slice(0, 32);

const RECORD = `
WITH e AS (
  INSERT INTO audit_event (clinic_id, id, at, actor_id, actor_role, action, entity_type, entity_id, from_state, to_state,
                           note, purpose, outcome, filter, row_count, request_id)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::json[], $15::int[], $16::text[])
  RETURNING clinic_id, id
), u AS (INSERT INTO audit_unsealed (clinic_id, event_id) SELECT clinic_id, id FROM e)
INSERT INTO audit_subject (clinic_id, event_id, subject_hash)
SELECT i.clinic_id, i.event_id, s.hash FROM unnest($1::uuid[], $2::uuid[], $17::text[]) AS i (clinic_id, event_id, hashes)
CROSS JOIN unnest(i.hashes::text[]) AS s (hash)`;

async function write(tx: Tx, acts: readonly ReadRecord[]): Promise<void> {
  if (acts.length === 0) return;
  const { viewer, at, database } = tx.session;
  const ids = acts.map(() => newId());
  // The people of an event are one parameter each: a bulk call names hundreds, who share clinic and event. In their
  // order, so that they go into the index one beside the other.
  const subjects = acts.map(({ clinicId, subjects: people = [] }) =>
    [...new Set(people)].map((id) => subjectHash(database.auditKey, clinicId, id)).sort(),
  );
  await prepared(tx, RECORD, [
    acts.map((act) => act.clinicId),
    ids,
    acts.map(() => at),
    acts.map(() => viewer.subject),
    acts.map(() => viewer.role),
    acts.map((act) => act.action),
    acts.map((act) => act.entityType ?? null),
    acts.map((act) => act.entityId ?? null),
    acts.map((act) => act.fromState ?? null),
    acts.map((act) => act.toState ?? null),
    acts.map((act) => act.note ?? null),
    acts.map(() => viewer.purpose),
    acts.map((act) => act.outcome ?? 'ALLOWED'),
    acts.map((act) => (act.filter === undefined ? null : JSON.stringify(act.filter))),
    acts.map((act) => act.rowCount ?? null),
    acts.map((act) => act.requestId ?? viewer.requestId),
    subjects.map((hashes) => `{${hashes.join(',')}}`),
  ]);
}

/** Writes acts of one clinic to the audit trail, in the transaction of the change. */
export const audit = (tx: Tx, clinicId: string, acts: Act | readonly Act[]): Promise<void> =>
  write(
    tx,
    (Array.isArray(acts) ? (acts as readonly Act[]) : [acts as Act]).map((act) => ({ ...act, clinicId })),
  );

/** Writes the reads of one fetch, in a transaction of their own, before the answer leaves. */
export async function auditReads(database: Database, viewer: Tx['session']['viewer'], reads: readonly ReadRecord[]) {
  if (reads.length === 0) return;
  const clinicIds = [...new Set(reads.map((read) => read.clinicId))];
  await transactFor(database, viewer, clinicIds, (tx) => write(tx, reads));
}

interface EventRow {
  clinic_id: string;
  id: string;
  at: Date;
  actor_id: string;
  actor_role: string | null;
  action: string;
  entity_type: string | null;
  entity_id: string | null;
  from_state: string | null;
  to_state: string | null;
  note: string | null;
  purpose: string | null;
  outcome: string;
  filter: string | null;
  row_count: number | null;
  request_id: string;
  subjects: string[];
}

const COLUMNS = `e.clinic_id, e.id, e.at, e.actor_id, e.actor_role, e.action, e.entity_type, e.entity_id, e.from_state, e.to_state,
  e.note, e.purpose, e.outcome, e.filter::text AS filter, e.row_count, e.request_id,
  ARRAY(SELECT s.subject_hash FROM audit_subject s WHERE s.clinic_id = e.clinic_id AND s.event_id = e.id ORDER BY 1) AS subjects`;

const link = (previous: string, event: EventRow): string =>
  createHash('sha256')
    .update(previous)
    .update(
      JSON.stringify([
        event.clinic_id,
        event.id,
        event.at.getTime(),
        event.actor_id,
        event.actor_role,
        event.action,
        event.entity_type,
        event.entity_id,
        event.from_state,
        event.to_state,
        event.note,
        event.purpose,
        event.outcome,
        event.filter,
        event.row_count,
        event.request_id,
        event.subjects,
      ]),
    )
    .digest('hex');

const BATCH = 1_000;

async function sealClinic(client: PoolClient, clinicId: string): Promise<number> {
  await client.query(`BEGIN; SET LOCAL app.clinic_ids = '${clinicId}'`);
  try {
    const lock = await client.query<{ free: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('audit:' || $1, 0)) AS free`,
      [clinicId],
    );
    if (!lock.rows[0]?.free) {
      await client.query('ROLLBACK');
      return 0;
    }
    const last = await client.query<{ seq: string; hash: string }>(
      'SELECT seq, hash FROM audit_seal WHERE clinic_id = $1 ORDER BY seq DESC LIMIT 1',
      [clinicId],
    );
    const events = await client.query<EventRow>(
      `SELECT ${COLUMNS} FROM audit_unsealed u JOIN audit_event e ON e.clinic_id = u.clinic_id AND e.id = u.event_id
       WHERE u.clinic_id = $1 ORDER BY u.event_id LIMIT ${String(BATCH)}`,
      [clinicId],
    );
    let seq = Number(last.rows[0]?.seq ?? 0);
    let hash = last.rows[0]?.hash ?? '';
    const seals = events.rows.map((event) => ({ seq: ++seq, id: event.id, hash: (hash = link(hash, event)) }));
    if (seals.length > 0) {
      await client.query(
        'INSERT INTO audit_seal (clinic_id, seq, event_id, hash) SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::text[])',
        [clinicId, seals.map((s) => s.seq), seals.map((s) => s.id), seals.map((s) => s.hash)],
      );
      await client.query('DELETE FROM audit_unsealed WHERE clinic_id = $1 AND event_id = ANY($2::uuid[])', [
        clinicId,
        seals.map((s) => s.id),
      ]);
    }
    await client.query('COMMIT');
    return seals.length;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Chains what was committed since the last time, clinic by clinic; answers how many events were sealed. */
export async function sealAudit(database: Database): Promise<number> {
  const client = await database.worker.connect();
  let sealed = 0;
  try {
    const { rows: waiting } = await client.query<{ clinic_id: string }>(
      'SELECT clinic_id FROM unsealed_clinics() AS clinic_id',
    );
    for (const { clinic_id } of waiting) {
      for (let batch = BATCH; batch === BATCH;) {
        batch = await sealClinic(client, clinic_id);
        sealed += batch;
      }
    }
    return sealed;
  } finally {
    client.release();
  }
}

/** Recomputes a clinic's chain; answers how many events it compared, the unsealed tail and what does not fit. */
export async function verifyAudit(database: Database, clinicId: string) {
  const differences: string[] = [];
  let hash = '';
  let after = 0;
  let unsealed = 0;
  await transactFor(database, systemViewer(clinicId, 'verify'), [clinicId], async (tx) => {
    for (;;) {
      const batch = await rows<EventRow & { seq: string; hash: string }>(
        tx,
        `SELECT s.seq, s.hash, ${COLUMNS} FROM audit_seal s LEFT JOIN audit_event e ON e.clinic_id = s.clinic_id AND e.id = s.event_id
         WHERE s.clinic_id = $1 AND s.seq > $2 ORDER BY s.seq LIMIT ${String(BATCH)}`,
        [clinicId, after],
      );
      for (const row of batch) {
        const seq = Number(row.seq);
        if (seq !== after + 1) differences.push(`audit chain: link ${String(after + 1)} is missing`);
        after = seq;
        const { seq: _, hash: kept, ...event } = row;
        hash = (event.id as string | null) === null ? '' : link(hash, event);
        if (hash !== kept) differences.push(`audit chain: link ${String(seq)} does not fit its event`);
        hash = kept;
      }
      if (batch.length < BATCH) break;
    }
    const [tail] = await rows<{ n: number }>(tx, 'SELECT count(*)::int AS n FROM audit_unsealed WHERE clinic_id = $1', [
      clinicId,
    ]);
    const [stray] = await rows<{ n: number }>(
      tx,
      `SELECT count(*)::int AS n FROM audit_event e WHERE e.clinic_id = $1
       AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.clinic_id = $1 AND s.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.clinic_id = $1 AND u.event_id = e.id)`,
      [clinicId],
    );
    unsealed = tail?.n ?? 0;
    if (stray && stray.n > 0) differences.push(`audit trail: ${String(stray.n)} events are neither sealed nor waiting`);
  });
  return { compared: after, unsealed, differences };
}
