import { DateScalar } from '@practice-graph/kit';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { RecallPatient } from '../recalls/recall-patient.entity';
import { Patient } from '../directory/references.types';

@Directive('@inaccessible')
@ObjectType('ApplianceExposure', { simpleResolvers: true, description: 'Last use of a traced lot on a patient.' })
export class ApplianceExposure {
  @Directive('@external')
  @Field(() => ID, { description: 'Patient concerned.' })
  patientId: string;

  @Directive('@external')
  @Field(() => DateScalar, { description: 'Business day of the last use.' })
  lastUsedOn: string;
}

@ObjectType('AffectedPatient', { simpleResolvers: true, description: 'A patient who received a traced lot.' })
export class AffectedPatient {
  @Field(() => Patient, { description: 'Patient who received the lot.', nullable: true })
  patient: Patient | null;

  @Field(() => DateScalar, { description: 'Last business day on which the lot was used on the patient.' })
  lastUsedOn: string;

  @Field(() => Boolean, { description: 'True when an appliance supply of the lot was used.' })
  byAppliance: boolean;

  @Field(() => Boolean, { description: 'True when a product of the lot was used in a treatment.' })
  byTreatment: boolean;

  @Field(() => RecallPatient, {
    description: 'Where the notification stands; null when no recall covers the lot.',
    nullable: true,
  })
  notification: RecallPatient | null;
}

@Directive('@key(fields: "clinicId lotNumber gtin")')
@ObjectType('LotTrace', {
  simpleResolvers: true,
  description:
    'Everything known about one lot number: stock in both inventories, the patients who received it, and the recall. The key alone says what to look up.',
})
export class LotTrace {
  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Lot number, normalised: trimmed and in upper case.' })
  lotNumber: string;

  @Field(() => String, {
    description: 'GTIN (device identifier) that tells equal lot numbers of different makers apart; null for any.',
    nullable: true,
  })
  gtin: string | null;

  @Directive('@external')
  @Field(() => [ApplianceExposure], { description: 'Last use of appliance supplies of the lot per patient.' })
  applianceExposures: ApplianceExposure[];
}
