import { DateScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';

export const SupplyAdjustReason = {
  DAMAGE: 'DAMAGE',
  EXPIRED: 'EXPIRED',
  LOSS: 'LOSS',
  FOUND: 'FOUND',
  CORRECTION: 'CORRECTION',
  VENDOR_RETURN: 'VENDOR_RETURN',
} as const;
export type SupplyAdjustReason = (typeof SupplyAdjustReason)[keyof typeof SupplyAdjustReason];
registerEnumType(SupplyAdjustReason, {
  name: 'SupplyAdjustReason',
  description: 'Why the stock of supplies is corrected.',
  valuesConfig: {
    DAMAGE: { description: 'Damaged: waste.' },
    EXPIRED: { description: 'Expired: waste.' },
    LOSS: { description: 'Missing.' },
    FOUND: { description: 'Found in excess.' },
    CORRECTION: { description: 'Typing error of an earlier entry.' },
    VENDOR_RETURN: { description: 'Sent back to the vendor.' },
  },
});

@InputType('SupplyStockAdjustInput', { description: 'Correction of the stock of a lot at a place.' })
export class SupplyStockAdjustInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Item, for goods without lots.' })
  itemId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Lot, for lot-tracked items.' })
  lotId?: string | null | undefined;

  @Field(() => ID, { description: 'Place whose stock is corrected.' })
  locationId: string;

  @Field(() => Quantity, { description: 'Signed change; not zero.' })
  delta: Decimal;

  @Field(() => SupplyAdjustReason, { description: 'Why stock is different.' })
  reason: SupplyAdjustReason;

  @Field(() => String, { nullable: true, description: 'More about it, in words.' })
  note?: string | null | undefined;
}

@InputType('SupplyTransferInput', { description: 'Move of a quantity between two locations of one clinic.' })
export class SupplyTransferInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Lot to move; null for items without lots.' })
  lotId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Item to move, for goods without lots.' })
  itemId?: string | null | undefined;

  @Field(() => ID, { description: 'Location that gives.' })
  fromLocationId: string;

  @Field(() => ID, { description: 'Location that receives; another one of the same clinic.' })
  toLocationId: string;

  @Field(() => Quantity, { description: 'How much, more than zero and at most what is there.' })
  quantity: Decimal;

  @Field(() => DateScalar, { description: 'Business day on which both movements count.' })
  transferredOn: string;

  @Field(() => String, { nullable: true, description: 'Shelf or drawer at the receiving location.' })
  storageLocation?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  reason?: string | null | undefined;
}
