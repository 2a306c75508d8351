import { DateScalar, Quantity, Scopes, type Context, type Decimal } from '@practice-graph/kit';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { FefoPick } from './fefo-pick.types';
import { fefoPickOf } from './fefo-pick.loader';

@Resolver()
export class FefoPickResolver {
  @Scopes(['inventory:read'])
  @Query(() => FefoPick, {
    nullable: true,
    description:
      'Lots that first-expiry-first-out would take, and those it would pass over with the reason. Nothing is held.',
  })
  async fefoPick(
    @Arg('productId', () => ID, { description: 'Product needed.' }) productId: string,
    @Arg('locationId', () => ID, { description: 'Place whose stock is looked at.' }) locationId: string,
    @Arg('quantity', () => Quantity, { description: 'How much is needed.' }) quantity: Decimal,
    @Arg('on', () => DateScalar, {
      description: 'Day of use; lots that expire before it do not count. Null for today.',
      nullable: true,
    })
    on: string | null,
    @Ctx() context: Context,
  ): Promise<FefoPick | null> {
    return fefoPickOf(context, { productId, locationId, quantity, on });
  }
}
