import { Decimal } from 'decimal.js';
import { ratio, type RatioValue } from '@practice-graph/practice';

/** Production of a row as another domain tells it; null or absent when it did not answer. */
export interface ProductionOfRow {
  readonly net?: string | null;
  readonly starts?: number | null;
  readonly usedChairHours?: string | null;
}

/** Supply cost against production: per start and used chair hour, as a part of net production, and what is left of it per start. */
export function supplyRatiosOf(
  cost: Decimal,
  production: ProductionOfRow,
): Record<'costPerStart' | 'costRate' | 'costPerUsedChairHour' | 'netAfterSuppliesPerStart', RatioValue> {
  const { net, starts, usedChairHours } = production;
  const after = net === null || net === undefined ? null : new Decimal(net).minus(cost);
  return {
    costPerStart: ratio(cost, starts),
    costRate: ratio(cost, net),
    costPerUsedChairHour: ratio(cost, usedChairHours),
    netAfterSuppliesPerStart: ratio(after, starts),
  };
}
