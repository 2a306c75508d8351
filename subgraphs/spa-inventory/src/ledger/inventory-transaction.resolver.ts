import {
  ClinicArg,
  CurrencyCode,
  Decimal,
  PagedList,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { idsOfFilter, PeriodInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { mayReadPatients, requirePatientFilter } from '../directory/access';
import { currencyOf } from '../directory/currency.loader';
import { periodAt } from '../directory/period.loader';
import { rowsOf } from '../directory/reference.service';
import {
  locationReference,
  patientReference,
  providerReference,
  Location,
  Patient,
  Provider,
} from '../directory/references.types';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { inventoryLots } from '../lots/inventory-lot.loader';
import { Product } from '../products/product.entity';
import { products } from '../products/product.loader';
import { ReceivingRecord } from '../receiving/receiving-record.entity';
import { receivingRecords } from '../receiving/receiving-record.loader';
import { LotUsage } from '../treatments/lot-usage.entity';
import { lotUsages } from '../treatments/lot-usage.loader';
import { TreatmentDetails } from '../treatments/lot-usage.types';
import { InventoryTransaction } from './inventory-transaction.entity';
import { TransactionFilter } from './inventory-transaction.inputs';
import { movementsOf } from './inventory-transaction.loader';
import { inventoryTransactionConnection } from './inventory-transaction.types';

const { Connection: InventoryTransactionConnection } = inventoryTransactionConnection;
type InventoryTransactionConnection = InstanceType<typeof InventoryTransactionConnection>;

@Resolver(() => InventoryTransaction)
export class InventoryTransactionResolver {
  @FieldResolver(() => Product, { description: 'Product moved.' })
  async product(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<Product> {
    const product = await context.of(products).load({ clinicId: movement.clinicId, id: movement.productId });
    if (!product) throw new Error('a row of a product that is not there');
    return product;
  }

  @FieldResolver(() => InventoryLot, { description: 'Lot moved; null for products without lots.', nullable: true })
  async lot(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<InventoryLot | null> {
    const lot = await context.of(inventoryLots).load({ clinicId: movement.clinicId, id: movement.lotId });
    return lot?.isUntracked ? null : lot;
  }

  @FieldResolver(() => Location, { description: 'Where it moved.', nullable: true })
  location(@Root() movement: InventoryTransaction): Location | null {
    return locationReference(movement.clinicId, movement.locationId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the costs.' })
  currency(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, movement.clinicId);
  }

  @FieldResolver(() => Patient, {
    description: "Patient treated; null for other movements or outside the caller's reach.",
    nullable: true,
  })
  patient(@Root() movement: InventoryTransaction, @Ctx() context: Context): Patient | null {
    return movement.patientId !== null && mayReadPatients(context.viewer)
      ? patientReference(movement.clinicId, movement.patientId)
      : null;
  }

  @FieldResolver(() => Provider, { description: 'Practitioner; null for other movements.', nullable: true })
  provider(@Root() movement: InventoryTransaction): Provider | null {
    return movement.providerId === null ? null : providerReference(movement.clinicId, movement.providerId);
  }

  @FieldResolver(() => TreatmentDetails, {
    description: 'Treatment it belongs to; null for other movements.',
    nullable: true,
  })
  async treatment(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<TreatmentDetails | null> {
    if (movement.usageId === null) return null;
    const usage = await context.of(lotUsages).load({ clinicId: movement.clinicId, id: movement.usageId });
    return (
      usage && {
        serviceName: usage.serviceName,
        chartId: usage.chartId,
        areas: usage.storedAreas.map(({ name, units }) => ({ name, units: new Decimal(units) })),
      }
    );
  }

  @FieldResolver(() => LotUsage, { description: 'Use on a patient that it belongs to.', nullable: true })
  async usage(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<LotUsage | null> {
    return movement.usageId === null
      ? null
      : context.of(lotUsages).load({ clinicId: movement.clinicId, id: movement.usageId });
  }

  @FieldResolver(() => ReceivingRecord, { description: 'Receipt it belongs to.', nullable: true })
  async receiving(@Root() movement: InventoryTransaction, @Ctx() context: Context): Promise<ReceivingRecord | null> {
    return movement.receivingId === null
      ? null
      : context.of(receivingRecords).load({ clinicId: movement.clinicId, id: movement.receivingId });
  }

  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => InventoryTransactionConnection, { nullable: true, description: 'The stock ledger, newest first.' })
  async inventoryTransactions(
    @ClinicArg() clinicId: string,
    @Arg('period', () => PeriodInput, { description: 'Days to report on.' }) period: PeriodInput,
    @Arg('filter', () => TransactionFilter, {
      description: 'What to include; null includes everything.',
      nullable: true,
    })
    filter: TransactionFilter | null,
    @Arg('first', () => Int, { description: 'Page size, 1 to 200.', nullable: true, defaultValue: 50 })
    first: number | null,
    @Arg('after', () => String, {
      description: 'Cursor of the last item already seen; null starts at the beginning.',
      nullable: true,
    })
    after: string | null,
    @Ctx() context: Context,
  ): Promise<InventoryTransactionConnection | null> {
    const { viewer } = context;
    requirePatientFilter(viewer, filter?.patientId);
    const id = reachableClinic(viewer, clinicId);
    const days = id === undefined ? null : await periodAt(context, { clinicId: id }, period);
    if (id === undefined || !days) return null;
    return movementsOf(context, id, {
      period: days,
      types: filter?.types ?? null,
      statuses: filter?.statuses ?? null,
      productIds: rowsOf(id, filter?.productIds),
      lotIds: rowsOf(id, filter?.lotIds),
      patientIds: rowsOf(id, filter?.patientId ? [filter.patientId] : null),
      locationIds: filter?.locationIds ? idsOfFilter(viewer, id, 'locations', filter.locationIds) : null,
      providerIds: filter?.providerIds ? idsOfFilter(viewer, id, 'providers', filter.providerIds) : null,
      first,
      after,
    }) as Promise<InventoryTransactionConnection>;
  }
}
