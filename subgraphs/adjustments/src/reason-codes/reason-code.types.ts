import type { UserErrorShape } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { ReasonCode } from './reason-code.entity';

@ObjectType('ReasonCodePayload', { simpleResolvers: true, description: 'Result of a change: the saved reason.' })
export class ReasonCodePayload {
  @Field(() => ReasonCode, { nullable: true, description: 'The saved reason; null when refused.' })
  reasonCode: ReasonCode | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorShape[] = [];
}
