import {
  Change,
  change,
  ClinicArg,
  CurrencyCode,
  Decimal,
  PagedList,
  reachableClinic,
  Scopes,
  userErrors,
  type Context,
} from '@practice-graph/kit';
import { idsOfFilter, PeriodInput, requireRows } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { mayReadPatients, noteRead, requirePatientFilter } from '../directory/access';
import { currencyOf } from '../directory/currency.loader';
import { periodAt } from '../directory/period.loader';
import { clinicOfRecord, rowsOf } from '../directory/reference.service';
import {
  locationReference,
  patientReference,
  providerReference,
  Location,
  Patient,
  Provider,
} from '../directory/references.types';
import { inventoryTransactions } from '../ledger/inventory-transaction.loader';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { inventoryLots } from '../lots/inventory-lot.loader';
import { SpaFilter } from '../performance/spa-filter.inputs';
import { LotUsage } from './lot-usage.entity';
import { lotUsages, usagePage } from './lot-usage.loader';
import { lotUsageConnection, LotUsagePayload } from './lot-usage.types';
import { TreatmentArea } from './treatment-area.types';
import { TreatmentUseInput } from './treatment-use.inputs';
import { recordTreatmentUse, ShortOfStock } from './treatment-use.service';

const { Connection: LotUsageConnection } = lotUsageConnection;
type LotUsageConnection = InstanceType<typeof LotUsageConnection>;

@Resolver(() => LotUsage)
export class LotUsageResolver {
  @FieldResolver(() => InventoryLot, { description: 'Lot used.' })
  async lot(@Root() usage: LotUsage, @Ctx() context: Context): Promise<InventoryLot> {
    const lot = await context.of(inventoryLots).load({ clinicId: usage.clinicId, id: usage.lotId });
    if (!lot) throw new Error('a row of a lot that is not there');
    return lot;
  }

  @FieldResolver(() => Patient, { description: "Patient; null when outside the caller's reach.", nullable: true })
  patient(@Root() usage: LotUsage, @Ctx() context: Context): Patient | null {
    return mayReadPatients(context.viewer) ? patientReference(usage.clinicId, usage.patientId) : null;
  }

  @FieldResolver(() => Provider, { description: 'Practitioner.', nullable: true })
  provider(@Root() usage: LotUsage): Provider | null {
    return providerReference(usage.clinicId, usage.providerId);
  }

  @FieldResolver(() => Location, { description: "Where it was used; the vial's place for a draw.", nullable: true })
  location(@Root() usage: LotUsage): Location | null {
    return locationReference(usage.clinicId, usage.locationId);
  }

  @FieldResolver(() => [TreatmentArea], {
    description: 'Areas treated; their units add up to the quantity. Empty when not noted.',
  })
  areas(@Root() usage: LotUsage): TreatmentArea[] {
    return usage.storedAreas.map(({ name, units }) => ({ name, units: new Decimal(units) }));
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency(@Root() usage: LotUsage, @Ctx() context: Context): Promise<string> {
    return currencyOf(context, usage.clinicId);
  }

  @Scopes(['inventory:read', 'patient:read'])
  @PagedList()
  @Query(() => LotUsageConnection, { nullable: true, description: 'Uses of lots on patients, newest first.' })
  async lotUsages(
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
  ): Promise<LotUsageConnection | null> {
    const { viewer } = context;
    requireRows(viewer);
    requirePatientFilter(viewer, filter?.patientId);
    const id = reachableClinic(viewer, clinicId);
    const days = id === undefined ? null : await periodAt(context, { clinicId: id }, period);
    if (id === undefined || !days) return null;
    const patients = rowsOf(id, filter?.patientId ? [filter.patientId] : null);
    const page = await usagePage(await context.read(), id, {
      period: days,
      patientIds: patients,
      productIds: rowsOf(id, filter?.productIds),
      vendorIds: rowsOf(id, filter?.vendorIds),
      categories: filter?.categories ?? null,
      // Reasons are of waste: with them no use is left.
      isEmpty: !!filter?.wasteReasons,
      locationIds: idsOfFilter(viewer, id, 'locations', filter?.locationIds),
      providerIds: idsOfFilter(viewer, id, 'providers', filter?.providerIds),
      first,
      after,
    });
    noteRead(context, id, {
      entityType: 'LotUsage',
      patientIds: page.nodes.map((usage) => usage.patientId),
      filter: { period, filter },
    });
    return page as LotUsageConnection;
  }

  @Scopes(['inventory:use'])
  @Change(() => LotUsagePayload, {
    description: 'Uses a product on a patient straight from lots, by first-expiry-first-out unless a lot is given.',
  })
  async treatmentUseRecord(
    @Arg('input', () => TreatmentUseInput, { description: 'Data of the change.' }) input: TreatmentUseInput,
    @Ctx() context: Context,
  ): Promise<LotUsagePayload | null> {
    const clinicId = clinicOfRecord(context.viewer, input.productId, ['input', 'productId']);
    try {
      const kept = await change(context, { clinicId, mutation: 'treatmentUseRecord', input }, (tx) =>
        recordTreatmentUse(tx, clinicId, input),
      );
      const keys = (ids: readonly string[]) => ids.map((id) => ({ clinicId, id }));
      const [usages, transactions] = await Promise.all([
        context.of(lotUsages).loadMany(keys(kept.usageIds)),
        context.of(inventoryTransactions).loadMany(keys(kept.transactionIds)),
      ]);
      return Object.assign(new LotUsagePayload(), {
        usages: found(usages),
        transactions: found(transactions),
        available: new Decimal(kept.available),
        skippedLots: kept.skipped.map((lot) => ({ ...lot, quantity: new Decimal(lot.quantity) })),
      });
    } catch (error) {
      if (!(error instanceof ShortOfStock)) throw error;
      return Object.assign(new LotUsagePayload(), {
        available: error.available,
        skippedLots: error.skipped,
        userErrors: userErrors(error),
      });
    }
  }
}

const found = <T>(records: readonly (T | Error | null)[]): T[] =>
  records.filter((record): record is T => record !== null && !(record instanceof Error));
