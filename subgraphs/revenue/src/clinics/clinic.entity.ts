import {
  ApiField,
  ClinicKey,
  clinicIdText,
  CurrencyField,
  EnumField,
  EnumListField,
  IdTextField,
  IntField,
  RowKey,
  TextField,
  TimeZoneField,
  VersionField,
  type RecordKey,
} from '@practice-graph/kit';
import { Directive, ID, ObjectType } from 'type-graphql';
import { Check, Entity } from 'typeorm';
import { ClinicCapability, ClinicKind } from './directory.types';

/** The tenant. Its row stands under its own uuid, so that it is found like any other record of a clinic. */
@Entity()
@Check('clinic_id = id')
@Check('fiscal_year_start_month BETWEEN 1 AND 12')
@Directive('@key(fields: "id")')
@ObjectType('Clinic', {
  simpleResolvers: true,
  description: 'A practice, hospital or medical spa with its own books: the tenant. Each domain adds its measures.',
})
export class Clinic implements RecordKey {
  @ClinicKey()
  clinicId: string;

  @RowKey()
  id: string;

  @ApiField(() => ID, {
    name: 'id',
    description: 'Opaque identifier of the clinic, which its records carry in theirs.',
  })
  get globalId(): string {
    return clinicIdText(this.clinicId);
  }

  @IdTextField({
    nullable: true,
    description: 'Identifier in the system it came from; null when it was made here.',
  })
  externalId: string | null;

  @TextField({ description: 'Name shown to users.' })
  name: string;

  @EnumField(ClinicKind, { description: 'What is done at most of its places.' })
  kind: ClinicKind;

  @CurrencyField({ description: 'The one currency in which the clinic keeps its books.' })
  currency: string;

  @TimeZoneField({ description: 'Time zone of the clinic; locations may differ.' })
  timeZone: string;

  @IntField({ description: 'First month of the fiscal year, 1 to 12.' })
  fiscalYearStartMonth: number;

  @EnumListField(ClinicCapability, {
    description: 'Domains switched on for the clinic, for a gradual roll-out.',
  })
  capabilities: ClinicCapability[];

  @VersionField()
  version: number;
}
