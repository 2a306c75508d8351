import { Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { SupplyCategory } from './supply-category.types';

@InputType('SupplyItemInput', { description: 'A supply item to create or change.' })
export class SupplyItemInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Item to change; null creates one.' })
  id?: string | null | undefined;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Stock-keeping unit, unique in the clinic.' })
  sku: string;

  @Field(() => String, { nullable: true, description: 'GTIN of one unit or pack.' })
  gtin?: string | null | undefined;

  @Field(() => String, { description: 'Name of the item.' })
  name: string;

  @Field(() => SupplyCategory, { description: 'What it is.' })
  category: SupplyCategory;

  @Field(() => String, { description: 'Unit of measure; cannot change while there is stock.' })
  unit: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when only whole units can be used. Left out on creation: true.',
  })
  wholeUnitsOnly?: boolean | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when each receipt and use names a lot. Left out on creation: true.',
  })
  lotTracked?: boolean | null | undefined;

  @Field(() => Quantity, { description: 'Stock per location at or below which it is low.' })
  reorderPoint: Decimal;

  @Field(() => Quantity, { description: 'Stock per location to fill up to.' })
  maxLevel: Decimal;

  @Field(() => Boolean, { nullable: true, description: 'False when no longer bought. Left out on creation: true.' })
  active?: boolean | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}

@InputType('SupplyItemFilter', {
  description: 'Narrows supply items; members are combined with AND, list members with OR.',
})
export class SupplyItemFilter {
  @Field(() => String, { nullable: true, description: 'Words in name, SKU, GTIN or vendor number.' })
  search?: string | null | undefined;

  @Field(() => [SupplyCategory], { nullable: true, description: 'Categories of items.' })
  categories?: SupplyCategory[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Vendors with an offer in force.' })
  vendorIds?: string[] | null | undefined;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'False also lists items no longer bought.' })
  activeOnly?: boolean | null | undefined;
}
