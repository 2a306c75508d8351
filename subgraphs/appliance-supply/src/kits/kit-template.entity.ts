import {
  BooleanField,
  ClinicKey,
  EnumField,
  QuantityField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { SupplyItem } from '../items/supply-item.entity';
import { ApplianceRecordType } from '../placements/appliance-record.types';

@Entity()
@Unique(['clinicId', 'name'])
@Index(['id'])
@Directive('@key(fields: "id")')
@ObjectType('KitTemplate', {
  simpleResolvers: true,
  description: 'Standard list of supplies for placing a kind of appliance.',
})
export class KitTemplate extends TenantRecord {
  @TextField({ description: 'Name of the kit.' })
  name: string;

  @EnumField(ApplianceRecordType, { description: 'Kind of appliance it is for.' })
  applianceType: ApplianceRecordType;

  @TextField({ nullable: true, description: 'Appliance system it is for; null for any.' })
  applianceSystem: string | null;

  @BooleanField({ description: 'False when no longer used.' })
  active: boolean;

  @VersionField()
  version: number;
}

@Entity()
@ForeignKey(() => KitTemplate, ['clinicId', 'kitId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => SupplyItem, ['clinicId', 'itemId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Check('quantity > 0')
@ObjectType('KitLine', { simpleResolvers: true, description: 'One line of a kit.' })
export class KitLine {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  kitId: string;

  /** Version of the kit that has this line; lines themselves never change. */
  @PrimaryColumn({ type: 'integer' })
  kitVersion: number;

  @PrimaryColumn({ type: 'integer' })
  position: number;

  @UuidColumn()
  itemId: string;

  @QuantityField({ description: 'How much of it.' })
  quantity: Decimal;
}
