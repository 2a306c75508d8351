import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  FirstArg,
  IdArg,
  PagedList,
  reachable,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { AuditEvent, LotBalance, lotNumberText, LotStatus, trailLoader } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf, todayOf } from '../directory/directory.loader';
import { Vendor } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { LotTrace, lotTraceOf } from '../lot-trace/lot-trace.types';
import { vendorOf } from '../vendors/vendor.loader';
import { setDisposition } from './disposition.service';
import { clinicOfLocation, receiveLots } from './receive.service';
import { LotStock, SupplyLot } from './supply-lot.entity';
import {
  LotDispositionInput,
  SupplyLotFilter,
  SupplyLotReceiveInput,
  SupplyLotsReceiveInput,
} from './supply-lot.inputs';
import { lotBalances, lotPlaces, lotReceipts, readLots, supplyLots } from './supply-lot.loader';
import { writtenStock } from './supply-lot-payload.loader';
import { statusOf } from './supply-lot.rules';
import { supplyLotPages, SupplyLotPayload, SupplyLotsPayload } from './supply-lot.types';
import { SupplyTransaction } from './supply-transaction.entity';

const trails = trailLoader('SupplyLot');

@Resolver(() => SupplyLot)
export class SupplyLotResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyLotPages.Connection, { nullable: true, description: 'Lots of supplies, first to expire first.' })
  async supplyLots(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => SupplyLotFilter, { nullable: true, description: 'What to include; null includes everything.' })
    filter: SupplyLotFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    if (clinic === null) return null;
    const today = await todayOf(context, clinic);
    return readLots(await context.read(), context.viewer, clinic, filter, today, { first, after });
  }

  @Scopes(['audit:read'])
  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [AuditEvent], { nullable: true, description: 'History of the lot.' })
  auditTrail(@Root() lot: SupplyLot, @Ctx() context: Context): Promise<AuditEvent[]> {
    return context.of(trails).load(lot);
  }

  @Scopes(['inventory:write'])
  @Change(() => SupplyLotPayload, {
    description: 'Receives a lot; expired, recalled or soon expiring goods go to quarantine with a warning.',
  })
  async supplyLotReceive(
    @Arg('input', () => SupplyLotReceiveInput, { description: 'Data of the change.' })
    input: SupplyLotReceiveInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfLocation(context.viewer, input.locationId);
    const kept = await change(context, { clinicId, mutation: 'supplyLotReceive', input }, (tx) =>
      receiveLots(tx, clinicId, [input], null, () => ['input']),
    );
    const { lots, ...written } = await writtenStock(context, clinicId, kept);
    return { supplyLot: lots[0] ?? null, ...written };
  }

  @Scopes(['inventory:write'])
  @Change(() => SupplyLotsPayload, {
    description:
      'Receives up to 500 lots at once, all or nothing, for example the opening stock; the path of an error names the line by its index.',
  })
  async supplyLotsReceive(
    @Arg('input', () => SupplyLotsReceiveInput, { description: 'Data of the change.' })
    input: SupplyLotsReceiveInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const kept = await change(context, { clinicId, mutation: 'supplyLotsReceive', input }, (tx) =>
      receiveLots(tx, clinicId, input.lines, input.reason, (index) => ['input', 'lines', String(index)]),
    );
    const { lots, ...written } = await writtenStock(context, clinicId, kept);
    return { supplyLots: lots, ...written };
  }

  @Scopes(['inventory:write'])
  @Change(() => SupplyLotPayload, { description: 'Puts a lot into quarantine, releases it, or marks it as damaged.' })
  async supplyLotDispositionSet(
    @IdArg() id: string,
    @Arg('input', () => LotDispositionInput, { description: 'Data of the change.' })
    input: LotDispositionInput,
    @Ctx() context: Context,
  ) {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'There is no such lot.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation: 'supplyLotDispositionSet', input, also: key.id }, (tx) =>
      setDisposition(tx, key, input),
    );
    return { supplyLot: await context.of(supplyLots).load(key), transactions: [], warnings: [], userErrors: [] };
  }

  @FieldResolver(() => SupplyItem, { description: 'Item of the lot.' })
  item(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: lot.clinicId, id: lot.itemId });
  }

  @Directive('@provides(fields: "name")')
  @FieldResolver(() => Vendor, { nullable: true, description: 'Vendor it came from; null when unknown.' })
  vendor(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return vendorOf(context, lot.clinicId, lot.vendorId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the cost.' })
  currency(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return currencyOf(context, lot.clinicId);
  }

  @FieldResolver(() => LotStatus, { description: 'Present state.' })
  async status(@Root() lot: SupplyLot, @Ctx() context: Context) {
    const today = await todayOf(context, lot.clinicId);
    return statusOf(lot, await context.of(lotPlaces).load(lot), today);
  }

  @Directive('@listSize(assumedSize: 5)')
  @FieldResolver(() => [LotStock], { description: 'Quantity per place.' })
  async stock(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return (await context.of(lotPlaces).load(lot)).filter((place) => place.location !== null);
  }

  @FieldResolver(() => LotBalance, { description: 'Where everything of it went.' })
  balance(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return context.of(lotBalances).load(lot);
  }

  @Directive('@listSize(assumedSize: 3)')
  @FieldResolver(() => [SupplyTransaction], { description: 'Receipts of the lot, oldest first.' })
  receipts(@Root() lot: SupplyLot, @Ctx() context: Context) {
    return context.of(lotReceipts).load(lot);
  }

  @FieldResolver(() => LotTrace, { description: 'Its number in both inventories.' })
  trace(@Root() lot: SupplyLot) {
    return lotTraceOf(lot.clinicId, lotNumberText(lot.lotNumber), null);
  }
}
