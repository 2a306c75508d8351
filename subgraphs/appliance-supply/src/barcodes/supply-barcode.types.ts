import { Barcode } from '@practice-graph/practice';
import { Field, ObjectType } from 'type-graphql';
import { SupplyItem } from '../items/supply-item.entity';
import { LotTrace } from '../lot-trace/lot-trace.types';
import { SupplyLot } from '../lots/supply-lot.entity';

@ObjectType('SupplyBarcodeMatch', { simpleResolvers: true, description: 'What a scanned code means here.' })
export class SupplyBarcodeMatch {
  @Field(() => Barcode, { description: 'The code, read.' })
  barcode: Barcode;

  @Field(() => SupplyItem, {
    nullable: true,
    description: 'Item of the GTIN, HIBC code or number; null when unknown.',
  })
  item: SupplyItem | null;

  @Field(() => SupplyLot, { nullable: true, description: 'Lot already known; null for a new one.' })
  lot: SupplyLot | null;

  @Field(() => LotTrace, {
    nullable: true,
    description: 'The lot number in both inventories; null when the code has none.',
  })
  trace: LotTrace | null;
}
