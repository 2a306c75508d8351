import { ApiField, EnumField, TenantRecord, VersionField } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, Index, Unique } from 'typeorm';
import { PatientType } from './patient.types';

@Entity()
@Unique(['clinicId', 'reference'])
@Index(['id'])
@Directive('@key(fields: "id")')
@ObjectType('Patient', {
  simpleResolvers: true,
  description:
    'A patient, known by an opaque identifier and a pseudonymous code only; no name, contact or clinical record is kept.',
})
export class Patient extends TenantRecord {
  @Column({ type: 'text' })
  @ApiField(() => String, {
    nullable: true,
    scopes: [['patient:read']],
    description:
      'Pseudonymous code such as PT-000123 that means nothing outside; null without patient:read. Names and contacts are not kept in this graph.',
  })
  reference: string;

  @EnumField(PatientType, { description: 'How the patient is billed.' })
  patientType: PatientType;

  @VersionField()
  version: number;
}
