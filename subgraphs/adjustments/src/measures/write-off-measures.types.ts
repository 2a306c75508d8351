import { CurrencyCode, Money, type Decimal } from '@practice-graph/kit';
import { Ratio } from '@practice-graph/practice';
import { Field, Int, ObjectType } from 'type-graphql';
import type { WriteOffTotals } from './write-off.rules';

@ObjectType('WriteOffMeasures', {
  simpleResolvers: true,
  description: `Sums by category of approved entries, reversals netted. Pending and rejected entries count in none but the pending members.
Write-offs are insurance, bad debt and small balance; discounts are courtesy, professional, family and promotional; corrections are timing, error and other.`,
})
export class WriteOffMeasures implements WriteOffTotals {
  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Money, { description: 'Contractual reductions for insurers.' })
  insuranceWriteOffs: Decimal;

  @Field(() => Money, { description: 'Favours to patients.' })
  courtesyDiscounts: Decimal;

  @Field(() => Money, { description: 'Reductions for colleagues of the profession.' })
  professionalDiscounts: Decimal;

  @Field(() => Money, { description: 'Reductions for siblings and families.' })
  familyDiscounts: Decimal;

  @Field(() => Money, { description: 'Balances given up as uncollectible.' })
  badDebtWriteOffs: Decimal;

  @Field(() => Money, { description: 'Balances too small to collect.' })
  smallBalanceWriteOffs: Decimal;

  @Field(() => Money, { description: 'Reductions of marketing campaigns.' })
  promotionalDiscounts: Decimal;

  @Field(() => Money, { description: 'Shifts between periods, signed.' })
  timingAdjustments: Decimal;

  @Field(() => Money, { description: 'Repairs of billing errors, signed.' })
  errorCorrections: Decimal;

  @Field(() => Money, { description: 'Everything else, signed.' })
  otherAdjustments: Decimal;

  @Field(() => Money, { description: 'Insurance, bad debt and small balance.' })
  totalWriteOffs: Decimal;

  @Field(() => Money, {
    description: 'Bad debt and small balance: the part of write-offs that the practice can influence.',
  })
  controllableWriteOffs: Decimal;

  @Field(() => Money, { description: 'Courtesy, professional, family and promotional.' })
  totalDiscounts: Decimal;

  @Field(() => Money, { description: 'Timing, error and other, signed.' })
  totalCorrections: Decimal;

  @Field(() => Money, {
    description: 'Write-offs, discounts and corrections; recoveries are in none of them.',
  })
  totalAdjustments: Decimal;

  @Field(() => Money, { description: 'Part of all adjustments that reduces net production under the policy.' })
  netProductionEffect: Decimal;

  @Field(() => Money, { description: 'Bad debt that came back.' })
  badDebtRecoveries: Decimal;

  @Field(() => Money, {
    description: 'Bad debt minus recoveries; negative when more came back than was given up.',
  })
  netBadDebt: Decimal;

  @Field(() => Ratio, { description: 'Recoveries over bad debt of the scope.' })
  recoveryRate: Ratio;

  @Field(() => Int, {
    description:
      'Entries in the write-off categories: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  writeOffCount: number;

  @Field(() => Int, {
    description:
      'Entries in all categories but RECOVERY: an original counts +1 on its day and its reversal −1 on its own day.',
  })
  adjustmentCount: number;

  @Field(() => Money, { description: 'Amount that waits for a decision.' })
  pending: Decimal;

  @Field(() => Int, { description: 'Entries that wait for a decision.' })
  pendingCount: number;
}
