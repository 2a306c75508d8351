import { connectionOf, Quantity, type Decimal } from '@practice-graph/kit';
import { SkippedLot } from '@practice-graph/practice';
import { Field, ID, ObjectType } from 'type-graphql';
import { InventoryTransaction } from '../ledger/inventory-transaction.entity';
import { UserError } from '../refusals';
import { LotUsage } from './lot-usage.entity';
import { TreatmentArea } from './treatment-area.types';

export const lotUsageConnection = connectionOf(
  () => LotUsage,
  'LotUsage',
  'uses of lots, newest first',
  'uses of lots',
);

@ObjectType('TreatmentDetails', { simpleResolvers: true, description: 'Treatment of a movement.' })
export class TreatmentDetails {
  @Field(() => String, { description: 'Treatment, for example forehead lines.', nullable: true })
  serviceName: string | null;

  @Field(() => [TreatmentArea], { description: 'Areas treated.' })
  areas: TreatmentArea[];

  @Field(() => ID, { description: 'Clinical chart it belongs to.', nullable: true })
  chartId: string | null;
}

@ObjectType('LotUsagePayload', {
  simpleResolvers: true,
  description: 'Result of using product straight from lots, or of undoing it.',
})
export class LotUsagePayload {
  @Field(() => [LotUsage], { description: 'Rows written or undone, one per lot; empty when refused.' })
  usages: LotUsage[] = [];

  @Field(() => [InventoryTransaction], { description: 'Movements written.' })
  transactions: InventoryTransaction[] = [];

  @Field(() => Quantity, {
    description: 'Usable quantity at the place before the use; null when not looked up.',
    nullable: true,
  })
  available: Decimal | null = null;

  @Field(() => [SkippedLot], { description: 'Lots that first-expiry-first-out passed over, and why.' })
  skippedLots: SkippedLot[] = [];

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
