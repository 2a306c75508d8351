import { Decimal } from 'decimal.js';
import { ratio, type RatioValue } from '@practice-graph/practice';

/** Production of a row as another domain tells it; null or absent when it did not answer. */
export interface ProductionOfRow {
  readonly net?: string | null;
  readonly starts?: number | null;
  readonly usedChairHours?: string | null;
}

const MINUTES_OF_HOUR = 60;

/** Hours are told with six decimals and made of whole minutes: a third of an hour becomes one again. */
const hoursOf = (told: string | null | undefined): Decimal | null =>
  told === null || told === undefined
    ? null
    : new Decimal(told).times(MINUTES_OF_HOUR).toDecimalPlaces(0).div(MINUTES_OF_HOUR);

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
    costPerUsedChairHour: ratio(cost, hoursOf(usedChairHours)),
    netAfterSuppliesPerStart: ratio(after, starts),
  };
}
