import { AfterArg, ClinicArg, CurrencyCode, FirstArg, PagedList, Scopes, type Context } from '@practice-graph/kit';
import { isWithin, PeriodInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf, resolvedPeriod } from '../directory/directory.loader';
import { Location, locationStub } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { SupplyOrder } from '../orders/supply-order.entity';
import { supplyOrders } from '../orders/supply-order.loader';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { applianceUsages } from '../usage/appliance-usage.loader';
import { SupplyLot } from './supply-lot.entity';
import { readTransactions, supplyLots, supplyTransactions } from './supply-lot.loader';
import { SupplyTransaction } from './supply-transaction.entity';
import { SupplyTransactionFilter } from './supply-transaction.inputs';
import { supplyTransactionPages } from './supply-lot.types';

@Resolver(() => SupplyTransaction)
export class SupplyTransactionResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyTransactionPages.Connection, {
    nullable: true,
    description: 'The stock ledger of supplies, newest first.',
  })
  async supplyTransactions(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' })
    period: PeriodInput,
    @Arg('filter', () => SupplyTransactionFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyTransactionFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    const range = await resolvedPeriod(context, clinic, period);
    return readTransactions(await context.read(), context.viewer, clinic, range, filter, { first, after });
  }

  @FieldResolver(() => SupplyItem, { description: 'Item moved.' })
  item(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: movement.clinicId, id: movement.itemId });
  }

  @FieldResolver(() => SupplyLot, { nullable: true, description: 'Lot moved; null for items without lots.' })
  async lot(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    const lot = await context.of(supplyLots).load({ clinicId: movement.clinicId, id: movement.lotId });
    return lot?.lotNumber === '' ? null : lot;
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where it moved.' })
  location(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    return locationStub(context.viewer, movement.clinicId, movement.locationId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    return currencyOf(context, movement.clinicId);
  }

  @FieldResolver(() => ApplianceUsage, { nullable: true, description: 'Use on a patient that it belongs to.' })
  usage(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    const { clinicId, usageId } = movement;
    return usageId && context.of(applianceUsages).load({ clinicId, id: usageId });
  }

  @FieldResolver(() => SupplyOrder, { nullable: true, description: 'Order it was received on.' })
  order(@Root() { clinicId, orderId }: SupplyTransaction, @Ctx() context: Context) {
    return orderId && context.of(supplyOrders).load({ clinicId, id: orderId });
  }

  @FieldResolver(() => SupplyTransaction, {
    nullable: true,
    description: 'Other half of a transfer; null for other movements.',
  })
  async counterpart(@Root() movement: SupplyTransaction, @Ctx() context: Context) {
    const { clinicId, counterpartId } = movement;
    const other = counterpartId ? await context.of(supplyTransactions).load({ clinicId, id: counterpartId }) : null;
    return other && isWithin(context.viewer, 'locations', other.locationId) ? other : null;
  }
}
