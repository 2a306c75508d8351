import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  IdArg,
  loadById,
  PagedList,
  reachable,
  reachableClinic,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { lotStatus, Ratio, ratio, UNAVAILABLE, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { currencyOf } from '../directory/currency.loader';
import { Clinic, clinicReference } from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { lotsOfProducts } from '../lots/inventory-lot.loader';
import { stockOfLots } from '../lots/lot-stock.loader';
import { Vendor } from '../vendors/vendor.entity';
import { vendors } from '../vendors/vendor.loader';
import { ProductBarcode } from './product-barcode.entity';
import { onHandOfProducts, stockLevelsOfProducts } from './product-stock.loader';
import { ProductStatus } from './product-status.types';
import { ProductStockLevel } from './product-stock.types';
import { Product } from './product.entity';
import { ProductFilter, ProductInput } from './product.inputs';
import { barcodesOfProducts, productPage, products } from './product.loader';
import { exceedsLabel, productStatus } from './product.rules';
import { setProductStatus } from './product-status.service';
import { saveProduct } from './product.service';
import { InjectableDetails, productConnection, ProductPayload, StorageRequirements } from './product.types';

const { Connection: ProductConnection } = productConnection;
type ProductConnection = InstanceType<typeof ProductConnection>;

@Resolver(() => Product)
export class ProductResolver {
  @FieldResolver(() => Clinic, { description: 'Clinic whose catalogue it is in.', nullable: true })
  clinic(@Root() product: Product): Clinic | null {
    return clinicReference(product.clinicId);
  }

  @FieldResolver(() => [ProductBarcode], { description: 'Barcodes of the product at every pack level.' })
  barcodes(@Root() product: Product, @Ctx() context: Context): Promise<ProductBarcode[]> {
    return context.of(barcodesOfProducts).load(product);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the prices.' })
  currency(@Root() product: Product, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, product.clinicId);
  }

  @FieldResolver(() => Ratio, { description: 'Retail minus cost, over cost; status ZERO_DENOMINATOR for free goods.' })
  markup(@Root() product: Product): Ratio {
    return product.retailPrice === null
      ? UNAVAILABLE
      : ratio(product.retailPrice.minus(product.unitCost), product.unitCost);
  }

  @FieldResolver(() => InjectableDetails, {
    description: 'Data of injectables; null for other products.',
    nullable: true,
  })
  injectable(@Root() product: Product): InjectableDetails | null {
    const { storedInjectable: stored } = product;
    return stored && Object.assign(new InjectableDetails(), stored, { exceedsLabel: exceedsLabel(stored) });
  }

  @FieldResolver(() => StorageRequirements, { description: 'How it must be stored; null when anyhow.', nullable: true })
  storage(@Root() product: Product): StorageRequirements | null {
    return product.storedStorage as StorageRequirements | null;
  }

  @FieldResolver(() => ProductStatus, { description: 'Present state.' })
  async status(@Root() product: Product, @Ctx() context: Context): Promise<ProductStatus> {
    return productStatus(
      product.storedStatus,
      product.trackInventory,
      await context.of(onHandOfProducts).load(product),
    );
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [ProductStockLevel], { description: 'Stock per location.' })
  stock(@Root() product: Product, @Ctx() context: Context): Promise<ProductStockLevel[]> {
    return context.of(stockLevelsOfProducts).load(product);
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [InventoryLot], { description: 'Lots, first to expire first.' })
  async lots(
    @Root() product: Product,
    @Arg('availableOnly', () => Boolean, {
      description: 'False also lists empty and blocked lots.',
      nullable: true,
      defaultValue: true,
    })
    availableOnly: boolean | null,
    @Ctx() context: Context,
  ): Promise<InventoryLot[]> {
    const lots = await context.of(lotsOfProducts).load(product);
    if (availableOnly === false) return lots;
    const stock = await Promise.all(lots.map((lot) => context.of(stockOfLots).load(lot)));
    return lots.filter((lot, i) =>
      stock[i]?.visible.some((place) => lotStatus(lot, place.onHand, place.today) === 'AVAILABLE'),
    );
  }

  @FieldResolver(() => Vendor, { description: 'Vendor usually ordered from.', nullable: true })
  async preferredVendor(@Root() product: Product, @Ctx() context: Context): Promise<Vendor | null> {
    return product.preferredVendorId === null
      ? null
      : context.of(vendors).load({ clinicId: product.clinicId, id: product.preferredVendorId });
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => ProductConnection, { nullable: true, description: 'Catalogue of products.' })
  async products(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => ProductFilter, { description: 'What to include; null includes everything.', nullable: true })
    filter: ProductFilter | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<ProductConnection | null> {
    const id = reachableClinic(context.viewer, clinicId);
    return id === undefined
      ? null
      : (productPage(await context.read(), id, { filter, first, after }) as Promise<ProductConnection>);
  }

  @Scopes(['inventory:read'])
  @Query(() => Product, { nullable: true, description: 'One product.' })
  async product(@IdArg() id: string, @Ctx() context: Context): Promise<Product | null> {
    return loadById(context, products, id);
  }

  @Scopes(['inventory:write'])
  @Change(() => ProductPayload, {
    description: 'Creates or changes a product. Unit and package size are fixed while there is stock or an open vial.',
  })
  async productSave(
    @Arg('input', () => ProductInput, { description: 'Data of the change.' }) input: ProductInput,
    @Ctx() context: Context,
  ): Promise<ProductPayload | null> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const id = await change(context, { clinicId, mutation: 'productSave', input }, (tx) =>
      saveProduct(tx, clinicId, input),
    );
    return Object.assign(new ProductPayload(), { product: await context.of(products).load({ clinicId, id }) });
  }

  @Scopes(['inventory:approve'])
  @Change(() => ProductPayload, { description: 'Approves a new product, discontinues one or takes it up again.' })
  async productStatusSet(
    @IdArg() id: string,
    @Arg('to', () => ProductStatus, { description: 'ACTIVE or DISCONTINUED; the other states follow by themselves.' })
    to: ProductStatus,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<ProductPayload | null> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The product does not exist or is outside your reach.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation: 'productStatusSet', input, also: { id, to } }, (tx) =>
      setProductStatus(tx, { key, to, expectedVersion: input.expectedVersion, reason: input.reason }),
    );
    return Object.assign(new ProductPayload(), { product: await context.of(products).load(key) });
  }
}
