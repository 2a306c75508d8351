import { DateScalar } from '@practice-graph/kit';
import { Field, InputType, Int, registerEnumType } from 'type-graphql';
import type { Day } from './calendar.rules';

export const PeriodPreset = {
  TODAY: 'TODAY',
  YESTERDAY: 'YESTERDAY',
  CURRENT_WEEK: 'CURRENT_WEEK',
  PREVIOUS_WEEK: 'PREVIOUS_WEEK',
  CURRENT_MONTH: 'CURRENT_MONTH',
  PREVIOUS_MONTH: 'PREVIOUS_MONTH',
  CURRENT_QUARTER: 'CURRENT_QUARTER',
  PREVIOUS_QUARTER: 'PREVIOUS_QUARTER',
  CURRENT_YEAR: 'CURRENT_YEAR',
  PREVIOUS_YEAR: 'PREVIOUS_YEAR',
  CURRENT_FISCAL_YEAR: 'CURRENT_FISCAL_YEAR',
  LAST_30_DAYS: 'LAST_30_DAYS',
  LAST_3_MONTHS: 'LAST_3_MONTHS',
  LAST_6_MONTHS: 'LAST_6_MONTHS',
  LAST_12_MONTHS: 'LAST_12_MONTHS',
  LAST_3_FULL_MONTHS: 'LAST_3_FULL_MONTHS',
  LAST_6_FULL_MONTHS: 'LAST_6_FULL_MONTHS',
  LAST_12_FULL_MONTHS: 'LAST_12_FULL_MONTHS',
} as const;
export type PeriodPreset = keyof typeof PeriodPreset;
registerEnumType(PeriodPreset, {
  name: 'PeriodPreset',
  description: 'Named periods; today is the current business day of each location.',
  valuesConfig: {
    TODAY: { description: 'The current business day.' },
    YESTERDAY: { description: 'The business day before.' },
    CURRENT_WEEK: { description: 'Monday to today (week to date).' },
    PREVIOUS_WEEK: { description: 'The full week before the current one.' },
    CURRENT_MONTH: { description: 'First of the month to today (month to date).' },
    PREVIOUS_MONTH: { description: 'The full calendar month before the current one.' },
    CURRENT_QUARTER: { description: 'First of the quarter to today (quarter to date).' },
    PREVIOUS_QUARTER: { description: 'The full calendar quarter before the current one.' },
    CURRENT_YEAR: { description: '1 January to today (year to date).' },
    PREVIOUS_YEAR: { description: 'The full calendar year before the current one.' },
    CURRENT_FISCAL_YEAR: { description: "First day of the clinic's fiscal year to today." },
    LAST_30_DAYS: { description: 'Today and the 29 days before.' },
    LAST_3_MONTHS: { description: 'The current month so far and the 2 full months before.' },
    LAST_6_MONTHS: { description: 'The current month so far and the 5 full months before.' },
    LAST_12_MONTHS: { description: 'The current month so far and the 11 full months before.' },
    LAST_3_FULL_MONTHS: { description: 'The last 3 full calendar months, without the current one.' },
    LAST_6_FULL_MONTHS: { description: 'The last 6 full calendar months, without the current one.' },
    LAST_12_FULL_MONTHS: { description: 'The last 12 full calendar months, without the current one.' },
  },
});

@InputType('DateRangeInput', { description: 'An inclusive range of business days.' })
export class DateRangeInput {
  @Field(() => DateScalar, { description: 'First day counted.' })
  from: Day;

  @Field(() => DateScalar, {
    description: 'Last day counted; before `from` is refused with BAD_RANGE, as is a range of more than five years.',
  })
  to: Day;
}

@InputType('PeriodInput', { description: 'A reporting period: give exactly one member.' })
export class PeriodInput {
  @Field(() => PeriodPreset, { nullable: true, description: 'A named period, resolved on the server.' })
  preset?: PeriodPreset | null | undefined;

  @Field(() => String, { nullable: true, description: 'One calendar month, YYYY-MM.' })
  month?: string | null | undefined;

  @Field(() => DateRangeInput, { nullable: true, description: 'Any range of days.' })
  range?: DateRangeInput | null | undefined;
}

export const CompareTo = {
  PREVIOUS_PERIOD: 'PREVIOUS_PERIOD',
  YEAR_BEFORE: 'YEAR_BEFORE',
} as const;
export type CompareTo = keyof typeof CompareTo;
registerEnumType(CompareTo, {
  name: 'CompareTo',
  description: 'What a period is compared with.',
  valuesConfig: {
    PREVIOUS_PERIOD: {
      description:
        'The period just before: a month to date with the same days of the month before, n days with the n days before.',
    },
    YEAR_BEFORE: { description: 'The same days one year earlier; 29 February becomes 28 February.' },
  },
});

@InputType('CompareInput', {
  description:
    'What a report is compared with: give exactly one member. The resolved period is echoed as `comparedTo`.',
})
export class CompareInput {
  @Field(() => CompareTo, { nullable: true, description: 'A period derived from the reported one.' })
  to?: CompareTo | null | undefined;

  @Field(() => PeriodInput, { nullable: true, description: 'Any other period.' })
  period?: PeriodInput | null | undefined;
}

export const SortDirection = {
  ASC: 'ASC',
  DESC: 'DESC',
} as const;
export type SortDirection = keyof typeof SortDirection;
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Direction of an ordering.',
  valuesConfig: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Largest or newest first.' },
  },
});

@InputType('WorkflowStepInput', { description: 'A step of a workflow that needs nothing but a reason.' })
export class WorkflowStepInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Version the step is based on; STALE_VERSION when the record moved on. Null skips the check.',
  })
  expectedVersion?: number | null | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for the audit trail; some steps demand it with REASON_REQUIRED.',
  })
  reason?: string | null | undefined;
}
