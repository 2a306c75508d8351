import type { MeasureKind, Measures } from '@practice-graph/practice';

/** Sums behind the use of supplies, as slices keep them. */
export const SUPPLY_SUMS = {
  ...{ cost: 'DECIMAL', reworkCost: 'DECIMAL', wasteCost: 'DECIMAL', caseCost: 'DECIMAL' },
  ...{ bracketCost: 'DECIMAL', wireCost: 'DECIMAL', bondingCost: 'DECIMAL', elasticCost: 'DECIMAL' },
  ...{ accessoryCost: 'DECIMAL', retainerCost: 'DECIMAL', alignerCost: 'DECIMAL', otherCost: 'DECIMAL' },
  ...{ usageCount: 'COUNT', uncostedUsageCount: 'COUNT' },
} as const satisfies Record<string, MeasureKind>;
export type SupplySums = Measures<typeof SUPPLY_SUMS>;
