import { Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { ApplianceRecordType } from '../placements/appliance-record.types';

@InputType('KitLineInput', { description: 'One line of a kit.' })
export class KitLineInput {
  @Field(() => ID, { description: 'Item taken.' })
  itemId: string;

  @Field(() => Quantity, { description: 'How much of it.' })
  quantity: Decimal;
}

@InputType('KitTemplateInput', { description: 'A kit to create or change.' })
export class KitTemplateInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Kit to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Name of the kit.' })
  name: string;

  @Field(() => ApplianceRecordType, { description: 'Kind of appliance it is for.' })
  applianceType: ApplianceRecordType;

  @Field(() => String, { nullable: true, description: 'Appliance system it is for; null for any.' })
  applianceSystem?: string | null | undefined;

  @Field(() => [KitLineInput], { description: 'What it takes; empty is refused with EMPTY_KIT.' })
  lines: KitLineInput[];

  @Field(() => Boolean, { nullable: true, description: 'False when no longer used. Left out on creation: true.' })
  active?: boolean | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
