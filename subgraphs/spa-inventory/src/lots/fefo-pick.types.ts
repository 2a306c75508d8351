import { Quantity, type Decimal } from '@practice-graph/kit';
import { SkippedLot } from '@practice-graph/practice';
import { Field, ObjectType } from 'type-graphql';
import { InventoryLot } from './inventory-lot.entity';

@ObjectType('FefoPickLine', { simpleResolvers: true, description: 'Part of a pick.' })
export class FefoPickLine {
  @Field(() => InventoryLot, { description: 'Lot to take from.' })
  lot: InventoryLot;

  @Field(() => Quantity, { description: 'How much of it.' })
  quantity: Decimal;
}

@ObjectType('FefoPick', {
  simpleResolvers: true,
  description: 'Lots in the order in which first-expiry-first-out takes them.',
})
export class FefoPick {
  @Field(() => [FefoPickLine], { description: 'Parts to take: earliest expiry first, then earliest receipt.' })
  lines: FefoPickLine[];

  @Field(() => Quantity, { description: 'Quantity asked for.' })
  requested: Decimal;

  @Field(() => Quantity, { description: 'Usable quantity at the place.' })
  available: Decimal;

  @Field(() => Quantity, { description: 'Quantity that no lot covers; 0 when it suffices.' })
  shortfall: Decimal;

  @Field(() => [SkippedLot], { description: 'Lots that were passed over, and why.' })
  skippedLots: SkippedLot[];
}
