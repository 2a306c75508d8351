import { ApiField, ClinicKey, QuantityField, UuidColumn, type Decimal } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Product } from './product.entity';

@Entity('product_barcode')
@Index(['clinicId', 'productId'])
@ForeignKey(() => Product, ['clinicId', 'productId'], ['clinicId', 'id'])
@Check('units_per_pack > 0')
@ObjectType('ProductBarcode', { simpleResolvers: true, description: 'Barcode of a pack level.' })
export class ProductBarcode {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'text' })
  @ApiField(() => String, { description: 'GTIN-14 of the pack.' })
  gtin: string;

  @UuidColumn()
  productId: string;

  @QuantityField({ description: 'Units in this pack, to convert a scan into stock units.' })
  unitsPerPack: Decimal;
}
