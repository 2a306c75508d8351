import { CurrencyCode, DateTimeScalar, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Growth, Period, type ResolvedPeriod } from '@practice-graph/practice';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { PromotionCampaign } from '../campaigns/promotion-campaign.entity';
import { Location, Provider } from '../directory/shared-records.types';
import { AdjustmentCategory, AdjustmentGroup, ApprovalStatus } from '../entries/adjustment-category.types';
import { WriteOffDateBasis } from '../dating/write-off-date-basis.types';
import type { EntryFilter } from '../entries/entry-filter.service';
import { WriteOffMeasures } from '../measures/write-off-measures.types';
import { ReasonCode } from '../reason-codes/reason-code.entity';
import { AdjustmentDimension } from './adjustment-dimension.rules';
import type { PerformanceRow } from '../performance/performance-row.types';
import type { ContractSum } from './contract-variance.service';
import type { Peers } from './provider-peers.loader';
import type { Trend } from './adjustment-trend.rules';

registerEnumType(AdjustmentDimension, {
  name: 'AdjustmentDimension',
  description: 'What adjustments are split by.',
  valuesConfig: {
    CATEGORY: { description: 'One of the eleven categories.' },
    GROUP: { description: 'Write-offs, discounts, corrections or recoveries.' },
    REASON_CODE: { description: 'Standard reason.' },
    PROVIDER: { description: 'Provider of the entry; entries without one make a row of their own.' },
    LOCATION: { description: 'Place of the entry.' },
    APPROVAL_STATUS: { description: 'State of the approval; shows entries that totals leave out.' },
    PAYER: { description: 'Payer of an insurance write-off.' },
    CAMPAIGN: { description: 'Promotion.' },
  },
});

@ObjectType('AdjustmentReport', {
  simpleResolvers: true,
  description: 'Write-offs and adjustments of a period; all parts follow the same filter.',
})
export class AdjustmentReport {
  clinicId: string;
  filter: EntryFilter;
  resolved: ResolvedPeriod;
  compared: ResolvedPeriod | null;

  @Field(() => Period, { description: 'Period as resolved.' })
  period: Period;

  @Field(() => Period, {
    nullable: true,
    description: 'Period compared with, as resolved; null when none was asked for.',
  })
  comparedTo: Period | null;

  @Field(() => WriteOffDateBasis, { description: 'Dating basis of the insurance write-offs.' })
  basis: WriteOffDateBasis;

  @Field(() => CurrencyCode, { description: 'Currency of all amounts.' })
  currency: string;

  @Field(() => DateTimeScalar, { description: 'Instant up to which writes are counted.' })
  asOf: Date;

  @Field(() => Boolean, {
    description:
      "True when the caller's role narrows the report to certain points, providers or locations, or to aggregates.",
  })
  isRestricted: boolean;

  /** Null where they would tell a reader of aggregates of few patients. */
  measures: WriteOffMeasures | null;

  @Field(() => WriteOffMeasures, {
    nullable: true,
    description: 'Totals of the compared period; null when none was asked for.',
  })
  previous: WriteOffMeasures | null;

  @Field(() => Growth, {
    nullable: true,
    description: 'Growth of all adjustments; null when no comparison was asked for.',
  })
  growth: Growth | null;
}

@Directive('@key(fields: "id")')
@ObjectType('AdjustmentBreakdownRow', {
  simpleResolvers: true,
  description: 'One slice of adjustments; members that are not split by are null.',
})
export class AdjustmentBreakdownRow {
  /** Reads how the bucket stands in its series; null without a granularity and for a withheld row. */
  trendOf: (() => Promise<Trend>) | null = null;
  /** Reads what contracts let expect of the slice; null for a withheld row. */
  contractOf: (() => Promise<ContractSum | null>) | null = null;
  /** Reads the providers that the row stands among; null for a withheld row and one of no provider. */
  peersOf: (() => Promise<Peers | null>) | null = null;
  /** The row as it comes back with the production of its peers. */
  required: { readonly id: string; readonly peers: readonly Pick<PerformanceRow, 'production'>[] | null } | null = null;

  @Field(() => String, {
    description:
      'Stable key of the slice, for joins in a spreadsheet; `unassigned` takes the place of what a fact does not name.',
  })
  key: string;

  @Field(() => String, { description: 'Name of the slice for people, Unassigned for entries without the member.' })
  label: string;

  @Field(() => Period, { description: 'Time bucket; the whole period without a granularity.' })
  period: Period;

  @Field(() => AdjustmentCategory, { nullable: true, description: 'Category of the slice.' })
  category: AdjustmentCategory | null = null;

  @Field(() => AdjustmentGroup, { nullable: true, description: 'Group of the slice.' })
  group: AdjustmentGroup | null = null;

  @Field(() => ReasonCode, { nullable: true, description: 'Reason of the slice.' })
  reasonCode: ReasonCode | null = null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
  })
  providerId: string | null = null;

  @Field(() => Provider, { nullable: true, description: 'Provider of the slice; null on the row `unassigned` too.' })
  provider: Provider | null = null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
  })
  locationId: string | null = null;

  @Field(() => Location, { nullable: true, description: 'Place of the slice; null on the row `unassigned` too.' })
  location: Location | null = null;

  @Field(() => ApprovalStatus, { nullable: true, description: 'State of the slice.' })
  approvalStatus: ApprovalStatus | null = null;

  @Field(() => String, { nullable: true, description: 'Payer of the slice.' })
  payer: string | null = null;

  @Field(() => PromotionCampaign, { nullable: true, description: 'Promotion of the slice.' })
  campaign: PromotionCampaign | null = null;

  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Boolean, {
    description:
      "True when the row is withheld because fewer patients stand behind it than the clinic's privacy limit; its measures are null. So is whatever would reveal them, such as share and growth, and a row from which it could be computed is withheld too.",
  })
  isSuppressed: boolean;

  @Field(() => WriteOffMeasures, { nullable: true, description: 'Measures of the slice; null when suppressed.' })
  measures: WriteOffMeasures | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Amount of the slice: all its entries, recoveries as positive amounts; null when suppressed.',
  })
  amount: Decimal | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Entries of the slice: an original counts +1 on its day and its reversal −1 on its own day; null when suppressed.',
  })
  entryCount: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Part of the amount of all slices, as a fraction; null when that is not positive.',
  })
  share: Decimal | null;

  @Field(() => Growth, {
    nullable: true,
    description: 'Growth against the compared period; null when none was asked for.',
  })
  growth: Growth | null;
}
