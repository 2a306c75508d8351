import { IdTextField, InstantField, TenantRecord, TextField, UuidColumn } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Vendor } from '../vendors/vendor.entity';

@Entity('receiving_record')
@Index(['id'])
@ForeignKey(() => Vendor, ['clinicId', 'vendorId'], ['clinicId', 'id'])
@Directive('@key(fields: "id")')
@ObjectType('ReceivingRecord', { simpleResolvers: true, description: 'One delivery, on an order or without one.' })
export class ReceivingRecord extends TenantRecord {
  @InstantField({ description: 'When it came in.' })
  receivedAt: Date;

  @IdTextField({ description: 'User who received it.' })
  receivedBy: string;

  @TextField({ description: 'Remark of the person who received it.', nullable: true })
  notes: string | null;

  @UuidColumn()
  locationId: string;

  @UuidColumn({ nullable: true })
  vendorId: string | null;

  @Column({ type: 'text', nullable: true })
  reason: string | null;
}
