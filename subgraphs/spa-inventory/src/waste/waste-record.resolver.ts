import {
  Change,
  change,
  ClinicArg,
  CurrencyCode,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { idsOfFilter, PeriodInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { currencyOf } from '../directory/currency.loader';
import { periodAt } from '../directory/period.loader';
import { requirePatientFilter } from '../directory/access';
import { clinicOfRecord, rowsOf } from '../directory/reference.service';
import { locationReference, providerReference, Location, Provider } from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { inventoryLots } from '../lots/inventory-lot.loader';
import { SpaFilter } from '../performance/spa-filter.inputs';
import { Product } from '../products/product.entity';
import { products } from '../products/product.loader';
import { WasteRecord } from './waste-record.entity';
import { wastePage, wasteRecords } from './waste-record.loader';
import { WasteInput } from './waste.inputs';
import { recordWaste } from './waste.service';
import { WastePayload, wasteRecordConnection } from './waste.types';

const { Connection: WasteRecordConnection } = wasteRecordConnection;
type WasteRecordConnection = InstanceType<typeof WasteRecordConnection>;

@Resolver(() => WasteRecord)
export class WasteRecordResolver {
  @FieldResolver(() => Product, { description: 'Product wasted.' })
  async product(@Root() waste: WasteRecord, @Ctx() context: Context): Promise<Product> {
    const product = await context.of(products).load({ clinicId: waste.clinicId, id: waste.productId });
    if (!product) throw new Error('a row of a product that is not there');
    return product;
  }

  @FieldResolver(() => InventoryLot, { description: 'Lot wasted; null for products without lots.', nullable: true })
  async lot(@Root() waste: WasteRecord, @Ctx() context: Context): Promise<InventoryLot | null> {
    const lot = await context.of(inventoryLots).load({ clinicId: waste.clinicId, id: waste.lotId });
    return lot?.isUntracked ? null : lot;
  }

  @FieldResolver(() => Location, { description: 'Where it was wasted.', nullable: true })
  location(@Root() waste: WasteRecord): Location | null {
    return locationReference(waste.clinicId, waste.locationId);
  }

  @FieldResolver(() => Provider, { description: "Practitioner; null when nobody's.", nullable: true })
  provider(@Root() waste: WasteRecord): Provider | null {
    return waste.providerId === null ? null : providerReference(waste.clinicId, waste.providerId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the cost.' })
  currency(@Root() waste: WasteRecord, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, waste.clinicId);
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => WasteRecordConnection, { nullable: true, description: 'Waste, newest first.' })
  async wasteRecords(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => SpaFilter, { description: 'What to include; null includes everything.', nullable: true })
    filter: SpaFilter | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<WasteRecordConnection | null> {
    const { viewer } = context;
    requirePatientFilter(viewer, filter?.patientId);
    const id = reachableClinic(viewer, clinicId);
    const days = id === undefined ? null : await periodAt(context, { clinicId: id }, period);
    if (id === undefined || !days) return null;
    return wastePage(await context.read(), id, {
      period: days,
      productIds: rowsOf(id, filter?.productIds),
      vendorIds: rowsOf(id, filter?.vendorIds),
      categories: filter?.categories ?? null,
      reasons: filter?.wasteReasons ?? null,
      // Waste is of no patient.
      isEmpty: !!filter?.patientId,
      locationIds: idsOfFilter(viewer, id, 'locations', filter?.locationIds),
      providerIds: idsOfFilter(viewer, id, 'providers', filter?.providerIds),
      first,
      after,
    }) as Promise<WasteRecordConnection>;
  }

  @Scopes(['inventory:use'])
  @Change(() => WastePayload, { description: 'Records waste of a lot or of an open vial.' })
  async wasteRecord(
    @Arg('input', () => WasteInput, { description: 'Data of the change.' }) input: WasteInput,
    @Ctx() context: Context,
  ): Promise<WastePayload | null> {
    const clinicId = clinicOfRecord(context.viewer, input.lotId ?? input.locationId ?? '', ['input', 'lotId']);
    const id = await change(context, { clinicId, mutation: 'wasteRecord', input }, (tx) =>
      recordWaste(tx, clinicId, input),
    );
    return Object.assign(new WastePayload(), { waste: await context.of(wasteRecords).load({ clinicId, id }) });
  }
}
