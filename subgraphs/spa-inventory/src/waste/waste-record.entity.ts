import {
  EnumField,
  IdTextField,
  InstantField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostColumn,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { WasteReason } from './waste-reason.types';

@Entity('waste_record')
@Index(['id'])
@Index(['clinicId', 'businessDate', 'createdAt', 'id'])
@Index(['clinicId', 'lotId'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
@Check('quantity > 0')
@Directive('@key(fields: "id")')
@ObjectType('WasteRecord', { simpleResolvers: true, description: 'Waste of a lot or vial.' })
export class WasteRecord extends TenantRecord {
  @IdTextField({ description: 'Appointment it belongs to, for example of a no-show.', nullable: true })
  appointmentId: string | null;

  @QuantityField({ description: 'Wasted, in the unit of the product.' })
  quantity: Decimal;

  @EnumField(WasteReason, { description: 'Cause, for the waste statistics.' })
  reason: WasteReason;

  @MoneyField({ description: 'Quantity times unit cost.' })
  cost: Decimal;

  @TextField({ description: 'Remark; needed for OTHER.', nullable: true })
  note: string | null;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @UuidColumn()
  productId: string;

  @UuidColumn()
  lotId: string;

  @UuidColumn()
  locationId: string;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UnitCostColumn()
  unitCost: Decimal;

  @Column({ type: 'date' })
  businessDate: Day;
}
