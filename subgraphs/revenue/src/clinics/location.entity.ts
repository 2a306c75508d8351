import {
  BooleanField,
  EnumField,
  EnumListField,
  IdTextField,
  IntField,
  TenantRecord,
  TextField,
  TimeZoneField,
  VersionField,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, Unique } from 'typeorm';
import { LocationKind, Weekday } from './directory.types';

@Entity()
@Unique(['clinicId', 'externalId'])
@Index(['id'])
@Check('chair_count >= 0')
@Directive('@key(fields: "id")')
@ObjectType('Location', {
  simpleResolvers: true,
  description: 'A place of a clinic where patients are treated and stock is kept. Each domain adds its measures.',
})
export class Location extends TenantRecord {
  @IdTextField({
    nullable: true,
    description: 'Identifier in the system it came from; null when it was made here.',
  })
  externalId: string | null;

  @TextField({ description: 'Name shown to users.' })
  name: string;

  @EnumField(LocationKind, { description: 'What is done there; a clinic may run several kinds of places.' })
  kind: LocationKind;

  @TimeZoneField({ description: 'Zone in which its business days are cut.' })
  timeZone: string;

  @IntField({ description: 'Chairs or treatment rooms in use.' })
  chairCount: number;

  @EnumListField(Weekday, { description: 'Days of the week on which it works; the base of goal pace.' })
  workingWeekdays: Weekday[];

  /** Shown by period, so that a long history of holidays does not come with every answer. */
  @Column({ type: 'date', array: true })
  closedDates: string[];

  @BooleanField({ description: 'False after it was shut; its history stays.' })
  active: boolean;

  @VersionField()
  version: number;
}
