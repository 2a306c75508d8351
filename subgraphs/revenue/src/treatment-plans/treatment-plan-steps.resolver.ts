import {
  change,
  Change,
  reachable,
  refuseKit,
  Scopes,
  type Context,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { completeCase, discontinueCase, startCase } from './treatment-plan-steps.service';
import { TreatmentPlan } from './treatment-plan.entity';
import { TreatmentPlanStepInput } from './treatment-plan.inputs';
import { treatmentPlanLoader } from './treatment-plan.loader';
import { TreatmentPlanPayload } from './treatment-plan.resolver';

const ID_ARGUMENT = { description: 'Identifier of the record asked for or changed.' };
const INPUT_ARGUMENT = { description: 'Data of the change.' };

@Resolver(() => TreatmentPlan)
export class TreatmentPlanStepsResolver {
  @Scopes(['finance:record_revenue'])
  @Change(() => TreatmentPlanPayload, {
    description:
      'Starts a case (bonding): makes the recognition schedule and the TREATMENT_START entry of its first part.',
  })
  treatmentPlanStart(
    @Arg('id', () => ID, ID_ARGUMENT) id: string,
    @Arg('input', () => TreatmentPlanStepInput, INPUT_ARGUMENT) input: TreatmentPlanStepInput,
    @Ctx() context: Context,
  ): Promise<TreatmentPlanPayload> {
    return this.step(context, 'treatmentPlanStart', id, input, startCase);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => TreatmentPlanPayload, {
    description: 'Completes a case (debond): recognises everything still scheduled.',
  })
  treatmentPlanComplete(
    @Arg('id', () => ID, ID_ARGUMENT) id: string,
    @Arg('input', () => TreatmentPlanStepInput, INPUT_ARGUMENT) input: TreatmentPlanStepInput,
    @Ctx() context: Context,
  ): Promise<TreatmentPlanPayload> {
    return this.step(context, 'treatmentPlanComplete', id, input, completeCase);
  }

  @Scopes(['finance:record_revenue'])
  @Change(() => TreatmentPlanPayload, {
    description: 'Ends a case early or transfers it out: cancels the unearned part of the schedule.',
  })
  treatmentPlanDiscontinue(
    @Arg('id', () => ID, ID_ARGUMENT) id: string,
    @Arg('input', () => TreatmentPlanStepInput, INPUT_ARGUMENT) input: TreatmentPlanStepInput,
    @Ctx() context: Context,
  ): Promise<TreatmentPlanPayload> {
    return this.step(context, 'treatmentPlanDiscontinue', id, input, discontinueCase);
  }

  private async step(
    context: Context,
    mutation: string,
    id: string,
    input: TreatmentPlanStepInput,
    work: (tx: Tx, key: RecordKey, input: TreatmentPlanStepInput) => Promise<{ id: string }>,
  ): Promise<TreatmentPlanPayload> {
    const key = reachable(context.viewer, id);
    if (!key) throw refuseKit('NOT_FOUND', 'The case does not exist or is outside your reach.', ['id']);
    await change(context, { clinicId: key.clinicId, mutation, input, also: { id } }, (tx) => work(tx, key, input));
    return { treatmentPlan: await context.of(treatmentPlanLoader).load(key), userErrors: [] };
  }
}
