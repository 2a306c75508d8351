import { clinicIdText, DateScalar, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Ratio, type Day, type DayRange } from '@practice-graph/practice';
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { AdjustmentCategory } from '../entries/adjustment-category.types';
import { BenchmarkStanding } from './benchmark.rules';

@ObjectType('ProductionMeasures', {
  simpleResolvers: true,
  description:
    'Production over some period and scope; only entries POSTED or later count unless a filter says otherwise.',
})
export class ProductionMeasures {
  @Directive('@external')
  @Field(() => Money, { description: 'Production before adjustments.' })
  gross: string;

  @Directive('@external')
  @Field(() => Money, { description: 'Production after adjustments.' })
  net: string;

  @Directive('@external')
  @Field(() => Money, { description: 'Paid so far.' })
  collected: string;
}

@Directive('@key(fields: "clinicId locationId providerId from to")')
@ObjectType('PerformanceRow', {
  simpleResolvers: true,
  description:
    'One cell of the scorecard. The key alone (clinic, optional location and provider, first and last day) says what to sum, so each domain computes its measures from its own records and nothing is copied.',
})
export class PerformanceRow {
  @Field(() => ID, { description: 'Clinic concerned.' })
  clinicId: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
  })
  locationId: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
  })
  providerId: string | null;

  @Field(() => DateScalar, { description: 'First business day counted.' })
  from: Day;

  @Field(() => DateScalar, { description: 'Last business day counted.' })
  to: Day;

  @Directive('@external')
  @Field(() => ProductionMeasures, { nullable: true, description: 'Production of the scope.' })
  production?: Partial<ProductionMeasures> | null;

  /** Row of a whole clinic. */
  static ofClinic(clinicId: string, { from, to }: DayRange): PerformanceRow {
    return Object.assign(new PerformanceRow(), {
      clinicId: clinicIdText(clinicId),
      locationId: null,
      providerId: null,
      from,
      to,
    });
  }
}

registerEnumType(BenchmarkStanding, {
  name: 'BenchmarkStanding',
  description: 'Verdict on a rate.',
  valuesConfig: {
    ON_TARGET: { description: 'Below the benchmark.' },
    WATCH: {
      description: 'At or above the benchmark by less than the watch margin of the policy (20 % by default).',
    },
    OVER: { description: 'Above by more than the watch margin.' },
    NO_BENCHMARK: { description: 'The policy has no benchmark for it.' },
    NOT_COMPUTED: { description: 'Production is zero or unknown.' },
  },
});

@ObjectType('BenchmarkedRate', {
  simpleResolvers: true,
  description: 'A rate and how it stands against its benchmark.',
})
export class BenchmarkedRate {
  @Field(() => Ratio, { description: 'The rate with both of its parts.' })
  ratio: Ratio;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Benchmark of the policy, to stay below; null when there is none.',
  })
  benchmark: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Rate minus benchmark; negative is good. Null when either is missing.',
  })
  distance: Decimal | null;

  @Field(() => BenchmarkStanding, { description: 'Verdict.' })
  standing: BenchmarkStanding;
}

@ObjectType('WriteOffRates', {
  simpleResolvers: true,
  description: 'Rates of a scope over its production, each with its benchmark.',
})
export class WriteOffRates {
  @Field(() => BenchmarkedRate, {
    description: 'Write-offs over gross production; benchmark below 5 %, of which insurance is compared per contract.',
  })
  writeOffRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'Bad debt and small balances over gross production.' })
  controllableWriteOffRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'All adjustments over gross production.' })
  adjustmentRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'Bad debt over net production; benchmark below 1 %.' })
  badDebtRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, {
    description: 'Bad debt minus recoveries over net production; may be negative.',
  })
  netBadDebtRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'All discounts over gross production; benchmark below 2 %.' })
  discountRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'Courtesy discounts over gross production; benchmark below 2 %.' })
  courtesyRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, { description: 'Small balances over gross production; benchmark below 0.5 %.' })
  smallBalanceRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, {
    description: 'Promotional discounts over gross production; measured against campaign budgets too.',
  })
  promotionalRate: BenchmarkedRate;

  @Field(() => BenchmarkedRate, {
    description: 'Error corrections by amount without sign over gross production; benchmark below 0.5 %.',
  })
  errorCorrectionRate: BenchmarkedRate;
}

@ObjectType('GrossToNetStep', { simpleResolvers: true, description: 'One category of the bridge.' })
export class GrossToNetStep {
  @Field(() => AdjustmentCategory, { description: 'Category of the adjustments.' })
  category: AdjustmentCategory;

  @Field(() => Money, { description: 'Reduction by it; negative raises net.' })
  amount: Decimal;
}

@ObjectType('GrossToNet', { simpleResolvers: true, description: 'From gross to net production, step by step.' })
export class GrossToNet {
  @Field(() => Money, { description: 'Gross production of the row.' })
  gross: Decimal;

  @Field(() => [GrossToNetStep], {
    description: 'Categories that reduce net production, in the order of the categories; zero steps are left out.',
  })
  steps: readonly GrossToNetStep[];

  @Field(() => Money, { description: 'Gross minus all steps.' })
  net: Decimal;

  @Field(() => Money, { description: 'Net production as revenue shows it.' })
  revenueNet: Decimal;

  @Field(() => Money, {
    description:
      "What revenue's net has not yet taken over from the ledger of adjustments; zero once every event is delivered.",
  })
  difference: Decimal;

  @Field(() => Money, {
    description:
      'For information: part of the steps from adjustments that name no production entry; it is not part of the difference.',
  })
  unlinkedAdjustments: Decimal;

  @Field(() => Money, { description: 'Net if every waiting adjustment of these categories were approved.' })
  netIfApproved: Decimal;

  @Field(() => Money, { description: 'Paid so far on the entries: the end of the bridge.' })
  collected: Decimal;
}
