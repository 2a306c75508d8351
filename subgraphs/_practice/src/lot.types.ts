import { DateScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Day } from './calendar.rules';
import type { ScannedCode } from './scanned-code.rules';

export const SkippedLotReason = {
  EXPIRED: 'EXPIRED',
  RECALLED: 'RECALLED',
  QUARANTINED: 'QUARANTINED',
  DAMAGED: 'DAMAGED',
  RESERVED: 'RESERVED',
  EXPIRES_TOO_EARLY: 'EXPIRES_TOO_EARLY',
  NOT_YET_RECEIVED: 'NOT_YET_RECEIVED',
} as const;
export type SkippedLotReason = keyof typeof SkippedLotReason;
registerEnumType(SkippedLotReason, {
  name: 'SkippedLotReason',
  description: 'Why a lot could not be used.',
  valuesConfig: {
    EXPIRED: { description: 'Its last day of use has passed at the location.' },
    RECALLED: { description: 'It is under recall; no permission lifts this.' },
    QUARANTINED: { description: 'It is held in quarantine.' },
    DAMAGED: { description: 'It is marked as damaged.' },
    RESERVED: { description: 'Everything left of it is reserved for someone else.' },
    EXPIRES_TOO_EARLY: { description: 'It would expire before the day it is needed.' },
    NOT_YET_RECEIVED: { description: 'It had not been received on the day of use.' },
  },
});

@Directive('@shareable')
@ObjectType('SkippedLot', {
  simpleResolvers: true,
  description: 'A lot that first-expiry-first-out passed over, and the reason.',
})
export class SkippedLot {
  @Field(() => String, { description: 'Lot number as printed on the pack.' })
  lotNumber: string;

  @Field(() => SkippedLotReason, { description: 'Why it could not be used.' })
  reason: SkippedLotReason;

  @Field(() => Quantity, { description: 'Quantity that stayed behind.' })
  quantity: Decimal;
}

export const LotDisposition = {
  AVAILABLE: 'AVAILABLE',
  QUARANTINE: 'QUARANTINE',
  RECALLED: 'RECALLED',
  DAMAGED: 'DAMAGED',
} as const;
export type LotDisposition = keyof typeof LotDisposition;
registerEnumType(LotDisposition, {
  name: 'LotDisposition',
  description: 'Stored decision on a lot, from which together with dates and quantities its status follows.',
  valuesConfig: {
    AVAILABLE: { description: 'Free to use while in date.' },
    QUARANTINE: { description: 'Held until a second person releases it.' },
    RECALLED: { description: 'Under recall; set only by a recall.' },
    DAMAGED: { description: 'Damaged; may leave only as waste or return.' },
  },
});

export const LotStatus = {
  RECALLED: 'RECALLED',
  DAMAGED: 'DAMAGED',
  QUARANTINE: 'QUARANTINE',
  EXPIRED: 'EXPIRED',
  DEPLETED: 'DEPLETED',
  AVAILABLE: 'AVAILABLE',
} as const;
export type LotStatus = keyof typeof LotStatus;
registerEnumType(LotStatus, {
  name: 'LotStatus',
  description: 'Present state of a lot; the first that applies counts, in this order.',
  valuesConfig: {
    RECALLED: { description: 'Under recall.' },
    DAMAGED: { description: 'Marked as damaged.' },
    QUARANTINE: { description: 'Held in quarantine.' },
    EXPIRED: {
      description:
        'The last day of use has passed; usable through the end of the expiry date in the zone of the location.',
    },
    DEPLETED: { description: 'Nothing is left anywhere.' },
    AVAILABLE: { description: 'In date, free and in stock.' },
  },
});

export const BarcodeStandard = {
  GS1: 'GS1',
  HIBC: 'HIBC',
  RAW: 'RAW',
} as const;
export type BarcodeStandard = keyof typeof BarcodeStandard;
registerEnumType(BarcodeStandard, {
  name: 'BarcodeStandard',
  description: 'Standard that a scanned code follows.',
  valuesConfig: {
    GS1: { description: 'GS1 element string, DataMatrix or Digital Link, with application identifiers.' },
    HIBC: { description: 'HIBC primary or secondary data.' },
    RAW: { description: 'No known structure; the whole text was looked up.' },
  },
});

@Directive('@shareable')
@ObjectType('Barcode', { simpleResolvers: true, description: 'What a scanned GS1, HIBC or plain code says.' })
export class Barcode {
  @Field(() => BarcodeStandard, { description: 'Standard that was recognised.' })
  standard: BarcodeStandard;

  @Field(() => String, {
    nullable: true,
    description: 'GTIN-14 with a right check digit; null when the code has none.',
  })
  gtin: string | null;

  @Field(() => String, { nullable: true, description: 'Labeler and product code of an HIBC code; null otherwise.' })
  hibcProduct: string | null;

  @Field(() => String, { nullable: true, description: 'Lot number of the code.' })
  lotNumber: string | null;

  @Field(() => String, { nullable: true, description: 'Serial number of the code.' })
  serialNumber: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last day of use; day 00 means the last day of the month.' })
  expirationDate: Day | null;

  @Field(() => DateScalar, { nullable: true, description: 'Day of production.' })
  manufacturedOn: Day | null;

  @Field(() => Quantity, { nullable: true, description: 'Count of items in the pack, from application identifier 30.' })
  packQuantity: Decimal | null;

  @Field(() => [String], {
    description:
      'What is wrong with the code, in words, for example a wrong check digit and its position; empty when it is sound.',
  })
  problems: string[];
}

/** What a scanned code says, in the shape of the API. */
export const barcodeOf = ({ problems, ...code }: ScannedCode): Barcode =>
  Object.assign(new Barcode(), code, { problems: [...problems] });

@Directive('@shareable')
@ObjectType('LotBalance', {
  simpleResolvers: true,
  description: 'Where everything of a lot went; received equals the sum of the others.',
})
export class LotBalance {
  @Field(() => Quantity, { description: 'All receipts of the lot.' })
  received: Decimal;

  @Field(() => Quantity, { description: 'Still on the shelves of all locations.' })
  onHand: Decimal;

  @Field(() => Quantity, { description: 'Shipped and not yet received.' })
  inTransit: Decimal;

  @Field(() => Quantity, { description: 'Left in open vials.' })
  inOpenVials: Decimal;

  @Field(() => Quantity, { description: 'Used on patients.' })
  used: Decimal;

  @Field(() => Quantity, { description: 'Wasted, expired or destroyed.' })
  wasted: Decimal;

  @Field(() => Quantity, { description: 'Sent back to the vendor.' })
  returned: Decimal;

  @Field(() => Quantity, { description: 'Net of manual corrections and counts, positive for losses.' })
  adjusted: Decimal;
}
