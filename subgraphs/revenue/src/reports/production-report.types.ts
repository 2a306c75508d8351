import { ApiField, CurrencyCode, DateTimeScalar, DecimalScalar, type Decimal } from '@practice-graph/kit';
import { Growth, Period, type ResolvedPeriod } from '@practice-graph/practice';
import { ID, ObjectType, registerEnumType } from 'type-graphql';
import { Location } from '../clinics/location.entity';
import { Provider } from '../clinics/provider.entity';
import { ProductionMeasures } from '../production/production-measures.types';
import { ProductionCategory } from '../production/production.types';
import { TreatmentPhase } from '../treatment-plans/treatment-plan.types';
import { ProductionDimension } from './production-dimension.rules';
import type { ReportFilter } from './production-facts.service';

registerEnumType(ProductionDimension, {
  name: 'ProductionDimension',
  description: 'What production is split by.',
  valuesConfig: {
    PROVIDER: { description: 'Provider of the entry, or of the split when the filter says so.' },
    LOCATION: { description: 'Place of treatment.' },
    CATEGORY: { description: 'One of the eight procedure categories.' },
    PROCEDURE_CODE: { description: 'Procedure code, for example D8080.' },
    PHASE: { description: 'Kind of treatment of the case.' },
    APPLIANCE_SYSTEM: { description: 'Appliance system of the case.' },
  },
});

@ObjectType('ProductionReport', {
  simpleResolvers: true,
  description: 'Production of a period; all parts follow the same filter.',
})
export class ProductionReport {
  clinicId: string;
  filter: ReportFilter;
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

  @ApiField(() => DateTimeScalar, {
    description: 'Instant up to which writes are counted; a new entry shows in the next report.',
  })
  asOf: Date;

  @ApiField(() => Boolean, {
    description:
      "True when the caller's role narrows the report to certain points, providers or locations, or to aggregates.",
  })
  isRestricted: boolean;

  @ApiField(() => ProductionMeasures, { description: 'Totals of the period; location rows add up to them.' })
  measures: ProductionMeasures;

  @ApiField(() => ProductionMeasures, {
    nullable: true,
    description: 'Totals of the compared period; null when none was asked for.',
  })
  previous: ProductionMeasures | null;

  @ApiField(() => Growth, {
    nullable: true,
    description: 'Growth of net production; null when no comparison was asked for.',
  })
  growth: Growth | null;
}

@ObjectType('ProductionBreakdownRow', {
  simpleResolvers: true,
  description: 'One slice of production; members that are not split by are null.',
})
export class ProductionBreakdownRow {
  report: ProductionReport;
  /** True where the slice is of a provider and of nothing else. */
  isOfProvider: boolean;

  @ApiField(() => String, {
    description:
      'Stable key of the slice, for joins in a spreadsheet; `unassigned` takes the place of what a fact does not name.',
  })
  key: string;

  @ApiField(() => String, { description: 'Name of the slice for people.' })
  label: string;

  @ApiField(() => Period, { description: 'Time bucket; the whole period without a granularity.' })
  period: Period;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
  })
  providerId: string | null;

  @ApiField(() => Provider, { nullable: true, description: 'Provider of the slice; null on the row `unassigned` too.' })
  provider: Provider | null;

  @ApiField(() => ID, {
    nullable: true,
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
  })
  locationId: string | null;

  @ApiField(() => Location, { nullable: true, description: 'Place of the slice; null on the row `unassigned` too.' })
  location: Location | null;

  @ApiField(() => ProductionCategory, { nullable: true, description: 'Procedure category of the slice.' })
  category: ProductionCategory | null;

  @ApiField(() => String, { nullable: true, description: 'Procedure code of the slice.' })
  procedureCode: string | null;

  @ApiField(() => TreatmentPhase, { nullable: true, description: 'Kind of treatment of the slice.' })
  phase: TreatmentPhase | null;

  @ApiField(() => String, { nullable: true, description: 'Appliance system of the slice.' })
  applianceSystem: string | null;

  @ApiField(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @ApiField(() => Boolean, {
    description:
      "True when the row is withheld because fewer patients stand behind it than the clinic's privacy limit; its measures are null. So is whatever would reveal them, such as share and growth, and a row from which it could be computed is withheld too.",
  })
  isSuppressed: boolean;

  @ApiField(() => ProductionMeasures, { nullable: true, description: 'Measures of the slice; null when suppressed.' })
  measures: ProductionMeasures | null;

  @ApiField(() => DecimalScalar, {
    nullable: true,
    description:
      'Part of net production, as a fraction; null when the total is not positive. Displayed shares add up to exactly 1.',
  })
  share: Decimal | null;

  @ApiField(() => Growth, {
    nullable: true,
    description: 'Growth of net production; null when no comparison was asked for.',
  })
  growth: Growth | null;
}
