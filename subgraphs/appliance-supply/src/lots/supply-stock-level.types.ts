import { ApiField, connectionOf, DateScalar, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { Ratio } from '@practice-graph/practice';
import { ObjectType, registerEnumType } from 'type-graphql';

export const StockSeverity = {
  OK: 'OK',
  LOW: 'LOW',
  CRITICAL: 'CRITICAL',
  OUT: 'OUT',
} as const;
export type StockSeverity = (typeof StockSeverity)[keyof typeof StockSeverity];
registerEnumType(StockSeverity, {
  name: 'StockSeverity',
  description: 'How scarce a supply is.',
  valuesConfig: {
    OK: { description: 'Above the reorder point.' },
    LOW: { description: 'At or below the reorder point.' },
    CRITICAL: { description: 'At or below a tenth of the reorder point.' },
    OUT: { description: 'Nothing available.' },
  },
});

@ObjectType('SupplyStockLevel', { simpleResolvers: true, description: 'Stock of an item at a place.' })
export class SupplyStockLevel {
  /** Uuids of the clinic, item and location: the item and the place are loaded when asked for. */
  clinicId: string;
  itemId: string;
  /** Null for an item that lies nowhere and is awaited nowhere. */
  locationId: string | null;

  /** True when only whole units are ordered. */
  wholeUnitsOnly: boolean;

  /** False for what is no longer bought. */
  isBought: boolean;

  @ApiField(() => Quantity, { description: 'Physically there, blocked lots included.' })
  onHand: Decimal;

  @ApiField(() => Quantity, { description: 'Usable: in date, not blocked.' })
  available: Decimal;

  @ApiField(() => Quantity, { description: 'Ordered and not yet received.' })
  onOrder: Decimal;

  @ApiField(() => Quantity, { description: 'Stock at or below which it is low.' })
  reorderPoint: Decimal;

  @ApiField(() => Quantity, { description: 'Stock to fill up to.' })
  maxLevel: Decimal;

  @ApiField(() => StockSeverity, { description: 'How scarce it is.' })
  severity: StockSeverity;

  @ApiField(() => Quantity, { description: 'Mean use per day over the last 90 days.' })
  averageDailyUse: Decimal;

  @ApiField(() => Ratio, { description: 'Available over average daily use; status ZERO_DENOMINATOR without use.' })
  daysOfCover: Ratio;

  @ApiField(() => Money, { nullable: true, description: 'On hand at cost; null when a cost is missing.' })
  value: Decimal | null;

  @ApiField(() => DateScalar, {
    nullable: true,
    description: 'Next day on which a lot expires; null without dated lots.',
  })
  nextExpiration: string | null;
}

export const supplyStockPages = connectionOf(
  () => SupplyStockLevel,
  'SupplyStockLevel',
  'stock levels, scarcest first',
  'stock levels',
);
