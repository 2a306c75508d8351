import {
  ApiField,
  DateField,
  DecimalScalar,
  IntField,
  MoneyField,
  QuantityField,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { SupplyItem } from '../items/supply-item.entity';
import { offeredUnitCost } from './supply-offer.rules';

@Entity()
@ForeignKey(() => SupplyItem, ['clinicId', 'itemId'], ['clinicId', 'id'], { onDelete: 'RESTRICT' })
@Unique(['clinicId', 'itemId', 'vendorId', 'packSize', 'validFrom'])
@Index(['id'])
@Index(['clinicId', 'vendorId'])
@Check('pack_price >= 0')
@Check('pack_size > 0')
@Check('minimum_packs >= 1')
@Directive('@key(fields: "id")')
@ObjectType('SupplyOffer', { simpleResolvers: true, description: "A vendor's offer for an item." })
export class SupplyOffer extends TenantRecord {
  @UuidColumn()
  itemId: string;

  @UuidColumn()
  vendorId: string;

  @TextField({ nullable: true, description: "The vendor's own number for it." })
  vendorSku: string | null;

  @MoneyField({ description: 'Price of one pack.' })
  packPrice: Decimal;

  @QuantityField({ description: 'Units in a pack.' })
  packSize: Decimal;

  @ApiField(() => DecimalScalar, { description: 'Pack price over pack size, to six decimals.' })
  get unitCost(): Decimal {
    return offeredUnitCost(this);
  }

  @IntField({ description: 'Least number of packs per order.' })
  minimumPacks: number;

  @IntField({ nullable: true, description: 'Days from order to delivery; null when unknown.' })
  leadTimeDays: number | null;

  @IntField({ nullable: true, description: "Place in the clinic's preference, 1 first; null when not ranked." })
  rank: number | null;

  @DateField({ description: 'First day of the price.' })
  validFrom: string;

  @DateField({ nullable: true, description: 'Last day of the price; null while open-ended.' })
  validTo: string | null;

  @VersionField()
  version: number;
}
