import {
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  CurrencyCode,
  DateScalar,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import { clinicCopies, todayAt } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Clinic } from '../directory/shared-records.types';
import { CATEGORIES, groupOf } from '../entries/adjustment-category.rules';
import { AdjustmentPolicy } from './adjustment-policy.entity';
import { AdjustmentPolicyInput } from './adjustment-policy.inputs';
import { policies } from './adjustment-policy.loader';
import { affectsNet, mostSpecialFirst } from './adjustment-policy.rules';
import { setPolicy } from './adjustment-policy.service';
import { AdjustmentPolicyPayload, ApprovalRule, CategoryPolicy, RateBenchmark } from './adjustment-policy.types';

@Resolver(() => AdjustmentPolicy)
export class AdjustmentPolicyResolver {
  @Scopes(['finance:view_reports'])
  @Query(() => AdjustmentPolicy, {
    nullable: true,
    description: 'Thresholds, effects and benchmarks in force on a day.',
  })
  async adjustmentPolicy(
    @ClinicArg() opaque: string,
    @Arg('asOf', () => DateScalar, {
      nullable: true,
      description: 'Day whose rules or state are asked for; null for today.',
    })
    asOf: string | null,
    @Ctx() context: Context,
  ): Promise<AdjustmentPolicy | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined) return null;
    const tx = await context.read();
    const clinic = await context.of(clinicCopies).load(clinicId);
    if (!clinic) return null;
    return context.of(policies).load({ clinicId, day: asOf ?? todayAt(tx, clinic) });
  }

  @Scopes(['finance:manage_policy'])
  @Change(() => AdjustmentPolicyPayload, {
    description: 'Sets thresholds, effects and benchmarks from a day on; earlier entries keep the policy of their day.',
  })
  async adjustmentPolicySet(
    @ClinicArg() opaque: string,
    @Arg('input', () => AdjustmentPolicyInput, { description: 'Data of the change.' }) input: AdjustmentPolicyInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPolicyPayload> {
    const clinicId = clinicOfInput(context.viewer, opaque, ['clinicId']);
    const { effectiveFrom } = await change(context, { clinicId, mutation: 'adjustmentPolicySet', input }, (tx) =>
      setPolicy(tx, clinicId, input),
    );
    return Object.assign(new AdjustmentPolicyPayload(), {
      adjustmentPolicy: await context.of(policies).load({ clinicId, day: effectiveFrom }),
    });
  }

  @FieldResolver(() => Clinic, { nullable: true, description: 'Whose rules they are.' })
  clinic(@Root() policy: AdjustmentPolicy): Clinic {
    return Clinic.of(policy.clinicId);
  }

  @FieldResolver(() => CurrencyCode, { description: 'Currency of the amounts.' })
  async currency(@Root() policy: AdjustmentPolicy, @Ctx() context: Context): Promise<string | undefined> {
    return (await context.of(clinicCopies).load(policy.clinicId))?.currency;
  }

  @FieldResolver(() => [ApprovalRule], { description: 'Thresholds for a decision, most special first.' })
  approvalRules(@Root() policy: AdjustmentPolicy): ApprovalRule[] {
    return mostSpecialFirst(policy.approvalRules);
  }

  @FieldResolver(() => [CategoryPolicy], { description: 'What each category does and how it is judged.' })
  categories(@Root() policy: AdjustmentPolicy): CategoryPolicy[] {
    return CATEGORIES.map((category) => ({
      category,
      group: groupOf(category),
      affectsNetProduction: affectsNet(policy, category),
    }));
  }

  @FieldResolver(() => [RateBenchmark], { description: 'Benchmarks of the rates.' })
  benchmarks(@Root() policy: AdjustmentPolicy): RateBenchmark[] {
    return [...policy.benchmarks];
  }
}
