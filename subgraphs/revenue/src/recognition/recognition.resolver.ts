import {
  ApiField,
  Change,
  change,
  ClinicArg,
  clinicOfInput,
  DateScalar,
  Decimal,
  reachableClinic,
  Scopes,
  type Context,
} from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { Arg, Ctx, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { calendarOf } from '../clinics/calendar.loader';
import { clinicLoader } from '../clinics/directory.loader';
import { ProductionEntry } from '../production/production-entry.entity';
import { productionEntryLoader } from '../production/production-entry.loader';
import { UserError } from '../refusals';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { RecognitionPolicy } from './recognition-policy.entity';
import { setPolicy } from './recognition-policy-setting.service';
import { policyOn } from './recognition-policy.service';
import { RecognitionPolicyInput } from './recognition.inputs';
import { policyOfVersion, scheduleOfPlan } from './recognition.loader';
import { RecognitionPart, RecognitionSchedule } from './recognition.types';

@ObjectType('RecognitionPolicyPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the new policy.',
})
export class RecognitionPolicyPayload {
  @ApiField(() => RecognitionPolicy, { nullable: true, description: 'The new policy; null when refused.' })
  recognitionPolicy: RecognitionPolicy | null = null;

  @ApiField(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}

const sum = (parts: readonly RecognitionPart[], ...statuses: RecognitionPart['status'][]): Decimal =>
  parts
    .filter((part) => statuses.includes(part.status))
    .reduce((total, part) => total.plus(part.amount), new Decimal(0));

@Resolver()
export class RecognitionPolicyResolver {
  @Scopes(['finance:view_revenue'])
  @Query(() => RecognitionPolicy, {
    nullable: true,
    description: 'How the fee of a case is recognised, in force on a day.',
  })
  async recognitionPolicy(
    @ClinicArg() opaque: string,
    @Arg('asOf', () => DateScalar, {
      nullable: true,
      description: 'Day whose rules or state are asked for; null for today.',
    })
    asOf: Day | null,
    @Ctx() context: Context,
  ): Promise<RecognitionPolicy | null> {
    const clinicId = reachableClinic(context.viewer, opaque);
    if (clinicId === undefined || !(await context.of(clinicLoader).load({ clinicId, id: clinicId }))) return null;
    return policyOn(await context.read(), clinicId, asOf ?? (await calendarOf(context, clinicId)).today);
  }

  @Scopes(['finance:manage_policy'])
  @Change(() => RecognitionPolicyPayload, {
    description: 'Sets how fees are recognised from a day on; running schedules keep their policy.',
  })
  async recognitionPolicySet(
    @ClinicArg() opaque: string,
    @Arg('input', () => RecognitionPolicyInput, { description: 'Data of the change.' }) input: RecognitionPolicyInput,
    @Ctx() context: Context,
  ): Promise<RecognitionPolicyPayload> {
    const clinicId = clinicOfInput(context.viewer, opaque, ['clinicId']);
    const { version } = await change(context, { clinicId, mutation: 'recognitionPolicySet', input }, (tx) =>
      setPolicy(tx, clinicId, input),
    );
    return { recognitionPolicy: await context.of(policyOfVersion).load({ clinicId, version }), userErrors: [] };
  }
}

@Resolver(() => TreatmentPlan)
export class CaseRecognitionResolver {
  @Scopes(['finance:view_revenue'])
  @FieldResolver(() => RecognitionSchedule, {
    nullable: true,
    description: 'Parts in which the fee is recognised; null before the start.',
  })
  async recognition(@Root() plan: TreatmentPlan, @Ctx() context: Context): Promise<RecognitionSchedule | null> {
    const { clinicId } = plan;
    const [schedule, clinic] = await Promise.all([
      context.of(scheduleOfPlan).load(plan),
      context.of(clinicLoader).load({ clinicId, id: clinicId }),
    ]);
    if (!schedule || !clinic || plan.startedOn === null) return null;
    const { parts, policyVersion } = schedule;
    return {
      policy: await context.of(policyOfVersion).load({ clinicId, version: policyVersion }),
      currency: clinic.currency,
      recognized: sum(parts, 'RECOGNIZED', 'ACCELERATED'),
      unrecognized: sum(parts, 'SCHEDULED'),
      parts: [...parts],
    };
  }
}

@Resolver(() => RecognitionPart)
export class RecognitionPartResolver {
  @FieldResolver(() => ProductionEntry, {
    nullable: true,
    description: 'Entry that recognised it; null before.',
  })
  productionEntry(
    @Root() { clinicId, entryId }: RecognitionPart,
    @Ctx() context: Context,
  ): Promise<ProductionEntry | null> | null {
    return entryId ? context.of(productionEntryLoader).load({ clinicId, id: entryId }) : null;
  }
}
