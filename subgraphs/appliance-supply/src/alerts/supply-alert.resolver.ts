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
import { AlertUpdateInput } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList } from '../directory/directory.loader';
import { Location, locationStub } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { SupplyLot } from '../lots/supply-lot.entity';
import { supplyLots } from '../lots/supply-lot.loader';
import { SupplyAlert } from './supply-alert.entity';
import { SupplyAlertFilter } from './supply-alert.inputs';
import { readAlerts, supplyAlerts } from './supply-alert.loader';
import { moveAlert } from './supply-alert.service';
import { supplyAlertPages, SupplyAlertPayload } from './supply-alert.types';

@Resolver(() => SupplyAlert)
export class SupplyAlertResolver {
  @Scopes(['inventory:read'])
  @PagedList()
  @Query(() => supplyAlertPages.Connection, {
    nullable: true,
    description: 'Alerts on supplies, most urgent first.',
  })
  async supplyAlerts(
    @ClinicArg() clinicId: string,
    @Arg('filter', () => SupplyAlertFilter, {
      nullable: true,
      description: 'What to include; null includes everything.',
    })
    filter: SupplyAlertFilter | null | undefined,
    @FirstArg() first: number | null | undefined,
    @AfterArg() after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    return clinic && readAlerts(await context.read(), context.viewer, clinic, filter, { first, after });
  }

  @Scopes(['inventory:write'])
  @Change(() => SupplyAlertPayload, { description: 'Acknowledges, resolves or dismisses an alert.' })
  async supplyAlertUpdate(
    @IdArg() id: string,
    @Arg('input', () => AlertUpdateInput, { description: 'Data of the change.' })
    input: AlertUpdateInput,
    @Ctx() context: Context,
  ) {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'There is no such alert.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation: 'supplyAlertUpdate', input, also: key.id }, (tx) =>
      moveAlert(tx, key, input),
    );
    return { supplyAlert: await context.of(supplyAlerts).load(key), userErrors: [] };
  }

  @FieldResolver(() => SupplyItem, { description: 'Item concerned.' })
  item(@Root() alert: SupplyAlert, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: alert.clinicId, id: alert.itemId });
  }

  @FieldResolver(() => SupplyLot, { nullable: true, description: 'Lot concerned; null for stock alerts.' })
  async lot(@Root() { clinicId, lotId }: SupplyAlert, @Ctx() context: Context) {
    const lot = lotId === null ? null : await context.of(supplyLots).load({ clinicId, id: lotId });
    return lot?.lotNumber === '' ? null : lot;
  }

  @FieldResolver(() => Location, { nullable: true, description: 'Place concerned; null for all.' })
  location(@Root() { clinicId, locationId }: SupplyAlert, @Ctx() context: Context) {
    return locationId && locationStub(context.viewer, clinicId, locationId);
  }
}
