import { connectionOf } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { WasteRecord } from './waste-record.entity';

export const wasteRecordConnection = connectionOf(() => WasteRecord, 'WasteRecord', 'waste, newest first', 'waste');

@ObjectType('WastePayload', { simpleResolvers: true, description: 'Result of recording waste.' })
export class WastePayload {
  @Field(() => WasteRecord, { description: 'Waste written; null when refused.', nullable: true })
  waste: WasteRecord | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
