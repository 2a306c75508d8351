import { Field, ObjectType } from 'type-graphql';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { UserError } from '../refusals';
import { ReceivingRecord } from './receiving-record.entity';

@ObjectType('ReceivingPayload', { simpleResolvers: true, description: 'Result of a delivery or its undoing.' })
export class ReceivingPayload {
  @Field(() => ReceivingRecord, { description: 'The delivery; null when refused.', nullable: true })
  receiving: ReceivingRecord | null = null;

  @Field(() => [InventoryLot], { description: 'Lots made or added to.' })
  lots: InventoryLot[] = [];

  @Field(() => [String], {
    description:
      'What deserves attention although it went through, for example a lot that went to quarantine for its short shelf life.',
  })
  warnings: string[] = [];

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
