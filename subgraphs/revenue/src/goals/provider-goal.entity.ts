import {
  ApiField,
  ClinicKey,
  DecimalScalar,
  EnumField,
  IdTextField,
  InstantField,
  MoneyColumn,
  TenantRecord,
  TextField,
  UuidColumn,
  VersionField,
  type Decimal,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Directive, ObjectType } from 'type-graphql';
import { Check, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Provider } from '../clinics/provider.entity';
import { GoalMetric } from './goal.types';

/** What a provider is to reach in a month. The value is replaced; every value that it had stands in its versions. */
@Entity()
@Unique(['clinicId', 'providerId', 'month', 'metric'])
@Index(['id'])
@Index(['clinicId', 'month'])
@Check("month ~ '^[0-9]{4}-[0-9]{2}$'")
@Check('target >= 0')
@ForeignKey(() => Provider, ['clinicId', 'providerId'], ['clinicId', 'id'])
@Directive('@key(fields: "id")')
@ObjectType('ProviderGoal', { simpleResolvers: true, description: 'Goal of a provider for one month.' })
export class ProviderGoal extends TenantRecord {
  @UuidColumn()
  providerId: string;

  @TextField({ description: 'Calendar month, YYYY-MM.' })
  month: string;

  @EnumField(GoalMetric, { description: 'Measure of the goal.' })
  metric: GoalMetric;

  @ApiField(() => DecimalScalar, { description: 'Money for GROSS and NET, a count for STARTS.' })
  @MoneyColumn()
  target: Decimal;

  @IdTextField({ description: 'User who set the present value.' })
  setBy: string;

  @InstantField({ description: 'When the present value was set.' })
  setAt: Date;

  @VersionField()
  version: number;

  /** Day as of which the goal is shown, where that is not today. */
  asOf?: Day | null;
}

@Entity()
@ForeignKey(() => ProviderGoal, ['clinicId', 'goalId'], ['clinicId', 'id'])
@ObjectType('ProviderGoalVersion', { simpleResolvers: true, description: 'An earlier value of a goal.' })
export class ProviderGoalVersion {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'uuid' })
  goalId: string;

  @PrimaryColumn({ type: 'integer' })
  version: number;

  @ApiField(() => DecimalScalar, { description: 'Target at that time.' })
  @MoneyColumn()
  target: Decimal;

  @IdTextField({ description: 'User who set it.' })
  setBy: string;

  @InstantField({ description: 'When it was set.' })
  setAt: Date;
}
