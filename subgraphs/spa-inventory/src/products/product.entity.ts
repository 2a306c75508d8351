import {
  BooleanField,
  EnumField,
  IdTextField,
  InstantField,
  IntField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { Vendor } from '../vendors/vendor.entity';
import { ProductCategoryCode } from './product-category.types';
import type { StoredInjectable, StoredProductStatus, StoredStorage } from './product.rules';

@Entity('product')
@Index(['id'])
@Index(['clinicId', 'name'])
@Index(['clinicId', 'preferredVendorId'])
@Unique(['clinicId', 'sku'])
@ForeignKey(() => Vendor, ['clinicId', 'preferredVendorId'], ['clinicId', 'id'])
@Check('unit_cost >= 0')
@Check('retail_price >= 0')
@Check('commission_rate BETWEEN 0 AND 1')
@Check('units_per_package > 0')
@Check('reorder_point >= 0')
@Check('over_receipt_tolerance >= 0')
@Check("stored_status IN ('ACTIVE', 'DISCONTINUED', 'PENDING_APPROVAL')")
@Directive('@key(fields: "id")')
@ObjectType('Product', { simpleResolvers: true, description: 'A product of the catalogue.' })
export class Product extends TenantRecord {
  @TextField({ description: 'Stock-keeping unit, unique in the clinic.' })
  sku: string;

  @TextField({ description: 'Name of the product.' })
  name: string;

  @TextField({ description: 'Brand; null when it has none.', nullable: true })
  brand: string | null;

  @TextField({ description: 'What it is for.', nullable: true })
  description: string | null;

  @EnumField(ProductCategoryCode, { description: 'Fixed category.' })
  category: ProductCategoryCode;

  @UnitCostField({ description: 'Present purchase cost per unit, to six decimals.' })
  unitCost: Decimal;

  @MoneyField({ description: 'Price per unit to patients; null when not sold.', nullable: true })
  retailPrice: Decimal | null;

  @UnitCostField({
    description: 'Share of the price paid as commission, as a fraction; null when none.',
    nullable: true,
  })
  commissionRate: Decimal | null;

  @TextField({ description: 'Unit in which stock is counted, for example unit, mL, syringe or piece.' })
  unitType: string;

  @QuantityField({ description: 'Units in one package or vial.' })
  unitsPerPackage: Decimal;

  @QuantityField({ description: 'Stock per location at or below which it is low.' })
  reorderPoint: Decimal;

  @QuantityField({ description: 'Quantity to order at once; null lets it be computed.', nullable: true })
  reorderQuantity: Decimal | null;

  @QuantityField({ description: 'Stock per location not to fall below.', nullable: true })
  minLevel: Decimal | null;

  @QuantityField({ description: 'Stock per location to fill up to.', nullable: true })
  maxLevel: Decimal | null;

  @IntField({ description: 'Days from order to delivery.', nullable: true })
  leadTimeDays: number | null;

  @BooleanField({ description: 'False when no stock is kept.' })
  trackInventory: boolean;

  @BooleanField({ description: 'True when every receipt and use names a lot.' })
  trackByLot: boolean;

  @BooleanField({ description: 'True when every piece has a serial number.' })
  trackBySerial: boolean;

  @BooleanField({ description: 'True when a receipt without an expiry date is refused.' })
  requireExpirationDate: boolean;

  @IntField({ description: 'Days that must be left at receipt; less goes to quarantine.', nullable: true })
  minRemainingShelfLifeDays: number | null;

  @UnitCostField({ description: 'Part of an order line that may come in excess, as a fraction.' })
  overReceiptTolerance: Decimal;

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

  @Column({ name: 'injectable', type: 'jsonb', nullable: true })
  storedInjectable: StoredInjectable | null;

  @Column({ name: 'storage', type: 'jsonb', nullable: true })
  storedStorage: StoredStorage | null;

  /** What was decided; OUT_OF_STOCK follows from stock and is never stored. */
  @Column({ type: 'text' })
  storedStatus: StoredProductStatus;

  @UuidColumn({ nullable: true })
  preferredVendorId: string | null;
}
