import { DateScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { ApplianceStatus } from './appliance-record.types';

const KEY = 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.';
const VERSION = 'Version the step is based on; STALE_VERSION when the record moved on. Null skips the check.';

export const ReturnCondition = { UNUSED: 'UNUSED', USED: 'USED' } as const;
export type ReturnCondition = (typeof ReturnCondition)[keyof typeof ReturnCondition];
registerEnumType(ReturnCondition, {
  name: 'ReturnCondition',
  description: 'State of goods whose use is undone.',
  valuesConfig: {
    UNUSED: { description: 'Untouched: back to the lot.' },
    USED: { description: 'Touched: waste.' },
  },
});

@InputType('ApplianceEndInput', { description: 'End of an appliance.' })
export class ApplianceEndInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ApplianceStatus, { description: 'REMOVED for a placed one, CANCELLED for one never placed.' })
  to: ApplianceStatus;

  @Field(() => DateScalar, { description: 'Day of it.' })
  on: string;

  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  reason?: string | null | undefined;

  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null | undefined;
}

@InputType('ApplianceReturnInput', { description: 'Unused goods of one use.' })
export class ApplianceReturnInput {
  @Field(() => ID, { description: 'Use that the goods were deducted by.' })
  usageId: string;

  @Field(() => Quantity, {
    nullable: true,
    description: 'How much of it is unused and returns to its lot, the rest becomes waste; null for all of it.',
  })
  unused?: Decimal | null | undefined;
}

@InputType('ApplianceUnplaceInput', { description: 'Taking back of a placement.' })
export class ApplianceUnplaceInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => DateScalar, { description: 'Business day on which the returns and the waste count.' })
  on: string;

  @Field(() => [ApplianceReturnInput], {
    description: 'Uses whose goods came back untouched; every other use of the appliance becomes waste.',
  })
  returns: ApplianceReturnInput[];

  @Field(() => String, { description: 'Why, for the audit trail.' })
  reason: string;

  @Field(() => Int, { nullable: true, description: VERSION })
  expectedVersion?: number | null | undefined;
}

@InputType('ApplianceUsageReverseInput', { description: 'Undoing of a use.' })
export class ApplianceUsageReverseInput {
  @Field(() => String, { description: KEY })
  idempotencyKey: string;

  @Field(() => ReturnCondition, { description: 'Decides whether the goods return to stock.' })
  condition: ReturnCondition;

  @Field(() => String, { description: 'Why, for the audit trail.' })
  reason: string;
}
