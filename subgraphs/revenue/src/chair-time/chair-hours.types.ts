import { ApiField } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { ChairHours } from './chair-hours.entity';

@ObjectType('ChairHoursPayload', {
  simpleResolvers: true,
  description: "Result of a change: the chair's time of the day.",
})
export class ChairHoursPayload {
  @ApiField(() => ChairHours, { nullable: true, description: "The chair's time of the day; null when refused." })
  chairHours: ChairHours | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
