import { FieldResolver, Resolver, Root } from 'type-graphql';
import { Location, locationReference } from '../directory/references.types';
import { LotStock } from './lot-stock.entity';

@Resolver(() => LotStock)
export class LotStockResolver {
  @FieldResolver(() => Location, { nullable: true, description: 'Where it lies.' })
  location(@Root() stock: LotStock): Location {
    return locationReference(stock.clinicId, stock.locationId);
  }
}
