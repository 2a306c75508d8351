import { AlertSeverity, AlertStatus } from '@practice-graph/practice';
import { Field, ID, InputType } from 'type-graphql';
import { SupplyAlertType } from './supply-alert.entity';

@InputType('SupplyAlertFilter', {
  description: 'Narrows alerts; members are combined with AND, list members with OR.',
})
export class SupplyAlertFilter {
  @Field(() => [SupplyAlertType], { nullable: true, description: 'Causes to include; null for all.' })
  types?: SupplyAlertType[] | null | undefined;

  @Field(() => [AlertSeverity], { nullable: true, description: 'Urgencies.' })
  severities?: AlertSeverity[] | null | undefined;

  @Field(() => [AlertStatus], { nullable: true, description: 'States; null lists ACTIVE and ACKNOWLEDGED.' })
  statuses?: AlertStatus[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Locations to include.' })
  locationIds?: string[] | null | undefined;

  @Field(() => [ID], { nullable: true, description: 'Single items.' })
  itemIds?: string[] | null | undefined;
}
