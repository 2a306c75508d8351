import { audit, Decimal, expectVersion, findByKey, type RecordKey, type Tx } from '@practice-graph/kit';
import { businessDay, requireOpenMonths, type Day } from '@practice-graph/practice';
import { Location } from '../clinics/location.entity';
import { requirePostingDay } from '../clinics/posting-day.service';
import { requireWithin } from '../clinics/saving.service';
import { closedSheets, daySheetClosed } from '../day-sheets/day-sheet-gate.service';
import { newBalance, tellBalances } from '../production/production-balance.service';
import { writeLedger } from '../production/production-ledger.service';
import { requireProduction } from '../production/production-lines.service';
import {
  endSchedule,
  makeSchedule,
  partRow,
  recognizeParts,
  waitingParts,
  type EarningCase,
} from '../recognition/recognition-schedule.service';
import { refuse } from '../refusals';
import { moveCase } from './case-milestone.service';
import { TreatmentPlan } from './treatment-plan.entity';
import type { TreatmentPlanStepInput } from './treatment-plan.inputs';
import type { TreatmentPlanStatus } from './treatment-plan.types';

const ON = ['input', 'on'];

/** The case, locked, if it stands where the step begins; refused otherwise, and for a day that nobody has lived yet. */
async function caseAt(
  tx: Tx,
  key: RecordKey,
  input: TreatmentPlanStepInput,
  from: readonly TreatmentPlanStatus[],
): Promise<TreatmentPlan> {
  const clinic = await requireProduction(tx, key.clinicId);
  const plan = await findByKey(tx, TreatmentPlan, key, { lock: 'UPDATE' });
  if (!plan) throw refuse('NOT_FOUND', 'The case does not exist or is outside your reach.', ['id']);
  requireWithin(tx, 'locations', plan.locationId, ['id']);
  requireWithin(tx, 'providers', plan.providerId, ['id']);
  expectVersion(plan.version, input.expectedVersion);
  if (!from.includes(plan.status))
    throw refuse('ILLEGAL_STATE_CHANGE', `The case is ${plan.status}; this step begins from ${from.join(' or ')}.`, [
      'id',
    ]);
  if (plan.startedOn !== null && input.on < plan.startedOn)
    throw refuse('BAD_RANGE', `The case started on ${plan.startedOn}.`, ON);
  const { clinicId, locationId } = plan;
  const place = locationId === null ? null : await findByKey(tx, Location, { clinicId, id: locationId });
  const today = businessDay(tx.session.at, (place ?? clinic).timeZone);
  if (input.on > today) throw refuse('FUTURE_DATE', `${input.on} lies in the future: it is ${today} there.`, ON);
  return plan;
}

/** The place of a case that earns, on whose books the day takes entries. */
async function earningAt(tx: Tx, plan: TreatmentPlan, on: Day): Promise<{ plan: EarningCase; location: Location }> {
  const { clinicId, locationId, providerId } = plan;
  const location = locationId === null ? null : await findByKey(tx, Location, { clinicId, id: locationId });
  if (!location || locationId === null || providerId === null)
    throw refuse('INVALID', 'The case needs a provider and a location, which its production is credited to.', ['id']);
  requirePostingDay(tx, location, on, ON);
  await requireOpenMonths(tx, clinicId, [on], ON);
  const place = { locationId, day: on };
  if ((await closedSheets(tx, clinicId, [place]))(place)) throw daySheetClosed(place, ON);
  return { plan: plan as EarningCase, location };
}

function told(tx: Tx, plan: TreatmentPlan, action: string, fromState: string, input: TreatmentPlanStepInput) {
  return audit(tx, plan.clinicId, {
    action: `treatmentPlan.${action}`,
    entityType: 'TreatmentPlan',
    entityId: plan.id,
    subjects: [plan.patientId],
    fromState,
    toState: plan.status,
    note: input.reason?.trim() ?? null,
  });
}

/** Starts a case: cuts its fee into parts and makes production of the first. */
export async function startCase(tx: Tx, key: RecordKey, input: TreatmentPlanStepInput): Promise<{ id: string }> {
  const found = await caseAt(tx, key, input, ['PROPOSED']);
  const { plan, location } = await earningAt(tx, found, input.on);
  const part = await makeSchedule(tx, plan, input.on);
  await recognizeParts(tx, plan, location, [{ part, day: input.on, status: 'RECOGNIZED' }]);
  await moveCase(tx, plan, 'TREATMENT_START', input.on);
  await told(tx, plan, 'start', 'PROPOSED', input);
  return { id: plan.id };
}

/** Completes a case: records its debond and recognises everything that is still scheduled. */
export async function completeCase(tx: Tx, key: RecordKey, input: TreatmentPlanStepInput): Promise<{ id: string }> {
  const found = await caseAt(tx, key, input, ['ACTIVE']);
  const { plan, location } = await earningAt(tx, found, input.on);
  const hasDebondPart = (await waitingParts(tx, plan)).some((part) => part.kind === 'DEBOND');
  await endSchedule(tx, plan, location, { day: input.on, isDebonded: true });
  // Without a part of the fee for it the debond earns nothing, but it counts.
  if (!hasDebondPart) {
    const debond = partRow(tx, plan, location, { kind: 'DEBOND', amount: new Decimal(0) }, input.on);
    await writeLedger(tx, plan.clinicId, [debond]);
    await tellBalances(tx, plan.clinicId, [newBalance(debond)]);
  }
  await moveCase(tx, plan, 'DEBOND', input.on);
  await told(tx, plan, 'complete', 'ACTIVE', input);
  return { id: plan.id };
}

/** Ends a case early or transfers it out: what was earned is recognised, the rest cancelled. */
export async function discontinueCase(tx: Tx, key: RecordKey, input: TreatmentPlanStepInput): Promise<{ id: string }> {
  const plan = await caseAt(tx, key, input, ['PROPOSED', 'ACTIVE']);
  if ((input.reason?.trim() ?? '') === '')
    throw refuse('REASON_REQUIRED', 'Say why the case ends.', ['input', 'reason']);
  const fromState = plan.status;
  if ((await waitingParts(tx, plan)).length > 0) {
    const earning = await earningAt(tx, plan, input.on);
    await endSchedule(tx, earning.plan, earning.location, { day: input.on, isDebonded: false });
  }
  const status = input.transferOut ? 'TRANSFERRED_OUT' : 'DISCONTINUED';
  const changed = { status, endedOn: input.on, version: plan.version + 1 } as const;
  await tx.update(TreatmentPlan, { clinicId: plan.clinicId, id: plan.id }, changed);
  Object.assign(plan, changed);
  await told(tx, plan, 'discontinue', fromState, input);
  return { id: plan.id };
}
