import { DecimalScalar, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { ProductCategoryCode } from './product-category.types';
import { ProductStatus } from './product-status.types';

@InputType('ProductBarcodeInput', { description: 'Barcode of a pack level.' })
export class ProductBarcodeInput {
  @Field(() => String, { description: 'GTIN of 8 to 14 digits with a right check digit.' })
  gtin: string;

  @Field(() => Quantity, { description: 'Units in this pack.' })
  unitsPerPack: Decimal;
}

@InputType('InjectableInput', { description: 'Data of an injectable.' })
export class InjectableInput {
  @Field(() => String, { description: 'Kind, for example botulinum toxin type A.' })
  type: string;

  @Field(() => String, { description: 'Concentration as on the label.', nullable: true })
  concentration?: string | null;

  @Field(() => DecimalScalar, { description: 'Usual volume of diluent in millilitres.', nullable: true })
  defaultDilutionMl?: Decimal | null;

  @Field(() => [DecimalScalar], { description: 'Volumes of diluent in use, in millilitres.', nullable: true })
  dilutionsMl?: Decimal[] | null;

  @Field(() => Boolean, { description: 'True when it must be reconstituted before use.' })
  reconstitutionRequired: boolean;

  @Field(() => DecimalScalar, { description: 'Hours after reconstitution that the label allows.', nullable: true })
  labelStabilityHours?: Decimal | null;

  @Field(() => DecimalScalar, {
    description: "Hours that the practice's policy allows; more than the label needs a signed policy.",
    nullable: true,
  })
  policyStabilityHours?: Decimal | null;

  @Field(() => String, {
    description: 'Reference of the signed policy that allows more than the label.',
    nullable: true,
  })
  policyReference?: string | null;

  @Field(() => DecimalScalar, { description: 'Volume of a prefilled syringe in millilitres.', nullable: true })
  volumePerSyringeMl?: Decimal | null;

  @Field(() => Quantity, { description: 'Least usual dose.', nullable: true })
  minimumDose?: Decimal | null;

  @Field(() => Int, { description: 'Most patients per vial.', nullable: true })
  maxPatientsPerVial?: number | null;
}

@InputType('StorageInput', { description: 'How a product must be stored.' })
export class StorageInput {
  @Field(() => DecimalScalar, { description: 'Lowest temperature in degrees Celsius.', nullable: true })
  minTemperatureC?: Decimal | null;

  @Field(() => DecimalScalar, { description: 'Highest temperature in degrees Celsius.', nullable: true })
  maxTemperatureC?: Decimal | null;

  @Field(() => Boolean, {
    description: 'True when it belongs into a refrigerator. Left out on creation: false.',
    nullable: true,
  })
  refrigerated?: boolean | null;

  @Field(() => Boolean, {
    description: 'True when it belongs into a freezer. Left out on creation: false.',
    nullable: true,
  })
  frozen?: boolean | null;

  @Field(() => Boolean, { description: 'True when it must be kept dark. Left out on creation: false.', nullable: true })
  lightSensitive?: boolean | null;

  @Field(() => DecimalScalar, { description: 'Highest relative humidity in percent.', nullable: true })
  maxHumidityPercent?: Decimal | null;

  @Field(() => String, { description: 'Anything else.', nullable: true })
  instructions?: string | null;
}

@InputType('ProductInput', { description: 'A product to create or change.' })
export class ProductInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Product to change; null creates one, which waits for approval.', nullable: true })
  id?: string | null;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Stock-keeping unit, unique in the clinic.' })
  sku: string;

  @Field(() => [ProductBarcodeInput], {
    description: 'Barcodes at every pack level. Left out on creation: none.',
    nullable: true,
  })
  barcodes?: ProductBarcodeInput[] | null;

  @Field(() => String, { description: 'Name of the product.' })
  name: string;

  @Field(() => String, { description: 'Brand name; null when it has none.', nullable: true })
  brand?: string | null;

  @Field(() => String, { description: 'What it is for.', nullable: true })
  description?: string | null;

  @Field(() => ProductCategoryCode, { description: 'Fixed category.' })
  category: ProductCategoryCode;

  @Field(() => DecimalScalar, { description: 'Purchase cost per unit, up to six decimals.' })
  unitCost: Decimal;

  @Field(() => Money, { description: 'Price per unit to patients.', nullable: true })
  retailPrice?: Decimal | null;

  @Field(() => DecimalScalar, { description: 'Share of the price paid as commission, as a fraction.', nullable: true })
  commissionRate?: Decimal | null;

  @Field(() => String, { description: 'Unit in which stock is counted.' })
  unitType: string;

  @Field(() => Quantity, { description: 'Units in one package or vial. Left out on creation: 1.', nullable: true })
  unitsPerPackage?: Decimal | null;

  @Field(() => InjectableInput, { description: 'Data of injectables.', nullable: true })
  injectable?: InjectableInput | null;

  @Field(() => StorageInput, { description: 'How it must be stored.', nullable: true })
  storage?: StorageInput | null;

  @Field(() => Quantity, { description: 'Stock per location at or below which it is low.' })
  reorderPoint: Decimal;

  @Field(() => Quantity, { description: 'Quantity to order at once.', nullable: true })
  reorderQuantity?: Decimal | null;

  @Field(() => Quantity, { description: 'Stock per location not to fall below.', nullable: true })
  minLevel?: Decimal | null;

  @Field(() => Quantity, { description: 'Stock per location to fill up to.', nullable: true })
  maxLevel?: Decimal | null;

  @Field(() => Int, { description: 'Days from order to delivery.', nullable: true })
  leadTimeDays?: number | null;

  @Field(() => Boolean, { description: 'False when no stock is kept. Left out on creation: true.', nullable: true })
  trackInventory?: boolean | null;

  @Field(() => Boolean, {
    description: 'True when every receipt and use names a lot. Left out on creation: true.',
    nullable: true,
  })
  trackByLot?: boolean | null;

  @Field(() => Boolean, {
    description: 'True when every piece has a serial number. Left out on creation: false.',
    nullable: true,
  })
  trackBySerial?: boolean | null;

  @Field(() => Boolean, {
    description: 'True when a receipt without an expiry date is refused. Left out on creation: true.',
    nullable: true,
  })
  requireExpirationDate?: boolean | null;

  @Field(() => Int, { description: 'Days that must be left at receipt.', nullable: true })
  minRemainingShelfLifeDays?: number | null;

  @Field(() => DecimalScalar, {
    description: 'Part of an order line that may come in excess, as a fraction. Left out on creation: 0.',
    nullable: true,
  })
  overReceiptTolerance?: Decimal | null;

  @Field(() => ID, { description: 'Vendor usually ordered from.', nullable: true })
  preferredVendorId?: string | null;

  @Field(() => Int, {
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
    nullable: true,
  })
  expectedVersion?: number | null;
}

@InputType('ProductFilter', { description: 'Narrows products; members are combined with AND, list members with OR.' })
export class ProductFilter {
  @Field(() => String, { description: 'Words in name, brand, SKU or GTIN.', nullable: true })
  search?: string | null;

  @Field(() => [ProductCategoryCode], { description: 'Fixed categories.', nullable: true })
  categories?: ProductCategoryCode[] | null;

  @Field(() => [ProductStatus], { description: 'Present states.', nullable: true })
  statuses?: ProductStatus[] | null;

  @Field(() => [String], { description: 'Brand names, matched in full.', nullable: true })
  brands?: string[] | null;

  @Field(() => [ID], { description: 'Preferred vendors.', nullable: true })
  vendorIds?: string[] | null;
}
