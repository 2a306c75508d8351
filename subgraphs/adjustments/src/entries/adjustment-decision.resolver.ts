import {
  Change,
  change,
  Decimal,
  IdArg,
  reachable,
  Scopes,
  type Context,
  type RecordKey,
  type Refusal,
  type Tx,
} from '@practice-graph/kit';
import { clinicCopies, WorkflowStepInput } from '@practice-graph/practice';
import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import { codes, refuse } from '../refusals';
import { approveAdjustments, rejectAdjustment, requireBatch, withdrawAdjustment } from './adjustment-decision.service';
import { entries } from './adjustment-entry.loader';
import { AdjustmentPayload, AdjustmentsPayload } from './adjustment-entry.types';

/** What several entries come to, for the payload of a request that wrote or decided on them. */
export async function payloadOfMany(
  context: Context,
  clinicId: string,
  done: { readonly ids: readonly string[]; readonly refusals: readonly Refusal[] },
): Promise<AdjustmentsPayload> {
  const loader = context.of(entries);
  const loaded = await Promise.all(done.ids.map((id) => loader.load({ clinicId, id })));
  const adjustments = loaded.filter((entry) => entry !== null);
  const clinic = await context.of(clinicCopies).load(clinicId);
  return Object.assign(new AdjustmentsPayload(), {
    adjustments,
    total: adjustments.length ? adjustments.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0)) : null,
    currency: adjustments.length ? (clinic?.currency ?? null) : null,
    userErrors: done.refusals.map(({ code, message, path }) => ({ code, message, path: path && [...path] })),
  });
}

type OneStep = (tx: Tx, key: RecordKey, input: WorkflowStepInput) => Promise<RecordKey>;

async function takeStep(context: Context, id: string, input: WorkflowStepInput, mutation: string, step: OneStep) {
  const key = reachable(context.viewer, id);
  if (!key) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['id']);
  const request = { clinicId: key.clinicId, mutation, input, also: key.id };
  const kept = await change(context, request, (tx) => step(tx, key, input));
  return Object.assign(new AdjustmentPayload(), { adjustment: await context.of(entries).load(kept) });
}

@Resolver()
export class AdjustmentDecisionResolver {
  @Scopes(['finance:approve_adjustments'])
  @Change(() => AdjustmentsPayload, {
    description:
      'Approves pending adjustments, each on its own, whatever their version; an approver never decides an own entry. Entries whose period has closed meanwhile count in the first open one.',
  })
  async adjustmentApprove(
    @Arg('ids', () => [ID], { description: 'Records to decide on.' }) ids: string[],
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentsPayload> {
    requireBatch(ids);
    // One request is one transaction of one clinic: of the first record within reach.
    const clinicId = ids.map((id) => reachable(context.viewer, id)?.clinicId).find((id) => id !== undefined);
    if (clinicId === undefined) throw refuse('NOT_FOUND', codes.NOT_FOUND, ['ids']);
    const done = await change(context, { clinicId, mutation: 'adjustmentApprove', input, also: ids }, (tx) =>
      approveAdjustments(tx, clinicId, ids, input),
    );
    return payloadOfMany(context, clinicId, done);
  }

  @Scopes(['finance:approve_adjustments'])
  @Change(() => AdjustmentPayload, { description: 'Rejects a pending adjustment for good; demands a reason.' })
  adjustmentReject(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPayload> {
    return takeStep(context, id, input, 'adjustmentReject', rejectAdjustment);
  }

  @Scopes(['finance:manage_adjustments'])
  @Change(() => AdjustmentPayload, {
    description: "Takes back a pending adjustment of one's own; it ends as REJECTED with the reason WITHDRAWN.",
  })
  adjustmentWithdraw(
    @IdArg() id: string,
    @Arg('input', () => WorkflowStepInput, { description: 'Data of the change.' }) input: WorkflowStepInput,
    @Ctx() context: Context,
  ): Promise<AdjustmentPayload> {
    return takeStep(context, id, input, 'adjustmentWithdraw', withdrawAdjustment);
  }
}
