import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  FirstArg,
  IdArg,
  loadById,
  PagedList,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf, todayOf } from '../directory/directory.loader';
import { isUsable } from '../lots/supply-lot.rules';
import { SupplyLot } from '../lots/supply-lot.entity';
import { lotPlaces, lotsOfItems } from '../lots/supply-lot.loader';
import { levelsOfItems } from '../lots/supply-stock-level.loader';
import { SupplyStockLevel } from '../lots/supply-stock-level.types';
import { SupplyOffer } from '../offers/supply-offer.entity';
import { offersOfItems } from '../offers/supply-offer.loader';
import { SupplyItem } from './supply-item.entity';
import { SupplyItemFilter, SupplyItemInput } from './supply-item.inputs';
import { readItems, supplyItems } from './supply-item.loader';
import { saveSupplyItem } from './supply-item.service';
import { supplyItemPages, SupplyItemPayload } from './supply-item.types';

@Resolver(() => SupplyItem)
export class SupplyItemResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyItemPages.Connection, { nullable: true, description: 'Catalogue of supply items.' })
  async supplyItems(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => SupplyItemFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyItemFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    return readItems(await context.read(), clinic, filter, await todayOf(context, clinic), { first, after });
  }

  @Scopes(['inventory:read'])
  @Query(() => SupplyItem, { nullable: true, description: 'One supply item.' })
  supplyItem(@IdArg() id: string, @Ctx() context: Context) {
    return loadById(context, supplyItems, id);
  }

  @Scopes(['inventory:write'])
  @Change(() => SupplyItemPayload, { description: 'Creates or changes a supply item.' })
  async supplyItemSave(
    @Arg('input', () => SupplyItemInput, { description: 'Data of the change.' })
    input: SupplyItemInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'supplyItemSave', input }, (tx) =>
      saveSupplyItem(tx, clinicId, input),
    );
    return { supplyItem: await context.of(supplyItems).load({ clinicId, id }), userErrors: [] };
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() item: SupplyItem, @Ctx() context: Context) {
    return currencyOf(context, item.clinicId);
  }

  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [SupplyOffer], {
    description: 'Offers of vendors in force, preferred and then cheapest first.',
  })
  offers(@Root() item: SupplyItem, @Ctx() context: Context) {
    return context.of(offersOfItems).load(item);
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [SupplyStockLevel], { description: 'Stock per location.' })
  stock(@Root() item: SupplyItem, @Ctx() context: Context) {
    return context.of(levelsOfItems).load(item);
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [SupplyLot], { description: 'Lots, first to expire first.' })
  async lots(
    @Root() item: SupplyItem,
    @Arg('availableOnly', () => Boolean, {
      nullable: true,
      defaultValue: true,
      description: 'False also lists empty and blocked lots.',
    })
    availableOnly: boolean | null | undefined,
    @Ctx() context: Context,
  ) {
    const lots = await context.of(lotsOfItems).load(item);
    if (availableOnly === false) return lots;
    const today = await todayOf(context, item.clinicId);
    const usable = await Promise.all(
      lots.map(async (lot) => isUsable(lot, await context.of(lotPlaces).load(lot), today)),
    );
    return lots.filter((_, index) => usable[index]);
  }
}
