import { Decimal, DecimalScalar, Scopes } from '@practice-graph/kit';
import { Directive, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { PerformanceRow } from '../performance/performance-row.types';
import { AdjustmentBreakdownRow } from './adjustment-report.types';
import { peersOfText, peersText, peerZScore } from './provider-peers.rules';

/**
 * Production is another domain's, so a row of a breakdown comes back through the gateway with that of all providers of
 * the clinic, and its hidden key carries what was granted by each: nothing is read or kept in between.
 */
@Resolver(() => AdjustmentBreakdownRow)
export class ProviderPeersResolver {
  @Directive('@inaccessible')
  @FieldResolver(() => ID, { description: 'What each provider was granted for, behind the position among them.' })
  async id(@Root() row: AdjustmentBreakdownRow): Promise<string> {
    const peers = await row.peersOf?.();
    return peers ? peersText(peers.own, peers.amounts) : 'none';
  }

  @Directive('@inaccessible')
  @FieldResolver(() => [PerformanceRow], {
    nullable: true,
    description: 'Rows of the scorecard of all providers of the clinic, for the days and place of this row.',
  })
  async peers(@Root() row: AdjustmentBreakdownRow): Promise<readonly PerformanceRow[] | null> {
    return (await row.peersOf?.())?.keys ?? null;
  }

  // A value that brings a row of the scorecard for each provider with it.
  @Directive('@cost(weight: 20)')
  @Directive('@requires(fields: "peers { production { gross } }")')
  @Scopes(['finance:view_reports', 'finance:view_revenue'])
  @FieldResolver(() => DecimalScalar, {
    nullable: true,
    description:
      "Standard deviations from the mean rate over production of the clinic's providers, on rows of providers; null for fewer than three providers.",
  })
  peerZScore(@Root() { required }: AdjustmentBreakdownRow): Decimal | null {
    const peers = peersOfText(required?.id ?? '');
    const rows = required?.peers;
    if (!peers || rows?.length !== peers.amounts.length) return null;
    return peerZScore(
      peers.amounts.map((amount, index) => {
        const gross = rows[index]?.production?.gross;
        return { amount, gross: gross === undefined ? null : new Decimal(gross) };
      }),
      peers.own,
    );
  }
}
