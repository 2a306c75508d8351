import { ApiField, DecimalScalar, type Decimal } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, Int, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { yearTarget } from './goal-progress.rules';
import { GoalMetric } from './goal.types';
import { ProviderGoal } from './provider-goal.entity';

@ObjectType('ProviderGoalYear', { simpleResolvers: true, description: 'Goals of a provider over a fiscal year.' })
export class ProviderGoalYear {
  clinicId: string;
  providerId: string;
  asOf: Day | null;

  @ApiField(() => GoalMetric, { description: 'Measure of the goals.' })
  metric: GoalMetric;

  @ApiField(() => Int, { description: 'Calendar year in which the fiscal year starts.' })
  year: number;

  @Directive('@listSize(assumedSize: 12)')
  @ApiField(() => [ProviderGoal], {
    description: 'Goals that are set, January or fiscal start first; months without a goal are missing.',
  })
  months: ProviderGoal[];

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Sum of the twelve months; null while a month has no goal.',
  })
  get target(): Decimal | null {
    return yearTarget(this.months.map((goal) => goal.target));
  }

  @ApiField(() => Boolean, { description: 'True when every month has a goal.' })
  get isComplete(): boolean {
    return this.target !== null;
  }
}

@ObjectType('ProviderGoalPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the goal of the month, or of the first month of the year.',
})
export class ProviderGoalPayload {
  @ApiField(() => ProviderGoal, {
    nullable: true,
    description: 'The goal of the month, or of the first month of the year; null when refused.',
  })
  providerGoal: ProviderGoal | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
