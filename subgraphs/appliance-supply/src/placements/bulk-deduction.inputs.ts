import { DateScalar } from '@practice-graph/kit';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DeductLineInput } from './appliance-record.inputs';

export const BulkMode = { ALL_OR_NOTHING: 'ALL_OR_NOTHING', PARTIAL: 'PARTIAL' } as const;
export type BulkMode = (typeof BulkMode)[keyof typeof BulkMode];
registerEnumType(BulkMode, {
  name: 'BulkMode',
  description: 'What a bulk deduction does when a line is refused.',
  valuesConfig: {
    ALL_OR_NOTHING: { description: 'Nothing is written.' },
    PARTIAL: { description: 'The other lines are written; each line has its own result.' },
  },
});

@InputType('ApplianceBulkDeductEntryInput', { description: 'Supplies of one appliance in a bulk deduction.' })
export class ApplianceBulkDeductEntryInput {
  @Field(() => ID, { description: 'Appliance they were used for.' })
  applianceId: string;

  @Field(() => [DeductLineInput], { description: 'What was used.' })
  lines: DeductLineInput[];
}

@InputType('ApplianceBulkDeductInput', { description: 'Supplies to deduct for several appliances.' })
export class ApplianceBulkDeductInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'Business day of use.' })
  usedOn: string;

  @Field(() => ID, { description: 'Provider or assistant who used them.' })
  providerId: string;

  @Field(() => [ApplianceBulkDeductEntryInput], { description: 'One entry per appliance.' })
  entries: ApplianceBulkDeductEntryInput[];

  @Field(() => BulkMode, {
    nullable: true,
    defaultValue: BulkMode.ALL_OR_NOTHING,
    description: 'What happens when a line is refused.',
  })
  mode?: BulkMode | null | undefined;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True returns what would be deducted and writes nothing.',
  })
  dryRun?: boolean | null | undefined;
}
