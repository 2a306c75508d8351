import { ApiField } from '@practice-graph/kit';
import { ID, ObjectType } from 'type-graphql';

@ObjectType('Viewer', {
  simpleResolvers: true,
  description: 'The caller: who asks, with which permissions, and to what the answers are narrowed.',
})
export class ViewerCard {
  @ApiField(() => ID, { description: 'User or partner client that the token names.' })
  subject: string;

  @ApiField(() => String, {
    nullable: true,
    description: 'Role under which the caller acts; null when the token names none.',
  })
  role: string | null;

  @ApiField(() => [String], { description: 'Permissions granted, for example finance:view_revenue.' })
  scopes: readonly string[];

  @ApiField(() => Boolean, {
    description: 'True when the caller sees sums only, never rows of single patients; small slices are suppressed.',
  })
  isAggregateOnly: boolean;
}
