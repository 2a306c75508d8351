import {
  ClinicKey,
  EnumField,
  IdTextField,
  InstantField,
  TenantRecord,
  TextField,
  UuidColumn,
} from '@practice-graph/kit';
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';
import { CollectionChannel } from './collection-channel.rules';

registerEnumType(CollectionChannel, {
  name: 'CollectionChannel',
  description: 'How a patient was reached for collection.',
  valuesConfig: {
    PHONE: { description: 'Telephone call.' },
    EMAIL: { description: 'Electronic mail.' },
    LETTER: { description: 'Letter by post.' },
    SMS: { description: 'Text message.' },
    AGENCY: { description: 'Placed with a collection agency; enough on its own.' },
    IN_PERSON: { description: 'Talk in person.' },
  },
});

/** A documented try; never changed afterwards. */
@Entity()
@Index(['id'])
@Index(['clinicId', 'patientId', 'at'])
@Directive('@key(fields: "id")')
@ObjectType('CollectionEffort', { simpleResolvers: true, description: 'A try to collect what a patient owes.' })
export class CollectionEffort extends TenantRecord {
  @UuidColumn()
  patientId: string;

  @InstantField({ description: 'When it was tried.' })
  at: Date;

  @EnumField(CollectionChannel, { description: 'How the patient was reached.' })
  channel: CollectionChannel;

  @TextField({ description: 'What came of it.' })
  outcome: string;

  @TextField({ nullable: true, description: "Reference of a letter or of the agency's file." })
  documentReference: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;
}

/** A try that documents a bad debt. */
@Entity()
@ForeignKey(() => AdjustmentEntry, ['clinicId', 'entryId'], ['clinicId', 'id'])
@ForeignKey(() => CollectionEffort, ['clinicId', 'effortId'], ['clinicId', 'id'])
@Index(['clinicId', 'effortId'])
export class BadDebtEffort {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  entryId: string;

  @PrimaryColumn({ type: 'uuid' })
  effortId: string;
}
