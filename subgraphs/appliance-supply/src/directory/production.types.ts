import { ApiField, DecimalScalar, Money, type Decimal } from '@practice-graph/kit';
import { Directive, Int, ObjectType } from 'type-graphql';

/** What the owner of production tells with a reference; amounts arrive as they stand in JSON. */
@ObjectType('ProductionMeasures', {
  simpleResolvers: true,
  description:
    'Production over some period and scope; only entries POSTED or later count unless a filter says otherwise.',
})
export class ProductionMeasures {
  @Directive('@external')
  @ApiField(() => Money, { description: 'Production after adjustments.' })
  net: Decimal;

  @Directive('@external')
  @ApiField(() => Int, { description: 'New patient starts.' })
  starts: number;

  @Directive('@external')
  @ApiField(() => DecimalScalar, {
    nullable: true,
    description: 'Hours in which a chair was occupied; null where chair time has no meaning.',
  })
  usedChairHours: Decimal | null;
}

/** The measures as they come with a reference; null when production did not answer. */
export interface RequiredProduction {
  readonly net?: string | null;
  readonly starts?: number | null;
  readonly usedChairHours?: string | null;
}
