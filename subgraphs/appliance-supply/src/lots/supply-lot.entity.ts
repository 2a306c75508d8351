import {
  ApiField,
  DateField,
  EnumField,
  MoneyColumn,
  Quantity,
  QuantityColumn,
  TenantRecord,
  TextField,
  UnitCostField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { LotDisposition } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Location } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';

@Entity()
@ForeignKey(() => SupplyItem, ['clinicId', 'itemId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Index('supply_lot_number', { synchronize: false })
@Index(['id'])
@Index(['clinicId', 'numberKey'])
@Directive('@key(fields: "id")')
@ObjectType('SupplyLot', { simpleResolvers: true, description: 'A lot of an item from a vendor, wherever it lies.' })
export class SupplyLot extends TenantRecord {
  @UuidColumn()
  itemId: string;

  @UuidColumn({ nullable: true })
  vendorId: string | null;

  /** Empty for goods without lots, which the API does not show as a lot. */
  @TextField({ description: 'Lot number as printed.' })
  lotNumber: string;

  /** The number as it is matched: without regard to case and blanks. */
  @Column({ type: 'text' })
  numberKey: string;

  @TextField({ nullable: true, description: 'GTIN scanned with it.' })
  gtin: string | null;

  @TextField({ nullable: true, description: 'Serial number scanned with it.' })
  serialNumber: string | null;

  @DateField({ nullable: true, description: 'Last day of use, through its end; null for goods that do not expire.' })
  expirationDate: string | null;

  @UnitCostField({ nullable: true, description: 'Received cost per unit; null when unknown.' })
  unitCost: Decimal | null;

  /** Received quantity of which the price is known, and that price. */
  @QuantityColumn()
  costedQuantity: Decimal;

  @MoneyColumn()
  receivedCost: Decimal;

  /** Received quantity of which the price is not known. */
  @QuantityColumn()
  uncostedQuantity: Decimal;

  @EnumField(LotDisposition, { description: 'Stored decision on it.' })
  disposition: LotDisposition;

  @TextField({ nullable: true, description: 'Why it is blocked or damaged.' })
  dispositionReason: string | null;

  /** Who decided so; a release from quarantine needs another person. */
  @Column({ type: 'text', nullable: true })
  dispositionBy: string | null;

  @VersionField()
  version: number;
}

@Directive('@shareable')
@ObjectType('LotStock', { simpleResolvers: true, description: 'Quantity of one lot at one place.' })
export class LotStock {
  @ApiField(() => Location, { nullable: true, description: 'Where it lies.' })
  location: Location | null;

  @ApiField(() => String, {
    nullable: true,
    description:
      'Fridge, shelf or drawer inside the location; moving it there is not a stock movement. Null when not noted.',
  })
  storageLocation: string | null;

  @ApiField(() => Quantity, { description: 'Physically there, usable or not.' })
  onHand: Decimal;

  @ApiField(() => Quantity, { description: 'Held for appointments or approved transfers.' })
  reserved: Decimal;

  @ApiField(() => Quantity, {
    description: 'On hand minus reserved; zero while the lot is expired, quarantined, recalled or damaged.',
  })
  available: Decimal;
}
