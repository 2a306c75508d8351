import { DateScalar, DateTimeScalar } from '@practice-graph/kit';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Day } from './calendar.rules';
import type { RecallClassName } from './recall.rules';

export const RecallClass = { CLASS_I: 'CLASS_I', CLASS_II: 'CLASS_II', CLASS_III: 'CLASS_III' } as const;
registerEnumType(RecallClass, {
  name: 'RecallClass',
  description: 'Class of a recall as the FDA assigns it.',
  valuesConfig: {
    CLASS_I: { description: 'Serious harm or death is reasonably probable.' },
    CLASS_II: { description: 'Temporary or reversible harm is possible.' },
    CLASS_III: { description: 'Harm is not likely.' },
  },
});

@Directive('@shareable')
@ObjectType('RecallNotice', { simpleResolvers: true, description: 'Recall notice that blocks a lot.' })
export class RecallNotice {
  @Field(() => String, { description: "Number of the recall as published, or the clinic's own number." })
  recallNumber: string;

  @Field(() => RecallClass, { description: 'Class of the recall.' })
  recallClass: RecallClassName;

  @Field(() => String, { description: 'Why the maker recalls it.' })
  reason: string;

  @Field(() => DateScalar, { description: 'Day the maker or the authority announced it.' })
  announcedOn: Day;

  @Field(() => DateTimeScalar, { description: 'When the lot was blocked here.' })
  startedAt: Date;

  @Field(() => ID, { description: 'User who blocked it.' })
  startedBy: string;
}

@InputType('RecallInput', { description: 'A recall of one lot number, or of a whole product.' })
export class RecallInput {
  @Field(() => String, {
    description: 'Key chosen by the client; a retry with the same key returns the first result and changes nothing.',
  })
  idempotencyKey: string;

  @Field(() => ID, { description: 'Clinic whose stock is concerned.' })
  clinicId: string;

  @Field(() => String, { description: 'Number of the recall as published.' })
  recallNumber: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Lot number as printed, matched without regard to case and blanks; null recalls every lot of the item or product. A number that is not in stock is remembered and blocks later receipts.',
  })
  lotNumber?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'GTIN that tells equal lot numbers of different makers apart; null matches any.',
  })
  gtin?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Supply item or product recalled as a whole, or to which the lot belongs.',
  })
  itemId?: string | null;

  @Field(() => RecallClass, { description: 'Class of the recall.' })
  recallClass: RecallClassName;

  @Field(() => String, { description: 'Why the maker recalls it.' })
  reason: string;

  @Field(() => DateScalar, { description: 'Day of the announcement.' })
  announcedOn: Day;
}
