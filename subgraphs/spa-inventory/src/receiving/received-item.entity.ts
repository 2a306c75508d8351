import { ClinicKey, EnumField, QuantityField, UnitCostField, UuidColumn, type Decimal } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { ReceivingCondition } from './receiving-condition.types';
import { ReceivingRecord } from './receiving-record.entity';

@Entity('received_item')
@Index(['clinicId', 'lotId'])
@ForeignKey(() => ReceivingRecord, ['clinicId', 'receivingId'], ['clinicId', 'id'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
@Check('rejected >= 0')
@ObjectType('ReceivedItem', { simpleResolvers: true, description: 'One lot of a delivery.' })
export class ReceivedItem {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  receivingId: string;

  /** Place in the delivery, from 1. */
  @PrimaryColumn({ type: 'integer' })
  line: number;

  @UuidColumn()
  productId: string;

  @UuidColumn()
  lotId: string;

  @QuantityField({ description: 'Units received.' })
  quantity: Decimal;

  @QuantityField({ description: 'Units rejected for their condition; they are not in stock.' })
  rejected: Decimal;

  @EnumField(ReceivingCondition, { description: 'State in which the goods came.' })
  condition: ReceivingCondition;

  @UnitCostField({ description: 'Price of a unit.' })
  unitCost: Decimal;

  @UnitCostField({
    description: 'Price of a unit with its part of tax and shipping; equal to the price when not apportioned.',
  })
  landedUnitCost: Decimal;
}
