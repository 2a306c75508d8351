import {
  DateField,
  EnumField,
  IdTextField,
  InstantField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostField,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { ReceivingRecord } from '../receiving/receiving-record.entity';
import { LotUsage } from '../treatments/lot-usage.entity';
import { WasteRecord } from '../waste/waste-record.entity';
import { InventoryTransactionStatus, InventoryTransactionType } from './inventory-transaction-type.types';

@Entity('inventory_transaction')
@Index(['id'])
@Index(['clinicId', 'businessDate', 'createdAt', 'id'])
@Index('inventory_transaction_by_lot', ['clinicId', 'lotId', 'businessDate', 'createdAt', 'id'])
@Unique(['clinicId', 'lotId', 'locationId', 'seq'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
@ForeignKey(() => LotUsage, ['clinicId', 'usageId'], ['clinicId', 'id'])
@ForeignKey(() => WasteRecord, ['clinicId', 'wasteId'], ['clinicId', 'id'])
@ForeignKey(() => ReceivingRecord, ['clinicId', 'receivingId'], ['clinicId', 'id'])
@Check("quantity <> 0 AND (quantity > 0) = (type IN ('RECEIVE', 'ADJUSTMENT_ADD', 'TRANSFER_IN'))")
@Check('quantity_before >= 0')
@Check('quantity_after >= 0 AND quantity_after = quantity_before + quantity')
@Directive('@key(fields: "id")')
@ObjectType('InventoryTransaction', {
  simpleResolvers: true,
  description: 'One stock movement of a lot at a place; the ledger is append-only.',
})
export class InventoryTransaction extends TenantRecord {
  @EnumField(InventoryTransactionType, { description: 'Why stock moved; it fixes the sign.' })
  type: InventoryTransactionType;

  @EnumField(InventoryTransactionStatus, { description: 'Where it stands.' })
  status: InventoryTransactionStatus;

  @QuantityField({ description: 'Signed change.' })
  quantity: Decimal;

  @QuantityField({ description: 'Stock of the lot there before; null while pending.', nullable: true })
  quantityBefore: Decimal | null;

  @QuantityField({ description: 'Stock of the lot there after; null while pending.', nullable: true })
  quantityAfter: Decimal | null;

  @UnitCostField({ description: 'Cost per unit kept at that time.' })
  unitCost: Decimal;

  @MoneyField({ description: 'Quantity times unit cost, signed.' })
  totalCost: Decimal;

  @IdTextField({ description: 'Appointment it belongs to.', nullable: true })
  appointmentId: string | null;

  @TextField({ description: 'Why, in words.', nullable: true })
  reason: string | null;

  @DateField({ description: 'Business day on which it counts.' })
  businessDate: string;

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

  /** Place in the chain of the lot at the location, from 1 and without gaps. */
  @Column({ type: 'integer' })
  seq: number;

  @UuidColumn({ nullable: true })
  patientId: string | null;

  @UuidColumn({ nullable: true })
  providerId: string | null;

  @UuidColumn({ nullable: true })
  usageId: string | null;

  @UuidColumn({ nullable: true })
  wasteId: string | null;

  @UuidColumn({ nullable: true })
  receivingId: string | null;
}
