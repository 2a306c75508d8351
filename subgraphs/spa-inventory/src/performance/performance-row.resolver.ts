import { Scopes, type Context } from '@practice-graph/kit';
import { ratio, scopeOfKey } from '@practice-graph/practice';
import { Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { PerformanceRow } from './performance-row.types';
import { measuresOf, patientCounts } from './spa-measures.loader';
import { SpaMeasures, SpaRatios } from './spa-measures.types';

@Resolver(() => PerformanceRow)
export class PerformanceRowResolver {
  @Scopes(['inventory:read'])
  @FieldResolver(() => SpaMeasures, { description: 'Use and waste of spa products of the row.', nullable: true })
  spa(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<SpaMeasures | null> {
    return measuresOf(context, scopeOfKey(context.viewer, row));
  }

  @Directive('@requires(fields: "production { net }")')
  @Scopes(['inventory:read', 'finance:view_revenue'])
  @FieldResolver(() => SpaRatios, {
    description: 'Spa products against production. Null when production did not answer.',
    nullable: true,
  })
  async spaRatios(@Root() row: PerformanceRow, @Ctx() context: Context): Promise<SpaRatios | null> {
    const production = row.production as PerformanceRow['production'] | undefined;
    const spa = await measuresOf(context, scopeOfKey(context.viewer, row));
    if (!production || !spa) return null;
    return {
      costRate: ratio(spa.usedCost.plus(spa.wasteCost), production.net),
      wasteRate: ratio(spa.wasteCost, production.net),
    };
  }
}

@Resolver(() => SpaMeasures)
export class SpaMeasuresResolver {
  @FieldResolver(() => Int, { description: 'Different patients.' })
  patientCount(@Root() measures: SpaMeasures, @Ctx() context: Context): Promise<number> {
    return context.of(patientCounts).load(measures.scope);
  }
}
