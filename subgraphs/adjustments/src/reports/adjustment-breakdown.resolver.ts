import { Money, type Decimal } from '@practice-graph/kit';
import { FieldResolver, Resolver, Root } from 'type-graphql';
import { AdjustmentBreakdownRow } from './adjustment-report.types';
import type { Trend } from './adjustment-trend.rules';
import { TrendVariance } from './adjustment-trend.types';
import type { ContractSum } from './contract-variance.service';

@Resolver(() => AdjustmentBreakdownRow)
export class AdjustmentBreakdownRowResolver {
  @FieldResolver(() => TrendVariance, {
    nullable: true,
    description: 'How the bucket stands in its series; null without a granularity.',
  })
  trend(@Root() row: AdjustmentBreakdownRow): Promise<Trend | null> {
    return row.trendOf ? row.trendOf() : Promise.resolve(null);
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'Insurance write-offs that contracts let expect; null when no contract covers the slice.',
  })
  async expected(@Root() row: AdjustmentBreakdownRow): Promise<Decimal | null> {
    return (await contractOf(row))?.expected ?? null;
  }

  @FieldResolver(() => Money, {
    nullable: true,
    description: 'Insurance write-offs minus expected; null without a contract.',
  })
  async varianceFromExpected(@Root() row: AdjustmentBreakdownRow): Promise<Decimal | null> {
    return (await contractOf(row))?.variance ?? null;
  }
}

const contractOf = async (row: AdjustmentBreakdownRow): Promise<ContractSum | null> =>
  row.contractOf ? row.contractOf() : null;
