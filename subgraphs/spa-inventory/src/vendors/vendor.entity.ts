import { ApiField, BooleanField, EnumListField, TenantRecord, TextField, VersionField } from '@practice-graph/kit';
import { Directive, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';
import { ProductCategoryCode } from '../products/product-category.types';
import { Address } from './address.types';

@Entity('vendor')
@Index(['id'])
@Index(['clinicId', 'preferred', 'name'])
@Directive('@key(fields: "id")')
@ObjectType('Vendor', { simpleResolvers: true, description: 'A supplier of either inventory.' })
export class Vendor extends TenantRecord {
  @Directive('@shareable')
  @TextField({ description: 'Name of the vendor.' })
  name: string;

  @TextField({ description: 'Person to talk to.', nullable: true })
  contactName: string | null;

  @TextField({ description: 'Address for orders.', nullable: true })
  email: string | null;

  @TextField({ description: 'Telephone for orders.', nullable: true })
  phone: string | null;

  @TextField({ description: "The clinic's account with the vendor.", nullable: true })
  accountNumber: string | null;

  @TextField({ description: 'Usual terms, for example NET30.', nullable: true })
  paymentTerms: string | null;

  @BooleanField({ description: 'True when the clinic prefers the vendor.' })
  preferred: boolean;

  @EnumListField(ProductCategoryCode, { description: 'Categories the vendor is strong in.' })
  categories: ProductCategoryCode[];

  @VersionField()
  version: number;

  @Column({ type: 'jsonb', nullable: true })
  @ApiField(() => Address, { description: 'Postal address.', nullable: true })
  address: Address | null;

  @Column({ name: 'tax_id', type: 'text', nullable: true })
  storedTaxId: string | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'text' })
  createdBy: string;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;

  @Column({ type: 'text' })
  updatedBy: string;
}
