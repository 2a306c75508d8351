import { Field, ID, InputType, Int } from 'type-graphql';
import { ProductCategoryCode } from '../products/product-category.types';

@InputType('AddressInput', { description: 'Postal address.' })
export class AddressInput {
  @Field(() => String, { description: 'Street and number.' })
  street: string;

  @Field(() => String, { description: 'Second line.', nullable: true })
  street2?: string | null;

  @Field(() => String, { description: 'Town or city.' })
  city: string;

  @Field(() => String, { description: 'State, province or region.', nullable: true })
  state?: string | null;

  @Field(() => String, { description: 'Postal code.', nullable: true })
  zipCode?: string | null;

  @Field(() => String, { description: 'ISO 3166 country code of two letters.' })
  country: string;
}

@InputType('VendorInput', { description: 'A vendor to create or change.' })
export class VendorInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Vendor to change; null creates one.', nullable: true })
  id?: string | null;

  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Name of the vendor.' })
  name: string;

  @Field(() => String, { description: 'Person to talk to.', nullable: true })
  contactName?: string | null;

  @Field(() => String, { description: 'Address for orders, checked for form.', nullable: true })
  email?: string | null;

  @Field(() => String, { description: 'Telephone for orders.', nullable: true })
  phone?: string | null;

  @Field(() => AddressInput, { description: 'Postal address.', nullable: true })
  address?: AddressInput | null;

  @Field(() => String, { description: "The clinic's account with the vendor.", nullable: true })
  accountNumber?: string | null;

  @Field(() => String, { description: 'Usual terms, for example NET30.', nullable: true })
  paymentTerms?: string | null;

  @Field(() => String, { description: 'Tax number.', nullable: true })
  taxId?: string | null;

  @Field(() => Boolean, {
    description: 'True when the clinic prefers the vendor. Left out on creation: false.',
    nullable: true,
  })
  preferred?: boolean | null;

  @Field(() => [ProductCategoryCode], { description: 'Categories the vendor is strong in.', nullable: true })
  categories?: ProductCategoryCode[] | null;

  @Field(() => Int, {
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
    nullable: true,
  })
  expectedVersion?: number | null;
}
