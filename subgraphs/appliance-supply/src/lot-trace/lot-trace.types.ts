import { ApiField, clinicIdText, DateScalar } from '@practice-graph/kit';
import { Directive, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "clinicId lotNumber gtin")')
@ObjectType('LotTrace', {
  simpleResolvers: true,
  description:
    'Everything known about one lot number: stock in both inventories, the patients who received it, and the recall. The key alone says what to look up.',
})
export class LotTrace {
  @ApiField(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @ApiField(() => String, { description: 'Lot number, normalised: trimmed and in upper case.' })
  lotNumber: string;

  @ApiField(() => String, {
    nullable: true,
    description: 'GTIN (device identifier) that tells equal lot numbers of different makers apart; null for any.',
  })
  gtin: string | null;

  /** Row uuid of the clinic. */
  clinic: string;
}

@Directive('@inaccessible')
@ObjectType('ApplianceExposure', {
  simpleResolvers: true,
  description: 'Last use of a traced lot on a patient.',
})
export class ApplianceExposure {
  @ApiField(() => ID, { description: 'Patient concerned.' })
  patientId: string;

  @ApiField(() => DateScalar, { description: 'Business day of the last use.' })
  lastUsedOn: string;
}

/** Trace of a lot number of a clinic; the number is in its normal form. */
export const lotTraceOf = (clinic: string, lotNumber: string, gtin: string | null): LotTrace =>
  Object.assign(new LotTrace(), { clinicId: clinicIdText(clinic), lotNumber, gtin, clinic });
