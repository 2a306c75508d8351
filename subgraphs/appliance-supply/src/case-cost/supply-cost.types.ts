import { ApiField, connectionOf, DateTimeScalar, Money, type Decimal } from '@practice-graph/kit';
import { Period } from '@practice-graph/practice';
import { Int, ObjectType, registerEnumType } from 'type-graphql';

export const CostBasis = {
  AT_USE: 'AT_USE',
  CURRENT: 'CURRENT',
} as const;
export type CostBasis = (typeof CostBasis)[keyof typeof CostBasis];
registerEnumType(CostBasis, {
  name: 'CostBasis',
  description: 'Unit cost that values a use.',
  valuesConfig: {
    AT_USE: { description: 'Cost of the lot, or moving average, kept at the time of use.' },
    CURRENT: { description: 'Present unit cost of the item.' },
  },
});

@ObjectType('SupplyCostSummary', { simpleResolvers: true, description: 'Supply cost of a case or patient.' })
export class SupplyCostSummary {
  /** Row uuids; the records are referred to when asked for. */
  clinicId: string;
  patientId: string | null;
  treatmentPlanId: string | null;

  @ApiField(() => Period, { description: 'Days counted: first to last use when no period was asked for.' })
  period: Period;

  @ApiField(() => CostBasis, { description: 'Unit cost that values the use.' })
  costBasis: CostBasis;

  @ApiField(() => Money, { description: 'Brackets, bands and tubes.' })
  bracketCost: Decimal;

  @ApiField(() => Money, { description: 'Archwires.' })
  wireCost: Decimal;

  @ApiField(() => Money, { description: 'Adhesive, primer and etch.' })
  bondingCost: Decimal;

  @ApiField(() => Money, { description: 'Elastics, chains and ligatures.' })
  elasticCost: Decimal;

  @ApiField(() => Money, { description: 'Springs, anchorage devices, expanders, functional and extraoral appliances.' })
  accessoryCost: Decimal;

  @ApiField(() => Money, { description: 'Retainers.' })
  retainerCost: Decimal;

  @ApiField(() => Money, { description: 'Aligners.' })
  alignerCost: Decimal;

  @ApiField(() => Money, { description: 'Anything else.' })
  otherCost: Decimal;

  @ApiField(() => Money, { description: 'Sum of the eight.' })
  totalCost: Decimal;

  @ApiField(() => Money, { description: 'Part of the total for replacing something lost or broken.' })
  reworkCost: Decimal;

  @ApiField(() => Int, {
    description: 'Uses of supplies: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  usageCount: number;

  @ApiField(() => Boolean, { description: 'True when the cost of a use is unknown and missing from the sums.' })
  isIncomplete: boolean;

  @ApiField(() => DateTimeScalar, { nullable: true, description: 'First use.' })
  createdAt: Date | null;

  @ApiField(() => DateTimeScalar, { nullable: true, description: 'Last change by a use or reversal.' })
  updatedAt: Date | null;
}

export const supplyCostPages = connectionOf(
  () => SupplyCostSummary,
  'SupplyCostSummary',
  'supply costs per case, dearest first',
  'supply costs per case',
);
