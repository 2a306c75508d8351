import { DateScalar, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Field, InputType, Int } from 'type-graphql';
import type { RateKind } from '../defaults';
import { AdjustmentCategory } from '../entries/adjustment-category.types';
import { RateKindEnum } from './adjustment-policy.types';

@InputType('ApprovalRuleInput', { description: 'Amount from which an adjustment needs a decision.' })
export class ApprovalRuleInput {
  @Field(() => AdjustmentCategory, { nullable: true, description: 'Category it is for; null for all.' })
  category?: AdjustmentCategory | null | undefined;

  @Field(() => String, { nullable: true, description: 'Role of the person recording it; null for all.' })
  role?: string | null | undefined;

  @Field(() => Money, { description: 'Amount without sign; equal or more needs a decision.' })
  threshold: Decimal;
}

@InputType('CategoryPolicyInput', { description: 'Effect of a category.' })
export class CategoryPolicyInput {
  @Field(() => AdjustmentCategory, { description: 'Category the rule is about.' })
  category: AdjustmentCategory;

  @Field(() => Boolean, { description: 'True when it reduces net production.' })
  affectsNetProduction: boolean;
}

@InputType('RateBenchmarkInput', { description: 'Benchmark of a rate.' })
export class RateBenchmarkInput {
  @Field(() => RateKindEnum, { description: 'Rate the benchmark is for.' })
  rate: RateKind;

  @Field(() => DecimalScalar, { description: 'Fraction to stay below.' })
  benchmark: Decimal;
}

@InputType('AdjustmentPolicyInput', { description: 'Rules from a day on; members left out keep their value.' })
export class AdjustmentPolicyInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'First day on which they apply; not in a closed period.' })
  effectiveFrom: string;

  @Field(() => [ApprovalRuleInput], { nullable: true, description: 'All thresholds.' })
  approvalRules?: ApprovalRuleInput[] | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Days of the cumulative rule; 0 switches it off.' })
  cumulativeWindowDays?: number | null | undefined;

  @Field(() => Boolean, { nullable: true, description: "True forbids to decide on one's own entries." })
  separationOfDuties?: boolean | null | undefined;

  @Field(() => Money, { nullable: true, description: 'Limit of small balances.' })
  smallBalanceLimit?: Decimal | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Tries to collect that bad debt needs.' })
  minCollectionEfforts?: number | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Days into the past that entries may be dated without records:backdate.',
  })
  maxBackdateDays?: number | null | undefined;

  @Field(() => [CategoryPolicyInput], {
    nullable: true,
    description: 'Categories that differ from the default effect on net production.',
  })
  categories?: CategoryPolicyInput[] | null | undefined;

  @Field(() => [RateBenchmarkInput], { nullable: true, description: 'Benchmarks of the rates.' })
  benchmarks?: RateBenchmarkInput[] | null | undefined;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Excess that is only WATCH, as a fraction of the benchmark.',
  })
  watchMargin?: Decimal | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
