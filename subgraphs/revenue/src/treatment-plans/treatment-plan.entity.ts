import {
  ApiField,
  BooleanField,
  DateField,
  EnumField,
  IdTextField,
  Money,
  MoneyColumn,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { Patient } from '../patients/patient.entity';
import { TreatmentPhase, TreatmentPlanStatus } from './treatment-plan.types';

@Entity()
@Unique(['clinicId', 'externalId'])
@Index(['id'])
@Index(['clinicId', 'patientId'])
@Index('treatment_plan_by_start', { synchronize: false })
@ForeignKey(() => Patient, ['clinicId', 'patientId'], ['clinicId', 'id'])
@ForeignKey(() => Provider, ['clinicId', 'providerId'], ['clinicId', 'id'])
@ForeignKey(() => Location, ['clinicId', 'locationId'], ['clinicId', 'id'])
@Check('contract_fee >= 0')
@Directive('@key(fields: "id")')
@ObjectType('TreatmentPlan', {
  simpleResolvers: true,
  description:
    'One case: a planned course of treatment of one patient, on which production, write-offs and supply cost meet.',
})
export class TreatmentPlan extends TenantRecord {
  @IdTextField({
    nullable: true,
    description: 'Identifier in the system it came from; null when it was made here.',
  })
  externalId: string | null;

  @UuidColumn()
  patientId: string;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UuidColumn({ nullable: true })
  locationId: string | null;

  @TextField({
    description:
      'Appliance system, for example METAL_BRACKETS, CERAMIC_BRACKETS, SELF_LIGATING or ALIGNERS; a grouping in production and supply reports.',
  })
  applianceSystem: string;

  @EnumField(TreatmentPhase, { description: 'Kind of treatment; it influences how the fee is recognised.' })
  phase: TreatmentPhase;

  @EnumField(TreatmentPlanStatus, { description: 'Where the case stands.' })
  status: TreatmentPlanStatus;

  @DateField({ nullable: true, description: 'Day of the start (bonding); null before it.' })
  startedOn: Day | null;

  @DateField({ nullable: true, description: 'Day of the debond or of the end; null while it runs.' })
  endedOn: Day | null;

  @BooleanField({
    description: 'True when an earlier, discontinued case was taken up again; such a start is not a new patient start.',
  })
  isRestart: boolean;

  @BooleanField({
    description: 'True when the case came from another practice mid-treatment; never a start, its production counts.',
  })
  isTransferIn: boolean;

  @MoneyColumn()
  @ApiField(() => Money, {
    nullable: true,
    scopes: [['finance:view_revenue']],
    description: 'Fee agreed for the whole case.',
  })
  contractFee: Decimal;

  /** Months over which the monthly part of the fee is spread; null takes those of the policy at the start. */
  @Column({ type: 'integer', nullable: true })
  plannedMonths: number | null;

  @VersionField()
  version: number;
}
