import { DateScalar, Money, type Decimal } from '@practice-graph/kit';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@ObjectType('ProductionMeasures', {
  simpleResolvers: true,
  description:
    'Production over some period and scope; only entries POSTED or later count unless a filter says otherwise.',
})
export class ProductionMeasures {
  @Directive('@external')
  @Field(() => Money, { description: 'Production after adjustments.' })
  net: Decimal;
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
    description:
      'Location; the id `unassigned` stands for facts that name no location, so that rows add up to the total; null stands for all together.',
    nullable: true,
  })
  locationId: string | null;

  @Field(() => ID, {
    description:
      'Provider; the id `unassigned` stands for facts that name no provider, so that rows add up to the total; null stands for all together.',
    nullable: true,
  })
  providerId: string | null;

  @Field(() => DateScalar, { description: 'First business day counted.' })
  from: string;

  @Field(() => DateScalar, { description: 'Last business day counted.' })
  to: string;

  @Directive('@external')
  @Field(() => ProductionMeasures, { description: 'Production of the scope.', nullable: true })
  production: ProductionMeasures | null;
}
