import {
  AfterArg,
  ClinicArg,
  CurrencyCode,
  FirstArg,
  PagedList,
  Quantity,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf } from '../directory/directory.loader';
import { Location, locationStub } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { SupplyOffer } from '../offers/supply-offer.entity';
import { offersOfItems } from '../offers/supply-offer.loader';
import { suggestedQuantity } from '../offers/supply-offer.rules';
import { SupplyStockFilter } from './supply-stock-level.inputs';
import { readStock } from './supply-stock-level.loader';
import { SupplyStockLevel, supplyStockPages } from './supply-stock-level.types';

const bestOffer = async (context: Context, { clinicId, itemId }: SupplyStockLevel): Promise<SupplyOffer | null> =>
  (await context.of(offersOfItems).load({ clinicId, id: itemId }))[0] ?? null;

@Resolver(() => SupplyStockLevel)
export class SupplyStockLevelResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyStockPages.Connection, {
    nullable: true,
    description: 'Stock per item and location, scarcest first; with `severities` it is the low-stock list.',
  })
  async supplyStock(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => SupplyStockFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyStockFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    return clinic && readStock(await context.read(), context.viewer, clinic, filter, { first, after });
  }

  @FieldResolver(() => SupplyItem, { description: 'Item stocked.' })
  item(@Root() level: SupplyStockLevel, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: level.clinicId, id: level.itemId });
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where it is stocked.' })
  location(@Root() level: SupplyStockLevel, @Ctx() context: Context) {
    return level.locationId && locationStub(context.viewer, level.clinicId, level.locationId);
  }

  @FieldResolver(() => Quantity, {
    description:
      'Maximum minus available minus on order, rounded up to packs and the minimum of the suggested offer; 0 when not below the reorder point.',
  })
  async suggestedOrderQuantity(@Root() level: SupplyStockLevel, @Ctx() context: Context) {
    return suggestedQuantity(level, await bestOffer(context, level));
  }

  @FieldResolver(() => SupplyOffer, {
    nullable: true,
    description: 'Preferred offer in force, else the cheapest; null without an offer.',
  })
  suggestedOffer(@Root() level: SupplyStockLevel, @Ctx() context: Context) {
    return bestOffer(context, level);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the value.' })
  currency(@Root() level: SupplyStockLevel, @Ctx() context: Context) {
    return currencyOf(context, level.clinicId);
  }
}
