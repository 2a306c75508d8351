import {
  Change,
  change,
  CurrencyCode,
  reachable,
  recordIdOf,
  refuseKit,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { Arg, Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { currencyOf } from '../directory/directory.loader';
import { Vendor } from '../directory/directory.types';
import { SupplyItem } from '../items/supply-item.entity';
import { supplyItems } from '../items/supply-item.loader';
import { vendorOf } from '../vendors/vendor.loader';
import { SupplyOffer } from './supply-offer.entity';
import { SupplyOfferInput } from './supply-offer.inputs';
import { offersOfVendors, supplyOffers } from './supply-offer.loader';
import { saveOffer } from './supply-offer.service';
import { SupplyOfferPayload } from './supply-offer.types';

@Resolver(() => SupplyOffer)
export class SupplyOfferResolver {
  @Scopes(['inventory:write'])
  @Change(() => SupplyOfferPayload, { description: "Creates or changes a vendor's offer for an item." })
  async supplyOfferSave(
    @Arg('input', () => SupplyOfferInput, { description: 'Data of the change.' })
    input: SupplyOfferInput,
    @Ctx() context: Context,
  ) {
    const clinicId = reachable(context.viewer, input.itemId)?.clinicId;
    if (clinicId === undefined) throw refuseKit('NOT_FOUND', 'There is no such item.', ['input', 'itemId']);
    const { id } = await change(context, { clinicId, mutation: 'supplyOfferSave', input }, (tx) =>
      saveOffer(tx, clinicId, input),
    );
    return { supplyOffer: await context.of(supplyOffers).load({ clinicId, id }), userErrors: [] };
  }

  @FieldResolver(() => SupplyItem, { description: 'Item offered.' })
  item(@Root() offer: SupplyOffer, @Ctx() context: Context) {
    return context.of(supplyItems).load({ clinicId: offer.clinicId, id: offer.itemId });
  }

  @Directive('@provides(fields: "name")')
  @FieldResolver(() => Vendor, { nullable: true, description: 'Vendor who offers it.' })
  vendor(@Root() offer: SupplyOffer, @Ctx() context: Context) {
    return vendorOf(context, offer.clinicId, offer.vendorId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the prices.' })
  currency(@Root() offer: SupplyOffer, @Ctx() context: Context) {
    return currencyOf(context, offer.clinicId);
  }
}

@Resolver(() => Vendor)
export class VendorOffersResolver {
  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 50)')
  @FieldResolver(() => [SupplyOffer], {
    nullable: true,
    description: 'Offers of the vendor for supply items, in force or to come.',
  })
  supplyOffers(@Root() vendor: Vendor, @Ctx() context: Context) {
    const key = recordIdOf(vendor.id);
    return key ? context.of(offersOfVendors).load(key) : null;
  }
}
