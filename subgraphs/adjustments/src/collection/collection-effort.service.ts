import {
  audit,
  findByKeys,
  newId,
  noteOf,
  reachable,
  Refused,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf } from '@practice-graph/practice';
import { codes, refuse } from '../refusals';
import { isDocumented, type CollectionChannel } from './collection-channel.rules';
import { CollectionEffort } from './collection-effort.entity';

export interface RecordEffort {
  readonly patientId: string;
  readonly at: Date;
  readonly channel: CollectionChannel;
  readonly outcome: string;
  readonly documentReference?: string | null | undefined;
}

/** Documents a try to collect; answers its key. */
export async function recordEffort(tx: Tx, clinicId: string, input: RecordEffort): Promise<RecordKey> {
  const { viewer, at } = tx.session;
  await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const patient = reachable(viewer, input.patientId);
  if (patient?.clinicId !== clinicId) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'patientId']);
  const outcome = noteOf(input.outcome, ['input', 'outcome']);
  if (outcome === null) throw refuse('INVALID', 'Say what came of it.', ['input', 'outcome']);
  if (input.at > at) throw refuse('FUTURE_DATE', 'A try lies in the past.', ['input', 'at']);
  const id = newId();
  await rows(
    tx,
    `INSERT INTO collection_effort (clinic_id, id, patient_id, at, channel, outcome, document_reference, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      clinicId,
      id,
      patient.id,
      input.at,
      input.channel,
      outcome,
      noteOf(input.documentReference, ['input', 'documentReference']),
      at,
      viewer.subject,
    ],
  );
  await audit(tx, clinicId, {
    action: 'collection_effort.record',
    entityType: 'CollectionEffort',
    entityId: id,
    subjects: [patient.id],
    note: input.channel,
  });
  return { clinicId, id };
}

/**
 * Row uuids of the tries that document a bad debt of a patient (ADJ-72). Refuses NOT_FOUND under the position of one
 * that is not of this patient, and DOCUMENTATION_REQUIRED when there are too few and none of an agency.
 */
export async function effortsOfDebt(
  tx: Tx,
  of: { clinicId: string; patientId: string; opaqueIds: readonly string[]; least: number },
): Promise<string[]> {
  const { clinicId, patientId, opaqueIds, least } = of;
  const path = ['input', 'collectionEffortIds'];
  const keys = opaqueIds.map((opaque) => reachable(tx.session.viewer, opaque));
  const found = await findByKeys(
    tx,
    CollectionEffort,
    keys.filter((key) => key?.clinicId === clinicId).map((key) => key as RecordKey),
  );
  const own = new Map(found.filter((effort) => effort.patientId === patientId).map((effort) => [effort.id, effort]));
  const missing = keys.flatMap((key, i) => (key && own.has(key.id) ? [] : [String(i)]));
  if (missing.length > 0)
    throw new Refused(missing.map((i) => ({ code: 'NOT_FOUND', message: codes.NOT_FOUND, path: [...path, i] })));
  if (!isDocumented([...own.values()], least))
    throw refuse(
      'DOCUMENTATION_REQUIRED',
      `Bad debt needs ${String(least)} documented tries to collect, or its placement with an agency.`,
      path,
    );
  return [...own.keys()];
}

/** Ties tries to the bad debt that they document. */
export async function linkEfforts(tx: Tx, { clinicId, id }: RecordKey, effortIds: readonly string[]): Promise<void> {
  if (effortIds.length === 0) return;
  await rows(
    tx,
    'INSERT INTO bad_debt_effort (clinic_id, entry_id, effort_id) SELECT $1, $2, e FROM unnest($3::uuid[]) AS e',
    [clinicId, id, effortIds],
  );
}

/** A try of another system, and the bad debt that it documents; identifiers are row uuids. */
export interface ImportedEffort {
  readonly id: string;
  readonly patientId: string;
  readonly debtId: string;
  readonly at: Date;
  readonly channel: CollectionChannel;
  readonly outcome: string;
}

/** Takes over tries to collect with the debts that they document, with one statement. */
export async function importEfforts(tx: Tx, clinicId: string, list: readonly ImportedEffort[]): Promise<void> {
  if (list.length === 0) return;
  await rows(
    tx,
    `WITH given AS (
       SELECT * FROM json_to_recordset($2::json) AS t (id uuid, "patientId" uuid, "debtId" uuid, at timestamptz, channel text, outcome text)
     ), tried AS (
       INSERT INTO collection_effort (clinic_id, id, patient_id, at, channel, outcome, created_at, created_by)
       SELECT $1::uuid, id, "patientId", at, channel, outcome, $3::timestamptz, $4 FROM given
     )
     INSERT INTO bad_debt_effort (clinic_id, entry_id, effort_id) SELECT $1::uuid, "debtId", id FROM given`,
    [clinicId, JSON.stringify(list), tx.session.at, tx.session.viewer.subject],
  );
  await audit(tx, clinicId, {
    action: 'collection_effort.import',
    entityType: 'CollectionEffort',
    subjects: [...new Set(list.map(({ patientId }) => patientId))],
    rowCount: list.length,
  });
}
