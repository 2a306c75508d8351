import { connectionOf, CurrencyCode, DateScalar, Money, type Decimal } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Field, ObjectType } from 'type-graphql';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';

@ObjectType('WriteOffReconciliationRow', {
  simpleResolvers: true,
  description:
    'An entry that counts in the period under one dating basis but not, or not with the same amount, under the other.',
})
export class WriteOffReconciliationRow {
  @Field(() => AdjustmentEntry, { description: 'The entry concerned.' })
  entry: AdjustmentEntry;

  @Field(() => DateScalar, {
    description:
      'Day on which it counts under the first basis; for CLAIM_ESTIMATE_THEN_PAYMENT the day of the estimate, while its correction counts on the payment date of the entry.',
  })
  dateA: Day;

  @Field(() => DateScalar, { description: 'Day on which it counts under the second basis, told in the same way.' })
  dateB: Day;

  @Field(() => CurrencyCode, { description: 'Currency of the amounts.' })
  currency: string;

  @Field(() => Money, {
    description: 'Part of the entry in the total of the first basis; 0 when it falls outside the period.',
  })
  amountA: Decimal;

  @Field(() => Money, {
    description: 'Part of the entry in the total of the second basis; 0 when it falls outside the period.',
  })
  amountB: Decimal;
}

export const {
  Connection: WriteOffReconciliationRowConnection,
  ConnectionResolver: WriteOffReconciliationRowConnectionResolver,
} = connectionOf(
  () => WriteOffReconciliationRow,
  'WriteOffReconciliationRow',
  'entries on which two dating bases disagree, with the totals of both',
  'entries on which two dating bases disagree',
);
