import {
  ClinicArg,
  clinicIdText,
  CurrencyCode,
  IdArg,
  loadById,
  PagedList,
  Quantity,
  reachableClinic,
  Scopes,
  sum,
  type Context,
  type Decimal,
} from '@practice-graph/kit';
import {
  availableQuantity,
  businessDay,
  clinicCopies,
  daysBetween,
  idsOfFilter,
  LotBalance,
  lotNumberText,
  LotStatus,
  lotStatus,
  RecallNotice,
} from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { currencyOf } from '../directory/currency.loader';
import { movementsOfLots } from '../ledger/inventory-transaction.loader';
import { inventoryTransactionConnection } from '../ledger/inventory-transaction.types';
import { Product } from '../products/product.entity';
import { products } from '../products/product.loader';
import { recallOfLots } from '../recalls/recall.loader';
import { Recall } from '../recalls/recall.entity';
import { noticeOf } from '../recalls/recall-notice.types';
import { LotTrace } from '../traces/lot-trace.types';
import { usagesOf } from '../treatments/lot-usage.loader';
import { lotUsageConnection } from '../treatments/lot-usage.types';
import { Vendor } from '../vendors/vendor.entity';
import { vendors } from '../vendors/vendor.loader';
import { InventoryLot } from './inventory-lot.entity';
import { LotFilter } from './inventory-lot.inputs';
import { flowOfLots, inventoryLots, lotPage } from './inventory-lot.loader';
import { inventoryLotConnection } from './inventory-lot.types';
import { LotStock } from './lot-stock.entity';
import { stockOfLots, todayOfLot } from './lot-stock.loader';

const { Connection: InventoryLotConnection } = inventoryLotConnection;
type InventoryLotConnection = InstanceType<typeof InventoryLotConnection>;
const { Connection: LotUsageConnection } = lotUsageConnection;
type LotUsageConnection = InstanceType<typeof LotUsageConnection>;
const { Connection: InventoryTransactionConnection } = inventoryTransactionConnection;
type InventoryTransactionConnection = InstanceType<typeof InventoryTransactionConnection>;

@Resolver(() => InventoryLot)
export class InventoryLotResolver {
  @FieldResolver(() => Product, { description: 'Product of the lot.' })
  async product(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Product> {
    const product = await context.of(products).load({ clinicId: lot.clinicId, id: lot.productId });
    if (!product) throw new Error('a lot of a product that is not there');
    return product;
  }

  @FieldResolver(() => Int, {
    description: 'Days to the last day of use; negative when past, null without one.',
    nullable: true,
  })
  async daysToExpiry(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<number | null> {
    return lot.expirationDate === null ? null : daysBetween(await todayOfLot(context, lot), lot.expirationDate);
  }

  @FieldResolver(() => Quantity, { description: 'On hand at all places.' })
  async currentQuantity(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Decimal> {
    return sum((await context.of(stockOfLots).load(lot)).visible.map((place) => place.onHand));
  }

  @FieldResolver(() => Quantity, { description: 'Held at all places.' })
  async reservedQuantity(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Decimal> {
    return sum((await context.of(stockOfLots).load(lot)).visible.map((place) => place.reserved));
  }

  @FieldResolver(() => Quantity, { description: 'Usable and not held at all places.' })
  async availableQuantity(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Decimal> {
    const { visible } = await context.of(stockOfLots).load(lot);
    return sum(visible.map((place) => availableQuantity(lot, place.onHand, place.reserved, place.today)));
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, lot.clinicId);
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [LotStock], { description: 'Quantity per place.' })
  async stock(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<LotStock[]> {
    const { visible } = await context.of(stockOfLots).load(lot);
    return visible.map((place) =>
      Object.assign(place, { available: availableQuantity(lot, place.onHand, place.reserved, place.today) }),
    );
  }

  @FieldResolver(() => Vendor, { description: 'Vendor it came from; null when unknown.', nullable: true })
  async vendor(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Vendor | null> {
    return lot.vendorId === null ? null : context.of(vendors).load({ clinicId: lot.clinicId, id: lot.vendorId });
  }

  @FieldResolver(() => LotStatus, { description: 'Present state.' })
  async status(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<LotStatus> {
    const { all } = await context.of(stockOfLots).load(lot);
    return lotStatus(lot, sum(all.map((place) => place.onHand)), await todayOfLot(context, lot));
  }

  @FieldResolver(() => RecallNotice, { description: 'Notice that blocks it; null when not recalled.', nullable: true })
  async recall(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<RecallNotice | null> {
    const recall = await context.of(recallOfLots).load(lot);
    return recall && noticeOf(recall);
  }

  @FieldResolver(() => Recall, {
    description: 'Recall with its follow-up; null when not recalled.',
    nullable: true,
  })
  recallCase(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<Recall | null> {
    return context.of(recallOfLots).load(lot);
  }

  @FieldResolver(() => LotBalance, { description: 'Where everything of it went.' })
  balance(@Root() lot: InventoryLot, @Ctx() context: Context): Promise<LotBalance> {
    return context.of(flowOfLots).load(lot);
  }

  @Scopes(['inventory:read', 'patient:read'])
  @PagedList()
  @FieldResolver(() => LotUsageConnection, { description: 'Uses on patients, newest first.', nullable: true })
  async usages(
    @Root() lot: InventoryLot,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<LotUsageConnection | null> {
    return context
      .of(usagesOf)
      .load({ clinicId: lot.clinicId, id: lot.id, of: 'lot_id', first, after }) as Promise<LotUsageConnection>;
  }

  @PagedList()
  @FieldResolver(() => InventoryTransactionConnection, { description: 'Its movements, newest first.' })
  async transactions(
    @Root() lot: InventoryLot,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<InventoryTransactionConnection> {
    return context
      .of(movementsOfLots)
      .load({ clinicId: lot.clinicId, id: lot.id, first, after }) as Promise<InventoryTransactionConnection>;
  }

  @FieldResolver(() => LotTrace, { description: 'Its number in both inventories.' })
  trace(@Root() lot: InventoryLot): LotTrace {
    return Object.assign(new LotTrace(), {
      clinicId: clinicIdText(lot.clinicId),
      lotNumber: lotNumberText(lot.lotNumber),
      gtin: null,
    });
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => InventoryLotConnection, { nullable: true, description: 'Lots, first to expire first.' })
  async inventoryLots(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => LotFilter, { description: 'What to include; null includes everything.', nullable: true })
    filter: LotFilter | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<InventoryLotConnection | null> {
    const id = reachableClinic(context.viewer, clinicId);
    const clinic = id === undefined ? null : await context.of(clinicCopies).load(id);
    if (!clinic) return null;
    return lotPage(await context.read(), clinic.clinicId, {
      filter,
      locationIds: idsOfFilter(context.viewer, clinic.clinicId, 'locations', filter?.locationIds),
      now: context.now,
      today: businessDay(context.now, clinic.timeZone),
      first,
      after,
    }) as Promise<InventoryLotConnection>;
  }

  @Scopes(['inventory:read'])
  @Query(() => InventoryLot, { nullable: true, description: 'One lot.' })
  async inventoryLot(@IdArg() id: string, @Ctx() context: Context): Promise<InventoryLot | null> {
    return loadById(context, inventoryLots, id);
  }
}
