import { connectionOf } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { Vendor } from './vendor.entity';

export const vendorConnection = connectionOf(() => Vendor, 'Vendor', 'vendors, preferred first', 'vendors');

@ObjectType('VendorPayload', { simpleResolvers: true, description: 'Result of a change: the saved vendor.' })
export class VendorPayload {
  @Field(() => Vendor, { description: 'The saved vendor; null when refused.', nullable: true })
  vendor: Vendor | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
