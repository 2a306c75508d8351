import { ApiField, connectionOf } from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { UserError, type UserErrorRow } from '../refusals';
import { SupplyLot } from './supply-lot.entity';
import { SupplyTransaction } from './supply-transaction.entity';

export const supplyLotPages = connectionOf(
  () => SupplyLot,
  'SupplyLot',
  'lots of supplies, first to expire first',
  'lots of supplies',
);

export const supplyTransactionPages = connectionOf(
  () => SupplyTransaction,
  'SupplyTransaction',
  'movements of supplies, newest first',
  'movements of supplies',
);

@ObjectType('SupplyLotPayload', {
  simpleResolvers: true,
  description: 'Result of receiving, moving, correcting or blocking a lot.',
})
export class SupplyLotPayload {
  @ApiField(() => SupplyLot, {
    nullable: true,
    description: 'The lot after the change; null when refused and for items without lots.',
  })
  supplyLot: SupplyLot | null = null;

  @ApiField(() => [SupplyTransaction], { description: 'Movements written.' })
  transactions: SupplyTransaction[] = [];

  @ApiField(() => [String], {
    description: 'What deserves attention although it went through, for example a short remaining shelf life.',
  })
  warnings: string[] = [];

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}

@ObjectType('SupplyLotsPayload', { simpleResolvers: true, description: 'Result of receiving several lots.' })
export class SupplyLotsPayload {
  @ApiField(() => [SupplyLot], { description: 'Lots after the receipt, each once; empty when refused.' })
  supplyLots: SupplyLot[] = [];

  @ApiField(() => [SupplyTransaction], { description: 'Movements written, in the order of the lines.' })
  transactions: SupplyTransaction[] = [];

  @ApiField(() => [String], {
    description: 'What deserves attention although it went through, each with the index of its line.',
  })
  warnings: string[] = [];

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
