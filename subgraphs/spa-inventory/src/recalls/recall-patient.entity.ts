import { ClinicKey, EnumField, IdTextField, InstantField, TextField } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Recall } from './recall.entity';
import { RecallNotificationStatus } from './recall-status.types';

@Entity('recall_patient')
@ForeignKey(() => Recall, ['clinicId', 'recallId'], ['clinicId', 'id'])
@Check('recall_patient_told_check', `(status = 'OPEN') = (notified_at IS NULL)`)
@ObjectType('RecallNotification', {
  simpleResolvers: true,
  description: 'How one patient was dealt with in a recall.',
})
export class RecallPatient {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  recallId: string;

  @PrimaryColumn({ type: 'uuid' })
  patientId: string;

  @EnumField(RecallNotificationStatus, { description: 'Where it stands.' })
  status: RecallNotificationStatus;

  @TextField({ description: 'How the patient was told, for example PHONE; null before.', nullable: true })
  channel: string | null;

  @InstantField({ description: 'When the patient was told; null before.', nullable: true })
  notifiedAt: Date | null;

  @IdTextField({ description: 'User who told.', nullable: true })
  notifiedBy: string | null;

  @TextField({ description: 'Remark, for example the planned check-up.', nullable: true })
  note: string | null;
}

/** A patient who got of a recalled lot and of whose notification nothing is recorded yet. */
export const untold = (recall: Recall, patientId: string): RecallPatient =>
  Object.assign(new RecallPatient(), {
    clinicId: recall.clinicId,
    recallId: recall.id,
    patientId,
    status: 'OPEN',
    channel: null,
    notifiedAt: null,
    notifiedBy: null,
    note: null,
  });
