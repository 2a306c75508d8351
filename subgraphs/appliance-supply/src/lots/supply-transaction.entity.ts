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
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { SupplyOrder } from '../orders/supply-order.entity';
import { SupplyStock } from './supply-stock.entity';

export const SupplyTransactionType = {
  RECEIVE: 'RECEIVE',
  USE: 'USE',
  USE_REVERSAL: 'USE_REVERSAL',
  TRANSFER_OUT: 'TRANSFER_OUT',
  TRANSFER_IN: 'TRANSFER_IN',
  ADJUSTMENT_ADD: 'ADJUSTMENT_ADD',
  ADJUSTMENT_REMOVE: 'ADJUSTMENT_REMOVE',
  WASTE: 'WASTE',
  RETURN_VENDOR: 'RETURN_VENDOR',
} as const;
export type SupplyTransactionType = (typeof SupplyTransactionType)[keyof typeof SupplyTransactionType];
registerEnumType(SupplyTransactionType, {
  name: 'SupplyTransactionType',
  description: 'Why supplies moved.',
  valuesConfig: {
    RECEIVE: { description: 'Goods came in.' },
    USE: { description: 'Used for an appliance.' },
    USE_REVERSAL: { description: 'An unused piece came back.' },
    TRANSFER_OUT: { description: 'Left for another location of the clinic.' },
    TRANSFER_IN: { description: 'Came from another location of the clinic.' },
    ADJUSTMENT_ADD: { description: 'Found in excess.' },
    ADJUSTMENT_REMOVE: { description: 'Missing.' },
    WASTE: { description: 'Thrown away: damaged, used up in a rework, or expired.' },
    RETURN_VENDOR: { description: 'Sent back to the vendor.' },
  },
});

@Entity()
@ForeignKey(() => SupplyStock, ['clinicId', 'lotId', 'locationId'], ['clinicId', 'lotId', 'locationId'], {
  onDelete: 'RESTRICT',
})
@ForeignKey(() => SupplyTransaction, ['clinicId', 'counterpartId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@ForeignKey(() => SupplyOrder, ['clinicId', 'orderId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Unique(['clinicId', 'lotId', 'locationId', 'move'])
@Index('supply_transaction_waste', { synchronize: false })
@Index(['id'])
@Index(['clinicId', 'businessDate', 'id'])
@Index(['clinicId', 'usageId'])
@Index(['clinicId', 'orderId'])
@Check('quantity <> 0')
@Check('quantity_after >= 0')
@Check('quantity_before + quantity = quantity_after')
@Directive('@key(fields: "id")')
@ObjectType('SupplyTransaction', {
  simpleResolvers: true,
  description: 'A movement of supplies; the ledger is append-only.',
})
export class SupplyTransaction extends TenantRecord {
  @EnumField(SupplyTransactionType, { description: 'Why stock moved; it fixes the sign.' })
  type: SupplyTransactionType;

  @UuidColumn()
  itemId: string;

  @UuidColumn()
  lotId: string;

  @UuidColumn()
  locationId: string;

  /** Place in the sequence of the lot's movements at the location, from 1 and without gaps. */
  @Column({ type: 'integer' })
  move: number;

  @QuantityField({ description: 'Signed change of the stock there.' })
  quantity: Decimal;

  @QuantityField({ description: 'Stock of the lot there before.' })
  quantityBefore: Decimal;

  @QuantityField({ description: 'Stock of the lot there after.' })
  quantityAfter: Decimal;

  @UnitCostField({ nullable: true, description: 'Cost per unit kept at that time; null when unknown.' })
  unitCost: Decimal | null;

  @MoneyField({ nullable: true, description: 'Quantity times unit cost, signed; null when unknown.' })
  totalCost: Decimal | null;

  @UuidColumn({ nullable: true })
  usageId: string | null;

  /** Other half of a transfer. */
  @UuidColumn({ nullable: true })
  counterpartId: string | null;

  @UuidColumn({ nullable: true })
  orderId: string | null;

  @TextField({ nullable: true, description: 'Why, in words.' })
  reason: string | null;

  @DateField({ description: 'Business day on which it counts.' })
  businessDate: string;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;
}
