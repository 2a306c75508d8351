import { BooleanField, IdTextField, TenantRecord, TextField, VersionField } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Entity, Index, Unique } from 'typeorm';

@Entity()
@Unique(['clinicId', 'externalId'])
@Index(['id'])
@Directive('@key(fields: "id")')
@ObjectType('Provider', {
  simpleResolvers: true,
  description: 'A person who treats patients. Each domain adds its measures.',
})
export class Provider extends TenantRecord {
  @IdTextField({
    nullable: true,
    description: 'Identifier in the system it came from; null when it was made here.',
  })
  externalId: string | null;

  @TextField({ description: 'Display code or name at work, for example DR-07.' })
  name: string;

  @TextField({ description: 'Profession, for example orthodontist, hygienist or injector.' })
  role: string;

  @BooleanField({ description: 'False after the provider left; history stays.' })
  active: boolean;

  @BooleanField({
    description: 'True while only a reference to the provider is known; its production is counted all the same.',
  })
  isStub: boolean;

  @VersionField()
  version: number;
}
