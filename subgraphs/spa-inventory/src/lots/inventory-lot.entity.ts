import {
  DateField,
  EnumField,
  IdTextField,
  InstantField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { LotDisposition } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Product } from '../products/product.entity';
import { Vendor } from '../vendors/vendor.entity';

@Entity('inventory_lot')
@Index(['id'])
@Index(['clinicId', 'lotKey'])
@Index(['clinicId', 'expirationDate'])
@Index(['clinicId', 'vendorId'])
@Unique(['clinicId', 'productId', 'lotKey', 'serialKey'])
@ForeignKey(() => Product, ['clinicId', 'productId'], ['clinicId', 'id'])
@ForeignKey(() => Vendor, ['clinicId', 'vendorId'], ['clinicId', 'id'])
@Check('initial_quantity >= 0')
@Check('unit_cost >= 0')
@Check('manufactured_on < expiration_date')
@Directive('@key(fields: "id")')
@ObjectType('InventoryLot', {
  simpleResolvers: true,
  description: 'A lot of a product, wherever it lies: product and lot number are unique together.',
})
export class InventoryLot extends TenantRecord {
  @TextField({ description: 'Lot number as printed.' })
  lotNumber: string;

  @TextField({ description: 'Batch number, when the maker prints one apart.', nullable: true })
  batchNumber: string | null;

  @TextField({ description: 'Serial number of a piece tracked by serial.', nullable: true })
  serialNumber: string | null;

  @TextField({ description: 'GTIN scanned with it.', nullable: true })
  gtin: string | null;

  @DateField({
    description: 'Last day of use, through its end in the zone of the location; null for goods that do not expire.',
    nullable: true,
  })
  expirationDate: string | null;

  @DateField({ description: 'Day of production; before the expiry.', nullable: true })
  manufacturedOn: string | null;

  @DateField({ description: 'First day of receipt.' })
  receivedOn: string;

  @QuantityField({ description: 'Received in all.' })
  initialQuantity: Decimal;

  @UnitCostField({ description: 'Received cost per unit, landed costs included when apportioned.' })
  unitCost: Decimal;

  @TextField({ description: 'Why it came in without an order; null otherwise.', nullable: true })
  receiptReason: string | null;

  @EnumField(LotDisposition, { description: 'Stored decision on it.' })
  disposition: LotDisposition;

  @TextField({ description: 'Why it is blocked or damaged.', nullable: true })
  dispositionReason: string | null;

  @IdTextField({ description: 'User who set the disposition.', nullable: true })
  dispositionBy: string | null;

  @InstantField({ description: 'When the disposition was set.', nullable: true })
  dispositionAt: Date | null;

  @InstantField({ description: 'When it was recorded.' })
  createdAt: Date;

  @IdTextField({ description: 'User or partner client that recorded it.' })
  createdBy: string;

  @InstantField({ description: 'When it was last changed.' })
  updatedAt: Date;

  @IdTextField({ description: 'User or partner client that changed it last.' })
  updatedBy: string;

  @VersionField()
  version: number;

  @UuidColumn()
  productId: string;

  /** The number as it is matched: without regard to case and blanks. */
  @Column({ type: 'text' })
  lotKey: string;

  /** The serial number in the same way for goods tracked by serial; empty for all others. */
  @Column({ type: 'text' })
  serialKey: string;

  /** True for the one lot, or the one per expiry, of goods that are not tracked by lot. */
  @Column({ type: 'boolean' })
  isUntracked: boolean;

  @UuidColumn({ nullable: true })
  vendorId: string | null;
}
