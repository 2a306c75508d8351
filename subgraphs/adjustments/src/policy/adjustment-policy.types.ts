import { DecimalScalar, Money, type Decimal, type UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { RATE_KINDS, type RateKind } from '../defaults';
import { AdjustmentCategory, AdjustmentGroup } from '../entries/adjustment-category.types';
import { UserError } from '../refusals';
import { AdjustmentPolicy } from './adjustment-policy.entity';

export const RateKindEnum = RATE_KINDS;
registerEnumType(RateKindEnum, {
  name: 'RateKind',
  description: 'Rates that can have a benchmark.',
  valuesConfig: {
    WRITE_OFF: { description: 'Write-offs over gross production.' },
    CONTROLLABLE_WRITE_OFF: { description: 'Bad debt and small balances over gross production.' },
    ADJUSTMENT: { description: 'All adjustments over gross production.' },
    BAD_DEBT: { description: 'Bad debt over net production.' },
    NET_BAD_DEBT: { description: 'Bad debt minus recoveries over net production.' },
    DISCOUNT: { description: 'All discounts over gross production.' },
    COURTESY: { description: 'Courtesy discounts over gross production.' },
    SMALL_BALANCE: { description: 'Small balances over gross production.' },
    PROMOTIONAL: { description: 'Promotional discounts over gross production.' },
    ERROR_CORRECTION: { description: 'Error corrections over gross production.' },
  },
});

@ObjectType('ApprovalRule', {
  simpleResolvers: true,
  description: 'Amount from which an adjustment needs a decision.',
})
export class ApprovalRule {
  @Field(() => AdjustmentCategory, { nullable: true, description: 'Category it is for; null for all.' })
  category: AdjustmentCategory | null;

  @Field(() => String, { nullable: true, description: 'Role of the person recording it; null for all.' })
  role: string | null;

  @Field(() => Money, { description: 'Amount without sign; equal or more needs a decision.' })
  threshold: Decimal;
}

@ObjectType('CategoryPolicy', { simpleResolvers: true, description: 'Effect of a category.' })
export class CategoryPolicy {
  @Field(() => AdjustmentCategory, { description: 'Category the rule is about.' })
  category: AdjustmentCategory;

  @Field(() => AdjustmentGroup, { description: 'Group whose total it is in.' })
  group: AdjustmentGroup;

  @Field(() => Boolean, { description: 'True when it reduces net production.' })
  affectsNetProduction: boolean;
}

@ObjectType('RateBenchmark', { simpleResolvers: true, description: 'Benchmark of a rate.' })
export class RateBenchmark {
  @Field(() => RateKindEnum, { description: 'Rate the benchmark is for.' })
  rate: RateKind;

  @Field(() => DecimalScalar, { description: 'Fraction to stay below.' })
  benchmark: Decimal;
}

@ObjectType('AdjustmentPolicyPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the new rules.',
})
export class AdjustmentPolicyPayload {
  @Field(() => AdjustmentPolicy, { nullable: true, description: 'The new rules; null when refused.' })
  adjustmentPolicy: AdjustmentPolicy | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
