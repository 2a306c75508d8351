import { ApiField, DecimalScalar, type Decimal } from '@practice-graph/kit';
import { Ratio, type RatioValue } from '@practice-graph/practice';
import { Int, ObjectType, registerEnumType } from 'type-graphql';
import type { GoalProgressValue } from './goal-progress.rules';

export const GoalMetric = {
  GROSS: 'GROSS',
  NET: 'NET',
  STARTS: 'STARTS',
} as const;
export type GoalMetric = keyof typeof GoalMetric;
registerEnumType(GoalMetric, {
  name: 'GoalMetric',
  description: 'Measure on which a goal is set.',
  valuesConfig: {
    GROSS: { description: 'Gross production.' },
    NET: { description: 'Net production.' },
    STARTS: { description: 'New patient starts.' },
  },
});

export const GoalPace = {
  REACHED: 'REACHED',
  ON_PACE: 'ON_PACE',
  BEHIND: 'BEHIND',
} as const;
export type GoalPace = keyof typeof GoalPace;
registerEnumType(GoalPace, {
  name: 'GoalPace',
  description: 'Verdict on the pace towards a goal.',
  valuesConfig: {
    REACHED: { description: 'The goal is reached.' },
    ON_PACE: { description: 'At least what was expected by today.' },
    BEHIND: { description: 'Less than expected by today.' },
  },
});

@ObjectType('GoalProgress', { simpleResolvers: true, description: 'How far a goal is reached.' })
export class GoalProgress implements GoalProgressValue {
  @ApiField(() => DecimalScalar, { description: 'Goal, scaled when prorated.' })
  target: Decimal;

  @ApiField(() => DecimalScalar, { description: 'Reached so far.' })
  actual: Decimal;

  @ApiField(() => DecimalScalar, { description: 'Reached minus goal; negative while it is open.' })
  variance: Decimal;

  @ApiField(() => Ratio, { description: 'Reached over goal; may exceed 1.' })
  rate: RatioValue;

  @ApiField(() => DecimalScalar, { description: 'Expected by today at an even pace over working days.' })
  expectedToDate: Decimal;

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Needed per remaining working day; null when none remains, 0 when the goal is reached.',
  })
  dailyNeeded: Decimal | null;

  @ApiField(() => Int, { description: 'Working days passed, today included.' })
  elapsedWorkingDays: number;

  @ApiField(() => Int, { description: 'Working days of the whole span.' })
  totalWorkingDays: number;

  @ApiField(() => GoalPace, { description: 'Verdict on the pace.' })
  pace: GoalPace;
}
