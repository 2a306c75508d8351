import {
  DateField,
  EnumField,
  IdTextField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { ApplianceRecordType, ApplianceStatus } from './appliance-record.types';

@Entity()
@ForeignKey(() => ApplianceRecord, ['clinicId', 'replacesId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Unique(['clinicId', 'externalId'])
@Index(['id'])
@Index(['clinicId', 'createdAt', 'id'])
@Index(['clinicId', 'patientId'])
@Index(['clinicId', 'treatmentPlanId'])
@Directive('@key(fields: "id")')
@ObjectType('ApplianceRecord', { simpleResolvers: true, description: 'An appliance of a patient.' })
export class ApplianceRecord extends TenantRecord {
  @IdTextField({ nullable: true, description: 'Identifier in the clinical system; null when it was made here.' })
  externalId: string | null;

  @EnumField(ApplianceRecordType, { description: 'Kind of appliance.' })
  applianceType: ApplianceRecordType;

  @TextField({ nullable: true, description: 'Appliance system, for example CERAMIC_BRACKETS; null when not noted.' })
  applianceSystem: string | null;

  @UuidColumn()
  patientId: string;

  @UuidColumn({ nullable: true })
  treatmentPlanId: string | null;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UuidColumn()
  locationId: string;

  @TextField({ nullable: true, description: 'Tooth or arch, for example UR3 or UPPER.' })
  site: string | null;

  @EnumField(ApplianceStatus, { description: 'Where it stands; stock moves only at PLACED.' })
  status: ApplianceStatus;

  @DateField({ nullable: true, description: 'Day it was ordered.' })
  orderedOn: string | null;

  @DateField({ nullable: true, description: 'Day it was placed; null before.' })
  placedOn: string | null;

  @DateField({ nullable: true, description: 'Day it was removed; null while worn.' })
  removedOn: string | null;

  @UuidColumn({ nullable: true })
  replacesId: string | null;

  /** When it was first recorded; lists show the newest first. */
  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @VersionField()
  version: number;
}
