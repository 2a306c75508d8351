import {
  ApiField,
  BooleanField,
  EnumField,
  QuantityField,
  TenantRecord,
  TextField,
  UnitCostField,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, Index, Unique } from 'typeorm';
import { bucketOf } from './cost-bucket.rules';
import { CostBucket, SupplyCategory } from './supply-category.types';

@Entity()
@Unique(['clinicId', 'sku'])
@Index(['id'])
@Index(['clinicId', 'name', 'id'])
@Check('reorder_point >= 0')
@Directive('@key(fields: "id")')
@ObjectType('SupplyItem', { simpleResolvers: true, description: 'A stocked supply.' })
export class SupplyItem extends TenantRecord {
  @TextField({ description: 'Stock-keeping unit, unique in the clinic.' })
  sku: string;

  @TextField({ nullable: true, description: 'GTIN of one unit or pack, read from its barcode.' })
  gtin: string | null;

  @TextField({ description: 'Name of the item.' })
  name: string;

  @EnumField(SupplyCategory, { description: 'What it is.' })
  category: SupplyCategory;

  @ApiField(() => CostBucket, { description: 'Bucket of the case cost, given by the category.' })
  get bucket(): CostBucket {
    return bucketOf(this.category);
  }

  @TextField({ description: 'Unit of measure in which stock is counted, for example piece, gram or centimetre.' })
  unit: string;

  @BooleanField({ description: 'True when only whole units can be used.' })
  wholeUnitsOnly: boolean;

  @BooleanField({ description: 'True when each receipt and use names a lot.' })
  lotTracked: boolean;

  @QuantityField({ description: 'Stock per location at or below which it is low.' })
  reorderPoint: Decimal;

  @QuantityField({ description: 'Stock per location to fill up to.' })
  maxLevel: Decimal;

  @UnitCostField({
    nullable: true,
    description: 'Moving average of received cost per unit; null before the first receipt.',
  })
  currentUnitCost: Decimal | null;

  @BooleanField({ description: 'False when no longer bought; what is left may be used up.' })
  active: boolean;

  @VersionField()
  version: number;
}
