import { DateScalar, DateTimeScalar } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Field, ID, InputType } from 'type-graphql';

@InputType('TimeBlockInput', { description: 'A span between two instants.' })
export class TimeBlockInput {
  @Field(() => DateTimeScalar, { description: 'Instant at which the block begins.' })
  startsAt: Date;

  @Field(() => DateTimeScalar, { description: 'Instant at which the block ends, after the begin.' })
  endsAt: Date;
}

@InputType('ChairHoursRecordInput', {
  description: 'Time of a chair on one business day; replaces what was recorded for the chair and day.',
})
export class ChairHoursRecordInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Where the chair stands.' })
  locationId: string;

  @Field(() => ID, { description: 'Chair, as named by the location.' })
  chairId: string;

  @Field(() => ID, { nullable: true, description: 'Provider who worked at it; null when shared.' })
  providerId?: string | null | undefined;

  @Field(() => DateScalar, { description: 'Business day that the blocks belong to.' })
  businessDate: Day;

  @Field(() => [TimeBlockInput], { description: 'Blocks in which the chair was staffed and open.' })
  availableBlocks: TimeBlockInput[];

  @Field(() => [TimeBlockInput], { description: 'Blocks in which it was occupied.' })
  usedBlocks: TimeBlockInput[];
}
