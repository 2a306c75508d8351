import {
  ApiField,
  BooleanField,
  DateField,
  EnumField,
  IdTextField,
  InstantField,
  Money,
  MoneyColumn,
  MoneyField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';
import { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import { ProductionCategory, ProductionStatus } from './production.types';

/**
 * A row of the production ledger. Facts are never updated; the state columns at the end (status to updatedAt) are the
 * only ones that the service may change (E-19).
 */
@Entity()
@Index('production_entry_procedure', { synchronize: false })
@Index(['clinicId', 'reversesId'], { unique: true, where: 'reverses_id IS NOT NULL' })
@Index(['clinicId', 'productionDate', 'id'])
@Index(['clinicId', 'providerId', 'productionDate'])
@Index(['clinicId', 'category', 'productionDate'])
@Index(['clinicId', 'patientId'])
@Index(['clinicId', 'treatmentPlanId'], { where: 'treatment_plan_id IS NOT NULL' })
@Index('production_entry_pending', { synchronize: false })
@Directive('@key(fields: "id")')
@ObjectType('ProductionEntry', {
  simpleResolvers: true,
  description:
    'What a completed procedure, or a recognised part of a fee, earned. Posted entries are never changed, only reversed.',
})
export class ProductionEntry extends TenantRecord {
  @UuidColumn()
  locationId: string;

  @UuidColumn()
  providerId: string;

  @UuidColumn()
  patientId: string;

  @UuidColumn({ nullable: true })
  treatmentPlanId: string | null;

  @IdTextField({ nullable: true, description: 'Appointment it came from.' })
  appointmentId: string | null;

  @IdTextField({ nullable: true, description: 'Completed procedure it came from; unique per clinic.' })
  procedureId: string | null;

  @DateField({ description: 'Business day at the location on which it counts.' })
  productionDate: Day;

  @InstantField({ description: 'When the procedure was done.' })
  occurredAt: Date;

  @DateField({
    nullable: true,
    description: 'Day of the original when a reversal landed in a later period; null otherwise.',
  })
  originalProductionDate: Day | null;

  @TextField({ description: 'Procedure code, for example D8080 or D8670.' })
  procedureCode: string;

  @EnumField(ProductionCategory, { description: 'Category of the procedure.' })
  category: ProductionCategory;

  @EnumField(TreatmentPhase, { nullable: true, description: 'Kind of treatment of the case on that day.' })
  phase: TreatmentPhase | null;

  /** Appliance system of the case on that day, for filters and breakdowns. */
  @Column({ type: 'text', nullable: true })
  applianceSystem: string | null;

  @TextField({ description: 'What was done, in words.' })
  description: string;

  @MoneyField({ description: 'Production before adjustments; negative only on a reversal.' })
  gross: Decimal;

  /** Part of gross that an insurer was expected to pay when the entry was recorded. */
  @MoneyColumn()
  insuranceExpected: Decimal;

  /** +1 for an original, −1 for a reversal. */
  @Column({ type: 'smallint' })
  sign: number;

  /** +1 for the entry that made a case started, −1 for its reversal, else 0 (E-10). */
  @Column({ type: 'smallint' })
  startCount: number;

  @Column({ type: 'smallint' })
  debondCount: number;

  @UuidColumn({ nullable: true })
  reversesId: string | null;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @BooleanField({ description: 'True when it was brought in from an older system.' })
  isImported: boolean;

  @EnumField(ProductionStatus, { description: 'Where the entry stands.' })
  status: ProductionStatus;

  @MoneyField({
    description:
      'Approved adjustments of the adjustment ledger that name this entry and reduce net production; 0 until there are any.',
  })
  adjustments: Decimal;

  /** What of the adjustments were write-offs of an insurer; decides whose part they lower (E-15). */
  @MoneyColumn()
  insuranceWrittenOff: Decimal;

  @MoneyField({ description: 'Part of net that an insurer is expected to pay.' })
  insurancePortion: Decimal;

  @MoneyField({ description: 'Paid so far.' })
  collected: Decimal;

  @UuidColumn({ nullable: true })
  reversedById: string | null;

  @VersionField()
  version: number;

  @InstantField({ description: 'When it was last changed.' })
  updatedAt: Date;

  @ApiField(() => Money, { description: 'Gross minus adjustments.' })
  get net(): Decimal {
    return this.gross.minus(this.adjustments);
  }

  @ApiField(() => Money, {
    description: "Part of net that the patient is expected to pay; with the insurer's part it makes net.",
  })
  get patientPortion(): Decimal {
    return this.net.minus(this.insurancePortion);
  }

  @ApiField(() => Money, { description: 'Net minus collected.' })
  get outstanding(): Decimal {
    return this.net.minus(this.collected);
  }

  @ApiField(() => Boolean, { description: 'True for the equal and opposite entry that undoes another.' })
  get isReversal(): boolean {
    return this.reversesId !== null;
  }
}
