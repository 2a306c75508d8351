import { DateField, IdTextField, InstantField, IntField, TenantRecord, UuidColumn } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, Index, Unique } from 'typeorm';

@Entity()
@Unique(['clinicId', 'locationId', 'chairId', 'businessDate'])
@Index(['id'])
@Index(['clinicId', 'businessDate', 'id'])
@Check('available_minutes >= 0')
@Check('used_minutes >= 0')
@Directive('@key(fields: "id")')
@ObjectType('ChairHours', { simpleResolvers: true, description: 'Time of a chair on one day.' })
export class ChairHours extends TenantRecord {
  @UuidColumn()
  locationId: string;

  @IdTextField({ description: 'Chair, as named by the location.' })
  chairId: string;

  @DateField({ description: 'Business day.' })
  businessDate: Day;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @IntField({ description: 'Minutes open and staffed, overlaps counted once.' })
  availableMinutes: number;

  @IntField({ description: 'Minutes occupied, overlaps counted once.' })
  usedMinutes: number;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;
}
