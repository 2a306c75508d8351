import {
  AfterArg,
  Change,
  change,
  ClinicArg,
  FirstArg,
  IdArg,
  PagedList,
  reachable,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList } from '../directory/directory.loader';
import { Location, locationStub, Vendor } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { vendorOf } from '../vendors/vendor.loader';
import { SupplyOrder, SupplyOrderStatus } from './supply-order.entity';
import { SupplyOrderRecordInput } from './supply-order.inputs';
import { readOrders, supplyOrders } from './supply-order.loader';
import { closeOrderShort, recordOrder } from './supply-order.service';
import { supplyOrderPages, SupplyOrderPayload } from './supply-order.types';

@Resolver(() => SupplyOrder)
export class SupplyOrderResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyOrderPages.Connection, {
    nullable: true,
    description: 'What has been ordered from vendors, latest first.',
  })
  async supplyOrders(
    @ClinicArg() clinicId: string,
    @Arg('statuses', () => [SupplyOrderStatus], { nullable: true, description: 'States of the order.' })
    statuses: SupplyOrderStatus[] | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    return clinic && readOrders(await context.read(), context.viewer, clinic, statuses, { first, after });
  }

  @Scopes(['inventory:order'])
  @Change(() => SupplyOrderPayload, { description: 'Notes an order to a vendor, so that it counts as on order.' })
  async supplyOrderRecord(
    @Arg('input', () => SupplyOrderRecordInput, { description: 'Data of the change.' })
    input: SupplyOrderRecordInput,
    @Ctx() context: Context,
  ) {
    const clinicId = reachable(context.viewer, input.itemId)?.clinicId;
    if (clinicId === undefined) throw refuseKit('NOT_FOUND', 'There is no such item.', ['input', 'itemId']);
    const { id } = await change(context, { clinicId, mutation: 'supplyOrderRecord', input }, (tx) =>
      recordOrder(tx, clinicId, input),
    );
    return { supplyOrder: await context.of(supplyOrders).load({ clinicId, id }), userErrors: [] };
  }

  @Scopes(['inventory:order'])
  @Change(() => SupplyOrderPayload, { description: 'Closes an order of which the rest will not come.' })
  async supplyOrderCloseShort(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' })
    input: WorkflowStepInput,
    @Ctx() context: Context,
  ) {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'There is no such order.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation: 'supplyOrderCloseShort', input, also: key.id }, (tx) =>
      closeOrderShort(tx, key, input),
    );
    return { supplyOrder: await context.of(supplyOrders).load(key), userErrors: [] };
  }

  @FieldResolver(() => SupplyItem, { description: 'Item ordered.' })
  item(@Root() order: SupplyOrder, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: order.clinicId, id: order.itemId });
  }

  @Directive('@provides(fields: "name")')
  @FieldResolver(() => Vendor, { nullable: true, description: 'Vendor ordered from.' })
  vendor(@Root() order: SupplyOrder, @Ctx() context: Context) {
    return vendorOf(context, order.clinicId, order.vendorId);
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Where it shall go.' })
  location(@Root() order: SupplyOrder, @Ctx() context: Context) {
    return locationStub(context.viewer, order.clinicId, order.locationId);
  }
}
