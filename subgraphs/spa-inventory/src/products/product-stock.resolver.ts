import { ClinicArg, PagedList, reachableClinic, Scopes, type Context } from '@practice-graph/kit';
import { idsOfFilter } from '@practice-graph/practice';
import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { ProductStockFilter } from './product-stock.inputs';
import { stockPage } from './product-stock.loader';
import { productStockConnection } from './product-stock.types';

const { Connection: ProductStockLevelConnection } = productStockConnection;
type ProductStockLevelConnection = InstanceType<typeof ProductStockLevelConnection>;

@Resolver()
export class ProductStockResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => ProductStockLevelConnection, {
    nullable: true,
    description: 'Stock per product and location, scarcest first.',
  })
  async productStock(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => ProductStockFilter, {
      description: 'What to include; null includes everything.',
      nullable: true,
    })
    filter: ProductStockFilter | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<ProductStockLevelConnection | null> {
    const id = reachableClinic(context.viewer, clinicId);
    if (id === undefined) return null;
    const locationIds = idsOfFilter(context.viewer, id, 'locations', filter?.locationIds);
    return stockPage(context, id, { filter, locationIds, first, after }) as Promise<ProductStockLevelConnection>;
  }
}
