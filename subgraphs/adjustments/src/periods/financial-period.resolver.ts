import { Scopes, type Context } from '@practice-graph/kit';
import { scopeOfKey } from '@practice-graph/practice';
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { categorySums } from '../measures/category-sums.loader';
import { missingReviews } from './financial-period.loader';
import { FinancialPeriod } from './financial-period.types';

@Resolver(() => FinancialPeriod)
export class FinancialPeriodResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => Int, { nullable: true, description: 'Adjustments of the period that wait for a decision.' })
  async pendingAdjustmentCount(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<number | null> {
    const scope = scopeOfKey(context.viewer, period);
    const sums = scope && (await context.of(categorySums).load(scope));
    return sums && [...sums.values()].reduce((sum, of) => sum + of.pendingCount, 0);
  }

  @Scopes(['finance:view_reports'])
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Months of the period whose management review is missing.',
  })
  async missingReviewCount(@Root() period: FinancialPeriod, @Ctx() context: Context): Promise<number | null> {
    const scope = scopeOfKey(context.viewer, period);
    return scope && context.of(missingReviews).load(scope);
  }
}
