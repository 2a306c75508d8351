import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  DateScalar,
  Money,
  recordIdOf,
  roundMoney,
  Scopes,
  sum,
  type Context,
} from '@practice-graph/kit';
import { isWithin } from '@practice-graph/practice';
import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { clinicOfList, currencyOf, todayAtPlace } from '../directory/directory.loader';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { ApplianceRecordType } from '../placements/appliance-record.types';
import { KitLine, KitTemplate } from './kit-template.entity';
import { KitTemplateInput } from './kit-template.inputs';
import { kitAvailabilities, kitTemplates, linesOfKits, readKits } from './kit-template.loader';
import { saveKit } from './kit-template.service';
import { KitAvailability, KitTemplatePayload } from './kit-template.types';

const isThere = <T>(record: T | null | Error): record is T => record !== null && !(record instanceof Error);

@Resolver(() => KitTemplate)
export class KitTemplateResolver {
  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 30)')
  @Query(() => [KitTemplate], {
    nullable: true,
    description: 'Standard lists of supplies for placing an appliance.',
  })
  async kitTemplates(
    @ClinicArg() clinicId: string,
    @Arg('applianceTypes', () => [ApplianceRecordType], { nullable: true, description: 'Kinds of appliance.' })
    applianceTypes: ApplianceRecordType[] | null | undefined,
    @Ctx() context: Context,
  ) {
    const clinic = clinicOfList(context, clinicId);
    return clinic && readKits(await context.read(), clinic, applianceTypes);
  }

  @Scopes(['inventory:write'])
  @Change(() => KitTemplatePayload, { description: 'Creates or changes a kit.' })
  async kitTemplateSave(
    @Arg('input', () => KitTemplateInput, { description: 'Data of the change.' })
    input: KitTemplateInput,
    @Ctx() context: Context,
  ) {
    const clinicId = clinicOfInput(context.viewer, input.clinicId);
    const { id } = await change(context, { clinicId, mutation: 'kitTemplateSave', input }, (tx) =>
      saveKit(tx, clinicId, input),
    );
    return { kitTemplate: await context.of(kitTemplates).load({ clinicId, id }), userErrors: [] };
  }

  @FieldResolver(() => [KitLine], { description: 'What it takes; never empty when used.' })
  lines(@Root() kit: KitTemplate, @Ctx() context: Context) {
    return context.of(linesOfKits).load(kit);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the cost.' })
  currency(@Root() kit: KitTemplate, @Ctx() context: Context) {
    return currencyOf(context, kit.clinicId);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'Cost of one kit at present unit costs; null when one is missing.',
  })
  async currentCost(@Root() kit: KitTemplate, @Ctx() context: Context) {
    const lines = await context.of(linesOfKits).load(kit);
    const items = await context
      .of(supplyItems)
      .loadMany(lines.map(({ clinicId, itemId }) => ({ clinicId, id: itemId })));
    const costs = lines.map((line, index) => {
      const item = items[index];
      return (item && isThere(item) ? item.currentUnitCost : null)?.times(line.quantity) ?? null;
    });
    return costs.every((cost) => cost !== null) ? roundMoney(sum(costs)) : null;
  }

  @Scopes(['inventory:read'])
  @FieldResolver(() => KitAvailability, {
    nullable: true,
    description: 'How many kits the stock of a place makes on a day.',
  })
  async availability(
    @Root() kit: KitTemplate,
    @Arg('locationId', () => ID, { description: 'Place whose stock is looked at.' })
    locationId: string,
    @Arg('on', () => DateScalar, {
      nullable: true,
      description: 'Day of use; lots that expire before it do not count. Null for today.',
    })
    on: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<KitAvailability | null> {
    const place = recordIdOf(locationId);
    if (place?.clinicId !== kit.clinicId || !isWithin(context.viewer, 'locations', place.id)) return null;
    const day = on ?? (await todayAtPlace(context, place));
    const { kits, limitedBy } = await context.of(kitAvailabilities).load({ kit, locationId: place.id, day });
    const items = await context.of(supplyItems).loadMany(limitedBy.map((id) => ({ clinicId: kit.clinicId, id })));
    return { kits, limitedBy: items.filter(isThere) };
  }
}

@Resolver(() => KitLine)
export class KitLineResolver {
  @FieldResolver(() => SupplyItem, { description: 'Item taken.' })
  item(@Root() line: KitLine, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: line.clinicId, id: line.itemId });
  }
}
