import { DateScalar, DateTimeScalar, Decimal, DecimalScalar, Quantity } from '@practice-graph/kit';
import { Field, ID, InputType } from 'type-graphql';
import { ReceivingCondition } from './receiving-condition.types';

@InputType('ReceiveLineInput', { description: 'A received lot; give a product or a scan.' })
export class ReceiveLineInput {
  @Field(() => ID, { description: 'Product received without an order.', nullable: true })
  productId?: string | null;

  @Field(() => Quantity, { description: 'Units received; null with a scan takes its pack.', nullable: true })
  quantity?: Decimal | null;

  @Field(() => Quantity, { description: 'Units rejected out of them.', nullable: true, defaultValue: new Decimal(0) })
  rejected?: Decimal | null;

  @Field(() => ReceivingCondition, {
    description: 'State in which the goods came.',
    nullable: true,
    defaultValue: 'GOOD',
  })
  condition?: ReceivingCondition | null;

  @Field(() => String, { description: 'Lot number as printed; needed for products tracked by lot.', nullable: true })
  lotNumber?: string | null;

  @Field(() => String, { description: 'Batch number, when the maker prints one apart.', nullable: true })
  batchNumber?: string | null;

  @Field(() => String, { description: 'Serial number; needed for products tracked by serial.', nullable: true })
  serialNumber?: string | null;

  @Field(() => DateScalar, {
    description: 'Last day of use; must agree with the lot when it is known.',
    nullable: true,
  })
  expirationDate?: string | null;

  @Field(() => DateScalar, { description: 'Day of production, before the expiry.', nullable: true })
  manufacturedOn?: string | null;

  @Field(() => DecimalScalar, {
    description: "Price of a unit; null takes the order's or the product's.",
    nullable: true,
  })
  unitCost?: Decimal | null;

  @Field(() => String, { description: 'Fridge or shelf.', nullable: true })
  storageLocation?: string | null;
}

@InputType('StockReceiveInput', { description: 'Goods without a purchase order.' })
export class StockReceiveInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, { description: 'Where they came in.' })
  locationId: string;

  @Field(() => ID, { description: 'Vendor they came from.', nullable: true })
  vendorId?: string | null;

  @Field(() => String, { description: 'Why without an order.' })
  reason: string;

  @Field(() => DateTimeScalar, { description: 'When they came in.' })
  receivedAt: Date;

  @Field(() => [ReceiveLineInput], { description: 'What came in.' })
  lines: ReceiveLineInput[];

  @Field(() => String, { description: 'Remark kept on the delivery.', nullable: true })
  notes?: string | null;
}
