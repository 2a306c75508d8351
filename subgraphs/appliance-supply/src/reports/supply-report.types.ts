import { ApiField, CurrencyCode, DateTimeScalar, DecimalScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Growth, Period, type ResolvedPeriod } from '@practice-graph/practice';
import { Directive, ID, ObjectType, registerEnumType } from 'type-graphql';
import { CostBasis } from '../case-cost/supply-cost.types';
import { Location, Provider, Vendor } from '../directory/directory.types';
import { CostBucket, SupplyCategory } from '../items/supply-category.types';
import { SupplyItem } from '../items/supply-item.entity';
import { SupplyMeasures } from '../performance/supply-measures.types';
import { ApplianceRecordType } from '../placements/appliance-record.types';
import type { SupplyUsageFilter } from '../usage/appliance-usage.inputs';
import { SupplyDimension } from './supply-dimension.rules';

registerEnumType(SupplyDimension, {
  name: 'SupplyDimension',
  description: 'What the use of supplies is split by.',
  valuesConfig: {
    APPLIANCE_TYPE: { description: 'Kind of appliance.' },
    APPLIANCE_SYSTEM: { description: 'Appliance system of the record, for example CERAMIC_BRACKETS.' },
    ITEM: { description: 'Supply item.' },
    CATEGORY: { description: 'Category of the item.' },
    BUCKET: { description: 'Bucket of the case cost.' },
    PROVIDER: { description: 'Provider who used it.' },
    LOCATION: { description: 'Place of use.' },
    VENDOR: { description: 'Vendor of the lot.' },
  },
});

@ObjectType('SupplyReport', {
  simpleResolvers: true,
  description: 'Use of supplies in a period; all parts follow the same filter.',
})
export class SupplyReport {
  clinicId: string;
  filter: SupplyUsageFilter;
  resolved: ResolvedPeriod;
  compared: ResolvedPeriod | null;

  @ApiField(() => Period, { description: 'Period as resolved.' })
  period: Period;

  @ApiField(() => Period, {
    nullable: true,
    description: 'Period compared with, as resolved; null when none was asked for.',
  })
  comparedTo: Period | null;

  @ApiField(() => CurrencyCode, { description: 'Currency of all amounts.' })
  currency: string;

  @ApiField(() => CostBasis, { description: 'Unit cost that values the use.' })
  costBasis: CostBasis;

  @ApiField(() => DateTimeScalar, { description: 'Instant up to which writes are counted.' })
  asOf: Date;

  @ApiField(() => Boolean, {
    description:
      "True when the caller's role narrows the report to certain points, providers or locations, or to aggregates.",
  })
  isRestricted: boolean;

  @ApiField(() => SupplyMeasures, { description: 'Totals of the period.' })
  measures: SupplyMeasures;

  @ApiField(() => SupplyMeasures, {
    nullable: true,
    description: 'Totals of the compared period; null when none was asked for.',
  })
  previous: SupplyMeasures | null;

  @ApiField(() => Growth, {
    nullable: true,
    description: 'Growth of the cost; null when no comparison was asked for.',
  })
  growth: Growth | null;
}

@ObjectType('SupplyBreakdownRow', {
  simpleResolvers: true,
  description: 'One slice of use; members that are not split by are null.',
})
export class SupplyBreakdownRow {
  @ApiField(() => String, {
    description:
      'Stable key of the slice, for joins in a spreadsheet; `unassigned` takes the place of what a fact does not name.',
  })
  key: string;

  @ApiField(() => String, { description: 'Name of the slice for people.' })
  label: string;

  @ApiField(() => Period, { description: 'Time bucket; the whole period without a granularity.' })
  period: Period;

  @ApiField(() => ApplianceRecordType, { nullable: true, description: 'Kind of appliance of the slice.' })
  applianceType: ApplianceRecordType | null;

  @ApiField(() => String, { nullable: true, description: 'Appliance system of the slice.' })
  applianceSystem: string | null;

  @ApiField(() => SupplyItem, { nullable: true, description: 'Item of the slice.' })
  item: SupplyItem | null;

  @ApiField(() => SupplyCategory, { nullable: true, description: 'Category of the slice.' })
  category: SupplyCategory | null;

  @ApiField(() => CostBucket, { nullable: true, description: 'Bucket of the slice.' })
  bucket: CostBucket | null;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
  })
  providerId: string | null;

  @ApiField(() => Provider, {
    nullable: true,
    description: 'Provider of the slice; null on the row `unassigned` too.',
  })
  provider: Provider | null;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
  })
  locationId: string | null;

  @ApiField(() => Location, {
    nullable: true,
    description: 'Place of the slice; null on the row `unassigned` too.',
  })
  location: Location | null;

  @Directive('@provides(fields: "name")')
  @ApiField(() => Vendor, { nullable: true, description: 'Vendor of the slice.' })
  vendor: Vendor | null;

  @ApiField(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @ApiField(() => Boolean, {
    description:
      "True when the row is withheld because fewer patients stand behind it than the clinic's privacy limit; its measures are null. So is whatever would reveal them, such as share and growth, and a row from which it could be computed is withheld too.",
  })
  isSuppressed: boolean;

  @ApiField(() => SupplyMeasures, { nullable: true, description: 'Measures of the slice; null when suppressed.' })
  measures: SupplyMeasures | null;

  @ApiField(() => Quantity, {
    nullable: true,
    description: 'Quantity used in the unit of the item; null unless split by item, and when suppressed.',
  })
  quantity: Decimal | null;

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Part of the whole cost, as a fraction; null when that is zero.',
  })
  share: Decimal | null;

  @ApiField(() => Growth, {
    nullable: true,
    description: 'Growth of the cost against the compared period; null when none was asked for.',
  })
  growth: Growth | null;
}
