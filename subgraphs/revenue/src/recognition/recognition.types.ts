import { ApiField, CurrencyCode, DateScalar, Money, type Decimal } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType, registerEnumType } from 'type-graphql';
import { RecognitionPolicy } from './recognition-policy.entity';

export const RecognitionPartKind = { START: 'START', MONTH: 'MONTH', DEBOND: 'DEBOND' } as const;
export type RecognitionPartKind = keyof typeof RecognitionPartKind;
registerEnumType(RecognitionPartKind, {
  name: 'RecognitionPartKind',
  description: 'Event that makes a part of a fee due.',
  valuesConfig: {
    START: { description: 'The bonding at the start of treatment.' },
    MONTH: { description: 'A month of treatment.' },
    DEBOND: { description: 'The removal of the appliance at the end.' },
  },
});

export const RecognitionPartStatus = {
  SCHEDULED: 'SCHEDULED',
  RECOGNIZED: 'RECOGNIZED',
  ACCELERATED: 'ACCELERATED',
  CANCELLED: 'CANCELLED',
} as const;
export type RecognitionPartStatus = keyof typeof RecognitionPartStatus;
registerEnumType(RecognitionPartStatus, {
  name: 'RecognitionPartStatus',
  description: 'Where a part of a fee stands.',
  valuesConfig: {
    SCHEDULED: { description: 'Waits for its day or event.' },
    RECOGNIZED: { description: 'Became production on its day.' },
    ACCELERATED: { description: 'Became production early because the case was completed early.' },
    CANCELLED: { description: 'Will not be earned because the case ended or moved away.' },
  },
});

export type { RecognitionMethod } from './recognition-policy.entity';

@ObjectType('RecognitionPart', { simpleResolvers: true, description: 'One part of a fee.' })
export class RecognitionPart {
  clinicId: string;
  entryId: string | null;

  @ApiField(() => RecognitionPartKind, { description: 'Event that makes it due.' })
  kind: RecognitionPartKind;

  @ApiField(() => DateScalar, { description: 'Planned day; the debond part moves with the end of the case.' })
  dueOn: Day;

  @ApiField(() => Money, { description: 'Part of the fee.' })
  amount: Decimal;

  @ApiField(() => RecognitionPartStatus, { description: 'Where the part stands.' })
  status: RecognitionPartStatus;
}

@ObjectType('RecognitionSchedule', {
  simpleResolvers: true,
  description: 'The parts in which the fee of a case is recognised; they add up to the contract fee exactly.',
})
export class RecognitionSchedule {
  @ApiField(() => RecognitionPolicy, { description: 'Policy in force on the day of the start.' })
  policy: RecognitionPolicy;

  @ApiField(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @ApiField(() => Money, { description: 'Recognised so far.' })
  recognized: Decimal;

  @ApiField(() => Money, { description: 'Not yet recognised; cancelled parts excluded.' })
  unrecognized: Decimal;

  @Directive('@listSize(assumedSize: 26)')
  @ApiField(() => [RecognitionPart], { description: 'Parts, earliest first.' })
  parts: RecognitionPart[];
}
