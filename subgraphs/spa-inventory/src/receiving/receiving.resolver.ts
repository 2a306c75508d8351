import { change, Change, clinicOfInput, CurrencyCode, Scopes, type Context } from '@practice-graph/kit';
import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { currencyOf } from '../directory/currency.loader';
import { Location, locationReference } from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { inventoryLots } from '../lots/inventory-lot.loader';
import { Product } from '../products/product.entity';
import { products } from '../products/product.loader';
import { ReceivedItem } from './received-item.entity';
import { ReceivingRecord } from './receiving-record.entity';
import { itemsOfDeliveries, receivingRecords } from './receiving-record.loader';
import { StockReceiveInput } from './receiving.inputs';
import { receiveStock } from './receiving.service';
import { ReceivingPayload } from './receiving.types';

@Resolver(() => ReceivingRecord)
export class ReceivingRecordResolver {
  @FieldResolver(() => Location, { description: 'Where it came in.', nullable: true })
  location(@Root() delivery: ReceivingRecord): Location | null {
    return locationReference(delivery.clinicId, delivery.locationId);
  }

  @Directive('@listSize(assumedSize: 10)')
  @FieldResolver(() => [ReceivedItem], { description: 'What came in.' })
  items(@Root() delivery: ReceivingRecord, @Ctx() context: Context): Promise<ReceivedItem[]> {
    return context.of(itemsOfDeliveries).load(delivery);
  }

  @Scopes(['inventory:write'])
  @Change(() => ReceivingPayload, { description: 'Receives goods without a purchase order; demands a reason.' })
  async stockReceive(
    @Arg('input', () => StockReceiveInput, { description: 'Data of the change.' }) input: StockReceiveInput,
    @Ctx() context: Context,
  ): Promise<ReceivingPayload | null> {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'stockReceive', input }, (tx) =>
      receiveStock(tx, clinicId, input),
    );
    const lots = await context.of(inventoryLots).loadMany(kept.lotIds.map((id) => ({ clinicId, id })));
    return Object.assign(new ReceivingPayload(), {
      receiving: await context.of(receivingRecords).load({ clinicId, id: kept.receivingId }),
      lots: lots.filter((lot): lot is InventoryLot => lot instanceof InventoryLot),
      warnings: [...kept.warnings],
    });
  }
}

@Resolver(() => ReceivedItem)
export class ReceivedItemResolver {
  @FieldResolver(() => Product, { description: 'Product received.' })
  async product(@Root() item: ReceivedItem, @Ctx() context: Context): Promise<Product> {
    const product = await context.of(products).load({ clinicId: item.clinicId, id: item.productId });
    if (!product) throw new Error('a row of a product that is not there');
    return product;
  }

  @FieldResolver(() => InventoryLot, { description: 'Lot made or added to.' })
  async lot(@Root() item: ReceivedItem, @Ctx() context: Context): Promise<InventoryLot> {
    const lot = await context.of(inventoryLots).load({ clinicId: item.clinicId, id: item.lotId });
    if (!lot) throw new Error('a row of a lot that is not there');
    return lot;
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() item: ReceivedItem, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, item.clinicId);
  }
}
