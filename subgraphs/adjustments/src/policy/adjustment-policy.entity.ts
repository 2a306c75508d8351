import {
  BooleanField,
  ClinicKey,
  Decimal,
  IdTextField,
  InstantField,
  IntField,
  MoneyField,
  UnitCostField,
  ApiField,
  DateScalar,
} from '@practice-graph/kit';
import { ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import type { RateKind } from '../defaults';
import type { AdjustmentCategory } from '../entries/adjustment-category.rules';
import type { Benchmark, CategoryEffect, PolicyMembers, ThresholdRule } from './adjustment-policy.rules';

interface StoredRule {
  category: AdjustmentCategory | null;
  role: string | null;
  threshold: string;
}

const rules: ValueTransformer = {
  to: (value: readonly ThresholdRule[]) => JSON.stringify(value),
  from: (value: StoredRule[]): ThresholdRule[] =>
    value.map((rule) => ({ ...rule, threshold: new Decimal(rule.threshold) })),
};
const targets: ValueTransformer = {
  to: (value: readonly Benchmark[]) => JSON.stringify(value),
  from: (value: { rate: RateKind; benchmark: string }[]): Benchmark[] =>
    value.map((of) => ({ ...of, benchmark: new Decimal(of.benchmark) })),
};

/** Rules from a day on, until the next ones begin; known by the clinic and that day. */
@Entity()
@ObjectType('AdjustmentPolicy', {
  simpleResolvers: true,
  description: 'Rules of a clinic for adjustments from a day on.',
})
export class AdjustmentPolicy implements PolicyMembers {
  @ClinicKey()
  clinicId: string;

  @PrimaryColumn({ type: 'date' })
  @ApiField(() => DateScalar, { description: 'First day on which they apply.' })
  effectiveFrom: string;

  @Column({ type: 'json', transformer: rules })
  approvalRules: readonly ThresholdRule[];

  @IntField({
    description: "Days over which a patient's adjustments are added up against the threshold; 0 switches it off.",
  })
  cumulativeWindowDays: number;

  @BooleanField({ description: "True forbids to decide on one's own entries." })
  separationOfDuties: boolean;

  @MoneyField({ description: 'Balances up to this amount may be written off as small.' })
  smallBalanceLimit: Decimal;

  @IntField({ description: 'Tries to collect that bad debt needs.' })
  minCollectionEfforts: number;

  @IntField({ description: 'Days into the past that entries may be dated without records:backdate.' })
  maxBackdateDays: number;

  /** Categories that differ from the default effect; the API shows all. */
  @Column({ type: 'json' })
  categories: readonly CategoryEffect[];

  @Column({ type: 'json', transformer: targets })
  benchmarks: readonly Benchmark[];

  @UnitCostField({
    description: 'Excess over a benchmark that is only WATCH, as a fraction of the benchmark.',
  })
  watchMargin: Decimal;

  @IdTextField({ description: 'User who set it.' })
  setBy: string;

  @InstantField({ description: 'When it was set.' })
  setAt: Date;

  /** Counts all settings of the clinic; 0 for the rules that hold before the first one. */
  @IntField({ description: 'Counter for optimistic locking; send it back as expectedVersion.' })
  version: number;
}
