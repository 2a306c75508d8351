import { DecimalScalar, DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Day } from './calendar.rules';
import type { GrowthValue, RatioValue } from './ratio.rules';

// These classes are shared by all subgraphs: nobody adds field resolvers to them, so the process-wide registry of
// type-graphql cannot mix anything up. Types that a domain completes (Clinic, PerformanceRow) are its own classes.

@Directive('@shareable')
@ObjectType('Period', {
  simpleResolvers: true,
  description: 'A reporting period as the server resolved it; both days are inclusive.',
})
export class Period {
  @Field(() => DateScalar, { description: 'First business day counted.' })
  from: Day;

  @Field(() => DateScalar, { description: 'Last business day counted.' })
  to: Day;

  @Field(() => String, { description: 'Short name for people, for example 2026-03, Q1 2026 or Last 30 days.' })
  label: string;
}

export const RatioStatus = {
  COMPUTED: 'COMPUTED',
  ZERO_DENOMINATOR: 'ZERO_DENOMINATOR',
  UNAVAILABLE: 'UNAVAILABLE',
} as const;
export type RatioStatus = keyof typeof RatioStatus;
registerEnumType(RatioStatus, {
  name: 'RatioStatus',
  description: 'Why a ratio has, or does not have, a value.',
  valuesConfig: {
    COMPUTED: { description: 'Both parts are known and the denominator is not zero.' },
    ZERO_DENOMINATOR: { description: 'The denominator is zero, so there is nothing to divide by.' },
    UNAVAILABLE: {
      description:
        'A part is not known, because its domain did not answer or is not complete, or has no meaning here, such as chair time of a case.',
    },
  },
});

@Directive('@shareable')
@ObjectType('Ratio', {
  simpleResolvers: true,
  description:
    'A quotient with both of its parts, so that an analyst can add numerators and denominators and divide again. Never average the values of several rows.',
})
export class Ratio implements RatioValue {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What is divided, unrounded sum of the scope. Null exactly when status is UNAVAILABLE.',
  })
  numerator: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What it is divided by, unrounded sum of the scope. Null exactly when status is UNAVAILABLE.',
  })
  denominator: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Numerator over denominator: a share from 0 to 1, or an amount per unit in the currency of the row. Null when status is not COMPUTED.',
  })
  value: Decimal | null;

  @Field(() => RatioStatus, { description: 'Why there is or is not a value.' })
  status: RatioStatus;
}

export const GrowthStatus = {
  COMPUTED: 'COMPUTED',
  NEW: 'NEW',
  FLAT_ZERO: 'FLAT_ZERO',
  NEGATIVE_BASE: 'NEGATIVE_BASE',
} as const;
export type GrowthStatus = keyof typeof GrowthStatus;
registerEnumType(GrowthStatus, {
  name: 'GrowthStatus',
  description: 'Whether a growth rate could be computed.',
  valuesConfig: {
    COMPUTED: { description: 'The compared amount is positive; the rate is given.' },
    NEW: { description: 'The compared amount is zero and the current one is not: newly earning.' },
    FLAT_ZERO: { description: 'Both amounts are zero.' },
    NEGATIVE_BASE: { description: 'The compared amount is negative (refunds exceeded revenue); a rate would mislead.' },
  },
});

export const GrowthDirection = {
  UP: 'UP',
  DOWN: 'DOWN',
  FLAT: 'FLAT',
  NEW: 'NEW',
} as const;
export type GrowthDirection = keyof typeof GrowthDirection;
registerEnumType(GrowthDirection, {
  name: 'GrowthDirection',
  description: 'Arrow of a change.',
  valuesConfig: {
    UP: { description: 'Grew by at least 0.5 %.' },
    DOWN: { description: 'Fell by at least 0.5 %.' },
    FLAT: { description: 'Moved by less than 0.5 %.' },
    NEW: { description: 'There was nothing to compare with.' },
  },
});

@Directive('@shareable')
@ObjectType('Growth', {
  simpleResolvers: true,
  description: 'Movement of an amount against the period it is compared with.',
})
export class Growth implements GrowthValue {
  @Field(() => Money, { description: 'Amount of the compared period.' })
  previous: Decimal;

  @Field(() => Money, { description: 'Current amount minus the compared amount; always given.' })
  absolute: Decimal;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Absolute change over the compared amount, as a fraction (0.5 is plus 50 %). Null unless growthStatus is COMPUTED.',
  })
  growthRate: Decimal | null;

  @Field(() => GrowthStatus, { description: 'Whether the rate could be computed, and why not.' })
  growthStatus: GrowthStatus;

  @Field(() => GrowthDirection, { description: 'Arrow to show beside the amount.' })
  direction: GrowthDirection;
}

export const Granularity = {
  DAY: 'DAY',
  WEEK: 'WEEK',
  MONTH: 'MONTH',
  QUARTER: 'QUARTER',
  YEAR: 'YEAR',
} as const;
export type Granularity = keyof typeof Granularity;
registerEnumType(Granularity, {
  name: 'Granularity',
  description: 'Length of each time bucket of a breakdown. Buckets without rows are present with zeros.',
  valuesConfig: {
    DAY: { description: 'One bucket per business day.' },
    WEEK: { description: 'One bucket per week, Monday to Sunday.' },
    MONTH: { description: 'One bucket per calendar month.' },
    QUARTER: { description: 'One bucket per calendar quarter.' },
    YEAR: { description: 'One bucket per calendar year.' },
  },
});

export const FinancialPeriodType = {
  MONTH: 'MONTH',
  QUARTER: 'QUARTER',
  YEAR: 'YEAR',
} as const;
export type FinancialPeriodType = keyof typeof FinancialPeriodType;
registerEnumType(FinancialPeriodType, {
  name: 'FinancialPeriodType',
  description: 'Length of a financial period.',
  valuesConfig: {
    MONTH: { description: 'A calendar month.' },
    QUARTER: { description: 'A quarter of the fiscal year; closes when its months are closed.' },
    YEAR: { description: 'A fiscal year; closes when its quarters are closed.' },
  },
});
