import { DateScalar, Money, Quantity, Decimal } from '@practice-graph/kit';
import { LotDisposition, LotStatus } from '@practice-graph/practice';
import { Field, ID, InputType, Int } from 'type-graphql';

@InputType('SupplyLotFilter', { description: 'Narrows lots; members are combined with AND, list members with OR.' })
export class SupplyLotFilter {
  @Field(() => [ID], { nullable: true, description: 'Single items.' })
  itemIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Places where something is left.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [LotStatus], { nullable: true, description: 'Present states.' })
  statuses?: LotStatus[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Vendors the lots came from.' })
  vendorIds?: string[] | null | undefined;

  @Field(() => String, { nullable: true, description: 'Lot number as printed.' })
  lotNumber?: string | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Expires within so many days from today.' })
  expiringWithinDays?: number | null | undefined;
}

@InputType('SupplyLotReceiveInput', { description: 'Receipt of a lot; give an item or a scan.' })
export class SupplyLotReceiveInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { nullable: true, description: 'Item received.' })
  itemId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Scanned code that names item, lot and expiry.' })
  scanned?: string | null | undefined;

  @Field(() => ID, { description: 'Where it was received.' })
  locationId: string;

  @Field(() => String, { nullable: true, description: 'Shelf or drawer.' })
  storageLocation?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: "Vendor it came from; null takes the order's." })
  vendorId?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: 'Order it belongs to; null needs a reason.' })
  orderId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Why goods come in without an order.' })
  reason?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Lot number as printed; needed for lot-tracked items.' })
  lotNumber?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'GTIN on the pack.' })
  gtin?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Serial number on the pack.' })
  serialNumber?: string | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Last day of use; must agree with the lot when it is known.',
  })
  expirationDate?: string | null | undefined;

  @Field(() => Quantity, { description: 'Packs received.' })
  packs: Decimal;

  @Field(() => Quantity, { defaultValue: new Decimal(1), description: 'Units in a pack.' })
  packSize: Decimal;

  @Field(() => Money, {
    nullable: true,
    description: 'Price of a pack; the cost per unit is kept to six decimals. Null when unknown.',
  })
  packPrice?: Decimal | null | undefined;

  @Field(() => DateScalar, { description: 'Business day of receipt.' })
  receivedOn: string;
}

@InputType('SupplyLotsReceiveInput', { description: 'Receipt of several lots.' })
export class SupplyLotsReceiveInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Why goods come in without an order, for example opening stock.',
  })
  reason?: string | null | undefined;

  @Field(() => [SupplyLotReceiveLineInput], {
    description: 'Lots received, at most 500; more are refused with TOO_MANY_LINES.',
  })
  lines: SupplyLotReceiveLineInput[];
}

@InputType('SupplyLotReceiveLineInput', { description: 'One lot of a bulk receipt; give an item or a scan.' })
export class SupplyLotReceiveLineInput {
  @Field(() => ID, { nullable: true, description: 'Item received.' })
  itemId?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Scanned code that names item, lot and expiry.' })
  scanned?: string | null | undefined;

  @Field(() => ID, { description: 'Where it was received.' })
  locationId: string;

  @Field(() => String, { nullable: true, description: 'Shelf or drawer.' })
  storageLocation?: string | null | undefined;

  @Field(() => ID, { nullable: true, description: "Vendor it came from; null takes the order's." })
  vendorId?: string | null | undefined;

  @Field(() => ID, {
    nullable: true,
    description: 'Order it belongs to; null needs a reason here or for the whole receipt.',
  })
  orderId?: string | null | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Why goods come in without an order; null takes the reason of the whole receipt.',
  })
  reason?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Lot number as printed; needed for lot-tracked items.' })
  lotNumber?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'GTIN on the pack.' })
  gtin?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Serial number on the pack.' })
  serialNumber?: string | null | undefined;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'Last day of use; must agree with the lot when it is known.',
  })
  expirationDate?: string | null | undefined;

  @Field(() => Quantity, { description: 'Packs received.' })
  packs: Decimal;

  @Field(() => Quantity, { defaultValue: new Decimal(1), description: 'Units in a pack.' })
  packSize: Decimal;

  @Field(() => Money, {
    nullable: true,
    description: 'Price of a pack; the cost per unit is kept to six decimals. Null when unknown.',
  })
  packPrice?: Decimal | null | undefined;

  @Field(() => DateScalar, { description: 'Business day of receipt.' })
  receivedOn: string;
}

@InputType('LotDispositionInput', { description: 'Changes the disposition of a lot.' })
export class LotDispositionInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => LotDisposition, {
    description:
      'New disposition; RECALLED is refused, a recall sets it. Release from quarantine needs another person than the one who set it.',
  })
  to: LotDisposition;

  @Field(() => String, { description: 'Why; shown on the lot.' })
  reason: string;

  @Field(() => Int, { description: 'Version of the lot that the caller saw; STALE_VERSION when it moved on.' })
  expectedVersion: number;
}
