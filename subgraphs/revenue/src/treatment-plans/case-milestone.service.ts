import type { Tx } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import { TreatmentPlan } from './treatment-plan.entity';

async function change(tx: Tx, plan: TreatmentPlan, values: Partial<TreatmentPlan>): Promise<void> {
  const changed = { ...values, version: plan.version + 1 };
  await tx.update(TreatmentPlan, { clinicId: plan.clinicId, id: plan.id }, changed);
  Object.assign(plan, changed);
}

/** A case, which the caller has locked, moves on when its start or its debond counts. */
export async function moveCase(tx: Tx, plan: TreatmentPlan, category: string, day: Day): Promise<void> {
  if (category === 'TREATMENT_START' && plan.status === 'PROPOSED')
    await change(tx, plan, { status: 'ACTIVE', startedOn: day });
  // What was recorded late: the case has ended, and began all the same.
  if (category === 'TREATMENT_START' && plan.startedOn === null && plan.endedOn !== null && day <= plan.endedOn)
    await change(tx, plan, { startedOn: day });
  if (category === 'DEBOND' && (plan.status === 'ACTIVE' || plan.status === 'PROPOSED'))
    await change(tx, plan, { status: 'COMPLETED', endedOn: day });
}

/** A case whose start or debond was undone goes back to where it was. */
export async function moveCaseBack(tx: Tx, plan: TreatmentPlan, kind: 'START' | 'DEBOND'): Promise<void> {
  if (kind === 'START' && plan.status === 'ACTIVE') await change(tx, plan, { status: 'PROPOSED', startedOn: null });
  if (kind === 'START' && plan.status === 'COMPLETED') await change(tx, plan, { startedOn: null });
  if (kind === 'DEBOND' && plan.status === 'COMPLETED')
    await change(tx, plan, { status: plan.startedOn === null ? 'PROPOSED' : 'ACTIVE', endedOn: null });
}
