import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  IdArg,
  loadById,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Product } from '../products/product.entity';
import { Vendor } from './vendor.entity';
import { VendorInput } from './vendor.inputs';
import { productsOfVendors, vendorPage, vendors } from './vendor.loader';
import { maskedTaxId } from './vendor.rules';
import { saveVendor } from './vendor.service';
import { vendorConnection, VendorPayload } from './vendor.types';

const { Connection: VendorConnection } = vendorConnection;
type VendorConnection = InstanceType<typeof VendorConnection>;

@Resolver(() => Vendor)
export class VendorResolver {
  @Scopes(['inventory:order'])
  @FieldResolver(() => String, {
    description: 'Tax number; all but the last four characters are masked.',
    nullable: true,
  })
  taxId(@Root() vendor: Vendor): string | null {
    return vendor.storedTaxId === null ? null : maskedTaxId(vendor.storedTaxId);
  }

  @Directive('@listSize(assumedSize: 20)')
  @FieldResolver(() => [Product], { description: 'Products for which the vendor is preferred.' })
  products(@Root() vendor: Vendor, @Ctx() context: Context): Promise<Product[]> {
    return context.of(productsOfVendors).load(vendor);
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => VendorConnection, { nullable: true, description: 'Vendors of both inventories, preferred first.' })
  async vendors(
    @ClinicArg() clinicId: string,
    @Arg('search', () => String, { description: 'Words in name or account number.', nullable: true })
    search: string | null,
    @Arg('preferredOnly', () => Boolean, {
      description: 'True leaves out the others.',
      nullable: true,
      defaultValue: false,
    })
    preferredOnly: boolean | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<VendorConnection | null> {
    const id = reachableClinic(context.viewer, clinicId);
    return id === undefined
      ? null
      : (vendorPage(await context.read(), id, {
          search,
          preferredOnly: preferredOnly ?? false,
          first,
          after,
        }) as Promise<VendorConnection>);
  }

  @Scopes(['inventory:read'])
  @Query(() => Vendor, { nullable: true, description: 'One vendor.' })
  async vendor(@IdArg() id: string, @Ctx() context: Context): Promise<Vendor | null> {
    return loadById(context, vendors, id);
  }

  @Scopes(['inventory:order'])
  @Change(() => VendorPayload, { description: 'Creates or changes a vendor of either inventory.' })
  async vendorSave(
    @Arg('input', () => VendorInput, { description: 'Data of the change.' }) input: VendorInput,
    @Ctx() context: Context,
  ): Promise<VendorPayload | null> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const id = await change(context, { clinicId, mutation: 'vendorSave', input }, (tx) =>
      saveVendor(tx, clinicId, input),
    );
    return Object.assign(new VendorPayload(), { vendor: await context.of(vendors).load({ clinicId, id }) });
  }
}
