import { clinicIdOf, recordIdOf, Scopes, type Context, type RecordKey } from '@practice-graph/kit';
import { clinicCopies, isWithin, StockPosition, stockPositionsOf } from '@practice-graph/practice';
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import { Clinic, Location } from '../directory/directory.types';
import { COST_POOL, lowSuppliesAt } from './supply-stock-level.loader';
import { SupplyStockLevel } from './supply-stock-level.types';

const stockPositions = stockPositionsOf({ stock: 'supply_stock', lots: 'supply_lot', pool: COST_POOL });

/** Value of the stock of a clinic, or of some of its places, in its currency; null while it is not known here. */
async function positionOf(
  context: Context,
  clinicId: string,
  locationIds: readonly string[] | null,
): Promise<StockPosition | null> {
  const [clinic, value] = await Promise.all([
    context.of(clinicCopies).load(clinicId),
    context.of(stockPositions).load({ clinicId, locationIds }),
  ]);
  return clinic && { currency: clinic.currency, ...value };
}

/** A location that the viewer is not narrowed away from. */
function placeOf({ id }: Location, context: Context): RecordKey | null {
  const key = recordIdOf(id);
  return key && isWithin(context.viewer, 'locations', key.id) ? key : null;
}

@Resolver(() => Clinic)
export class ClinicStockResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => StockPosition, { nullable: true, description: 'Value of all appliance supplies in stock.' })
  supplyPosition(@Root() clinic: Clinic, @Ctx() context: Context) {
    const clinicId = clinicIdOf(clinic.id);
    return clinicId && positionOf(context, clinicId, context.viewer.restrictions['locations'] ?? null);
  }
}

@Resolver(() => Location)
export class LocationStockResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => StockPosition, {
    nullable: true,
    description: 'Value of the appliance supplies in stock there.',
  })
  supplyPosition(@Root() location: Location, @Ctx() context: Context) {
    const place = placeOf(location, context);
    return place && positionOf(context, place.clinicId, [place.id]);
  }

  @Scopes(['inventory:read'])
  @Directive('@listSize(assumedSize: 30)')
  @FieldResolver(() => [SupplyStockLevel], {
    nullable: true,
    description: 'Supplies that are low there, scarcest first.',
  })
  lowSupplies(@Root() location: Location, @Ctx() context: Context) {
    const place = placeOf(location, context);
    return place && context.of(lowSuppliesAt).load(place);
  }
}
