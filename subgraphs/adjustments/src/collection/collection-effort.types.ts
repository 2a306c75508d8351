import type { UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { CollectionEffort } from './collection-effort.entity';

@ObjectType('CollectionEffortPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the documented try.',
})
export class CollectionEffortPayload {
  @Field(() => CollectionEffort, { nullable: true, description: 'The documented try; null when refused.' })
  collectionEffort: CollectionEffort | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
