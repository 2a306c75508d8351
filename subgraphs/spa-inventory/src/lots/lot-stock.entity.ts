import {
  ClinicKey,
  MoneyColumn,
  Quantity,
  QuantityField,
  TextField,
  UuidColumn,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { InventoryLot } from './inventory-lot.entity';

@Entity('lot_stock')
@Index(['clinicId', 'productId', 'locationId'])
@Index(['clinicId', 'locationId'])
@ForeignKey(() => InventoryLot, ['clinicId', 'lotId'], ['clinicId', 'id'])
@Check('on_hand >= 0')
@Check('reserved >= 0 AND reserved <= on_hand')
@Directive('@shareable')
@ObjectType('LotStock', { simpleResolvers: true, description: 'Quantity of one lot at one place.' })
export class LotStock {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  lotId: string;

  @PrimaryColumn({ type: 'uuid' })
  locationId: string;

  @UuidColumn()
  productId: string;

  @TextField({
    description:
      'Fridge, shelf or drawer inside the location; moving it there is not a stock movement. Null when not noted.',
    nullable: true,
  })
  storageLocation: string | null;

  @QuantityField({ description: 'Physically there, usable or not.', default: 0 })
  onHand: Decimal;

  @QuantityField({ description: 'Held for appointments or approved transfers.', default: 0 })
  reserved: Decimal;

  @Field(() => Quantity, {
    description: 'On hand minus reserved; zero while the lot is expired, quarantined, recalled or damaged.',
  })
  available: Decimal;

  /** Cost of what lies there: the sum of the ledger's totals, exact to the cent (E-14). */
  @MoneyColumn({ default: 0 })
  value: Decimal;

  /** Rows of the ledger for the lot at the place. */
  @Column({ type: 'integer', default: 0 })
  movements: number;

  /** Current business day at the place; set when it is read. */
  today: Day;
}
