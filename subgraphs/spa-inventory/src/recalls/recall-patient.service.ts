import { audit, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { refuse } from '../refusals';
import { isTelling, notificationProblem } from './recall-notification.rules';
import type { RecallNotificationStatus } from './recall-status.types';
import { patientOf, recallToChange, type RecallKept } from './recall.service';

export interface PatientStep {
  readonly patientId: string;
  readonly to: RecallNotificationStatus;
  readonly channel?: string | null | undefined;
  readonly at?: Date | null | undefined;
  readonly note?: string | null | undefined;
}

interface Known {
  status: RecallNotificationStatus;
  channel: string | null;
  notified_at: Date | null;
  notified_by: string | null;
  note: string | null;
}

const SAVE = `
INSERT INTO recall_patient AS p (clinic_id, recall_id, patient_id, status, channel, notified_at, notified_by, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (clinic_id, recall_id, patient_id) DO UPDATE SET status = excluded.status, channel = excluded.channel,
  notified_at = excluded.notified_at, notified_by = excluded.notified_by, note = excluded.note`;

/**
 * Records how a patient was dealt with. A patient who is not listed is added: the other inventory may not have told of
 * them yet. Refuses NOT_FOUND, INVALID, FUTURE_DATE and ILLEGAL_STATE_CHANGE.
 */
export async function updateRecallPatient(tx: Tx, key: RecordKey, step: PatientStep): Promise<RecallKept> {
  const recall = await recallToChange(tx, key);
  const patientId = patientOf(key, step.patientId);
  const { at: now, viewer } = tx.session;
  const [known] = await rows<Known>(
    tx,
    `SELECT status, channel, notified_at, notified_by, note FROM recall_patient WHERE clinic_id = $1 AND recall_id = $2 AND patient_id = $3`,
    [key.clinicId, key.id, patientId],
  );
  const channel = step.channel?.trim() || known?.channel || null;
  const from = known?.status ?? 'OPEN';
  const problem = notificationProblem({ from, to: step.to, channel });
  if (problem === 'BACKWARDS')
    throw refuse('ILLEGAL_STATE_CHANGE', `A patient who is ${from} cannot become ${step.to}.`, ['input', 'to']);
  if (problem === 'NO_CHANNEL')
    throw refuse('INVALID', 'Say how the patient was told, for example PHONE.', ['input', 'channel']);
  if (step.at && step.at > now) throw refuse('FUTURE_DATE', 'The time lies ahead.', ['input', 'at']);
  const isTold = isTelling({ from, to: step.to, tellsHow: Boolean(step.channel?.trim() || step.at) });
  await rows(tx, SAVE, [
    key.clinicId,
    key.id,
    patientId,
    step.to,
    channel,
    isTold ? (step.at ?? now) : (known?.notified_at ?? null),
    isTold ? viewer.subject : (known?.notified_by ?? null),
    step.note === undefined ? (known?.note ?? null) : step.note,
  ]);
  if (recall.status === 'OPEN' && step.to !== 'OPEN')
    await rows(tx, `UPDATE recall SET status = 'NOTIFYING', version = version + 1 WHERE clinic_id = $1 AND id = $2`, [
      key.clinicId,
      key.id,
    ]);
  await audit(tx, key.clinicId, {
    action: 'recall.patient',
    entityType: 'Recall',
    entityId: key.id,
    subjects: [patientId],
    fromState: from,
    toState: step.to,
    note: step.note ?? null,
  });
  return { recallId: key.id, lotIds: [] };
}
