import { DecimalScalar, type Decimal } from '@practice-graph/kit';
import { Field, InputType, Int } from 'type-graphql';
import { GoalMetric } from './goal.types';

@InputType('ProviderGoalSetInput', { description: 'Goal of a provider; give month or year.' })
export class ProviderGoalSetInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => String, { nullable: true, description: 'Calendar month, YYYY-MM.' })
  month?: string | null | undefined;

  @Field(() => Int, { nullable: true, description: 'Fiscal year over whose months the target is spread.' })
  year?: number | null | undefined;

  @Field(() => GoalMetric, { nullable: true, defaultValue: 'NET', description: 'Measure of the goal.' })
  metric?: GoalMetric | null | undefined;

  @Field(() => DecimalScalar, { description: 'Money for GROSS and NET, a count for STARTS; zero or more.' })
  target: Decimal;

  @Field(() => Int, {
    nullable: true,
    description: 'Version that the caller saw; STALE_VERSION when the record moved on. Null when creating.',
  })
  expectedVersion?: number | null | undefined;
}
