import { Scopes, type Context } from '@practice-graph/kit';
import { scopeOfKey } from '@practice-graph/practice';
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { supplyMeasures } from '../performance/supply-measures.loader';
import { FinancialPeriod } from './financial-period.types';

@Resolver(() => FinancialPeriod)
export class FinancialPeriodResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Uses of the period whose unit cost is not known.',
  })
  async uncostedUsageCount(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<number | null> {
    const scope = scopeOfKey(context.viewer, period);
    return scope && ((await context.of(supplyMeasures).load(scope))?.uncostedUsageCount ?? null);
  }
}
