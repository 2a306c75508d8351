import { Decimal, Scopes, type Context } from '@practice-graph/kit';
import { ratio, scopeOfKey } from '@practice-graph/practice';
import { Ctx, Directive, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RateKind } from '../defaults';
import { categorySums, measuresOfScope } from '../measures/category-sums.loader';
import { WriteOffMeasures } from '../measures/write-off-measures.types';
import { bridge, type CategorySums } from '../measures/write-off.rules';
import { policies } from '../policy/adjustment-policy.loader';
import { standingOf } from './benchmark.rules';
import { type BenchmarkedRate, GrossToNet, PerformanceRow, WriteOffRates } from './performance-row.types';
import { rateParts, type RateName } from './write-off-rates.rules';

const KIND: Readonly<Record<RateName, RateKind>> = {
  writeOffRate: 'WRITE_OFF',
  controllableWriteOffRate: 'CONTROLLABLE_WRITE_OFF',
  adjustmentRate: 'ADJUSTMENT',
  badDebtRate: 'BAD_DEBT',
  netBadDebtRate: 'NET_BAD_DEBT',
  discountRate: 'DISCOUNT',
  courtesyRate: 'COURTESY',
  smallBalanceRate: 'SMALL_BALANCE',
  promotionalRate: 'PROMOTIONAL',
  errorCorrectionRate: 'ERROR_CORRECTION',
};

/** A required amount as it arrives over the graph: text, or absent when its domain did not answer. */
const amount = (text: string | null | undefined): Decimal | null =>
  text === null || text === undefined ? null : new Decimal(text);

const sumsOf = async (context: Context, row: PerformanceRow): Promise<CategorySums | null> => {
  const scope = scopeOfKey(context.viewer, row);
  return scope && context.of(categorySums).load(scope);
};

@Resolver(() => PerformanceRow)
export class PerformanceRowResolver {
  @Scopes(['finance:view_reports'])
  @FieldResolver(() => WriteOffMeasures, { nullable: true, description: 'Write-offs and adjustments of the row.' })
  writeOffs(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<WriteOffMeasures | null> {
    return measuresOfScope(context, scopeOfKey(context.viewer, row));
  }

  @Directive('@requires(fields: "production { gross net }")')
  @Scopes(['finance:view_reports', 'finance:view_revenue'])
  @FieldResolver(() => WriteOffRates, {
    nullable: true,
    description: 'Rates over production with benchmarks. Null when production did not answer.',
  })
  async writeOffRates(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<WriteOffRates | null> {
    if (!row.production) return null;
    const scope = scopeOfKey(context.viewer, row);
    if (!scope) return null;
    // Rates are judged by the benchmarks in force on the last day of the row.
    const [sums, policy] = await Promise.all([
      context.of(categorySums).load(scope),
      context.of(policies).load({ clinicId: scope.clinicId, day: row.to }),
    ]);
    if (!sums) return null;
    const benchmarks = new Map(policy.benchmarks.map((of) => [of.rate, of.benchmark]));
    const parts = rateParts(sums, { gross: amount(row.production.gross), net: amount(row.production.net) });
    const rates = Object.entries(parts).map(([name, { numerator, denominator }]) => {
      const quotient = ratio(numerator, denominator);
      const benchmark = benchmarks.get(KIND[name as RateName]) ?? null;
      const standing = standingOf(quotient, benchmark, policy.watchMargin);
      const rate: BenchmarkedRate = { ratio: quotient, benchmark, ...standing };
      return [name, rate];
    });
    return Object.fromEntries(rates) as WriteOffRates;
  }

  @Directive('@requires(fields: "production { gross net collected }")')
  @Scopes(['finance:view_reports', 'finance:view_revenue'])
  @FieldResolver(() => GrossToNet, {
    nullable: true,
    description:
      'Bridge from gross to net production by the adjustment ledger, beside the net that revenue shows. Null when production did not answer.',
  })
  async grossToNet(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<GrossToNet | null> {
    const gross = amount(row.production?.gross);
    const net = amount(row.production?.net);
    const collected = amount(row.production?.collected);
    if (!gross || !net || !collected) return null;
    const sums = await sumsOf(context, row);
    return sums && { ...bridge(sums, gross, net), collected };
  }
}
