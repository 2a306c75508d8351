import { ApiField, connectionOf, CurrencyCode, Money, Quantity, type Decimal } from '@practice-graph/kit';
import { SkippedLot } from '@practice-graph/practice';
import { Int, ObjectType } from 'type-graphql';
import { SupplyAlert } from '../alerts/supply-alert.entity';
import { SupplyStockLevel } from '../lots/supply-stock-level.types';
import { UserError, type UserErrorRow } from '../refusals';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { ApplianceRecord } from './appliance-record.entity';

export const applianceRecordPages = connectionOf(
  () => ApplianceRecord,
  'ApplianceRecord',
  'appliances of patients, newest first',
  'appliances of patients',
);

@ObjectType('ApplianceRecordPayload', { simpleResolvers: true, description: 'Result of recording an appliance.' })
export class ApplianceRecordPayload {
  @ApiField(() => ApplianceRecord, {
    nullable: true,
    description: 'The appliance after the change; null when refused.',
  })
  appliance: ApplianceRecord | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}

@ObjectType('DeductLineResult', { simpleResolvers: true, description: 'Result of one line of a deduction.' })
export class DeductLineResult {
  @ApiField(() => Int, { description: 'Position in the request, from 0.' })
  index: number;

  @ApiField(() => [ApplianceUsage], { description: 'Rows written for it; several when it was split over lots.' })
  usages: ApplianceUsage[];

  @ApiField(() => Quantity, { nullable: true, description: 'Usable quantity at the place before the deduction.' })
  available: Decimal | null;

  @ApiField(() => [SkippedLot], { description: 'Lots that first-expiry-first-out passed over, and why.' })
  skippedLots: SkippedLot[];

  @ApiField(() => UserError, { nullable: true, description: 'Why the line was refused; null when it was written.' })
  error: UserErrorRow | null;
}

@ObjectType('ApplianceDeductPayload', { simpleResolvers: true, description: 'Result of a deduction or its undoing.' })
export class ApplianceDeductPayload {
  @ApiField(() => [ApplianceRecord], { description: 'Appliances concerned.' })
  appliances: ApplianceRecord[] = [];

  @ApiField(() => [ApplianceUsage], { description: 'Rows written, one per lot; empty when refused.' })
  usages: ApplianceUsage[] = [];

  @ApiField(() => [DeductLineResult], {
    description: 'Result of each line in the order of the request; entries of a bulk deduction follow each other.',
  })
  lines: DeductLineResult[] = [];

  @ApiField(() => Money, { nullable: true, description: 'Cost of the rows; null when a cost is unknown.' })
  totalCost: Decimal | null = null;

  @ApiField(() => CurrencyCode, {
    nullable: true,
    description: 'Currency of the cost; null when nothing was written.',
  })
  currency: string | null = null;

  @ApiField(() => [SupplyStockLevel], {
    description: 'Stock that this deduction brought to its reorder point or below.',
  })
  lowStock: SupplyStockLevel[] = [];

  @ApiField(() => [SupplyAlert], { description: 'Alerts that this deduction raised.' })
  alerts: SupplyAlert[] = [];

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserErrorRow[] = [];
}
